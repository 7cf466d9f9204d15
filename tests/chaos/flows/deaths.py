"""Who carries a flow on dies or freezes at every place of its way: it is done all the same."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from django.db.models.functions import Now

from resellers.flows import engine as flows
from resellers.models import Flow, Operation
from resellers.operations.engine import claims
from tests import practice, truth
from tests.chaos.batches import batches
from tests.chaos.ground import Ground
from tests.chaos.places import IN_DOUBT
from tests.chaos.report import Report
from tests.chaos.victims import victim, wake
from tests.chaos.waiting import wait
from tests.mirrors import read, read_on

from . import judge
from .journeys import Journey, attend
from .plans import OPERATION, Plan, matrix, some
from .supplies import Supplies

ARRIVE_SECONDS, END_SECONDS, WAKE_SECONDS = 60, 90, 1.5
LEASE_IS_OVER = 2.5
OPERATION_TASK = "resellers.run_operation"


@dataclass
class Run:
    """One plan under way."""

    plan: Plan
    journey: Journey
    marker: Path
    task: str
    row_id: int
    wrongs: list[str] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)


Frozen = tuple[Run, "subprocess.Popen[bytes]"]


def tour(ground: Ground, report: Report, supplies: Supplies, *, full: bool) -> None:
    """Flows killed and frozen on their way, a few beside each other; the sweep goes on after."""
    plans = list(matrix()) if full or report.only else some(report.seed, rounds=1)
    for batch in batches((p for p in plans if report.wants(p.label)), _is_alone):
        since = ground.mark()
        runs = [_brought(ground, supplies, plan) for plan in batch]
        _carry_out(ground, runs)
        journeys = [run.journey for run in runs]
        for run in runs:
            run.wrongs += judge.wrongs(run.journey)
            end = f"{run.journey.flow.state:<10}{time.monotonic() - run.started:5.1f} s"
            report.note(run.plan.label, end, run.wrongs, judge.story(run.journey))
        report.note(
            "flows.calls of these, and the mirror",
            "equal",
            [*judge.stray_writes(journeys, ground.calls(since)), *mirror_wrongs(ground)],
        )


def mirror_wrongs(ground: Ground) -> list[str]:
    """Where the mirror is not the sandbox's equal, once all was read."""
    practice.clock(ground.sandbox, deliver_now=True)
    read_on(read("full"))
    return truth.differences(truth.at_wix(ground.sandbox), truth.in_mirror())


def _brought(ground: Ground, supplies: Supplies, plan: Plan) -> Run:
    """A flow brought to where the plan begins, as far as its victim finds it."""
    journey = Journey.begun(ground, supplies, plan.route)
    row = journey.walk_to(plan.step, plan.phase)
    marker = ground.folder / f"flow-{journey.flow.pk}"
    if plan.phase == OPERATION and row.operation_id is not None:
        return Run(plan, journey, marker, OPERATION_TASK, row.operation_id)
    return Run(plan, journey, marker, flows.TASK, journey.flow.pk)


def _carry_out(ground: Ground, runs: Sequence[Run]) -> None:
    """Each comes to its place and its end there; the sweep goes on, and staff with it."""
    with ExitStack() as stack:
        workers = []
        for run in runs:
            order = f"{_place(run)}={run.plan.action}"
            workers.append(
                stack.enter_context(victim(ground, run.task, run.row_id, order, run.marker))
            )
        if not wait(lambda: _have_arrived(ground, runs), ARRIVE_SECONDS, every=0.5):
            for run in runs:
                if not run.marker.exists():
                    run.wrongs.append("its worker never came to that place")
        time.sleep(LEASE_IS_OVER)
        flows_of = Flow.objects.filter(pk__in=[run.journey.flow.pk for run in runs])
        flows_of.filter(next_run_at__gt=Now()).update(next_run_at=Now())
        stack.enter_context(ground.sweep())
        pairs = zip(runs, workers, strict=True)
        frozen = [(run, worker) for run, worker in pairs if run.plan.action == "freeze"]
        _thaw(frozen[1::2])  # these while others go on, and the rest after the end
        attend([run.journey for run in runs], END_SECONDS)
        _thaw_late(frozen[::2])


def _place(run: Run) -> str:
    """As the failpoint is named; of a flow's points but the first with its step's whole name."""
    row = run.journey.row
    if run.task == OPERATION_TASK or run.plan.point == "flow-claimed" or row is None:
        return run.plan.point
    return f"{run.plan.point}:{row.name}"


def _have_arrived(ground: Ground, runs: Sequence[Run]) -> bool:
    """Whether each worker has come to its place; one whose operation was put down is woken."""
    missing = [run for run in runs if not run.marker.exists()]
    put_down = set(claims.due().filter(lease_until=None, fence__gt=0).values_list("pk", flat=True))
    for run in missing:
        if run.task == OPERATION_TASK and run.row_id in put_down:
            wake(ground, run.task, run.row_id, run.marker)
    return not missing


def _thaw(frozen: Sequence[Frozen]) -> None:
    for _, worker in frozen:
        os.killpg(worker.pid, signal.SIGCONT)


def _thaw_late(frozen: Sequence[Frozen]) -> None:
    """Wake these, now that others have gone on to the end: they write nothing."""
    before = [_written(run) for run, _ in frozen]
    _thaw(frozen)
    if frozen:
        time.sleep(WAKE_SECONDS)
    for (run, _), written in zip(frozen, before, strict=True):
        if _written(run) != written:
            run.wrongs.append("the woken worker wrote into its rows")


def _written(run: Run) -> object:
    names = ("state", "outcome", "finished_at", "fence", "lease_until")
    operations = Operation.objects.filter(pk__in=[one.pk for one in run.journey.operations])
    return judge.rows_of(run.journey), list(operations.order_by("pk").values_list(*names))


def _is_alone(plan: Plan) -> bool:
    """Whether who dies may leave it in doubt which account is whose."""
    return plan.step == "account" and plan.point.startswith(IN_DOUBT)
