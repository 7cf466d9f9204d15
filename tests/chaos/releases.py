"""Whoever releases a bulk change dies or freezes at every point: each change becomes one order."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from django.db import close_old_connections
from django.db.models.functions import Now

from resellers.clock import in_seconds
from resellers.models import BulkRun, InstanceStatus, Operation, ProductInstance, Reorder
from resellers.operations import bulk
from resellers.operations.engine.failpoints import ACTIONS, BULK_POINTS
from tests import practice

from . import verdict
from .ground import Ground
from .kinds import KINDS
from .report import Report
from .victims import victim
from .waiting import at_rest, wait

TASK = "resellers.release_bulk"
CHANGES = 3
ARRIVE_SECONDS, END_SECONDS = 60, 60
LEASE_IS_OVER = 2.5


def tour(ground: Ground, report: Report) -> None:
    """A run of its own for each point, killed and frozen there; the sweep goes on after it."""
    for action in ACTIONS:
        for place in _places():
            label = f"releases.order_again {action} at {place}"
            if report.wants(label):
                _one(ground, report, label, place, action)


def _places() -> Iterator[str]:
    for point in BULK_POINTS:
        yield point
        if point != "closing":
            yield f"{point}#2"


def _one(ground: Ground, report: Report, label: str, place: str, action: str) -> None:
    since, started = ground.mark(), time.monotonic()
    run = _confirmed(ground)
    marker = ground.folder / f"run-{run.pk}"
    wrongs: list[str] = []
    if place == "closing":
        _carry_out_all_but_the_end(ground, run)
    with ExitStack() as stack:
        order = f"{place}={action}"
        worker = stack.enter_context(victim(ground, TASK, run.pk, order, marker))
        if not wait(marker.exists, ARRIVE_SECONDS):
            wrongs.append("its worker never came to that place")
        time.sleep(LEASE_IS_OVER)
        stack.enter_context(ground.sweep())
        if not wait(lambda: _is_done(run), END_SECONDS):
            run.refresh_from_db()
            wrongs.append(f"it is {run.state}: {run.waiting_for or 'nobody says why'}")
        if action == "freeze":
            before = _rows(run)
            os.killpg(worker.pid, signal.SIGCONT)
            time.sleep(1)
            if _rows(run) != before:
                wrongs.append("the woken worker wrote into the run")
    wrongs += _wrongs(ground, run, since)
    seconds = time.monotonic() - started
    report.note(label, f"{run.state:<16}{seconds:5.1f} s", wrongs, _story(run))


def _confirmed(ground: Ground) -> BulkRun:
    """A run of so many services that have failed, as somebody has confirmed it."""
    verb = bulk.VERBS["order_again"]
    fine = ProductInstance.objects.present().filter(
        status=InstanceStatus.ENABLED, product__imported_at__isnull=False
    )
    failure = {"code": "DELIVERY_TIMEOUT", "message": "It took too long."}
    chosen: list[ProductInstance] = []
    for service in fine.exclude(pk__in=Reorder.objects.values("service")).order_by("id"):
        ProductInstance.objects.filter(pk=service.pk).update(
            status=InstanceStatus.FAILED, failure_code=failure["code"], status_since=Now()
        )
        [draft] = verb.draft(verb.load([service.pk]))
        if draft.wish is None:
            ProductInstance.objects.filter(pk=service.pk).update(status=service.status)
            continue
        practice.change(ground.sandbox, service.pk, status="FAILED", failure=failure)
        chosen.append(service)
        if len(chosen) == CHANGES:
            break
    run = bulk.plan_run(verb, bulk.Selection(frozenset(one.pk for one in chosen)), by=ground.by)
    return bulk.confirm(run, by=ground.by, count=CHANGES, reason="It had failed.")


def _carry_out_all_but_the_end(ground: Ground, run: BulkRun) -> None:
    """Have every order end, and nobody note yet that the run has."""
    bulk.release(run.pk)
    BulkRun.objects.filter(pk=run.pk).update(next_run_at=in_seconds(3600))
    orders = list(Operation.objects.filter(planned_change__run=run))
    with ground.sweep():
        wait(lambda: at_rest(orders), END_SECONDS)
    BulkRun.objects.filter(pk=run.pk).update(next_run_at=Now(), lease_until=None)


def _is_done(run: BulkRun) -> bool:
    close_old_connections()
    return BulkRun.objects.filter(pk=run.pk, state=BulkRun.State.DONE).exists()


def _rows(run: BulkRun) -> list[tuple[object, ...]]:
    changes = run.changes.order_by("number").values_list("outcome", "operation", "decided_at")
    now = BulkRun.objects.filter(pk=run.pk).values_list("state", "finished_at", "fence")
    return [*now, *changes]


def _wrongs(ground: Ground, run: BulkRun, since: int) -> list[str]:
    """What is wrong with its end: a change lost or released twice, or an order that is wrong."""
    run.refresh_from_db()
    found = []
    for change in run.changes.order_by("number"):
        orders = Operation.objects.filter(reorders__failed=change.instance_id).distinct()
        if change.operation is None:
            found.append(f"change {change.number} is {change.outcome}: {change.why}")
            continue
        if [one.pk for one in orders] != [change.operation_id]:
            found.append(f"change {change.number} became {len(orders)} orders")
        found += verdict.wrongs(ground, change.operation, since=since)
        (packages,) = KINDS["create_package"].at_wix(ground, change.operation)
        if packages != 1:
            found.append(f"change {change.number} became {packages} packages")
    return found


def _story(run: BulkRun) -> Sequence[str]:
    changes = run.changes.select_related("operation").order_by("number")
    return [line for one in changes if one.operation for line in verdict.story(one.operation)]
