"""What happened lately: changes asked for, notes, what was changed elsewhere, the newest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.components.ages import time_tag
from dashboard.components.people import person_name
from resellers import formats
from resellers.models import Change, InstanceStatus, Note, Operation
from resellers.operations.titles import brief_sentence
from resellers.refusals import explain_state, explain_status

MOST = 10
LONGEST = 80  # letters of a note


@dataclass(frozen=True, slots=True)
class Event:
    """One line: how it is marked, what happened, whose record it was and by whom."""

    tone: str
    words: str
    under: str
    link: str
    at: datetime
    icon: str = ""

    @property
    def when(self) -> str:
        """`10:41` today, `Thu 17:20` within a week, and else the day."""
        at, now = timezone.localtime(self.at), timezone.localtime()
        days = (now.date() - at.date()).days
        words = (
            f"{at:%H:%M}" if days == 0 else f"{at:%a %H:%M}" if days < 7 else formats.short_day(at)
        )
        return time_tag(self.at, words)


def recent() -> list[Event]:
    """The newest of all of them, in three queries."""
    found = [*_operations(), *_notes(), *_changed_elsewhere()]
    return sorted(found, key=lambda event: event.at, reverse=True)[:MOST]


def _operations() -> Iterator[Event]:
    related = ("account", "instance__product", "package", "site", "requested_by")
    for one in Operation.objects.select_related(*related)[:MOST]:
        yield Event(
            explain_state(one.state, one.ending).tone,
            brief_sentence(one),
            f"{one.account} · {person_name(one.requested_by)}",
            one.get_absolute_url(),
            one.finished_at or one.requested_at,
        )


def _notes() -> Iterator[Event]:
    for note in Note.objects.select_related("account", "package", "instance__product", "by")[:MOST]:
        about = note.instance or note.package or note.account
        name = str(note.instance.product if note.instance else about)
        text = note.text if len(note.text) <= LONGEST else f"{note.text[: LONGEST - 1]}…"
        under = f"“{text}” · {person_name(note.by)}"
        yield Event(
            "",
            _("Note on %(name)s") % {"name": name},
            under,
            about.get_absolute_url(),
            note.at,
            "msg",
        )


def _changed_elsewhere() -> Iterator[Event]:
    """The statuses of services that came to be otherwise than by us."""
    changes = Change.objects.filter(operation=None, field="status", instance__isnull=False)
    ended = (InstanceStatus.FAILED, InstanceStatus.CANCELED)
    for one in changes.filter(new__in=ended).select_related("account", "instance__product")[:MOST]:
        assert one.instance is not None
        word = explain_status(one.new).word.lower()
        under = _("%(account)s · seen at Wix, not by us") % {"account": one.account}
        link = one.instance.get_absolute_url()
        yield Event("", f"{one.instance.product} {word}", under, link, one.at, "eye")
