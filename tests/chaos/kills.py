"""Workers killed and frozen where a plan says, and what became of their operations."""

import os
import random
import signal
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from redis import Redis

from resellers.models import Operation, OperationState
from resellers.operations.engine import claims
from tests import practice

from . import verdict
from .batches import batches
from .ground import Ground
from .kinds import KINDS, STEPS
from .places import IN_DOUBT, Plan, matrix, places, way_back
from .report import Report
from .victims import victim, wake
from .waiting import at_rest, wait
from .wishes import Wishes

if TYPE_CHECKING:
    import subprocess

ARRIVE_SECONDS = 60
SECOND_SECONDS = 12
END_SECONDS = 60
LEASE_IS_OVER = 2.5
TASK = "resellers.run_operation"
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
        seconds = time.monotonic() - self.started
        twice = " killed twice" if self.plan.second and self.second_marker.exists() else ""
        return f"{self.operation.state:<16}{seconds:5.1f} s{twice}"

    @property
    def second_marker(self) -> Path:
        return self.marker.with_name(f"{self.operation.pk}-second")


def kill_matrix(ground: Ground, report: Report) -> None:
    """Every place of every kind, killed and frozen."""
    wishes = Wishes(ground.by)
    for batch in batches((p for p in matrix() if report.wants(p.label)), _is_alone):
        for run in carry_out(ground, wishes, batch):
            report.note(run.plan.label, run.end, run.wrongs, verdict.story(run.operation))


def ways_back(ground: Ground, report: Report) -> None:
    """Every place of the way back, one after the other: each has a refusal of its own to meet."""
    wishes = Wishes(ground.by)
    for plan in way_back():
        if not report.wants(plan.label):
            continue
        practice.faults(ground.sandbox, {"match": "assign", "effect": "bare:409", "times": 1})
        (run,) = carry_out(ground, wishes, [plan])
        if run.operation.state != OperationState.ROLLED_BACK:
            run.wrongs.append(f"it is {run.operation.state}, and not rolled back")
        report.note(plan.label, run.end, run.wrongs, verdict.story(run.operation))
    practice.faults(ground.sandbox)


def double_kills(ground: Ground, report: Report, *, count: int) -> None:
    """A worker dies at a random place, and the one that goes on at another."""
    wishes = Wishes(ground.by)
    plans = (_random_plan(report.seed, number) for number in range(count))
    for batch in batches((p for p in plans if report.wants(p.label)), _is_alone):
        for run in carry_out(ground, wishes, batch):
            report.note(run.plan.label, run.end, run.wrongs, verdict.story(run.operation))


def carry_out(ground: Ground, wishes: Wishes, plans: Sequence[Plan]) -> list[Run]:
    """Carry these plans out beside each other; each run says what was wrong with its end.

    A worker with a queue of its own takes each operation to its place; the sweep goes on after it.
    A frozen worker is woken once its operation has ended, and must not write any more.
    """
    with Redis.from_url(ground.redis_url) as redis:
        redis.delete(UNACKED)  # what killed workers have left there
    runs = []
    for plan in plans:
        since = ground.mark()
        operation = wishes.ask(plan.kind, plan.strategy)
        marker = ground.folder / f"{operation.pk}-first"
        runs.append(Run(plan, operation, since, marker))
    with ExitStack() as stack:
        workers = []
        for run in runs:
            order = f"{run.plan.place}={run.plan.action}"
            worker = victim(ground, TASK, run.operation.pk, order, run.marker)
            workers.append(stack.enter_context(worker))
        wait(lambda: _have_arrived(ground, runs), ARRIVE_SECONDS, every=0.5)
        for run in runs:
            if not run.marker.exists():
                run.wrongs.append("its worker never came to that place")
        _kill_once_more(ground, [run for run in runs if run.plan.second], stack)
        stack.enter_context(ground.sweep())
        wait(lambda: at_rest([run.operation for run in runs]), END_SECONDS)
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


def _have_arrived(ground: Ground, runs: Sequence[Run]) -> bool:
    """Whether each worker has come to its place.

    What waits for Wix to show its effect is put down meanwhile: its worker is woken for it again.
    """
    missing = [run for run in runs if not run.marker.exists()]
    put_down = claims.due().filter(lease_until=None, fence__gt=0)
    waiting = set(put_down.values_list("pk", flat=True))
    for run in missing:
        if run.operation.pk in waiting:
            wake(ground, TASK, run.operation.pk, run.marker)
    return not missing


def _kill_once_more(ground: Ground, runs: Sequence[Run], stack: ExitStack) -> None:
    """Once the leases are over, have other workers go on, which die at the second place.

    Not every operation comes there again: what is done is not done twice.
    """
    if not runs:
        return
    time.sleep(LEASE_IS_OVER)
    for run in runs:
        order = f"{run.plan.second}=kill"
        stack.enter_context(victim(ground, TASK, run.operation.pk, order, run.second_marker))
    wait(
        lambda: all(run.second_marker.exists() or at_rest([run.operation]) for run in runs),
        SECOND_SECONDS,
    )


def _wake_late(ground: Ground, frozen: "Sequence[tuple[Run, subprocess.Popen[bytes]]]") -> None:
    """Wake the frozen workers, now that others have ended their operations: they write nothing."""
    if not frozen:
        return
    before = {run.operation.pk: _row(run.operation) for run, _ in frozen}
    mark = ground.mark()
    for _, worker in frozen:
        os.killpg(worker.pid, signal.SIGCONT)
    with Redis.from_url(ground.redis_url) as redis:
        wait(lambda: not redis.hlen(UNACKED), SECOND_SECONDS)
        if redis.hlen(UNACKED):
            frozen[0][0].wrongs.append("a woken worker has not let go of its message")
    for run, _ in frozen:
        if _row(run.operation) != before[run.operation.pk]:
            run.wrongs.append("the woken worker wrote into the row")
        for call in verdict.writes(ground, run.operation, since=mark):
            run.wrongs.append(f"the woken worker wrote to Wix: {call['path']} {call['effect']}")


def _row(operation: Operation) -> tuple[object, ...]:
    operation.refresh_from_db()
    return operation.state, operation.outcome, operation.finished_at, operation.fence


def _is_alone(plan: Plan) -> bool:
    return KINDS[plan.kind].is_alone and plan.place.startswith(IN_DOUBT)


def _random_plan(seed: int, number: int) -> Plan:
    chance = random.Random(f"{seed}:double:{number}")
    # Of moves, which take two writes, as often as of all the others together.
    kinds = list(STEPS.items())
    (kind, strategy), steps = chance.choice(kinds[:2] if number % 2 else kinds[2:])
    first, second = chance.choice(places(steps)), chance.choice(places(steps))
    return Plan(kind, strategy, first, "kill", second.partition("#")[0])
