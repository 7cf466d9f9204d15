"""A key on whose error Wix insists, and how soon it is known what became of the wish (P14, P19)."""

from datetime import timedelta

import pytest

from resellers.clock import database_now
from resellers.models import AuditEntry, Operation, OperationState
from resellers.operations.decisions import try_again
from tests import practice, worlds
from tests.worlds import end

from . import orders
from .orders import NAME, order_behind_our_back, packages, wish

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

State = OperationState
RAISED = "operation.generation_raised"
# What P14 gives each kind, in seconds during which Wix answers.
WITHIN = {"unassign": 2 * 60, "create_package": 5 * 60}


@pytest.fixture
def wanted(mirror, ask):
    """A function that asks for one operation of a kind: by what its writes match, and the row."""

    def wanted(kind: str) -> tuple[str, Operation]:
        if kind == "create_package":
            return "create", ask(kind, orders.a_customer(), **wish())
        return kind, ask(kind, mirror.movable()[0])

    return wanted


def on_its_schedule(operation: Operation) -> float:
    """The seconds that it takes by its own schedule, without waiting for any of them."""
    waited = timedelta()
    while worlds.go_on_now(operation).is_open and operation.state != State.NEEDS_ATTENTION:
        waited += max(timedelta(), operation.next_run_at - database_now())
    return waited.total_seconds()


def keys(operation: Operation) -> list[int]:
    """The generation of each write that was sent, in order."""
    return list(operation.attempts.filter(writes=True).values_list("generation", flat=True))


def readings_before_each_write(operation: Operation) -> list[int]:
    counts = [0]
    for writes in operation.attempts.values_list("writes", flat=True):
        if writes:
            counts.append(0)
        else:
            counts[-1] += 1
    return counts[:-1]


@pytest.mark.parametrize("kind", WITHIN)
def test_p14_a_key_stuck_on_its_error_is_out_of_doubt_in_time(mirror, wanted, settings, kind):
    """By the waits as they are in production: the whole ladder once, and then another key."""
    ladder = settings.OPERATIONS["CREATE_LADDER" if kind == "create_package" else "READ_LADDER"]
    match, operation = wanted(kind)
    practice.faults(mirror.sandbox, {"match": match, "effect": "sticky_500", "times": 1})

    seconds = on_its_schedule(operation)

    assert operation.state == State.SUCCEEDED, operation.outcome
    assert keys(operation) == [0, 0, 1]
    assert readings_before_each_write(operation) == [1, len(ladder) + 1, 1]
    assert seconds <= WITHIN[kind]


@pytest.mark.parametrize("kind", WITHIN)
def test_p14_where_every_key_is_stuck_a_person_decides_in_time(mirror, wanted, kind):
    match, operation = wanted(kind)
    practice.faults(mirror.sandbox, {"match": match, "effect": "sticky_500"})

    seconds = on_its_schedule(operation)

    assert operation.state == State.NEEDS_ATTENTION
    assert operation.outcome == "Wix answers 500 to every try, and does not show it."
    assert keys(operation) == [0, 0, 1]
    assert seconds <= WITHIN[kind]


def test_a_key_that_only_ever_gets_the_same_error_is_changed_once_and_told(mirror, ask, run_due):
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "sticky_500", "times": 1})

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    sent = operation.attempts.filter(step="unassign").values_list("idempotency_key", flat=True)
    assert list(sent) == [f"{operation.request_id}:unassign:{n}" for n in (0, 0, 1)]
    raised = AuditEntry.objects.get(event=RAISED)
    assert raised.body == {"step": "unassign", "generation": 1}
    assert practice.applied(mirror.sandbox) == ["unassign", "assign"]


@pytest.mark.parametrize("second", ["bare:503", "late:20"])
def test_a_key_that_gets_another_answer_is_kept(mirror, wanted, run_due, second):
    match, operation = wanted("create_package")
    practice.faults(
        mirror.sandbox,
        {"match": match, "effect": "bare:500", "times": 1},
        {"match": match, "effect": second, "times": 1},
    )

    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert set(keys(operation)) == {0}
    assert not AuditEntry.objects.filter(event=RAISED).exists()
    assert len(packages(mirror)) == 1


def test_a_key_whose_calls_wix_gave_up_waiting_for_is_kept(mirror, wanted):
    """408 is no answer that Wix has stored for a key: the same one may be taken the next time."""
    match, operation = wanted("unassign")
    practice.faults(mirror.sandbox, {"match": match, "effect": "bare:408", "times": 2})

    on_its_schedule(operation)

    assert operation.state == State.SUCCEEDED, operation.outcome
    assert keys(operation) == [0, 0, 0]


@pytest.mark.parametrize("late", ["the second key's", "the first key's"])
def test_what_lands_late_after_the_key_was_changed_is_one_package(mirror, wanted, run_due, late):
    match, operation = wanted("create_package")
    rules = [{"match": match, "effect": "sticky_500", "times": 1}]
    if late == "the second key's":
        rules.append({"match": match, "effect": "late:60", "after": 1, "times": 1})
    else:
        rules.append({"match": match, "effect": "drop_before", "after": 1, "times": 1})
    practice.faults(mirror.sandbox, *rules)

    run_due(until=lambda: len(keys(operation)) == 3)
    assert keys(operation) == [0, 0, 1], "the key was changed"
    assert not end(operation).outcome
    if late == "the first key's":
        order_behind_our_back(mirror, operation.account)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert [package.id for package in packages(mirror)] == [str(operation.package_id)]
    assert operation.package.external_id == NAME


def test_a_person_who_lets_it_go_on_gives_it_another_key_once_more(mirror, wanted, run_due, person):
    match, operation = wanted("unassign")
    practice.faults(mirror.sandbox, {"match": match, "effect": "sticky_500"})
    run_due()
    assert end(operation).state == State.NEEDS_ATTENTION

    practice.faults(mirror.sandbox)
    try_again(operation, by=person)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert keys(operation) == [0, 0, 1, 1, 1, 2]
