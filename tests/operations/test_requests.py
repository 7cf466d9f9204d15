"""A wish becomes one row, or the person is told why not."""

from uuid import uuid4

import pytest

from resellers import breaker
from resellers.models import AuditEntry, Operation, OperationAttempt, OperationState
from resellers.operations.decisions import NotNow, finish_by_hand, withdraw
from resellers.operations.foreseen import refusals_by_site
from resellers.operations.plan import make_plan
from resellers.operations.requests import (
    AlreadyOpen,
    AlreadyUsed,
    NotAllowed,
    NotPossible,
    PlanMoved,
    WritesPaused,
    request_operation,
)
from resellers.operations.site_wishes import ReassignWish, UnassignWish
from tests import worlds

pytestmark = pytest.mark.django_db


@pytest.fixture
def move(person):
    """A service, a site it may go to, and what a confirmed form sends."""
    instance = worlds.instance()
    target = worlds.site(instance.account)
    wish = ReassignWish(target.pk)
    plan = make_plan(instance, wish)
    return {
        "thing": instance,
        "wish": wish,
        "by": person,
        "request_id": uuid4(),
        "fingerprint": plan.fingerprint,
    }


def test_a_confirmed_plan_is_one_row_with_who_what_and_why(move, person):
    operation = request_operation(**move, reason="a new shop")

    assert operation.state == OperationState.QUEUED
    assert operation.requested_by == person
    assert operation.reason == "a new shop"
    entry = AuditEntry.objects.get(event="operation.requested")
    assert entry.operation_id == operation.pk
    assert entry.body["wish"] == move["wish"].as_json()


def test_the_same_click_twice_is_one_operation(move):
    first = request_operation(**move)
    second = request_operation(**move)

    assert first == second
    assert Operation.objects.count() == 1


def test_a_used_confirmation_with_another_wish_leads_to_what_it_recorded(move):
    first = request_operation(**move)
    elsewhere = ReassignWish(worlds.site(move["thing"].account).pk)

    for other in ({"wish": elsewhere}, {"thing": worlds.instance()}, {"wish": UnassignWish()}):
        with pytest.raises(AlreadyUsed) as refused:
            request_operation(**move | other)
        assert refused.value.operation == first
    assert Operation.objects.count() == 1


def test_the_form_of_somebody_else_records_nothing_in_another_persons_name(move):
    request_operation(**move)

    with pytest.raises(NotAllowed, match="sent by somebody else"):
        request_operation(**move | {"by": worlds.user("operator", "colleague")})


def test_a_second_person_is_told_who_is_at_it(move):
    first = request_operation(**move)
    colleague = worlds.user("operator", "colleague")

    with pytest.raises(AlreadyOpen, match="operator") as refused:
        request_operation(**move | {"by": colleague, "request_id": uuid4()})

    assert refused.value.operation == first
    assert Operation.objects.count() == 1


def test_a_package_wide_wish_stands_in_the_way_of_its_services(move):
    instance = move["thing"]
    worlds.operation(instance, kind="cancel_package", subject=f"package:{instance.package_id}")

    with pytest.raises(AlreadyOpen):
        request_operation(**move)


def test_a_plan_that_moved_is_shown_anew_and_nothing_is_recorded(move):
    instance = move["thing"]
    instance.site = worlds.site(instance.account)
    instance.save(update_fields=["site"])

    with pytest.raises(PlanMoved) as refused:
        request_operation(**move)

    assert refused.value.plan.before["site_id"] == str(instance.site_id)
    assert not Operation.objects.exists()


def test_a_site_of_another_account_is_refused_beside_its_field(move):
    wish = ReassignWish(worlds.site().pk)
    plan = make_plan(move["thing"], wish)

    with pytest.raises(NotPossible) as refused:
        request_operation(**move | {"wish": wish, "fingerprint": plan.fingerprint})

    assert [(r.field, r.code) for r in refused.value.plan.refusals] == [
        ("target_site", "SITE_NOT_FOUND")
    ]


def test_a_viewer_may_not_even_with_a_right_form(move):
    with pytest.raises(NotAllowed):
        request_operation(**move | {"by": worlds.user("viewer")})


def test_nothing_is_recorded_while_writes_are_paused(move):
    breaker.pause_writes("Wix does not accept the key.")

    with pytest.raises(WritesPaused, match="does not accept the key"):
        request_operation(**move)


def test_a_waiting_operation_can_be_withdrawn(move, person):
    operation = request_operation(**move)

    withdraw(operation, by=person)

    operation.refresh_from_db()
    assert operation.state == OperationState.CANCELED


@pytest.mark.parametrize("state", ["running", "confirming", "needs_attention", "succeeded"])
def test_what_is_under_way_cannot_be_withdrawn(state, person):
    operation = worlds.operation(state=state)

    with pytest.raises(NotNow):
        withdraw(operation, by=person)


@pytest.mark.parametrize("attempt", ["sent", "answered", "unknown", "refused"])
def test_of_what_wix_has_had_a_call_nobody_says_that_it_was_withdrawn(attempt, person):
    """A refused one too waits in the queue, where Wix could not be read after it."""
    operation = worlds.operation()
    tried(operation, attempt)

    with pytest.raises(NotNow):
        withdraw(operation, by=person)

    operation.refresh_from_db()
    assert operation.state == OperationState.QUEUED


def test_what_was_read_and_never_sent_can_be_withdrawn(person):
    operation = worlds.operation()
    tried(operation, "answered", writes=False)
    tried(operation, "not_sent")

    withdraw(operation, by=person)

    operation.refresh_from_db()
    assert operation.state == OperationState.CANCELED


def tried(operation: Operation, state: str, *, writes: bool = True) -> None:
    """One call of that operation that came to this."""
    OperationAttempt.objects.create(
        operation=operation,
        fence=0,
        step="unassign" if writes else "read",
        writes=writes,
        state=state,
    )


def test_a_person_may_finish_what_needs_attention_with_a_note(person):
    operation = worlds.operation(state="needs_attention")

    finish_by_hand(operation, by=person, succeeded=True, note="seen in Wix's own screens")

    operation.refresh_from_db()
    assert operation.state == OperationState.SUCCEEDED
    assert operation.settled_by == person


def test_the_plan_makes_no_call_and_names_what_rests_on_the_service():
    site = worlds.site(domain_connected=True)
    plan_product = worlds.product("Core", service_type="Premium plan")
    extra = worlds.product("Shop", service_type="Shop", needs_premium=True)
    package = worlds.package(site.account)
    instance = worlds.instance(package, site, product=plan_product)
    worlds.instance(package, site, product=extra)

    plan = make_plan(instance, ReassignWish(worlds.site(site.account).pk))

    words = [dependant.words for dependant in plan.dependants]
    assert words == [
        f"Shop on {site} needs a Premium plan",
        f"The domain connected to {site} is disconnected",
    ]


@pytest.mark.parametrize("number", [2, 40])
def test_the_sites_to_choose_from_cost_one_query_however_many(django_assert_num_queries, number):
    instance = worlds.instance()
    sites = [worlds.site(instance.account) for _ in range(number)]

    with django_assert_num_queries(1):
        refusals = refusals_by_site(instance, sites)

    assert all(refusals[site.pk] == [] for site in sites)
