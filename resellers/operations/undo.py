"""Taking back what an operation did: a new operation with the old values, where that still fits."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.models import Operation, OperationState

from .kinds import KINDS
from .steps import Done
from .wish import UnreadableWish, Wish

MOVED = gettext_lazy("This can no longer be undone: it has changed since. Look at it as it is.")
UNREADABLE = gettext_lazy("This can no longer be undone: what was asked for can no longer be read.")


def undo_of(operation: Operation) -> Wish[Any] | None:
    """The wish that puts back what this operation did; None where nothing can."""
    return None if why_not_undone(operation) else KINDS[operation.kind].undo(operation)


def why_not_undone(operation: Operation) -> str:
    """Why what it did cannot be taken back, in words; empty where it can."""
    kind = KINDS.get(operation.kind)
    thing = kind and kind.thing_of(operation)
    if kind is None or thing is None or operation.state != OperationState.SUCCEEDED:
        return _("Only what has succeeded can be undone.")
    try:
        way_back, wish = kind.undo(operation), kind.wish_of(operation)
    except UnreadableWish:
        return str(UNREADABLE)
    if way_back is None:
        return kind.cannot_be_undone
    if words := kind.why_not_undone(thing):
        return words
    seen = kind.in_mirror(thing, wish)
    return "" if isinstance(kind.decide(operation, seen, None), Done) else str(MOVED)
