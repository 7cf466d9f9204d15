"""No site any more."""

from resellers.models import ProductInstance
from resellers.operations.site_wishes import UnassignWish

from .wish_form import WishForm


class UnassignForm(WishForm[ProductInstance, UnassignWish]):
    """No site any more; there is nothing to choose."""

    kind = "unassign"
    under = "instances"
    aside_template = "actions/_service.html"
    slug = "unassign"
    url_name = "instance_unassign"
    button = "Unassign"

    @classmethod
    def prefilled(cls, wish: UnassignWish) -> dict[str, str]:
        return {}

    def wish(self) -> UnassignWish:
        return UnassignWish()
