"""How many calls to Wix were used lately, of how many that may leave in a minute."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from resellers.clock import database_now
from resellers.models import OperationAttempt, SyncRun

# No reading lasts longer: what began earlier is not looked at.
LONGEST_READING = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class CallRate:
    """Calls of readings and operations. A reading that began before counts by its share of time."""

    last_minute: int
    last_hour: int
    allowed: int  # in a minute
    is_exact: bool


def call_rate() -> CallRate:
    """The calls of the last minute and of the last hour, in four queries."""
    now = database_now()
    minute, hour = now - timedelta(minutes=1), now - timedelta(hours=1)
    runs = list(
        SyncRun.objects.filter(
            Q(finished_at__gte=hour) | Q(finished_at=None),
            requested_at__gte=hour - LONGEST_READING,
            started_at__isnull=False,
        ).only("started_at", "finished_at", "calls")
    )
    return CallRate(
        _attempts(minute) + _of_readings(runs, minute, now),
        _attempts(hour) + _of_readings(runs, hour, now),
        int(settings.WIX_CALLS_PER_MINUTE),
        all(_ended(run, now) < minute or _began(run) >= minute for run in runs),
    )


def _attempts(since: datetime) -> int:
    sent = OperationAttempt.objects.filter(sent_at__gte=since)
    return sent.exclude(state=OperationAttempt.State.NOT_SENT).count()


def _of_readings(runs: list[SyncRun], since: datetime, now: datetime) -> int:
    used = 0.0
    for run in runs:
        took = (_ended(run, now) - _began(run)).total_seconds()
        within = (_ended(run, now) - max(_began(run), since)).total_seconds()
        if within >= 0:
            used += run.calls * (within / took if took > 0 else 1)
    return round(used)


def _began(run: SyncRun) -> datetime:
    assert run.started_at is not None
    return run.started_at


def _ended(run: SyncRun, now: datetime) -> datetime:
    return run.finished_at or now
