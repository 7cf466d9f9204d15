"""The lines of a timeline that tell what happened to a failure case, by itself or by people."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, gettext_lazy

from dashboard.components.people import person_name
from resellers.durations import on
from resellers.models import CaseEvent
from resellers.models.cases import CaseEnd

from .timeline_entries import TimelineEntry

Kind = CaseEvent.Kind
# By itself, and where a person did it; the tone of the line.
BY_ITSELF = {
    Kind.OPENED: (gettext_lazy("Case opened"), "bad"),
    Kind.REGRESSED: (gettext_lazy("Came back"), "look"),
    Kind.WOKE: (gettext_lazy("No longer snoozed"), "look"),
    Kind.CHANGED: (gettext_lazy("It changed"), "look"),
    Kind.CLOSED: (gettext_lazy("Closed by itself: %(end)s"), ""),
}
BY_PEOPLE = {
    Kind.TAKEN: gettext_lazy("Taken by %(who)s"),
    Kind.ASSIGNED: gettext_lazy("Given to %(to)s by %(who)s"),
    Kind.RELEASED: gettext_lazy("Given back by %(who)s"),
    Kind.SNOOZED: gettext_lazy("Snoozed by %(who)s until %(until)s"),
    Kind.REOPENED: gettext_lazy("Opened again by %(who)s"),
    Kind.NOTE: gettext_lazy("Note by %(who)s"),
    Kind.REPORTED: gettext_lazy("Reported to Wix B2B by %(who)s"),
    Kind.CLOSED: gettext_lazy("Closed by %(who)s: %(end)s"),
}


def of_events(events: Iterable[CaseEvent], is_single: bool) -> list[TimelineEntry]:
    """What happened to the case; what was written with it stands under it."""
    return [_entry(event) for event in events]


def _entry(event: CaseEvent) -> TimelineEntry:
    kind = Kind(event.kind)
    end = event.body.get("end") or ""
    values = {
        "who": person_name(event.by) if event.by else "",
        "to": event.body.get("to", ""),
        "until": _until(event.body.get("until", "")),
        "end": CaseEnd(end).label.lower() if end else "",
    }
    if event.by:
        what, tone = str(BY_PEOPLE[kind]), "quiet"
    else:
        words, tone = BY_ITSELF[kind]
        what = str(words)
    word = "Note" if kind == Kind.NOTE else "Case"
    return TimelineEntry(event.at, word, what % values, "", tone, text=event.words)


def _until(text: str) -> str:
    moment: datetime | None = parse_datetime(text) if text else None
    return on(moment) if moment else gettext("it changes")
