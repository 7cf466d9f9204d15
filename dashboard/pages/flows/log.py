"""A flow's log as people read it: the newest first."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboard.components.people import person_name
from resellers.models import Flow, FlowEvent

MOST = 50
Kind = FlowEvent.Kind
# The shape before a line: an icon's name, or a tone.
ICONS = {
    Kind.BEGUN: "flow",
    Kind.CHOSEN: "check",
    Kind.CONFIRMED: "check",
    Kind.ASKED: "send",
    Kind.LOOKED: "eye",
    Kind.PAUSED: "pause",
    Kind.RESUMED: "play",
    Kind.HANDED: "person",
    Kind.RETRIED: "refresh",
    Kind.GIVEN_UP: "stop",
    Kind.NOTE: "msg",
}
TONES = {Kind.STOPPED: "bad", Kind.STEP: "good", Kind.DONE: "good"}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what happened, more of it, who did it."""

    event: FlowEvent
    icon: str
    tone: str
    what: str
    more: str


def entries_of(flow: Flow) -> Sequence[Entry]:
    """The newest lines of the log; one statement."""
    events = flow.events.select_related("by")[:MOST]
    return [_entry(event) for event in events]


def _entry(event: FlowEvent) -> Entry:
    kind = Kind(event.kind)
    by = person_name(event.by) if event.by else ""
    words = {
        Kind.BEGUN: _("Begun by %(by)s"),
        Kind.CHOSEN: _("Chosen by %(by)s"),
        Kind.CONFIRMED: _("Confirmed by %(by)s"),
        Kind.ASKED: _("Asked for: %(words)s"),
        Kind.LOOKED: _("Looked: %(words)s"),
        Kind.STEP: _("Done: %(words)s"),
        Kind.STOPPED: _("Stopped: %(words)s"),
        Kind.RETRIED: _("Tried again by %(by)s"),
        Kind.PAUSED: _("Paused by %(by)s"),
        Kind.RESUMED: _("Resumed by %(by)s"),
        Kind.HANDED: _("%(by)s handed it to %(words)s"),
        Kind.DONE: _("All done"),
        Kind.GIVEN_UP: _("Given up by %(by)s"),
        Kind.NOTE: _("%(by)s noted"),
    }
    if kind == Kind.LOOKED and event.by:
        words[kind] = _("%(by)s had it looked at")
    what = words[kind] % {"by": by, "words": event.words}
    more = event.words if event.words and event.words not in what else ""
    return Entry(event, ICONS.get(kind, ""), TONES.get(kind, ""), what, more)
