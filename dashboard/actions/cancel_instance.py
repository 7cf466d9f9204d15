"""One service of a package ends; the others stay."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components.values import counted
from resellers.models import Package, ProductInstance
from resellers.operations.kinds.cancel_instance import CancelInstanceWish

from .irreversible import IrreversibleForm


class CancelInstanceForm(IrreversibleForm[ProductInstance, CancelInstanceWish]):
    """One service of a package; the others stay."""

    kind = "cancel_instance"
    under = "instances"
    aside_template = "actions/_service.html"
    slug = "cancel"
    url_name = "instance_cancel"
    button = gettext_lazy("Cancel instance")
    icon = "ended"
    caption = gettext_lazy("this service only")
    tone = "danger"
    scope_template = "actions/cancel_instance.html#scope"

    @property
    def package(self) -> Package:
        return self.thing.package

    @property
    def confirm_words(self) -> str:
        return _("Confirm: cancel 1 of %(living)s") % {
            "living": counted(self.living, "service", "services")
        }
