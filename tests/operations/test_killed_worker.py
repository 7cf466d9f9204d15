"""Real workers on a real Redis, killed with nothing left to tidy up."""

import pytest
from celery import Celery

from resellers.models import Operation, OperationState
from tests import practice, processes

# On SQLite workers are killed in tests/operations/test_kill_points.py.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

FAST = {
    "LEASE_SECONDS": 3,
    "CALL_SECONDS": 2,
    "SWEEP_SECONDS": 1,
    "READ_LADDER": [0.2, 0.2, 0.5, 0.5, 1, 1],
}


def sent(operation: Operation, step: str) -> bool:
    return operation.attempts.filter(step=step, writes=True).exists()


def ended(operation: Operation) -> bool:
    operation.refresh_from_db()
    return not operation.is_open


def wake(redis_url: str, operation: Operation) -> None:
    with Celery(broker=redis_url) as app:
        app.send_task("resellers.run_operation", args=[operation.pk], queue="ops")


def test_a_worker_killed_between_the_two_calls_is_followed_by_another(
    mirror, ask, redis_url, tmp_path
):
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "assign", "effect": "delay:4000", "times": 1})
    env = processes.environment(redis_url, **FAST)
    operation = ask("reassign", instance, site_id=target.pk)

    with processes.process(*processes.WORKER, env=env):
        wake(redis_url, operation)
        processes.wait_until(lambda: sent(operation, "assign"), "the second call is out")
    assert not ended(operation)

    with (
        processes.process(*processes.WORKER, env=env),
        processes.process(*processes.BEAT, str(tmp_path / "schedule"), env=env),
    ):
        processes.wait_until(lambda: ended(operation), "another worker has ended it", seconds=60)

    assert operation.state == OperationState.SUCCEEDED, operation.outcome
    assert practice.truth(mirror.sandbox, instance.pk)["siteId"] == str(target.pk)
    assert practice.applied(mirror.sandbox) == ["unassign", "assign"]


def test_with_redis_away_a_confirmed_move_is_carried_out_by_the_sweep(mirror, ask, settings):
    instance, target = mirror.movable()
    env = processes.environment("redis://127.0.0.1:9/0", **FAST)
    operation = ask("reassign", instance, site_id=target.pk)

    with processes.process(*processes.SWEEP, env=env):
        processes.wait_until(lambda: ended(operation), "the sweep has ended it", seconds=40)

    assert operation.state == OperationState.SUCCEEDED, operation.outcome
    assert practice.applied(mirror.sandbox) == ["unassign", "assign"]
