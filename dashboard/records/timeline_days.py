"""The lines of a timeline under the days on which they were."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from .timeline_entries import TimelineEntry


@dataclass(frozen=True, slots=True)
class Day:
    """One day as people say it, and what was on it."""

    words: str
    entries: list[TimelineEntry]


def by_day(entries: Iterable[TimelineEntry]) -> list[Day]:
    """The entries in their order under the reader's days."""
    return [
        Day(day_words(day), list(members))
        for day, members in groupby(entries, key=lambda entry: timezone.localdate(entry.at))
    ]


def day_words(day: date) -> str:
    """`Today, 27 November`, `Yesterday`, `Monday, 23 November`; with its year if not this one."""
    today = timezone.localdate()
    if day == today - timedelta(days=1):
        return _("Yesterday")
    written = f"{day.day} {day:%B}" if day.year == today.year else f"{day.day} {day:%B %Y}"
    return (
        _("Today, %(written)s") % {"written": written} if day == today else f"{day:%A}, {written}"
    )
