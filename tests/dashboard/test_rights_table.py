"""Who may ask for what, and when: every kind, every role, every state of what is under way."""

from uuid import uuid4

import pytest
from django.test import Client

from dashboard.forms import WISH_FORMS
from resellers.models import Operation, OperationState, ProductInstance, Role
from resellers.operations.kind import Wish
from resellers.operations.plan import make_plan
from tests import worlds

pytestmark = pytest.mark.django_db

ANONYMOUS = "anonymous"
OPERATORS = {Role.OPERATOR, Role.MANAGER, Role.ADMIN}
MAY = {"assign": OPERATORS, "unassign": OPERATORS, "reassign": OPERATORS, "adjust": OPERATORS}
# The state of the operation there is on the service, and whether that one holds it.
STATES = {
    "": False,
    OperationState.QUEUED: True,
    OperationState.RUNNING: True,
    OperationState.CONFIRMING: True,
    OperationState.NEEDS_ATTENTION: True,
    OperationState.SUCCEEDED: False,
}


def client_of(role: str) -> Client:
    client = Client()
    if role != ANONYMOUS:
        client.force_login(worlds.user(role))
    return client


def service_and_wish(kind: str) -> tuple[ProductInstance, Wish]:
    """A service, and something to ask for that Wix would not refuse."""
    instance = worlds.instance(floating=kind == "assign")
    wishes: dict[str, Wish] = {
        "assign": {"site_id": str(worlds.site(instance.account).pk)},
        "unassign": {},
        "reassign": {"site_id": str(worlds.site(instance.account).pk)},
        "adjust": {"product_id": str(worlds.product("Bigger Plan").pk), "cycle": "1 YEAR"},
    }
    return instance, wishes[kind]


def test_the_table_knows_every_kind_that_can_be_asked_for():
    assert set(MAY) == set(WISH_FORMS)


@pytest.mark.parametrize("state", STATES, ids=lambda state: state or "nothing")
@pytest.mark.parametrize("role", [ANONYMOUS, *Role])
@pytest.mark.parametrize("kind", WISH_FORMS)
def test_the_button_the_form_and_confirm_agree_on_who_may_and_when(kind, role, state):
    instance, wish = service_and_wish(kind)
    if state:
        colleague = worlds.user("operator", "colleague")
        worlds.operation(instance, by=colleague, kind=kind, wish=wish, state=state)
    before = Operation.objects.count()
    client, address = client_of(role), f"{instance.get_absolute_url()}{kind}/"
    plan = make_plan(kind, instance, wish)
    confirmed = WISH_FORMS[kind].prefilled(wish) | {
        "plan": plan.fingerprint,
        "request_id": str(uuid4()),
    }

    page = client.get(instance.get_absolute_url())
    form = client.get(address)
    answer = client.post(address, confirmed)

    recorded = Operation.objects.exclude(requested_by__username="colleague").first()
    offered = f'href="{address}"' in page.content.decode()
    if role == ANONYMOUS:
        expected = (302, False, 302, 302)
        assert answer["Location"].startswith("/login/")
    elif role not in MAY[kind]:
        expected = (200, False, 403, 403)
    elif STATES[state]:
        expected = (200, False, 200, 409)
    else:
        expected = (200, True, 200, 302)
        assert recorded is not None
        assert answer["Location"] == recorded.get_absolute_url()
    assert (page.status_code, offered, form.status_code, answer.status_code) == expected
    assert Operation.objects.count() == before + (recorded is not None)
    assert (recorded is not None) == (role in MAY[kind] and not STATES[state])
