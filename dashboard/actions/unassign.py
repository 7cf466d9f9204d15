"""No site any more."""

from django.utils.translation import gettext_lazy

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
    button = gettext_lazy("Unassign")
    icon = "unlink"
    caption = gettext_lazy("leave it floating")

    @classmethod
    def prefilled(cls, wish: UnassignWish) -> dict[str, str]:
        return {}

    def wish(self) -> UnassignWish:
        return UnassignWish()
