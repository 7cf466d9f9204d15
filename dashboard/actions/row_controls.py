"""What can be done with each of some services in a row: the one thing that fits, and the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.components.controls import Control
from resellers.models import Account, ProductInstance
from resellers.operations.namesakes import names_of
from resellers.operations.preflight import Answer, OrderAgain, Preflight

from .assign import AssignForm
from .controls import control_of, order_again
from .forms import WISH_FORMS, forms_under
from .reassign import ReassignForm

# Of a service that stands on a site, or on none: nobody would look for that action there.
SENSELESS = ("ASSIGNED", "FLOATING", "MISSING_SITE_ID")


@dataclass(frozen=True, slots=True)
class RowControls:
    """The controls of one row.

    `lead` is the one that fits, and `is_due` says whether the service waits for it. `offered` are
    all that may be done now, `hindrances` what may not, each with its reason.
    """

    lead: Control | None
    is_due: bool
    offered: Sequence[Control]
    hindrances: Sequence[tuple[str, str]]


def attach_row_controls(
    services: Sequence[ProductInstance],
    account: Account,
    preflight: Preflight,
    again: OrderAgain | None = None,
) -> None:
    """Give each of these services of the account its `controls`, and as `ordered` what was ordered
    in its place.

    Each service is read with its product, site, package and account. The queries are as many for
    one service as for a thousand. `again` is the answer for the failed ones, where it is known.
    """
    kinds = [form.kind for form in forms_under("instances")]
    answers = preflight.of_all(kinds, services)
    again = again or preflight.order_again(account, services)
    names = names_of(services)
    for service in services:
        service.ordered = again.of(service)  # type: ignore[attr-defined]
        service.controls = _of_row(service, names[service.pk], answers[service.pk], again)  # type: ignore[attr-defined]


def _of_row(
    service: ProductInstance, about: str, answers: Mapping[str, Answer], again: OrderAgain
) -> RowControls:
    controls = {
        form.kind: control_of(form, service, answers[form.kind], about)
        for form in forms_under("instances")
    }
    orders = order_again(_alone(again, service), service, about) if service.is_failed else []
    lead: Control | None = None
    is_due = False
    if service.is_floating:
        lead, is_due = controls.get(AssignForm.kind), True
    elif orders:
        lead, is_due = orders[0], service.ordered.in_effect is None  # type: ignore[attr-defined]
    elif service.is_enabled:
        lead = controls.get(ReassignForm.kind)
    offered = [one for one in (*orders, *controls.values()) if one.answer.may]
    is_there = lead is not None and lead.is_visible
    return RowControls(lead if is_there else None, is_due, offered, hindrances(answers))


def _alone(again: OrderAgain, service: ProductInstance) -> OrderAgain:
    """What that order means for this service, whatever it means for those around it."""
    return OrderAgain(again.answer, {service.pk: again.of(service)})


def hindrances(answers: Mapping[str, Answer]) -> list[tuple[str, str]]:
    """What cannot be done and why, actions with one reason together; not what makes no sense."""
    by_reason: dict[str, list[str]] = {}
    for kind, answer in answers.items():
        if answer.is_allowed and answer.obstacles and answer.obstacles[0].code not in SENSELESS:
            by_reason.setdefault(answer.why, []).append(WISH_FORMS[kind].slug)
    return [(", ".join(verbs).capitalize(), words) for words, verbs in by_reason.items()]
