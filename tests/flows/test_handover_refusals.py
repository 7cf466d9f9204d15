"""Each refusal that Wix documents for a call of a hand-over, met in the flow: from what brings it
about to the words on its page, the case in the inbox, and where Retry leads."""

from uuid import UUID

import pytest

from resellers.flows import deciding
from resellers.flows.order_steps import order_line, order_of
from resellers.models import Case, Flow
from tests import practice, worlds
from tests.dashboard.submitting import text
from tests.flows.test_domain_refusals import (  # noqa: F401
    account,
    at,
    of_call,
    refuses,
    shown,
    tells,
)
from tests.flows.test_site_handover import begin, confirm, free_site, other  # noqa: F401

pytestmark = pytest.mark.django_db

HANDOVER = "site_handover"
# Of calls for which Wix documents none: what any of its calls may answer.
OF_ANY = [("PERMISSION_DENIED", 403), ("INVALID_ARGUMENT", 400)]


def current(flow) -> str:
    return flow.steps.get(state="current").name


@of_call("transfer")
def test_what_is_not_transferred_stops_there_and_is_tried_again(
    code,
    status,
    mirror,
    free_site,  # noqa: F811
    manager,
    run_due,
    shown,  # noqa: F811
):
    refuses(mirror.sandbox, "transfer", code, status)
    flow = begin(free_site, other(free_site), manager.user)
    run_due()
    told = shown(flow, confirms=True)

    tells(flow, told, code, status)
    deciding.try_again(flow, by=manager.user)
    run_due()
    confirm(flow, manager.user)
    run_due()
    flow.refresh_from_db()
    assert (flow.state, current(flow)) == (Flow.State.OPEN, "package")
    assert practice.applied(mirror.sandbox) == ["transfer"]
    assert not Case.objects.unclosed().filter(flow=flow).exists()


@of_call("create")
def test_what_is_not_ordered_stops_there_and_leads_back_to_its_choice(
    code,
    status,
    sandbox,
    at,  # noqa: F811
    shown,  # noqa: F811
    manager,
):
    product = worlds.product("Business")
    order = order_of([order_line(product.pk, "1 YEAR", "DE")])
    flow = at("order", HANDOVER, order=order, paid=[])
    refuses(sandbox, "create", code, status)
    told = shown(flow, confirms=True)

    tells(flow, told, code, status)
    assert "Retry leads back to “Choose what to order on it”." in told
    deciding.try_again(flow, by=manager.user)
    assert current(flow) == "package"


@pytest.mark.parametrize(("code", "status"), OF_ANY)
@pytest.mark.parametrize(("step", "match"), [("make", "projects"), ("account", "new_account")])
def test_what_is_not_made_stops_there_and_is_tried_again(
    code,
    status,
    step,
    match,
    sandbox,
    at,  # noqa: F811
    shown,  # noqa: F811
    manager,
):
    worlds.account(id=UUID(practice.state(sandbox)["account_id"]), is_main=True)
    customer = worlds.new_customer()
    new_site = {"site_name": "Bakery anew", "template_id": "", "copy_of": ""}
    made = {"new": True, "to_new": True, "new_site": new_site, "new_customer": str(customer.pk)}
    flow = at(step, HANDOVER, **made)
    refuses(sandbox, match, code, status)

    tells(flow, shown(flow, confirms=True), code, status)
    deciding.try_again(flow, by=manager.user)
    assert current(flow) == step
    assert "Confirm" in shown(flow)
    assert practice.applied(sandbox) == []


def test_what_is_refused_names_the_operation_that_it_was(
    sandbox,
    at,  # noqa: F811
    shown,  # noqa: F811
    manager,
):
    product = worlds.product("Business")
    order = order_of([order_line(product.pk, "1 YEAR", "DE")])
    flow = at("order", HANDOVER, order=order, paid=[])
    refuses(sandbox, "create", "PRODUCT_LIMIT_EXCEEDED", 428)
    shown(flow, confirms=True)
    operation = flow.steps.get(state="current").operation
    page = manager.get(flow.get_absolute_url())
    assert f'href="{operation.get_absolute_url()}"' in page.content.decode()
    case = manager.get(Case.objects.get(flow=flow).get_absolute_url())
    assert "Report it to Wix B2B" in text(case)
