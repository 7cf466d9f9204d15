"""Taking back what an operation did: a new operation with the old values, where that still fits."""

from resellers.models import Operation, OperationKind, OperationState

from .kind import Done, Wish
from .kinds import KINDS

MOVED = "This can no longer be undone: it has changed since. Look at it as it is."
ENDED = "This can no longer be undone: the service has ended, and what has ended is final at Wix."


def undo_of(operation: Operation) -> tuple[OperationKind, Wish] | None:
    """The kind and wish that put back what this operation did; None where nothing can."""
    return None if why_not_undone(operation) else KINDS[operation.kind].undo(operation)


def why_not_undone(operation: Operation) -> str:
    """Why what it did cannot be taken back, in words; empty where it can."""
    kind = KINDS.get(operation.kind)
    thing = kind and kind.thing_of(operation)
    if kind is None or thing is None or operation.state != OperationState.SUCCEEDED:
        return "Only what has succeeded can be undone."
    if kind.undo(operation) is None:
        return kind.cannot_be_undone
    if getattr(thing, "is_ended", False):
        return ENDED
    seen = kind.in_mirror(thing, operation.wish)
    return "" if isinstance(kind.decide(operation, seen, None), Done) else MOVED
