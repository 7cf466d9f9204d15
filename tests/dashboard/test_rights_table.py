"""Who may ask for what, and when: every kind, every role, every state of what is under way."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from dashboard.actions.forms import WISH_FORMS
from dashboard.actions.irreversible import IrreversibleForm
from resellers.models import Operation, OperationState, Role
from resellers.operations.order_wish import CreatePackageWish
from resellers.operations.plan import make_plan
from resellers.operations.wish import Wish
from tests import worlds
from tests.randomness import FULL

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ANONYMOUS = "anonymous"
OPERATORS = {Role.OPERATOR, Role.MANAGER, Role.ADMIN}
MANAGERS = {Role.MANAGER, Role.ADMIN}
MAY = {
    "assign": OPERATORS,
    "unassign": OPERATORS,
    "reassign": OPERATORS,
    "adjust": OPERATORS,
    "cancel_instance": MANAGERS,
    "cancel_package": MANAGERS,
    "create_package": OPERATORS,
    "external_id": OPERATORS,
}
# The state of the operation there is on the thing, and whether that one holds it.
STATES = {
    "": False,
    OperationState.QUEUED: True,
    OperationState.RUNNING: True,
    OperationState.CONFIRMING: True,
    OperationState.NEEDS_ATTENTION: True,
    OperationState.SUCCEEDED: False,
    OperationState.FAILED: False,
    OperationState.ROLLED_BACK: False,
    OperationState.CANCELED: False,
}
# What may be done about an operation there is, and in which state.
DECISIONS = {
    "withdraw": OperationState.QUEUED,
    "retry": OperationState.NEEDS_ATTENTION,
    "look-again": OperationState.NEEDS_ATTENTION,
    "finish": OperationState.NEEDS_ATTENTION,
}
FINISHED = {"succeeded": "yes", "note": "Seen to at Wix."}


def client_of(role: str) -> Client:
    client = Client()
    if role != ANONYMOUS:
        client.force_login(worlds.user(role))
    return client


def thing_and_wish(kind: str) -> tuple[Any, Wish[Any]]:
    """A thing, and something to ask of it that Wix would not refuse."""
    instance = worlds.instance(floating=kind == "assign")
    line = {
        "product_id": str(instance.product_id),
        "site_id": "",
        "cycle": "1 YEAR",
        "country": "DE",
        "discount_code": "",
        "reference_id": "",
    }
    wishes: dict[str, dict[str, Any]] = {
        "assign": {"site_id": str(worlds.site(instance.account).pk)},
        "unassign": {},
        "reassign": {"site_id": str(worlds.site(instance.account).pk)},
        "adjust": {"product_id": str(worlds.product("Bigger Plan").pk), "cycle": "1 YEAR"},
        "cancel_instance": {},
        "cancel_package": {},
        "create_package": {"external_id": "order-1", "lines": [line], "again_of": ""},
        "external_id": {"external_id": "order-anew"},
    }
    things = {
        "cancel_package": instance.package,
        "external_id": instance.package,
        "create_package": instance.account,
    }
    return things.get(kind, instance), worlds.wish(kind, **wishes[kind])


def confirmed(kind: str, thing: Any, wish: Wish[Any]) -> dict[str, str]:
    """What the plan's Confirm sends."""
    form = WISH_FORMS[kind]
    fields = form.prefilled(wish)
    if isinstance(wish, CreatePackageWish):
        fields |= {"external_id": wish.external_id}
    if issubclass(form, IrreversibleForm):
        fields |= {"account_name": thing.account.name, "reason": "the customer left"}
    plan = make_plan(thing, wish)
    return fields | {"plan": plan.fingerprint, "request_id": str(uuid4())}


def test_the_table_knows_every_kind_that_can_be_asked_for_and_every_state():
    assert set(MAY) == set(WISH_FORMS)
    assert set(STATES) - {""} == set(OperationState)


def cases() -> Iterator[tuple[str, str, str]]:
    """Each kind with every role, without an operation and with two that hold it and two that do
    not; each role that may in every state. Whoever may not is sent away before any state is looked
    at. With FULL=1 each kind, role and state."""
    met: Counter[tuple[str, str]] = Counter()
    for turn, (kind, roles) in enumerate(MAY.items()):
        may = [role for role in Role if role in roles]
        for state in STATES if FULL else states_for(turn):
            rarest = min(may, key=lambda role: (met[role, state], met[role, kind]))
            for role in may if FULL else [rarest]:
                met[role, state] += 1
                met[role, kind] += 1
                yield kind, role, state
        for role in (ANONYMOUS, *Role):
            if role not in roles:
                yield kind, role, ""


def states_for(turn: int) -> list[str]:
    """None, two that hold a thing and two that do not: others for each turn."""
    found = [""]
    for holds in (True, False):
        states = [state for state in STATES if state and STATES[state] == holds]
        found += [states[turn % 4], states[(turn + 1) % 4]]
    return found


def test_every_pair_of_kind_role_and_state_is_met_by_somebody_who_may():
    met = {case for case in cases() if case[1] in MAY[case[0]]}

    assert {(kind, role) for kind, role, _ in met} == {(k, role) for k in MAY for role in MAY[k]}
    of_kinds = {kind: [state for one, _, state in met if one == kind] for kind in MAY}
    for kind, states in of_kinds.items():
        assert "" in states
        assert [STATES[state] for state in {*states} - {""}].count(True) >= 2, kind
        assert [STATES[state] for state in {*states} - {""}].count(False) >= 2, kind
    assert {(role, state) for _, role, state in met} == {
        (role, state) for role in OPERATORS for state in STATES
    }


@pytest.mark.parametrize(("kind", "role", "state"), list(cases()))
def test_the_button_the_form_and_confirm_agree_on_who_may_and_when(kind, role, state):
    thing, wish = thing_and_wish(kind)
    if state:
        colleague = worlds.user("operator", "colleague")
        past = worlds.planned(thing, wish, requested_by=colleague, state=state)
        # What succeeded has made a wish true that may be asked for again.
        if kind == "create_package" and not STATES[state]:
            wish = replace(wish, external_id="order-2")
        assert past.is_open == STATES[state]
    before = Operation.objects.count()
    client, address = client_of(role), WISH_FORMS[kind].path(thing)
    sent = confirmed(kind, thing, wish)

    page = client.get(thing.get_absolute_url())
    form = client.get(address)
    answer = client.post(address, sent)

    recorded = Operation.objects.exclude(requested_by__username="colleague").first()
    html = page.content.decode()
    offered = f'href="{address}"' in html or f'action="{address}"' in html
    # An order not yet confirmed has no name, so nothing can hold it.
    holds = STATES[state] and kind != "create_package"
    if role == ANONYMOUS:
        expected = (302, False, 302, 302)
        assert answer["Location"].startswith("/login/")
    elif role not in MAY[kind]:
        expected = (200, False, 403, 403)
    elif STATES[state]:
        expected = (200, not holds, 200, 409)
    else:
        expected = (200, True, 200, 302)
        assert recorded is not None
        assert answer["Location"] == recorded.get_absolute_url()
    assert (page.status_code, offered, form.status_code, answer.status_code) == expected
    assert Operation.objects.count() == before + (recorded is not None)
    assert (recorded is not None) == (role in MAY[kind] and not STATES[state])


@pytest.mark.parametrize("role", [ANONYMOUS, *Role])
@pytest.mark.parametrize("kind", ["reassign", "cancel_instance"])
def test_what_is_done_about_an_operation_is_for_whom_its_kind_is_and_in_its_state(kind, role):
    colleague, client = worlds.user("manager", "colleague"), client_of(role)
    may = role in MAY[kind]
    least = next(one for one in Role if one in MAY[kind])
    # States in which nothing fits tell apart no roles, and no kinds.
    each = FULL or (role == least and kind == "reassign")
    for state in OperationState if each else sorted(set(DECISIONS.values())):
        thing, wish = thing_and_wish(kind)
        operation = worlds.planned(thing, wish, requested_by=colleague, state=state)
        page = operation.get_absolute_url()
        html = client.get(page).content.decode()
        offered = {decision for decision in DECISIONS if f'action="{page}{decision}/"' in html}
        assert offered == {
            decision for decision, fitting in DECISIONS.items() if may and fitting == state
        }

        for decision, fitting in DECISIONS.items():
            answer = client.post(f"{page}{decision}/", FINISHED)

            fits = fitting == state
            expected = 403 if not may else 302 if fits else 409
            assert answer.status_code == (302 if role == ANONYMOUS else expected), (state, decision)
            operation.refresh_from_db()
            assert (operation.state != state) == (may and fits), (state, decision)
            Operation.objects.filter(pk=operation.pk).update(state=state, look_only=False)
