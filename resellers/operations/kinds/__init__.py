"""The kinds of operation, one file each. A new kind is a file here and a line in `KINDS`."""

from resellers.models import OperationKind

from ..kind import InstanceKind
from .adjust import Adjust
from .assign import Assign
from .reassign import Reassign
from .unassign import Unassign

KINDS: dict[str, InstanceKind] = {
    kind.name: kind for kind in (Assign(), Unassign(), Reassign(), Adjust())
}


def kind_of(name: str | OperationKind) -> InstanceKind:
    """The kind of that name; KeyError for one that does not exist."""
    return KINDS[str(name)]
