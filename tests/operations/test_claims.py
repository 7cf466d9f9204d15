"""One worker at a time, whatever dies in between."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from resellers import leases
from resellers.connection import hold_calls
from resellers.models import Operation, OperationAttempt, OperationState
from resellers.operations import engine
from resellers.operations.engine import claims, runner
from tests import practice, worlds


@pytest.mark.django_db
def test_a_claim_leases_the_row_and_raises_its_fence():
    operation = worlds.operation()

    claimed = claims.claim(operation.pk)

    assert claimed is not None
    assert claimed.state == OperationState.RUNNING
    assert claimed.fence == 1
    assert claims.claim(operation.pk) is None, "it is leased"


@pytest.mark.django_db
def test_a_lease_that_ran_out_goes_to_the_next_worker():
    operation = worlds.operation()
    first = claims.claim(operation.pk)
    Operation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    second = claims.claim(operation.pk)

    assert second is not None
    assert second.fence == 2
    with pytest.raises(leases.LostLease):
        leases.save(first, outcome="written by a worker that woke late")


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["succeeded", "failed", "rolled_back", "canceled"])
def test_what_has_ended_is_never_claimed(state):
    assert claims.claim(worlds.operation(state=state).pk) is None


@pytest.mark.django_db
def test_what_needs_attention_waits_for_a_person():
    assert claims.claim(worlds.operation(state="needs_attention").pk) is None


@pytest.mark.django_db
def test_what_is_not_due_yet_is_left_alone():
    later = timezone.now() + timedelta(minutes=1)

    assert claims.claim(worlds.operation(next_run_at=later).pk) is None


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["running", "confirming"])
def test_a_package_is_written_to_by_one_operation_at_a_time(state):
    package = worlds.package()
    worlds.operation(worlds.instance(package), state=state)
    second = worlds.operation(worlds.instance(package))

    assert claims.claim(second.pk) is None

    second.refresh_from_db()
    assert second.state == OperationState.QUEUED
    assert "Another operation on this package" in second.waiting_for


@pytest.mark.django_db
def test_the_database_itself_refuses_two_open_operations_for_one_thing():
    instance = worlds.instance()
    worlds.operation(instance)

    with pytest.raises(IntegrityError):
        worlds.operation(instance)


@pytest.mark.django_db(transaction=True)
def test_of_eight_workers_that_claim_at_once_one_wins():
    operation = worlds.operation()

    def claim(_: int) -> bool:
        try:
            return claims.claim(operation.pk) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(claim, range(8)))

    assert sum(won) == 1


@pytest.mark.django_db
def test_what_is_begun_again_and_again_without_a_call_comes_to_a_person():
    operation = worlds.operation(interruptions=runner.MOST_INTERRUPTIONS)

    engine.run(operation.pk)

    operation.refresh_from_db()
    assert operation.state == OperationState.NEEDS_ATTENTION
    assert operation.outcome_code == "interrupted"
    assert not operation.attempts.exists()


@pytest.mark.django_db(transaction=True)
def test_a_write_that_waits_for_the_pace_longer_than_its_lease_does_not_leave(
    mirror, ask, meanwhile, settings
):
    """Another worker may be at it by then."""
    settings.OPERATIONS = settings.OPERATIONS | {"LEASE_SECONDS": 0.4}
    settings.WIX_CALLS_PER_MINUTE -= 3  # a pace of its own
    meanwhile("unassign", lambda: hold_calls(0.6))
    operation = ask("unassign", mirror.movable()[0])

    engine.run(operation.pk)

    write = operation.attempts.get(writes=True)
    assert write.state == OperationAttempt.State.NOT_SENT
    assert practice.applied(mirror.sandbox) == []
