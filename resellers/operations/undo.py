"""Taking back what an operation did: a new operation with the old values, where that still fits."""

from resellers.models import Operation, OperationKind, OperationState, ProductInstance

from .kind import Done, Seen, Wish
from .kinds import KINDS


def undo_of(operation: Operation) -> tuple[OperationKind, Wish] | None:
    """The kind and wish that put back what this operation did; None where nothing can."""
    instance: ProductInstance | None = operation.instance
    if instance is None or not can_be_undone(operation, instance):
        return None
    return KINDS[operation.kind].undo(operation)


def can_be_undone(operation: Operation, instance: ProductInstance) -> bool:
    """Whether it succeeded, and what it did still stands as the mirror shows it."""
    kind = KINDS.get(operation.kind)
    if kind is None or operation.state != OperationState.SUCCEEDED:
        return False
    stands = isinstance(kind.decide(operation, Seen.in_mirror(instance), None), Done)
    return stands and not instance.is_ended and kind.undo(operation) is not None
