"""What people may submit: the wish of each kind of operation, and what is decided about its row."""

from .adjust import AdjustForm
from .deeds import ConfirmForm, FinishForm, SyncForm
from .external_id import ExternalIdForm
from .irreversible import CancelInstanceForm, CancelPackageForm, IrreversibleForm
from .moves import AssignForm, ReassignForm, UnassignForm
from .order import NewPackageForm
from .wish import REPEATABLE, InstanceForm, WishForm

__all__ = [
    "INSTANCE_FORMS",
    "PACKAGE_FORMS",
    "REPEATABLE",
    "WISH_FORMS",
    "ConfirmForm",
    "FinishForm",
    "InstanceForm",
    "IrreversibleForm",
    "NewPackageForm",
    "SyncForm",
    "WishForm",
]

INSTANCE_FORMS: tuple[type[WishForm], ...] = (
    AssignForm,
    UnassignForm,
    ReassignForm,
    AdjustForm,
    CancelInstanceForm,
)
PACKAGE_FORMS: tuple[type[WishForm], ...] = (CancelPackageForm, ExternalIdForm)
# By the kind of operation. Handing over sites and registering domains are guided step by step.
ALL: tuple[type[WishForm], ...] = (*INSTANCE_FORMS, *PACKAGE_FORMS, NewPackageForm)
WISH_FORMS: dict[str, type[WishForm]] = {form.kind: form for form in ALL}
