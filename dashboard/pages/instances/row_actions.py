"""What may be done with a service from its row, wherever services are listed."""

from typing import Any

from dashboard.actions.adjust import AdjustForm
from dashboard.actions.assign import AssignForm
from dashboard.actions.cancel_instance import CancelInstanceForm
from dashboard.actions.controls import row_action
from dashboard.actions.forms import forms_under
from dashboard.actions.reassign import ReassignForm
from dashboard.actions.unassign import UnassignForm
from dashboard.actions.wish_form import AnyForm
from dashboard.components.addresses import RowAddress
from dashboard.components.row_words import row_words
from dashboard.lists.row_actions import RowAction

_FORMS = forms_under("instances")
OFFERS = tuple(form.kind for form in _FORMS)
_PATHS = {form.kind: RowAddress(form.url_name) for form in _FORMS}


def service_actions(service: Any) -> list[RowAction]:
    """What fits where the service stands, its site's own page, and its end."""
    if service.site_id is None:
        found = _change(service, AssignForm, lead=True)
    else:
        found = _change(service, ReassignForm, lead=True)
        found += _change(service, UnassignForm)
    found += _change(service, AdjustForm, lead=True, brief=True)
    if service.site and service.site.url.startswith(("https://", "http://")):
        found.append(RowAction(row_words()["open_site"], "ext", service.site.url, is_outside=True))
    return [*found, *_change(service, CancelInstanceForm)]


def service_ids(service: Any) -> list[tuple[str, object]]:
    """The service's id and those of what it belongs to."""
    return [
        ("instance", service.pk),
        ("package", service.package_id),
        ("account", service.account_id),
        ("site", service.site_id),
        ("product", service.product_id),
    ]


def _change(service: Any, form: type[AnyForm], **look: bool) -> list[RowAction]:
    return row_action(form, _PATHS[form.kind](service.pk), service.answers[form.kind], **look)
