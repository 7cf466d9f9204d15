"""How values look: times and ages, ids, badges. Used by tables and, as tags, by templates.

Everything returned is safe HTML: names that come from Wix or from people are escaped here.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from resellers.models import Account, ProductInstance, Site
from resellers.refusals import (
    STATES,
    STATUSES,
    StatusWords,
    explain_failure,
    explain_state,
    explain_status,
)

AGEING = timedelta(minutes=15)
OLD = timedelta(minutes=60)
NOTHING = mark_safe('<span class="none">&ndash;</span>')


def day(value: datetime | None) -> SafeString:
    """The day in the reader's zone, with the full time and the zone on hover."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%d %b %Y, %H:%M:%S %Z"),
        local.strftime("%d %b %Y"),
    )


def moment(value: datetime | None) -> SafeString:
    """The day, the time and the zone."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%d %b %Y, %H:%M:%S %Z"),
        local.strftime("%d %b %Y, %H:%M %Z"),
    )


def span(length: timedelta) -> str:
    """A length of time in its largest unit: `12 s`, `3 min`, `5 h`, `4 days`."""
    seconds = max(0, int(length.total_seconds()))
    if seconds < 60:
        return f"{seconds} s"
    if seconds < 3600:
        return f"{seconds // 60} min"
    if seconds < 48 * 3600:
        return f"{seconds // 3600} h"
    return f"{seconds // 86400} days"


def age(value: datetime | None) -> SafeString:
    """How long ago, such as `2 min ago`, with the full time on hover."""
    if value is None:
        return mark_safe("never")
    local = timezone.localtime(value)
    past = timezone.now() - value
    words = f"{span(past)} ago" if past >= timedelta(0) else f"in {span(-past)}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        local.strftime("%d %b %Y, %H:%M:%S %Z"),
        words,
    )


def freshness(value: datetime | None) -> tuple[str, str]:
    """A record's age as a class and a word: fresh, ageing after 15 minutes, old after 60."""
    if value is None:
        return "bad", "never checked"
    past = timezone.now() - value
    if past > OLD:
        return "bad", "old"
    return ("look", "ageing") if past > AGEING else ("good", "")


def checked(value: datetime | None) -> SafeString:
    """A table's cell: how long ago the record was checked against Wix, and a word when long ago."""
    tone, word = freshness(value)
    if value is None:
        return format_html('<span class="age {}">{}</span>', tone, word)
    local = timezone.localtime(value)
    return format_html(
        '<time class="age {}" datetime="{}" title="Checked {}">{}{}</time>',
        tone,
        local.isoformat(timespec="seconds"),
        local.strftime("%d %b %Y, %H:%M:%S %Z"),
        span(timezone.now() - value),
        format_html("<small>{}</small>", word) if word else "",
    )


def checked_line(value: datetime | None) -> SafeString:
    """A page head's words: `Checked 2 min ago`, and what it means when that is long ago."""
    tone, word = freshness(value)
    if value is None:
        return mark_safe('<span class="age bad">Never checked against Wix</span>')
    hint = {"ageing": ", ageing", "old": ", old: refresh before you rely on it"}.get(word, "")
    return format_html('<span class="age {}">Checked {}{}</span>', tone, age(value), hint)


def short_id(value: Any) -> SafeString:
    """The id's first characters in mono, the whole of it on hover and one press away to copy."""
    if not value:
        return NOTHING
    return format_html(
        '<span class="id"><code title="{0}">{1}…</code>'
        '<button type="button" class="copy" data-copy="{0}" aria-label="Copy the id {1}…" hidden>'
        "</button></span>",
        value,
        str(value)[:8],
    )


def full_id(value: Any) -> SafeString:
    """The whole id in mono, with a button that copies it."""
    if not value:
        return NOTHING
    return format_html(
        '<span class="id"><code>{0}</code><button type="button" class="copy" data-copy="{0}"'
        ' aria-label="Copy this id" hidden></button></span>',
        value,
    )


def badge(words: StatusWords, means: str) -> SafeString:
    """A status as a word with its shape; pressing it explains it."""
    return format_html(
        '<button type="button" class="badge {}" popovertarget="means-{}">{}</button>',
        words.tone,
        means,
        words.word,
    )


def status_badge(status: str) -> SafeString:
    """An instance's status. One that Wix never documented is shown as it is."""
    means = f"status-{status}" if status in STATUSES else "status-unknown"
    return badge(explain_status(status), means)


def state_badge(state: str) -> SafeString:
    """An operation's state."""
    return badge(explain_state(state), f"state-{state}")


@cache
def meanings() -> SafeString:
    """What each badge says when it is pressed; once on every page, so that rows stay small."""
    told = {f"status-{status}": words for status, words in STATUSES.items()}
    told["status-unknown"] = explain_status("UNDOCUMENTED")
    told |= {f"state-{state}": words for state, words in STATES.items()}
    return SafeString(
        "\n".join(
            format_html(
                '<div popover class="meaning" id="means-{}"><h2>{}</h2><p>{}</p>'
                "<dl><dt>Who acts</dt><dd>{}</dd><dt>What next</dt><dd>{}</dd></dl></div>",
                key,
                words.word if key != "status-unknown" else "A status we do not know",
                words.meaning,
                words.who,
                words.next_step,
            )
            for key, words in told.items()
        )
    )


def account_link(account: Account) -> SafeString:
    return format_html('<a href="/accounts/{}/">{}</a>', account.pk, account)


def site_link(site: Site | None) -> SafeString:
    """The site by its address or name; `Floating` where there is none."""
    if site is None:
        return mark_safe('<span class="floating">Floating</span>')
    return format_html('<a href="/sites/?q={}">{}</a>', site.pk, site)


def service(instance: ProductInstance) -> SafeString:
    """The product's name, leading to the service, over its type."""
    return format_html(
        '<a href="/instances/{}/">{}</a>{}<small>{}</small>',
        instance.pk,
        instance.product,
        gone_mark(instance.gone_at),
        type_words(instance.product.service_type),
    )


def status(instance: ProductInstance) -> SafeString:
    """The status, and under a failed one why, in a few words."""
    shown = status_badge(instance.status)
    if instance.status != "FAILED":
        return shown
    reason = explain_failure(instance.failure_code).words.split(". ")[0].rstrip(".")
    return format_html("{}<small>{}</small>", shown, reason)


def gone_mark(gone_at: datetime | None) -> SafeString:
    if gone_at is None:
        return mark_safe("")
    return format_html(' <span class="tag">gone since {}</span>', day(gone_at))


def type_words(service_type: str) -> str:
    """A service type as people read it: Wix's capitals and underscores made plain."""
    if service_type.isupper():
        return service_type.replace("_", " ").capitalize()
    return service_type


def cycle(instance: ProductInstance) -> str:
    """The billing cycle: `2 years`, `1 month`, or `once`."""
    if not instance.cycle_unit:
        return "once"
    count = instance.cycle_count or 1
    return f"{count} {instance.cycle_unit.lower().removesuffix('s')}{'s' if count != 1 else ''}"


def number(value: int | None) -> SafeString | str:
    return NOTHING if value is None else f"{value:,}"
