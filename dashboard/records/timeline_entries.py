"""The lines of a timeline: what they are, and those of notes, readings and failures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components import addresses
from dashboard.components.people import person_name
from resellers import formats
from resellers.durations import on
from resellers.models import (
    Note,
    ProductInstance,
    SyncRun,
    Unreadable,
)
from resellers.operations.namesakes import names_of
from resellers.refusals import Explanation, explain_failure
from resellers.texts import Text

OUTSIDE = gettext_lazy("Outside the dashboard")
# Of several of one kind, by what is kept of the kind.
SEEN_AT_ONCE = {
    "package": gettext_lazy("%(number)s packages seen for the first time"),
    "service": gettext_lazy("%(number)s services seen for the first time"),
    "site": gettext_lazy("%(number)s sites seen for the first time"),
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One line: what happened, to what, and whose doing it was.

    `text` is what a person wrote. `kind` says what the line is, in a word. Neighbours of one
    `group` are told as one line: what changed at once on one record, or was seen at once.
    """

    at: datetime
    kind: str
    what: Text
    detail: Text
    tone: str
    about: str = ""
    link: str = ""
    text: str = ""
    group: tuple[str, ...] = ()
    more: tuple[Text, ...] = ()
    operation_id: int | None = None

    @property
    def icon(self) -> str:
        """What it is, as a shape; empty where its tone alone says how it went."""
        if self.kind == "Note":
            return "msg"
        return "eye" if self.kind == "Change" and self.tone == "quiet" else ""


def grouped(found: Iterable[TimelineEntry]) -> list[TimelineEntry]:
    """The entries in their order, each group as one of them."""
    entries: list[TimelineEntry] = []
    for group, neighbours in groupby(found, key=lambda entry: (entry.at, entry.group)):
        members = list(neighbours)
        if not group[1] or len(members) == 1:
            entries += members
        elif group[1][0] == "seen":
            entries.append(_seen_at_once(members, group[1][1]))
        else:
            further = tuple(member.what for member in members[1:])
            entries.append(replace(members[0], more=further))
    return entries


def _seen_at_once(members: Sequence[TimelineEntry], noun: str) -> TimelineEntry:
    names = list(dict.fromkeys(member.about for member in members))
    what = SEEN_AT_ONCE[noun] % {"number": formats.number(len(members))}
    some = ", ".join(names[:3])
    if len(names) > 3:
        some = _("%(some)s and %(number)s more") % {"some": some, "number": len(names) - 3}
    return TimelineEntry(members[0].at, "Change", what, some, "quiet")


def of_notes(notes: Iterable[Note], is_single: bool) -> list[TimelineEntry]:
    """What people wrote down."""
    entries = []
    for note in notes:
        about, link = ("", "") if is_single else about_of(note)
        who = person_name(note.by)
        entries.append(
            TimelineEntry(
                note.at,
                "Note",
                _("Note by %(who)s") % {"who": who},
                "",
                "quiet",
                about,
                link,
                note.text,
            )
        )
    return entries


def of_readings(runs: Iterable[SyncRun], is_single: bool) -> list[TimelineEntry]:
    """Readings of Wix that failed."""
    entries = []
    for run in runs:
        who = person_name(run.requested_by) if run.requested_by else _("the schedule")
        at = run.finished_at or run.requested_at
        of = f"{run.package}: " if run.package and not is_single else ""
        detail = (f"{of}{run.error} " + _("Asked by %(person)s.") % {"person": who}).replace(
            "..", "."
        )
        link = addresses.RUN(run.pk)
        entries.append(
            TimelineEntry(at, "Failure", _("Reading Wix failed"), detail, "bad", str(run), link)
        )
    return entries


def of_unreadable(refusals: Iterable[Unreadable], is_single: bool) -> list[TimelineEntry]:
    """What Wix did not let us read, from when on, and until when."""
    entries = []
    for refusal in refusals:
        what = _("this package")
        if refusal.part != "package":
            what = _("this customer's %(part)s") % {"part": refusal.part}
        if refusal.package and not is_single:
            what = str(refusal.package)
        until = (
            _(" It could be read again on %(on)s.") % {"on": on(refusal.ended_at)}
            if refusal.ended_at
            else ""
        )
        detail = f"{refusal.status or ''} {refusal.code} {refusal.message}".strip()
        entries.append(
            TimelineEntry(
                refusal.since,
                "Failure",
                _("Wix does not let us read %(what)s") % {"what": what},
                _("%(detail)s, request %(id)s.%(until)s")
                % {"detail": detail, "id": refusal.wix_request_id or _("unknown"), "until": until},
                "look" if refusal.ended_at else "bad",
            )
        )
    return entries


def of_failed(services: Iterable[ProductInstance], is_single: bool) -> list[TimelineEntry]:
    """Services that had failed when they were seen for the first time."""
    services = list(services)
    names = names_of(services)
    return [
        TimelineEntry(
            service.status_since or service.first_seen_at,
            "Failure",
            failed_words(service.failure_code),
            OUTSIDE,
            "bad",
            "" if is_single else names[service.pk],
            "" if is_single else service.get_absolute_url(),
        )
        for service in services
    ]


def about_of(note: Note) -> tuple[str, str]:
    """The service or package a note was written on, and its page; nothing for the account."""
    if note.instance:
        return str(note.instance.product), note.instance.get_absolute_url()
    if note.package:
        return str(note.package), note.package.get_absolute_url()
    return "", ""


def failed_words(code: str) -> str:
    """That a service failed, with Wix's code and what it means."""
    why: Explanation = explain_failure(code)
    words = _("Failed, %(code)s: %(why)s") if code else _("Failed: %(why)s")
    return words % {"code": code, "why": why.words}
