"""How times look: days, moments, lengths, and how long ago Wix was last asked.

Everything returned is safe HTML.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from resellers.durations import on, span

from .values import NOTHING

AGEING = timedelta(minutes=15)
OLD = timedelta(minutes=60)


def time_tag(
    value: datetime, words: str | SafeString, title: str = "{}", css: str = ""
) -> SafeString:
    """These words for that moment, with the full time in the reader's zone within the title."""
    local = timezone.localtime(value)
    return format_html(
        '<time{} datetime="{}" title="{}">{}</time>',
        format_html(' class="{}"', css) if css else "",
        local.isoformat(timespec="seconds"),
        title.format(local.strftime("%d %b %Y, %H:%M:%S %Z")),
        words,
    )


def day(value: datetime | None) -> SafeString:
    """The day in the reader's zone."""
    return time_tag(value, f"{timezone.localtime(value):%d %b %Y}") if value else NOTHING


def moment(value: datetime | None) -> SafeString:
    """The day, the time and the zone."""
    return time_tag(value, on(value)) if value else NOTHING


def age(value: datetime | None) -> SafeString:
    """How long ago, such as `2 min ago`."""
    if value is None:
        return mark_safe("never")
    past = timezone.now() - value
    return time_tag(value, f"{span(past)} ago" if past >= timedelta(0) else f"in {span(-past)}")


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
    told = format_html("<small>{}</small>", word) if word else ""
    past = format_html("{}{}", span(timezone.now() - value), told)
    return time_tag(value, past, "Checked {}", f"age {tone}")


def checked_line(value: datetime | None) -> SafeString:
    """A page head's words: `Checked 2 min ago`, and what it means when that is long ago."""
    tone, word = freshness(value)
    if value is None:
        return mark_safe('<span class="age bad">Never checked against Wix</span>')
    hint = {"ageing": ", ageing", "old": ", old: refresh before you rely on it"}.get(word, "")
    return format_html('<span class="age {}">Checked {}{}</span>', tone, age(value), hint)


def checked_between(values: Sequence[datetime | None]) -> SafeString:
    """The ages of the records on a page, from the newest to the oldest, and what it means."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return checked_line(None)
    tone, word = freshness(None if None in values else known[0])
    hint = {
        "ageing": ", ageing",
        "old": ", some old: refresh before you rely on them",
        "never checked": ", some never",
    }.get(word, "")
    now = timezone.now()
    nearest, furthest = span(now - known[-1]), span(now - known[0])
    words = (
        format_html("Checked {}", age(known[0]))
        if nearest == furthest
        else format_html(
            'Checked between <span class="nowrap">{}</span> and {}', nearest, age(known[0])
        )
    )
    return format_html('<span class="age {}">{}{}</span>', tone, words, hint)
