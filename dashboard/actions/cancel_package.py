"""A whole package ends."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components.values import counted
from resellers.models import Package
from resellers.operations.kinds.cancel_package import CancelPackageWish

from .irreversible import IrreversibleForm


class CancelPackageForm(IrreversibleForm[Package, CancelPackageWish]):
    """A whole package."""

    kind = "cancel_package"
    under = "packages"
    aside_template = "actions/_package.html"
    slug = "cancel"
    url_name = "package_cancel"
    button = gettext_lazy("Cancel package")
    icon = "ended"
    caption = gettext_lazy("all its services")
    tone = "danger"

    @property
    def package(self) -> Package:
        return self.thing

    @property
    def confirm_words(self) -> str:
        return _("Confirm: cancel %(living)s") % {
            "living": counted(self.living, "service", "services")
        }
