"""How times look: days, moments, lengths, and how long ago Wix was last asked.

Everything returned is safe HTML. Ages go on on an open page: `static/ages.js` says them in the
words of this file, by `data-ticks` and `data-stages`.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import formats
from resellers.durations import on, span
from resellers.mirror.sync.schedule import BEHIND_AFTER
from resellers.texts import Text

from .markup import format_html
from .row_words import row_words
from .values import NOTHING

AGEING = timedelta(minutes=15)
OLD = timedelta(minutes=60)
PAGE_OLD = timedelta(minutes=10)  # then an open page says that it is, and offers to renew it


@dataclass(frozen=True, slots=True)
class Stage:
    """What an age means once it is over `over`: a tone, and words before and after it."""

    over: timedelta
    tone: str
    before: Text = ""
    after: Text = ""


# By where an age stands.
STAGES = {
    "cell": (
        Stage(timedelta(0), "good"),
        Stage(AGEING, "look", after=gettext_lazy("ageing")),
        Stage(OLD, "bad", after=gettext_lazy("old")),
    ),
    "line": (
        Stage(timedelta(0), "good"),
        Stage(AGEING, "look", after=gettext_lazy(", ageing")),
        Stage(OLD, "bad", after=gettext_lazy(", old: refresh before you rely on it")),
    ),
    "lines": (
        Stage(timedelta(0), "good"),
        Stage(AGEING, "look", after=gettext_lazy(", ageing")),
        Stage(OLD, "bad", after=gettext_lazy(", some old: refresh before you rely on them")),
    ),
    "mirror": (
        Stage(timedelta(0), "good", before=gettext_lazy("Up to date, ")),
        Stage(BEHIND_AFTER, "look", before=gettext_lazy("Behind, ")),
    ),
}


def stage_of(place: str, value: datetime) -> Stage:
    """What that moment's age means just now in this place."""
    past = timezone.now() - value
    first, *later = STAGES[place]
    return next((stage for stage in reversed(later) if past > stage.over), first)


def staging(place: str, value: datetime) -> SafeString:
    """The attributes of an element whose tone and words are those of that moment's age."""
    at = value.isoformat(timespec="seconds")
    return format_html(' data-stages="{}" data-since="{}"', place, at)


def for_script(made_at: datetime) -> str:
    """What the script needs to go on with the ages of a page that was made then, as JSON."""
    return json.dumps(
        {
            "made": made_at.isoformat(timespec="milliseconds"),
            "pageOld": PAGE_OLD.total_seconds(),
            "stages": {
                place: [
                    [stage.over.total_seconds(), stage.tone, str(stage.before), str(stage.after)]
                    for stage in stages
                ]
                for place, stages in STAGES.items()
            },
        }
    )


def time_tag(
    value: datetime,
    words: str | SafeString,
    title: str = "{}",
    css: str = "",
    *,
    ticks: str = "",
    stages: str = "",
) -> SafeString:
    """These words for that moment, with the full time in the reader's zone within the title.

    `ticks` says how the words go on: `ago`, `for`, or as the bare `span`; `stages` what they come
    to mean.
    """
    local = timezone.localtime(value)
    return format_html(
        '<time{}{}{} datetime="{}" title="{}">{}</time>',
        format_html(' class="{}"', css) if css else "",
        SafeString(f' data-ticks="{ticks}"') if ticks else "",
        SafeString(f' data-stages="{stages}"') if stages else "",
        local.isoformat(timespec="seconds"),
        title.format(_to_the_second(local)),
        words,
    )


def day(value: datetime | None) -> SafeString:
    """The day in the reader's zone."""
    return time_tag(value, formats.day(value)) if value else NOTHING


def moment(value: datetime | None) -> SafeString:
    """The day, the time and the zone."""
    return time_tag(value, on(value)) if value else NOTHING


def clock(value: datetime) -> SafeString:
    """The time of day, where the day stands beside it."""
    return time_tag(value, f"{timezone.localtime(value):%H:%M}")


def clock_with_seconds(value: datetime) -> SafeString:
    """The time of day to the second, where the day stands above it."""
    return time_tag(value, f"{timezone.localtime(value):%H:%M:%S}")


def second(value: datetime) -> SafeString:
    """The day, the time to the second, and the zone."""
    return time_tag(value, _to_the_second(timezone.localtime(value)))


def _to_the_second(local: datetime) -> str:
    return f"{formats.day(local.date())}, {local:%H:%M:%S %Z}"


def age(value: datetime | None) -> SafeString:
    """How long ago, such as `2 min ago`."""
    if value is None:
        return format_html("{}", _("never"))
    past = timezone.now() - value
    words = (
        _("%(span)s ago") % {"span": span(past)}
        if past >= timedelta(0)
        else _("in %(span)s") % {"span": span(-past)}
    )
    return time_tag(value, words, ticks="ago")


def elapsed(value: datetime) -> SafeString:
    """How long since, such as `2 min`."""
    return time_tag(value, span(timezone.now() - value), ticks="span")


def checked(value: datetime | None) -> SafeString:
    """A table's cell: how long ago the record was checked against Wix, and a word when long ago."""
    if value is None:
        return format_html('<span class="age bad">{}</span>', _("never checked"))
    stage = stage_of("cell", value)
    note = format_html("<small>{}</small>", stage.after) if stage.after else ""
    past = format_html("{}{}", span(timezone.now() - value), note)
    css = f"age {stage.tone}"
    title = row_words()["checked_at"]
    return time_tag(value, past, title, css, ticks="span", stages="cell")


def checked_line(value: datetime | None) -> SafeString:
    """A page head's words: `Checked 2 min ago`, and what it means when that is long ago."""
    if value is None:
        return format_html('<span class="age bad">{}</span>', _("Never checked against Wix"))
    return staged("line", value, format_html(_("Checked {}"), age(value)))


def checked_between(values: Sequence[datetime | None]) -> SafeString:
    """The ages of the records on a page, from the newest to the oldest, and what it means."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return checked_line(None)
    now, oldest, newest = timezone.now(), known[0], known[-1]
    words = format_html(_("Checked {}"), age(oldest))
    if oldest != newest:
        words = format_html(
            _(
                'Checked <span class="between"{}>between <span class="nowrap">{}</span>'
                " and</span> {}"
            ),
            SafeString(" hidden") if span(now - newest) == span(now - oldest) else "",
            elapsed(newest),
            age(oldest),
        )
    if None in values:
        return format_html('<span class="age bad">{}, {}</span>', words, _("some never"))
    return staged("lines", oldest, words)


def staged(place: str, value: datetime, words: SafeString) -> SafeString:
    """Words with an age in them, in the tone of what it means and with the words for that."""
    stage = stage_of(place, value)
    return format_html(
        '<span class="age {}"{}>{}<span data-after>{}</span></span>',
        stage.tone,
        staging(place, value),
        words,
        stage.after,
    )
