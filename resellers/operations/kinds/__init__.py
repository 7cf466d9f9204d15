"""The kinds of operation, one file each. A new kind is a file here and a line in `KINDS`."""

from typing import Any

from resellers.models import OperationKind

from ..kind import Kind
from .adjust import Adjust
from .assign import Assign
from .cancel_instance import CancelInstance
from .cancel_package import CancelPackage
from .create_package import CreatePackage
from .external_id import ExternalId
from .reassign import Reassign
from .register_domain import RegisterDomain
from .transfer_site import TransferSite
from .unassign import Unassign

KINDS: dict[str, Kind[Any, Any]] = {
    kind.name: kind
    for kind in (
        Assign(),
        Unassign(),
        Reassign(),
        Adjust(),
        CancelInstance(),
        CancelPackage(),
        CreatePackage(),
        ExternalId(),
        TransferSite(),
        RegisterDomain(),
    )
}


def kind_of(name: str | OperationKind) -> Kind[Any, Any]:
    """The kind of that name; KeyError for one that does not exist."""
    return KINDS[str(name)]
