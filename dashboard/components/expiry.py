"""How and when a service ends by itself, in words."""

from datetime import timedelta

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from resellers.models import CatalogProduct, ProductInstance
from resellers.refusals import explain_status

from .ages import age, day, moment
from .markup import format_html
from .row_words import row_words
from .values import NOTHING

SOON = timedelta(days=30)


def ends_on(instance: ProductInstance) -> SafeString:
    """A list's cell: the day on which it ends by itself."""
    if instance.expires_at is None:
        return _no_end() if instance.is_live else NOTHING
    return day(instance.expires_at)


def _no_end() -> SafeString:
    return format_html('<span class="muted">{}</span>', row_words()["no_end"])


def ends_in(instance: ProductInstance) -> SafeString | str:
    """What stands under that day: how far it is, or that it has passed."""
    ends = instance.expires_at
    if ends is None:
        return _("never usable") if instance.is_failed else ""
    if instance.has_expired:
        return _("expired")
    if not instance.is_live:
        return _("ended before")
    is_soon = ends < timezone.now() + SOON
    return format_html('<span class="look">{}</span>', age(ends)) if is_soon else age(ends)


def expiry(instance: ProductInstance) -> SafeString:
    """Whether and when it ends by itself, did, or would have."""
    ends = instance.expires_at
    if ends is None:
        words = _("Runs until it is canceled") if instance.is_live else _("No date was given")
        return format_html("{}", words)
    if instance.has_expired:
        status = explain_status(instance.status).word
        note = (
            _("It has expired. Wix still shows it: %(status)s.") % {"status": status}
            if instance.is_live
            else _("Expired.")
        )
        return format_html("{}<small>{}</small>", moment(ends), note)
    if not instance.is_live:
        return format_html("{}<small>{}</small>", moment(ends), _("It ended before that."))
    note = format_html(_("Does not renew by itself: it ends {}."), age(ends))
    if not instance.product.is_domain:
        return format_html("{}<small>{}</small>", moment(ends), note)
    more = _("Wix offers no extension by API: order anew, or let it end.")
    return format_html("{}<small>{} {}</small>", moment(ends), note, more)


def end_words(product: CatalogProduct) -> str:
    """That what is ordered will end by itself; empty for what runs until it is canceled."""
    if not product.is_domain:
        return ""
    return _(
        "%(product)s ends with its billing cycle and does not renew by itself. Wix offers no"
        " extension by API: it is ordered anew."
    ) % {"product": product}
