"""A whole package ends."""

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
    button = "Cancel package"
    tone = "danger"

    @property
    def package(self) -> Package:
        return self.thing

    @property
    def confirm_words(self) -> str:
        return f"Confirm: cancel {counted(self.living, 'service', 'services')}"
