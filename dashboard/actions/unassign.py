"""No site any more."""

from uuid import UUID

from resellers.models import OperationKind
from resellers.operations.site_wishes import UnassignWish

from .site_target import NOWHERE
from .wish_form import InstanceForm


class UnassignForm(InstanceForm[UnassignWish]):
    """No site any more; there is nothing to choose."""

    kind = OperationKind.UNASSIGN
    slug = "unassign"
    url_name = "instance_unassign"
    button = "Unassign"

    @classmethod
    def prefilled(cls, wish: UnassignWish) -> dict[str, str]:
        return {}

    def wish(self) -> UnassignWish:
        return UnassignWish()

    def wish_for(self, value: UUID) -> UnassignWish:
        return UnassignWish()

    @property
    def present(self) -> UUID:
        return NOWHERE
