"""Five hundred wishes wait, and Wix has just turned calls away: how long services stand on no site.

Measured from the sandbox's own journal: the time between a move's two writes.
"""

import statistics
import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from resellers.models import InstanceStatus, Operation, OperationState, ProductInstance
from resellers.operations.decisions import NotNow, withdraw
from resellers.operations.plan import make_plan
from resellers.operations.requests import request_operation
from tests import practice, worlds

from . import production, turns, verdict
from .ground import Ground
from .report import Report

LABEL = "queue.gap"
WISHES = 500
STORM_SECONDS = 20
LONGEST_GAP = 10.0  # seconds, of 99 in 100 moves
WIX_LIMIT = 200  # calls a minute, beyond which the sandbox answers 429
END_SECONDS = 90  # what the killed processes have held is free by then


def half_done_first(ground: Ground, report: Report, *, seconds: float) -> None:
    """Have so many moves wait, spoil the pace by a storm of 429, and look on for so long."""
    if not report.wants(LABEL):
        return
    since = ground.mark()
    asked = list(_ask(ground, WISHES))
    limiter = ground.sandbox.gateway.rate_limiter
    practice.faults(ground.sandbox, {"match": "any", "effect": "429"})
    limiter.calls_per_minute = WIX_LIMIT
    try:
        with production.at_work(ground):
            time.sleep(STORM_SECONDS)
            practice.faults(ground.sandbox)
            calm = ground.mark()
            _look_on(asked, seconds)
            waiting = Operation.objects.filter(pk__in=_ids(asked), state=OperationState.QUEUED)
            left = waiting.count()
    finally:
        limiter.calls_per_minute = 0
        practice.faults(ground.sandbox)
    calls = ground.calls(since)
    gaps = sorted(_gaps(calls))
    refused = sum(call["status"] == 429 for call in ground.calls(calm))
    end = f"{len(gaps)} moves: {_told(gaps)}; {left} wishes left waiting, {refused} calls refused"
    wrongs = [] if gaps else ["nothing was moved"]
    if gaps and _percentile(gaps, 99) > LONGEST_GAP:
        wrongs.append(f"a service stood on no site for {_percentile(gaps, 99):.1f} s")
    wrongs += _put_away(ground, asked, since)
    report.note(LABEL, end, wrongs)
    report.tell(LABEL, _told(gaps))


def _ask(ground: Ground, wanted: int) -> Iterator[Operation]:
    """So many moves, first one of each package, and of the packages that have more than one again;
    each service to a site that no other one is asked to go to."""
    on_sites = ProductInstance.objects.filter(
        status=InstanceStatus.ENABLED, gone_at=None, site__isnull=False
    ).select_related("package", "account", "product", "site")
    of_each: dict[UUID, list[ProductInstance]] = {}
    for instance in on_sites.order_by("id"):
        of_each.setdefault(instance.package_id, []).append(instance)
    in_turn = [one for n in range(5) for held in of_each.values() for one in held[n : n + 1]]
    for number, operation in enumerate(filter(None, (_move(ground, one) for one in in_turn)), 1):
        yield operation
        if number == wanted:
            return
    raise LookupError(f"this world has no {wanted} moves")


def _move(ground: Ground, instance: ProductInstance) -> Operation | None:
    """The first move of that service that is possible, asked for; None where there is none."""
    if Operation.objects.open().filter(instance=instance).exists():
        return None
    for site in instance.account.sites.exclude(pk=instance.site_id).order_by("id"):
        plan = make_plan(instance, worlds.wish("reassign", site_id=str(site.pk)))
        if plan.possible and not plan.dependants:
            return request_operation(
                instance,
                plan.wish,
                by=ground.by,
                request_id=uuid4(),
                fingerprint=plan.fingerprint,
            )
    return None


def _look_on(asked: list[Operation], seconds: float) -> None:
    """Until that time is over, or none of them waits any more."""
    ends_at = time.monotonic() + seconds
    waiting = Operation.objects.under_way().filter(pk__in=_ids(asked))
    while time.monotonic() < ends_at and waiting.exists():
        time.sleep(1)


def _gaps(calls: list[dict[str, Any]]) -> Iterator[float]:
    """For how many seconds each service stood on no site, those that still do included."""
    left: dict[str, datetime] = {}
    last = None
    for call in calls:
        last = datetime.fromisoformat(call["at"])
        _, found, rest = call["path"].partition("/product-instances/")
        if not found or call["method"] != "PATCH" or call["effect"] != "applied":
            continue
        instance_id, _, step = rest.partition("/")
        if step == "unassign":
            left[instance_id] = last
        elif instance_id in left:
            yield (last - left.pop(instance_id)).total_seconds()
    yield from ((last - at).total_seconds() for at in left.values() if last)


def _told(gaps: list[float]) -> str:
    if not gaps:
        return "no gaps"
    parts = {"p50": _percentile(gaps, 50), "p99": _percentile(gaps, 99), "longest": gaps[-1]}
    return "on no site " + ", ".join(f"{name} {seconds:.2f} s" for name, seconds in parts.items())


def _percentile(values: list[float], number: int) -> float:
    if len(values) < 2:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[number - 1]


def _put_away(ground: Ground, asked: list[Operation], since: int) -> list[str]:
    """Withdraw what still waits and end what is under way; what was wrong with any end."""
    for operation in asked:
        try:
            withdraw(operation, by=ground.by)
        except NotNow:
            continue
    turns.finish(ground, asked, seconds=END_SECONDS)
    wrongs = []
    for operation in asked:
        operation.refresh_from_db()
        wrongs += [f"#{operation.pk}: {words}" for words in _wrongs(ground, operation, since)]
    return wrongs


def _wrongs(ground: Ground, operation: Operation, since: int) -> list[str]:
    return (
        []
        if operation.state == OperationState.CANCELED
        else verdict.wrongs(ground, operation, since=since)
    )


def _ids(operations: list[Operation]) -> list[int]:
    return [operation.pk for operation in operations]
