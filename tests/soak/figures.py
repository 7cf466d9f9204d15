"""What a soak is judged by: errors, memory, how soon pages come, how soon clicks reach Wix."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import TYPE_CHECKING

from tests.bench.figure import Figure

if TYPE_CHECKING:
    from tests.soak.people import Record

GROWTH = 1.1
SLOWER = 3.0
CLICK_SECONDS = 2.0
Memory = list[tuple[float, Mapping[str, float]]]


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 do not exceed; nought of none."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))] if ordered else 0.0


@dataclass(frozen=True)
class Work:
    """What was carried out meanwhile, by the rows."""

    succeeded: int
    other_ends: int
    attention: int
    readings: int
    packages_read: int
    cases: int
    clicks: Sequence[float]  # seconds from each click to its first call to Wix

    def __str__(self) -> str:
        return (
            f"{self.succeeded} operations succeeded, {self.other_ends} ended otherwise,"
            f" {self.attention} need attention; {self.readings} readings ended,"
            f" {self.packages_read:,} packages were read, {self.cases} cases opened"
        )


def work_since(begun: datetime) -> Work:
    """What the rows say of the time since then."""
    from django.db.models import Min, Sum

    from resellers.models import Case, Operation, OperationState, SyncRun

    operations = Operation.objects.filter(requested_at__gte=begun)
    ended = operations.exclude(finished_at=None)
    well = ended.filter(state=OperationState.SUCCEEDED)
    reached = operations.annotate(first=Min("attempts__sent_at")).exclude(first=None)
    clicks = [
        (first - at).total_seconds() for first, at in reached.values_list("first", "requested_at")
    ]
    runs = SyncRun.objects.filter(requested_at__gte=begun)
    awaited = runs.filter(requested_by__isnull=False, started_at__isnull=False)
    clicks += [
        (start - at).total_seconds()
        for start, at in awaited.values_list("started_at", "requested_at")
    ]
    return Work(
        succeeded=well.count(),
        other_ends=ended.count() - well.count(),
        attention=operations.filter(state=OperationState.NEEDS_ATTENTION).count(),
        readings=runs.filter(state=SyncRun.State.SUCCEEDED).count(),
        packages_read=runs.aggregate(all=Sum("packages_seen"))["all"] or 0,
        cases=Case.objects.filter(opened_at__gte=begun).count(),
        clicks=clicks,
    )


def figures(
    calm: "Record",
    busy: "Record",
    work: Work,
    memory: Memory,
    troubles: Sequence[str],
    seconds: float,
) -> Iterator[Figure]:
    """Each with its goal; times in milliseconds."""
    errors = len(calm.errors) + len(busy.errors)
    yield Figure("answers of 500 and above, and requests without an answer", errors, 0, 0, "", 0)
    yield Figure("tracebacks in logs, and processes that ended", len(troubles), 0, 0, "", 0)
    undisturbed, disturbed = 1000 * p95(calm.browsed), 1000 * p95(busy.browsed)
    what = "pages, p95, beside the same people's without readings and operations"
    yield Figure(what, disturbed, undisturbed, round(SLOWER * undisturbed, 1))
    what = "from a person's click to Wix, p95, while Wix is read in full"
    yield Figure(what, 1000 * p95(work.clicks), 0, 1000 * CLICK_SECONDS)
    for name, (before, after) in _memory(memory, seconds).items():
        what = f"memory of {name} at the end, beside that after the first minutes"
        yield Figure(what, after, before, round(GROWTH * before, 1), "MiB")


def _memory(memory: Memory, seconds: float) -> dict[str, tuple[float, float]]:
    """Of each process: once five minutes are over, or a third of a shorter run, and at the end."""
    warm = min(300.0, seconds / 3)
    span = min(60.0, seconds / 6)
    begun = [sizes for at, sizes in memory if warm <= at <= warm + span]
    last = [sizes for at, sizes in memory if at >= seconds - span]
    if not (begun and last):
        return {}
    return {
        name: (median(one[name] for one in begun), median(one[name] for one in last))
        for name in begun[0]
    }
