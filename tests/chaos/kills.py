"""Workers killed and frozen where a plan says, and what became of their operations."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from celery import Celery
from django.db import close_old_connections
from redis import Redis

from resellers.models import Operation

from . import verdict
from .ground import Ground
from .places import STEPS, Plan, matrix, places
from .report import Report
from .wishes import Wishes

if TYPE_CHECKING:
    import subprocess

BATCH = 8
ARRIVE_SECONDS = 60
END_SECONDS = 60
LEASE_IS_OVER = 2.5
UNACKED = "unacked"  # where kombu keeps the messages that a worker has not acknowledged


@dataclass
class Run:
    """One plan under way."""

    plan: Plan
    operation: Operation
    since: int
    marker: Path
    wrongs: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)

    @property
    def end(self) -> str:
        return f"{self.operation.state:<16}{time.monotonic() - self.started:5.1f} s"


def kill_matrix(ground: Ground, report: Report) -> None:
    """Every place of every kind, killed and frozen."""
    wishes = Wishes(ground.by)
    for batch in _batches(plan for plan in matrix() if report.wants(plan.label)):
        for run in carry_out(ground, wishes, batch):
            report.note(run.plan.label, run.end, run.wrongs, verdict.story(run.operation))


def double_kills(ground: Ground, report: Report, *, count: int) -> None:
    """A worker dies at a random place, and the one that goes on at another."""
    wishes = Wishes(ground.by)
    plans = (_random_plan(report.seed, number) for number in range(count))
    for batch in _batches(plan for plan in plans if report.wants(plan.label)):
        for run in carry_out(ground, wishes, batch):
            report.note(run.plan.label, run.end, run.wrongs, verdict.story(run.operation))


def carry_out(ground: Ground, wishes: Wishes, plans: Sequence[Plan]) -> list[Run]:
    """Carry these plans out beside each other; each run says what was wrong with its end.

    A worker with a queue of its own takes each operation to its place; the sweep goes on after it.
    A frozen worker is woken once its operation has ended, and must not write any more.
    """
    runs = []
    for plan in plans:
        since = ground.mark()
        operation = wishes.ask(plan.kind, plan.strategy)
        marker = ground.folder / f"{operation.pk}-first"
        runs.append(Run(plan, operation, since, marker))
    with ExitStack() as stack:
        workers = [stack.enter_context(_victim(ground, run)) for run in runs]
        _wait(lambda: all(run.marker.exists() for run in runs), ARRIVE_SECONDS)
        for run in runs:
            if not run.marker.exists():
                run.wrongs.append("its worker never came to that place")
        _kill_once_more(ground, [run for run in runs if run.plan.second], stack)
        stack.enter_context(ground.sweep())
        _wait(lambda: all(map(_at_rest, runs)), END_SECONDS)
        frozen = [
            (run, worker)
            for run, worker in zip(runs, workers, strict=True)
            if run.plan.action == "freeze"
        ]
        _wake_late(ground, frozen)
        for run in runs:
            run.wrongs += verdict.wrongs(ground, run.operation, since=run.since)
    wishes.free()
    return runs


def _victim(ground: Ground, run: Run) -> "Iterator[subprocess.Popen[bytes]]":
    """A worker that takes this run's operation to its place."""
    return _worker(ground, run.operation, f"{run.plan.place}={run.plan.action}@{run.marker}")


def _worker(ground: Ground, operation: Operation, point: str):
    queue = f"victim-{operation.pk}"
    with Celery(broker=ground.redis_url, set_as_current=False) as app:
        app.send_task("resellers.run_operation", args=[operation.pk], queue=queue)
    return ground.worker(queue, ENGINE_POINT=point)


def _kill_once_more(ground: Ground, runs: Sequence[Run], stack: ExitStack) -> None:
    """Once the leases are over, have other workers go on, which die at the second place.

    Not every operation comes there again: what is done is not done twice.
    """
    if not runs:
        return
    time.sleep(LEASE_IS_OVER)
    markers = []
    for run in runs:
        markers.append(run.marker.with_name(f"{run.operation.pk}-second"))
        stack.enter_context(
            _worker(ground, run.operation, f"{run.plan.second}=kill@{markers[-1]}")
        )
    _wait(
        lambda: all(m.exists() or _at_rest(r) for m, r in zip(markers, runs, strict=True)),
        ARRIVE_SECONDS / 4,
    )


def _wake_late(
    ground: Ground, frozen: "Sequence[tuple[Run, subprocess.Popen[bytes]]]"
) -> None:
    """Wake the frozen workers, now that others have ended their operations: they write nothing."""
    if not frozen:
        return
    before = {run.operation.pk: _row(run.operation) for run, _ in frozen}
    marks = ground.mark()
    for _, worker in frozen:
        os.killpg(worker.pid, signal.SIGCONT)
    with Redis.from_url(ground.redis_url) as redis:
        _wait(lambda: not redis.hlen(UNACKED), ARRIVE_SECONDS / 4)
        if redis.hlen(UNACKED):
            frozen[0][0].wrongs.append("a woken worker has not let go of its message")
    for run, _ in frozen:
        run.operation.refresh_from_db()
        if _row(run.operation) != before[run.operation.pk]:
            run.wrongs.append("the woken worker wrote into the row")
        for call in verdict.writes(ground, run.operation, since=marks):
            run.wrongs.append(f"the woken worker wrote to Wix: {call['path']} {call['effect']}")


def _row(operation: Operation) -> tuple[object, ...]:
    return operation.state, operation.outcome, operation.finished_at, operation.fence


def _at_rest(run: Run) -> bool:
    run.operation.refresh_from_db(fields=["state"])
    return run.operation.state in verdict.AT_REST


def _wait(true: Callable[[], bool], seconds: float) -> None:
    """Return once `true()` is so, or after that many seconds."""
    close_old_connections()
    give_up_at = time.monotonic() + seconds
    while not true() and time.monotonic() < give_up_at:
        time.sleep(0.1)


def _batches(plans: Iterable[Plan]) -> Iterator[list[Plan]]:
    remaining = iter(plans)
    while batch := list(islice(remaining, BATCH)):
        yield batch


def _random_plan(seed: int, number: int) -> Plan:
    chance = random.Random(f"{seed}:double:{number}")
    (kind, strategy), steps = chance.choice(list(STEPS.items())[:2])
    first, second = chance.choice(places(steps)), chance.choice(places(steps))
    return Plan(kind, strategy, first, "kill", second.partition("#")[0])
