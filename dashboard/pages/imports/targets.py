"""What files of names are imported into."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.components import addresses
from dashboard.components.addresses import RowAddress
from resellers.mirror import imports
from resellers.mirror.imports import Sheet
from resellers.models import Upload, scope
from resellers.texts import Text


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """What a file is imported into."""

    sheet: Sheet
    kind: Upload.Kind
    noun: str  # of its addresses
    list_name: str  # of the address of the list that it is imported into
    record: RowAddress
    title: Text
    one: str
    many: str

    @property
    def path(self) -> str:
        """The address of the list that it is imported into."""
        return reverse(self.list_name)

    @property
    def export_path(self) -> str:
        return reverse(f"{self.noun}_export")

    @property
    def page(self) -> str:
        """The address where a file is chosen."""
        return reverse(f"{self.noun}_import_page")

    def run_path(self, upload: Upload) -> str:
        """The address of this file's dry run."""
        return reverse(f"{self.noun}_import_run", args=[upload.pk])

    def errors_path(self, upload: Upload) -> str:
        return reverse(f"{self.noun}_import_errors", args=[upload.pk])


TARGETS = {
    "catalog": ImportTarget(
        imports.CATALOG,
        Upload.Kind.CATALOG,
        "catalog",
        "product_list",
        addresses.PRODUCT,
        gettext_lazy("Catalogue"),
        "product",
        "products",
    ),
    "accounts": ImportTarget(
        imports.CUSTOMERS,
        Upload.Kind.CUSTOMERS,
        "accounts",
        "account_list",
        addresses.ACCOUNT,
        gettext_lazy("Customers"),
        "customer",
        "customers",
    ),
}


def target_of(noun: str) -> ImportTarget:
    """What is imported under that noun. A file of customers speaks of all of them."""
    target = TARGETS[noun]
    if target.kind == Upload.Kind.CUSTOMERS and scope.in_force():
        raise PermissionDenied(_("You see some customers only; a file of them may name any."))
    return target
