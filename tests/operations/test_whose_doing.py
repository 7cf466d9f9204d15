"""Whose doing a change was: ours where a call of ours did it, however late, and else nobody's here.

Staff read “Outside the dashboard” of what their own operation had done, and the other way round.
"""

import pytest

from resellers.clock import in_seconds
from resellers.models import (
    Change,
    Operation,
    OperationState,
)
from resellers.operations import engine
from tests import practice
from tests.mirrors import read
from tests.worlds import end

from .found_services import adjustable_and_movable, plan_with_what_rests_on_it

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState


def authors(field: str, **of) -> list[int | None]:
    found = Change.objects.filter(field=field, **of).order_by("id")
    return list(found.values_list("operation_id", flat=True))


def test_a_late_effect_of_ours_is_told_as_ours_by_whichever_reading_finds_it(mirror, ask, run_due):
    service = mirror.movable()[0]
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "drop_before"})
    operation = ask("unassign", service)
    run_due()
    assert end(operation).state == State.NEEDS_ATTENTION
    practice.faults(mirror.sandbox)
    practice.change(mirror.sandbox, service.pk, siteId=None)  # the lost call lands after all

    read("package", package=service.package)

    assert authors("site", instance=service) == [operation.pk]


def test_of_a_call_that_was_lost_days_ago_nothing_is_expected_any_more(mirror, ask, run_due):
    service = mirror.movable()[0]
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "drop_before"})
    operation = ask("unassign", service)
    run_due()
    operation.attempts.update(sent_at=in_seconds(-2 * 24 * 3600))
    practice.faults(mirror.sandbox)
    practice.change(mirror.sandbox, service.pk, siteId=None)

    read("package", package=service.package)

    assert authors("site", instance=service) == [None]


def test_what_others_changed_is_not_told_as_ours_where_our_own_reading_finds_it(
    mirror, ask, run_due, meanwhile
):
    service, wish, elsewhere = adjustable_and_movable()
    there = {"siteId": str(elsewhere)}
    meanwhile("adjust", lambda: practice.change(mirror.sandbox, service.pk, **there))
    operation = ask("adjust", service, **wish.as_json())

    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert authors("product", instance=service) == [operation.pk]
    assert authors("site", instance=service) == [None]


def test_what_had_moved_before_anything_was_sent_is_not_told_as_ours(mirror, ask, run_due):
    service, target = mirror.movable()
    operation = ask("reassign", service, site_id=target.pk)
    practice.change(mirror.sandbox, service.pk, siteId=None)

    run_due()

    assert end(operation).outcome_code == "plan_moved"
    assert authors("site", instance=service) == [None]


@pytest.mark.parametrize("is_as_wished", [True, False])
def test_what_wix_refused_us_and_others_then_did_is_not_told_as_ours(
    mirror, ask, run_due, meanwhile, is_as_wished
):
    service, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "refuse:SITE_NOT_FOUND"})
    there = {"siteId": str(target.pk) if is_as_wished else None}
    meanwhile("unassign", lambda: practice.change(mirror.sandbox, service.pk, **there))

    ask("reassign", service, site_id=target.pk)
    run_due()

    assert authors("site", instance=service) == [None]


def test_what_our_move_of_a_plan_took_along_is_told_as_ours(mirror, ask, run_due):
    practice.switches(mirror.sandbox, dependents="float")
    plan, target, resting = plan_with_what_rests_on_it()
    operation = ask("reassign", plan, site_id=target)
    run_due()
    assert end(operation).state == State.SUCCEEDED, operation.outcome

    read("package", package=resting.package)

    assert authors("site", instance=resting) == [operation.pk]


def test_each_call_of_ours_accounts_for_one_change_only(mirror, ask, run_due):
    service, target = mirror.movable()
    operation = ask("reassign", service, site_id=target.pk)
    run_due()
    for site_id in (None, str(target.pk)):
        practice.change(mirror.sandbox, service.pk, siteId=site_id)
        read("package", package=service.package)

    assert authors("site", instance=service) == [operation.pk, operation.pk, None, None]


def test_a_new_name_of_ours_is_told_as_ours(mirror, ask, run_due):
    package = mirror.movable()[0].package

    operation = ask("external_id", package, external_id="another-name")
    run_due()

    assert end(operation).state == State.SUCCEEDED
    assert authors("external_id", package=package) == [operation.pk]


def test_what_we_ended_is_told_as_ours_by_the_reading_that_finds_it_canceled(mirror, ask, run_due):
    practice.switches(mirror.sandbox, delivery_seconds=0)
    service = mirror.movable()[0]
    practice.faults(mirror.sandbox, {"match": "get", "effect": "500_before", "after": 1})
    operation = ask("cancel_instance", service)
    run_due(until=lambda: Operation.objects.get().attempts.count() > 2)
    practice.faults(mirror.sandbox)
    Operation.objects.update(state=State.NEEDS_ATTENTION, lease_until=None)

    read("package", package=service.package)

    ours = Change.objects.filter(instance=service, operation=operation)
    assert "status" in set(ours.values_list("field", flat=True))


def test_a_straight_move_that_met_too_many_calls_accounts_for_nothing_that_others_did(
    mirror, ask, settings
):
    settings.WIX_REASSIGN = "direct"
    service, target = mirror.movable()
    once = {"effect": "html_403", "times": 1}
    practice.faults(mirror.sandbox, {"match": "assign"} | once, {"match": "query"} | once)
    operation = ask("reassign", service, site_id=target.pk)
    engine.run(operation.pk)
    assert end(operation).state == State.QUEUED
    practice.change(mirror.sandbox, service.pk, siteId=None)

    read("package", package=service.package)

    assert authors("site", instance=service) == [None]
