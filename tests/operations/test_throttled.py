"""Wix takes no calls for a while: what waits goes on more slowly, and nobody's key is accused."""

import time
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from resellers import policy, throttling
from resellers.clock import database_now, in_seconds
from resellers.connection import wix_client
from resellers.mirror import sync
from resellers.models import (
    AuditEntry,
    InstanceStatus,
    Operation,
    OperationAttempt,
    OperationState,
    Policy,
    ProductInstance,
)
from resellers.operations import engine
from resellers.wix import WixRefused
from tests import practice
from tests.worlds import end

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState
WITHOUT_A_CODE = ("bare:403", "html_403", "empty_403")


def queries(mirror, *, after: int) -> int:
    asked = practice.journal(mirror.sandbox, after=after)
    return sum(call["path"].endswith("/packages/query") for call in asked)


def last_call(mirror) -> int:
    return max((call["n"] for call in practice.journal(mirror.sandbox)), default=0)


def moves(ask, number: int) -> list[Operation]:
    """So many wishes, each about a package of its own."""
    found = ProductInstance.objects.filter(status=InstanceStatus.ENABLED, site__isnull=False)
    first = {service.package_id: service for service in found.order_by("id")}
    return [ask("unassign", service) for service in list(first.values())[:number]]


@pytest.mark.at_length
@pytest.mark.parametrize("answer", WITHOUT_A_CODE)
@pytest.mark.parametrize("times", [2, 4, 6])
def test_a_move_that_met_too_many_calls_is_carried_out_and_nobody_is_accused(
    mirror, ask, run_due, answer, times
):
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "any", "effect": answer, "times": times})
    operation = ask("reassign", instance, site_id=target.pk)

    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert not policy.writes_are_paused()
    assert not operation.attempts.filter(state=OperationAttempt.State.REFUSED).exists()
    assert practice.truth(mirror.sandbox, instance.pk)["siteId"] == str(target.pk)


def test_a_403_that_says_itself_that_it_was_too_many_calls_refuses_nothing(mirror, ask, run_due):
    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    exhausted = {"match": "any", "effect": "refuse:RESOURCE_EXHAUSTED:403", "times": 5}
    practice.faults(mirror.sandbox, exhausted)

    reading = sync.run(sync.want("unsettled").pk)
    assert reading.is_open
    assert reading.error == "Wix takes no calls for now; the reading goes on more slowly."
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert not policy.writes_are_paused()
    assert not operation.attempts.filter(state=OperationAttempt.State.REFUSED).exists()


def test_a_half_done_move_waits_for_its_second_write_and_is_not_put_back(mirror, ask, run_due):
    instance, target = mirror.movable()
    practice.faults(
        mirror.sandbox,
        {"match": "assign", "effect": "html_403", "times": 2},
        {"match": "query", "effect": "html_403", "times": 2},
    )
    operation = ask("reassign", instance, site_id=target.pk)

    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    steps = operation.attempts.filter(writes=True).values_list("step", flat=True)
    assert list(steps) == ["unassign", "assign", "assign", "assign"]


def test_one_query_tells_for_all_who_were_refused_at_once(mirror, ask, settings):
    settings.OPERATIONS = settings.OPERATIONS | {"THROTTLE_SECONDS": (30, 30, 30)}
    settings.WIX_CALLS_PER_MINUTE -= 1  # a pace of its own: it is held for long
    wanted = moves(ask, 3)
    practice.faults(mirror.sandbox, {"match": "any", "effect": "html_403"})
    before = last_call(mirror)

    engine.run(wanted[0].pk)
    row = Policy.objects.get()
    Policy.objects.update(throttled_until=in_seconds(20))
    with wix_client("people") as client:
        verdict = throttling.judge(WixRefused("denied", status=403), client)

    assert queries(mirror, after=before) == 1
    assert verdict.meaning is throttling.Meaning.THROTTLED
    assert 10 < verdict.wait <= 20, "what is left of the wait"
    assert row.throttled_queries == 1
    assert "takes no calls for now" in end(wanted[0]).waiting_for
    assert end(wanted[0]).state == State.QUEUED


def test_refusals_of_yesterday_accuse_no_key_today(mirror, ask):
    (wanted,) = moves(ask, 1)
    yesterday = database_now() - timedelta(days=1)
    Policy.objects.update_or_create(
        pk=1,
        defaults={
            "throttled_queries": 3,
            "throttled_since": yesterday,
            "throttled_until": yesterday,
        },
    )
    practice.faults(mirror.sandbox, {"match": "any", "effect": "html_403"})

    engine.run(wanted.pk)

    assert not policy.writes_are_paused()
    assert "takes no calls for now" in end(wanted).waiting_for


def test_while_wix_takes_no_calls_none_leaves(mirror, settings):
    settings.OPERATIONS = settings.OPERATIONS | {"THROTTLE_SECONDS": (0.4, 30, 30)}
    settings.WIX_CALLS_PER_MINUTE -= 2  # a pace of its own
    practice.faults(mirror.sandbox, {"match": "query", "effect": "html_403", "times": 1})

    with wix_client("people") as client:
        throttling.judge(WixRefused("denied", status=403), client)
        began = time.monotonic()
        client.query_packages(limit=1)

    assert time.monotonic() - began > 0.3


def test_with_the_waits_of_production_a_minute_passes_before_the_key_is_accused(settings):
    waits = settings.OPERATIONS["THROTTLE_SECONDS"]

    assert len(waits) == 3
    assert sum(waits) >= 60


@pytest.mark.parametrize("answer", WITHOUT_A_CODE)
def test_what_a_query_still_meets_after_three_waits_is_a_refusal_of_the_key(
    mirror, ask, run_due, answer
):
    wanted = moves(ask, 2)
    practice.faults(mirror.sandbox, {"match": "any", "effect": answer})
    before = last_call(mirror)

    run_due(within=0.5, until=policy.writes_are_paused)

    assert queries(mirror, after=before) == 4
    assert AuditEntry.objects.filter(event="breaker.opened").count() == 1
    assert {end(move).state for move in wanted} == {State.QUEUED}
    practice.faults(mirror.sandbox)
    before = last_call(mirror)
    Operation.objects.update(next_run_at=Now())
    engine.run_due()
    assert not [c for c in practice.journal(mirror.sandbox, after=before) if c["method"] == "PATCH"]


def test_a_key_that_is_permitted_nothing_any_more_pauses_all_writes_at_once(mirror, ask):
    (wanted,) = moves(ask, 1)
    practice.faults(mirror.sandbox, {"match": "any", "effect": "refuse:PERMISSION_DENIED:403"})

    engine.run(wanted.pk)

    assert policy.writes_are_paused()
    assert end(wanted).state == State.QUEUED, "it is no fault of this wish"


@pytest.mark.parametrize("answer", [*WITHOUT_A_CODE, "refuse:PERMISSION_DENIED:403"])
def test_a_refusal_of_one_package_is_told_and_pauses_nothing(mirror, ask, run_due, answer):
    wanted, other = moves(ask, 2)
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": answer, "times": 1})

    engine.run(wanted.pk)
    run_due()

    assert end(wanted).state == State.FAILED
    assert end(other).state == State.SUCCEEDED
    assert not policy.writes_are_paused()
    assert wanted.attempts.filter(writes=True).count() == 1


def test_while_calls_were_too_many_a_moment_ago_no_package_is_accused_of_its_403(
    mirror, ask, run_due
):
    (first,) = moves(ask, 1)
    practice.faults(mirror.sandbox, {"match": "any", "effect": "html_403", "times": 2})
    run_due()
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "assign", "effect": "html_403", "times": 1})

    second = ask("reassign", instance, site_id=target.pk)
    run_due()

    assert end(first).state == State.SUCCEEDED, first.outcome
    assert end(second).state == State.SUCCEEDED, second.outcome
