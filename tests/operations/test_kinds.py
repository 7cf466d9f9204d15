"""Every kind of operation is whole: rules, plan, way back, form and page."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import pytest
from django.template.loader import get_template

from dashboard.actions.forms import WISH_FORMS
from dashboard.actions.irreversible import IrreversibleForm
from resellers.connection import wix_client
from resellers.models import Operation, Policy
from resellers.operations.kinds import KINDS, kind_of_wish
from resellers.operations.order_wish import CreatePackageWish
from resellers.operations.plan import make_plan
from resellers.operations.steps import Back, Done, Refused, Send, Stuck
from resellers.operations.undo import undo_of, why_not_undone
from resellers.wix import NextMove, WixError
from tests import worlds

from .kind_cases import FILES, Case, case_of

pytestmark = pytest.mark.django_db

PLACES = ("source", "target", "between", "third")
# What a kind may decide: each of these has a way to come about.
DECISIONS = {Done, Send, Back, Stuck}
STRATEGIES = ("two_step", "direct")
# Their guided pages ask for them step by step: they have no form of their own.
GUIDED = {"create_account", "create_site", "transfer_site", "register_domain", "connect_domain"}
# Whether these are true already the mirror cannot say.
OF_NO_MIRROR = (
    "create_account",
    "create_package",
    "create_site",
    "cancel_package",
    "register_domain",
    "connect_domain",
)


@pytest.fixture(params=FILES)
def case(request, db, settings) -> Case:
    """One case for each file."""
    settings.WIX_REGISTERED_DOMAINS = True
    return case_of(request.param)


def refusals(case: Case) -> Iterator[Refused | None]:
    """None, and a refusal of each step that the kind may send."""
    yield None
    for step in case.kind.steps(case.thing, case.wish):
        yield Refused(step, 428, "PRODUCT_NOT_SUPPORTED_ON_SITE", "", "request-1")


def test_a_kind_is_known_by_its_own_name_and_asks_for_a_right_that_exists(case):
    rights = {f"resellers.{codename}" for codename, _ in Policy._meta.permissions}

    assert KINDS[case.kind.name] is case.kind
    assert case.kind.permission in rights


def test_no_kind_extends_a_domain_since_wix_offers_no_call_for_it():
    calls = {step for kind in KINDS.values() for step in kind.done}

    assert {name for name in {*KINDS, *calls} if re.search("extend|renew|redeem", name)} == set()


def test_a_kind_can_plan_its_wish_in_words(case):
    plan = make_plan(case.thing, case.wish)

    assert plan.possible
    assert plan.rows
    assert all(row.label and row.before != row.after for row in plan.rows)
    assert plan.dependants == tuple(case.kind.dependants(case.thing, case.wish))


def test_every_call_of_a_plan_is_one_of_the_kinds_steps(case):
    steps = case.kind.steps(case.thing, case.wish)

    for strategy in STRATEGIES:
        calls = case.kind.calls(case.thing, case.wish, strategy)
        assert calls
        assert set(calls) <= set(steps.values())


def test_a_wish_that_is_true_already_is_refused_before_anything_is_asked(case):
    if case.held is None:
        assert case.kind.name in OF_NO_MIRROR
        return
    case.come_true()

    assert not make_plan(case.thing, case.wish).possible


def test_a_package_whose_services_have_all_ended_is_not_canceled_again(db):
    case = case_of("cancel_package")
    case.thing.instances.update(status="CANCELED")

    refused = make_plan(case.thing, case.wish).refusals
    assert [refusal.code for refusal in refused] == ["ALL_ENDED"]


def test_an_external_id_that_a_package_has_is_not_ordered_under(db):
    case = case_of("create_package")
    worlds.package(external_id=case.wish.external_id)

    refused = case.kind.foresee(case.thing, case.wish)

    assert [(refusal.field, refusal.code) for refusal in refused] == [
        ("external_id", "EXTERNAL_ID_TAKEN")
    ]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_whatever_is_seen_and_refused_a_kind_decides(case, strategy):
    operation = case.operation(strategy)
    steps = case.kind.steps(case.thing, case.wish)
    reached = set()

    for name, refused in product(PLACES, refusals(case)):
        decision = case.kind.decide(operation, case.place(name), refused)
        reached.add(type(decision))
        if isinstance(decision, Send):
            assert decision.step in steps
        if isinstance(decision, Stuck):
            assert decision.words

    assert reached == DECISIONS


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_what_is_seen_decides_and_a_refusal_is_never_sent_again(case, strategy):
    operation = case.operation(strategy)

    for refused in refusals(case):
        assert case.kind.decide(operation, case.place("target"), refused) == Done()
        assert isinstance(case.kind.decide(operation, case.place("third"), refused), Stuck)
        at_source = case.kind.decide(operation, case.place("source"), refused)
        assert at_source == Back() if refused else isinstance(at_source, Send)
        if refused:
            for name in PLACES:
                decision = case.kind.decide(operation, case.place(name), refused)
                assert not (isinstance(decision, Send) and decision.step == refused.step)


def test_every_step_can_be_sent(case):
    operation = case.operation()

    with wix_client("people") as client:
        for step in case.kind.steps(case.thing, case.wish):
            with pytest.raises(WixError) as lost:
                case.kind.send(operation, step, client, f"{operation.request_id}:{step}:0")
            assert lost.value.next_move is NextMove.RETRY, "Wix is away: nothing was sent"


def test_what_a_kind_did_is_undone_by_a_kind_that_can_plan_it_or_it_says_why_not(case):
    operation = case.operation(state="succeeded")
    source = case.source
    if case.kind.undo(operation) is None:
        assert undo_of(operation) is None
        assert why_not_undone(operation)
        return

    case.come_true()
    undone = undo_of(Operation.objects.get(pk=operation.pk))

    assert undone is not None, why_not_undone(Operation.objects.get(pk=operation.pk))
    plan = make_plan(case.thing, undone)
    assert plan.possible
    way_back = worlds.planned(case.thing, undone)
    assert kind_of_wish(undone).decide(way_back, source, None) == Done()


def test_every_kind_has_a_form_and_a_page_with_its_parts():
    assert set(WISH_FORMS) == set(KINDS) - GUIDED
    for name, form in WISH_FORMS.items():
        assert form.kind == name
        assert form.button
        assert KINDS[name].doing
        for part in ("fields", "if-wrong"):
            assert get_template(f"actions/{name}.html#{part}")


def test_a_form_asks_for_the_wish_that_filled_it_in(case):
    if case.kind.name in GUIDED:
        return
    form_class = WISH_FORMS[case.kind.name]
    fields = form_class.prefilled(case.wish)
    if issubclass(form_class, IrreversibleForm):
        fields |= {"account_name": case.thing.account.name, "reason": "the customer left"}

    form = form_class(fields, thing=case.thing)

    assert form.is_valid(), form.errors
    wish = form.wish()
    if isinstance(wish, CreatePackageWish):  # an order anew is another one, of another external id
        wish = replace(wish, external_id=case.wish.external_id)
    assert wish == case.wish


def test_a_reading_is_told_in_words_whatever_it_showed(case):
    operation = case.operation()

    for name in PLACES:
        assert case.kind.describe_reading(operation, case.place(name).as_json())
