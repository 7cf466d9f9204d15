"""A move between two sites, with all that may go wrong on the way."""

from datetime import timedelta

import pytest

from resellers import policy
from resellers.clock import database_now
from resellers.models import (
    AuditEntry,
    Change,
    Operation,
    OperationAttempt,
    OperationState,
    ProductInstance,
)
from resellers.operations import engine
from resellers.operations.engine import claims
from tests import practice
from tests.worlds import end

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState
EVERY_THREE_YEARS = {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 3}}


def test_a_move_is_read_back_from_wix_before_it_counts(mirror, ask, run_due):
    instance, target = mirror.movable()

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert practice.truth(mirror.sandbox, instance.pk)["siteId"] == str(target.pk)
    assert practice.applied(mirror.sandbox) == ["unassign", "assign"]
    instance.refresh_from_db()
    assert instance.site_id == target.pk


@pytest.mark.once
def test_the_mirror_tells_the_move_as_ours(mirror, ask, run_due):
    instance, target = mirror.movable()

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    moves = Change.objects.filter(instance=instance, field="site").order_by("id")
    assert {change.operation for change in moves} == {operation}
    assert moves.last().new == str(target.pk)


@pytest.mark.once
def test_the_package_keeps_the_answer_that_showed_the_move(mirror, ask, run_due):
    instance, target = mirror.movable()

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    last_read = operation.attempts.filter(step="read").latest("id")
    instance.package.refresh_from_db()
    answer = instance.package.confirmation
    assert answer.wix_request_id == last_read.wix_request_id != ""
    assert answer.wix_status == 200


def test_each_write_is_recorded_with_its_key_and_answer(mirror, ask, run_due):
    instance, target = mirror.movable()

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    writes = operation.attempts.filter(writes=True).order_by("id")
    assert [write.step for write in writes] == ["unassign", "assign"]
    assert [write.idempotency_key for write in writes] == [
        f"{operation.request_id}:unassign:0",
        f"{operation.request_id}:assign:0",
    ]
    assert all(write.status == 200 and write.wix_request_id for write in writes)


@pytest.mark.parametrize("effect", ["drop_after", "drop_before", "500_after", "500_before"])
@pytest.mark.parametrize("call", ["unassign", "assign"])
def test_a_lost_answer_is_looked_up_and_nothing_is_done_twice(mirror, ask, run_due, effect, call):
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": call, "effect": effect, "times": 1})

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert practice.applied(mirror.sandbox) == ["unassign", "assign"]


def test_while_the_answer_is_unknown_it_is_neither_done_nor_failed(mirror, ask, run_due, settings):
    from resellers.operations import engine

    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "assign", "effect": "drop_after", "times": 1})
    operation = ask("reassign", instance, site_id=target.pk)

    engine.run(operation.pk)

    assert end(operation).state == State.CONFIRMING
    assert operation.attempts.last().state == OperationAttempt.State.UNKNOWN
    run_due()
    assert end(operation).state == State.SUCCEEDED


def test_after_a_death_in_mid_send_it_is_being_confirmed_not_running(mirror, ask, settings):
    """Staff saw “Running” with nobody at it, while the answer was in doubt."""
    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    assert claims.claim(operation.pk), "the worker that dies in its first write"
    died = {"fence": operation.fence + 1, "step": "unassign", "writes": True}
    OperationAttempt.objects.create(operation=operation, **died)
    Operation.objects.update(lease_until=database_now() - timedelta(seconds=1))

    engine.run(operation.pk)

    assert end(operation).state == State.CONFIRMING
    assert operation.lease_until is None


def test_a_refused_target_puts_the_service_back_and_says_what_wix_said(mirror, ask, run_due):
    instance, target = mirror.movable()
    code = "PRODUCT_TYPE_ALREADY_ASSIGNED"
    practice.faults(mirror.sandbox, {"match": "assign", "effect": f"refuse:{code}", "times": 1})

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    assert end(operation).state == State.ROLLED_BACK
    assert operation.outcome_code == code
    assert practice.truth(mirror.sandbox, instance.pk)["siteId"] == str(instance.site_id)
    assert ProductInstance.objects.get(pk=instance.pk).site_id == instance.site_id
    refused = operation.attempts.filter(state=OperationAttempt.State.REFUSED)
    assert refused.count() == 1, "a refusal is never tried again"


@pytest.mark.once
def test_a_refused_unassign_changes_nothing(mirror, ask, run_due):
    instance, target = mirror.movable()
    practice.faults(
        mirror.sandbox, {"match": "unassign", "effect": "refuse:PRODUCT_INSTANCE_NOT_FOUND"}
    )

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    assert end(operation).state == State.FAILED
    assert practice.applied(mirror.sandbox) == []


@pytest.mark.once
def test_where_the_old_site_refuses_too_a_person_is_told_at_once(mirror, ask, run_due):
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "assign", "effect": "bare:409"})

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    assert end(operation).state == State.NEEDS_ATTENTION
    assert ProductInstance.objects.get(pk=instance.pk).is_floating


@pytest.mark.once
def test_after_three_sends_without_effect_a_person_decides(mirror, ask, run_due):
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "drop_before"})

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    assert end(operation).state == State.NEEDS_ATTENTION
    sends = operation.attempts.filter(writes=True)
    assert sends.count() == 3
    assert sends.values("idempotency_key").distinct().count() == 1


@pytest.mark.once
def test_a_step_that_went_out_twice_is_told_as_suspected(mirror, ask, run_due):
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "assign", "effect": "500_before", "times": 1})

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    suspected = AuditEntry.objects.get(event="operation.repeated_write_suspected")
    assert suspected.operation_id == operation.pk
    assert suspected.body == {"step": "assign", "sends": 2}


@pytest.mark.once
def test_too_many_calls_delay_a_move_and_never_fail_it(mirror, ask, run_due):
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "assign", "effect": "429", "times": 1})

    operation = ask("reassign", instance, site_id=target.pk)
    run_due(seconds=30)

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert practice.applied(mirror.sandbox) == ["unassign", "assign"]


@pytest.mark.once
@pytest.mark.parametrize("changed", [{"siteId": None}, {"billingInfo": EVERY_THREE_YEARS}])
def test_what_moved_at_wix_since_the_plan_is_left_alone(mirror, ask, run_due, changed):
    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    practice.change(mirror.sandbox, instance.pk, **changed)

    run_due()

    assert end(operation).state == State.CANCELED
    assert operation.outcome_code == "plan_moved"
    assert practice.applied(mirror.sandbox) == []


@pytest.mark.once
def test_what_is_true_already_sends_nothing(mirror, ask, run_due):
    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    practice.change(mirror.sandbox, instance.pk, siteId=str(target.pk))

    run_due()

    assert end(operation).state == State.SUCCEEDED
    assert practice.applied(mirror.sandbox) == []


@pytest.mark.once
def test_a_straight_move_that_fails_half_way_goes_back(mirror, ask, run_due, settings):
    settings.WIX_REASSIGN = "direct"
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "assign", "effect": "half_move", "times": 1})

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    assert end(operation).state in (State.ROLLED_BACK, State.SUCCEEDED)
    on = practice.truth(mirror.sandbox, instance.pk)["siteId"]
    expected = target.pk if operation.state == State.SUCCEEDED else instance.site_id
    assert on == str(expected)


@pytest.mark.once
def test_a_straight_move_is_one_call(mirror, ask, run_due, settings):
    settings.WIX_REASSIGN = "direct"
    instance, target = mirror.movable()

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    assert end(operation).state == State.SUCCEEDED
    assert practice.applied(mirror.sandbox) == ["assign"]


def test_a_refused_key_pauses_all_writes_until_a_person_resumes(
    mirror, ask, run_due, settings, person
):
    from resellers.operations import engine

    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    right_key, settings.WIX_API_KEY = settings.WIX_API_KEY, "a-key-wix-does-not-know"

    engine.run(operation.pk)

    assert policy.writes_are_paused()
    assert end(operation).state == State.QUEUED
    assert practice.applied(mirror.sandbox) == []
    settings.WIX_API_KEY = right_key
    assert not policy.writes_are_paused(), "another key resumes by itself"


def test_with_wix_away_nothing_is_lost(mirror, ask, run_due, settings):
    from resellers.operations import engine

    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    here, settings.WIX_BASE_URL = settings.WIX_BASE_URL, "http://127.0.0.1:9"

    engine.run(operation.pk)

    assert end(operation).state == State.QUEUED
    settings.WIX_BASE_URL = here
    run_due()
    assert end(operation).state == State.SUCCEEDED
