"""The form of each kind of operation."""

from .adjust import AdjustForm
from .assign import AssignForm
from .cancel_instance import CancelInstanceForm
from .cancel_package import CancelPackageForm
from .create_package import NewPackageForm
from .external_id import ExternalIdForm
from .reassign import ReassignForm
from .unassign import UnassignForm
from .wish_form import AnyForm

INSTANCE_FORMS: tuple[type[AnyForm], ...] = (
    AssignForm,
    ReassignForm,
    UnassignForm,
    AdjustForm,
    CancelInstanceForm,
)
PACKAGE_FORMS: tuple[type[AnyForm], ...] = (CancelPackageForm, ExternalIdForm)
# By the kind of operation. Handing over sites and registering domains are guided step by step.
ALL: tuple[type[AnyForm], ...] = (*INSTANCE_FORMS, *PACKAGE_FORMS, NewPackageForm)
WISH_FORMS: dict[str, type[AnyForm]] = {form.kind: form for form in ALL}
