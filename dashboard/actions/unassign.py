"""No site any more."""

from uuid import UUID

from resellers.models import OperationKind
from resellers.operations.kind import Wish

from .site_target import NOWHERE
from .wish_form import InstanceForm


class UnassignForm(InstanceForm):
    """No site any more; there is nothing to choose."""

    kind = OperationKind.UNASSIGN
    slug = "unassign"
    url_name = "instance_unassign"
    doing = "unassigning"

    @classmethod
    def prefilled(cls, wish: Wish) -> dict[str, str]:
        return {}

    def wish(self) -> Wish:
        return {}

    def wish_for(self, value: UUID) -> Wish:
        return {}

    @property
    def present(self) -> UUID:
        return NOWHERE
