"""What a person lets go on: what has happened before still counts."""

from datetime import timedelta
from typing import Any

import pytest

from dashboard.celery import app
from resellers import breaker, policy
from resellers.clock import database_now
from resellers.models import (
    AuditEntry,
    Operation,
    OperationAttempt,
    OperationState,
    ProductInstance,
)
from resellers.operations import engine
from resellers.operations.decisions import look_again, try_again, withdraw
from resellers.operations.engine.history import History
from tests import practice, worlds
from tests.worlds import go_on_now

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState


@pytest.fixture
def stuck(mirror, ask, run_due):
    """A function that spoils a move's calls by these rules until it needs a person."""

    def stuck(*rules: dict[str, Any]) -> Operation:
        instance, target = mirror.movable()
        practice.faults(mirror.sandbox, *rules)
        operation = ask("reassign", instance, site_id=target.pk)
        run_due()
        operation.refresh_from_db()
        assert operation.state == State.NEEDS_ATTENTION
        practice.faults(mirror.sandbox)
        return operation

    return stuck


def ended(operation: Operation, run_due) -> Operation:
    run_due()
    operation.refresh_from_db()
    return operation


def events(operation: Operation) -> list[str]:
    found = AuditEntry.objects.filter(operation_id=operation.pk).order_by("seq")
    return [entry.event for entry in found]


def test_a_half_done_move_that_cannot_be_read_is_never_told_as_nothing_sent(
    mirror, stuck, run_due, person
):
    operation = stuck({"match": "assign", "effect": "bare:409"})
    assert practice.truth(mirror.sandbox, operation.instance_id)["siteId"] is None

    practice.faults(mirror.sandbox, {"match": "get", "effect": "bare:404"})
    look_again(operation, by=person)

    assert ended(operation, run_due).state == State.NEEDS_ATTENTION
    assert "Nothing was sent" not in operation.outcome


def test_a_move_found_true_after_looking_again_is_told_with_its_calls_and_its_outage(
    mirror, stuck, run_due, person
):
    operation = stuck({"match": "assign", "effect": "drop_before"})
    practice.change(mirror.sandbox, operation.instance_id, siteId=operation.wish["site_id"])

    look_again(operation, by=person)

    assert ended(operation, run_due).state == State.SUCCEEDED
    assert operation.outcome == "Wix shows it."


def test_a_key_once_given_up_as_stuck_is_not_used_again_after_retry(stuck, run_due, person):
    operation = stuck({"match": "unassign", "effect": "500_before"})
    try_again(operation, by=person)

    assert ended(operation, run_due).state == State.SUCCEEDED
    sent = operation.attempts.filter(step="unassign").order_by("id")
    generations = list(sent.values_list("generation", flat=True))
    assert generations == sorted(generations)
    assert generations[-1] == 1


def test_what_moved_before_a_person_said_try_again_is_what_that_person_saw(
    mirror, ask, person, run_due, settings
):
    """Not a plan that moved: it would be canceled, with the service left floating."""
    settings.OPERATIONS = settings.OPERATIONS | {"ESCALATE_SECONDS": -1}
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "429", "times": 1})
    operation = ask("reassign", instance, site_id=target.pk)
    engine.run(operation.pk)
    assert go_on_now(operation).outcome_code == "too_long"
    assert History.of(operation).nothing_sent
    practice.change(mirror.sandbox, instance.pk, siteId=None)
    settings.OPERATIONS = settings.OPERATIONS | {"ESCALATE_SECONDS": 900}

    try_again(operation, by=person)

    assert ended(operation, run_due).state == State.SUCCEEDED, operation.outcome
    assert practice.applied(mirror.sandbox) == ["assign"]


def test_a_step_sent_before_and_after_retry_is_told_as_suspected(mirror, ask, run_due, person):
    """The first one may still land: that it has not is all that anybody can see."""
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "assign", "effect": "drop_before", "times": 1})
    operation = ask("reassign", instance, site_id=target.pk)
    engine.run(operation.pk)
    practice.faults(mirror.sandbox, {"match": "get", "effect": "bare:404", "times": 1})
    assert go_on_now(operation).state == State.NEEDS_ATTENTION

    try_again(operation, by=person)

    assert ended(operation, run_due).state == State.SUCCEEDED
    assert operation.attempts.filter(step="assign").count() == 2
    assert "operation.repeated_write_suspected" in events(operation)


def test_a_move_that_wix_took_nothing_of_can_be_withdrawn_while_writes_are_paused(
    mirror, ask, person, log_in
):
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "bare:401", "times": 1})
    operation = ask("reassign", instance, site_id=target.pk)
    engine.run(operation.pk)
    page = log_in("operator", "somebody").get(operation.get_absolute_url()).content.decode()

    assert 'id="withdraw"' in page
    assert "Nothing was changed." in page
    withdraw(operation, by=person)

    operation.refresh_from_db()
    assert operation.state == State.CANCELED


@pytest.mark.parametrize(
    ("code", "queries"),
    # Without a code it may be too many calls: only after three waits is it the key.
    [("bare:401", 0), ("refuse:PERMISSION_DENIED", 1), ("empty_403", 4), ("html_403", 4)],
)
def test_after_a_refused_key_a_waiting_move_goes_on_once_writes_are_resumed(
    mirror, ask, person, run_due, code, queries
):
    instance, target = mirror.movable()
    practice.faults(
        mirror.sandbox,
        {"match": "unassign", "effect": code},
        {"match": "query", "effect": code},
    )
    operation = ask("reassign", instance, site_id=target.pk)
    before = len(practice.journal(mirror.sandbox))

    run_due(within=0.5, until=policy.writes_are_paused)

    asked = practice.journal(mirror.sandbox)[before:]
    assert sum("/packages/query" in call["path"] for call in asked) == queries
    assert go_on_now(operation).state == State.QUEUED
    practice.faults(mirror.sandbox)

    breaker.resume_writes(by=person)

    closed = AuditEntry.objects.get(event="breaker.closed")
    assert (closed.actor, policy.current().paused_reason) == (person, "")
    go_on_now(operation)
    assert ended(operation, run_due).state == State.SUCCEEDED
    assert practice.truth(mirror.sandbox, instance.pk)["siteId"] == str(target.pk)


def test_with_a_refused_key_the_way_back_is_sent_once_more_and_not_for_ever(mirror, ask, person):
    instance, target = mirror.movable()
    practice.faults(
        mirror.sandbox,
        {"match": "assign", "effect": "bare:409", "times": 1},
        {"match": "assign", "effect": "bare:401"},
    )
    operation = ask("reassign", instance, site_id=target.pk)
    for _ in range(6):
        go_on_now(operation)

    assert operation.attempts.filter(step="assign_back").count() == 2
    assert operation.is_open
    practice.faults(mirror.sandbox)
    breaker.resume_writes(by=person)
    assert go_on_now(operation).state == State.ROLLED_BACK
    assert ProductInstance.objects.get(pk=instance.pk).site_id == instance.site_id


def test_a_write_that_is_not_taken_is_tried_less_and_less_often_though_wix_can_be_read():
    operation = worlds.operation()
    for number in range(1, 4):
        for writes, state in ((False, "answered"), (True, "not_sent")):
            step = "unassign" if writes else "read"
            OperationAttempt.objects.create(
                operation=operation, fence=number, step=step, writes=writes, state=state
            )

        assert History.of(operation).failures_in_a_row == number


@pytest.mark.parametrize(
    ("calls", "seconds"),
    [
        # (minute, writes): what waited unsent, as while all writes are paused, was not waited for
        ([(0, False), (1, False), (2, False)], 0),
        ([(0, False), (5, True), (6, False)], 60),
        # and silence is no answer: of an hour between two answers a minute counts
        ([(0, True), (60, False)], 60),
    ],
)
def test_how_long_wix_has_been_answering_counts_from_the_first_write(calls, seconds):
    operation, start = worlds.operation(), database_now()
    for minute, writes in calls:
        OperationAttempt.objects.create(
            operation=operation,
            fence=1,
            step="unassign" if writes else "read",
            writes=writes,
            state="answered",
            answered_at=start + timedelta(minutes=minute),
        )

    assert History.of(operation).answered_for == timedelta(seconds=seconds)


def test_with_a_slow_wix_no_call_is_begun_that_the_tasks_end_would_cut(mirror, ask, settings):
    """After the first reading a call that took its full time would end too late already."""
    calls = settings.OPERATIONS["CALL_SECONDS"]
    settings.OPERATIONS = settings.OPERATIONS | {"TASK_SECONDS": calls + 0.1}
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "any", "effect": "delay:150"})
    operation = ask("reassign", instance, site_id=target.pk)

    engine.run(operation.pk)

    operation.refresh_from_db()
    sent = list(operation.attempts.order_by("id").values_list("step", flat=True))
    assert sent == ["read", "unassign"], "the first write goes out, or Wix would only be read"
    assert operation.state == State.CONFIRMING
    assert operation.lease_until is None, "given back, so that the next one goes on at once"


def test_after_a_slow_reading_the_second_write_of_a_move_waits_for_the_next_task(
    mirror, ask, settings
):
    """Only the first write goes out whatever the reading before it took."""
    calls = settings.OPERATIONS["CALL_SECONDS"]
    settings.OPERATIONS = settings.OPERATIONS | {"TASK_SECONDS": calls + 0.5}
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "get", "effect": "delay:600", "after": 1})
    operation = ask("reassign", instance, site_id=target.pk)

    engine.run(operation.pk)

    sent = operation.attempts.filter(writes=True).values_list("step", flat=True)
    assert list(sent) == ["unassign"]


def test_a_reading_and_the_first_write_fit_between_a_tasks_start_and_its_end(settings):
    """That write goes out whatever the reading took: both at their slowest, and then some."""
    numbers = settings.OPERATIONS

    assert 2 * numbers["CALL_SECONDS"] <= numbers["TASK_SECONDS"] < app.conf.task_soft_time_limit
