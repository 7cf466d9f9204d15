"""How and when a service ends by itself, in words."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from resellers.models import ProductInstance
from resellers.refusals import explain_status

from .ages import age, day, moment
from .values import NOTHING


def ends_on(instance: ProductInstance) -> SafeString:
    """A list's cell: the day on which it ends by itself, and whether that has passed."""
    if instance.expires_at is None:
        return mark_safe('<span class="muted">no end</span>') if instance.is_live else NOTHING
    note = format_html("<small>{}</small>", "expired") if instance.has_expired else ""
    return format_html("{}{}", day(instance.expires_at), note)


def expiry(instance: ProductInstance) -> SafeString:
    """Whether and when it ends by itself, did, or would have."""
    ends = instance.expires_at
    if ends is None:
        words = "Runs until it is canceled" if instance.is_live else "No date was given"
        return format_html("{}", words)
    if instance.has_expired:
        status = explain_status(instance.status).word
        note = f"It has expired. Wix still shows it: {status}." if instance.is_live else "Expired."
        return format_html("{}<small>{}</small>", moment(ends), note)
    if not instance.is_live:
        return format_html("{}<small>It ended before that.</small>", moment(ends))
    note = format_html("Does not renew by itself: it ends {}.", age(ends))
    return format_html("{}<small>{}</small>", moment(ends), note)
