"""A whole package ends."""

from dashboard.components.values import counted
from resellers.models import OperationKind, Package
from resellers.operations.kinds.cancel_package import CancelPackageWish

from .irreversible import IrreversibleForm


class CancelPackageForm(IrreversibleForm[Package, CancelPackageWish]):
    """A whole package."""

    kind = OperationKind.CANCEL_PACKAGE
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
