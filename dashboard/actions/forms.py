"""The form of each kind of operation; a new one is a file and a line at the end of this one."""

from collections.abc import Mapping
from types import MappingProxyType

from .adjust import AdjustForm
from .assign import AssignForm
from .cancel_instance import CancelInstanceForm
from .cancel_package import CancelPackageForm
from .create_package import NewPackageForm
from .external_id import ExternalIdForm
from .reassign import ReassignForm
from .unassign import UnassignForm
from .wish_form import AnyForm

_forms: dict[str, type[AnyForm]] = {}
# By the kind of operation. Handing over sites and registering domains are guided step by step.
WISH_FORMS: Mapping[str, type[AnyForm]] = MappingProxyType(_forms)


def register(form: type[AnyForm]) -> None:
    """Let people ask for the form's kind with it, at an address that `urls` makes of it.

    Raises ValueError where the kind has a form.
    """
    if form.kind in _forms:
        raise ValueError(f"{form.kind} has {_forms[form.kind].__name__}")
    _forms[form.kind] = form


def unregister(kind: str) -> None:
    """Let nobody ask for that kind any more."""
    del _forms[kind]


def forms_under(noun: str) -> list[type[AnyForm]]:
    """The forms whose addresses stand below that noun's records, in the order of their kinds."""
    return [form for form in WISH_FORMS.values() if form.under == noun]


FORMS: tuple[type[AnyForm], ...] = (
    AssignForm,
    ReassignForm,
    UnassignForm,
    AdjustForm,
    CancelInstanceForm,
    CancelPackageForm,
    ExternalIdForm,
    NewPackageForm,
)
for form in FORMS:
    register(form)
