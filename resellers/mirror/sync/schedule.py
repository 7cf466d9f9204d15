"""When readings begin by themselves: beat keeps these times, and pages say when the next one is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from django.utils import timezone

from resellers.models import SyncRun


@dataclass(frozen=True, slots=True)
class Every:
    """One again as soon as the period is over."""

    period: timedelta


@dataclass(frozen=True, slots=True)
class Daily:
    """One a day, at this time by the clocks of `TIME_ZONE`."""

    at: time

    @property
    def period(self) -> timedelta:
        return timedelta(days=1)


SCHEDULE: Mapping[SyncRun.Kind, Every | Daily] = {
    SyncRun.Kind.INCREMENTAL: Every(timedelta(minutes=5)),
    SyncRun.Kind.UNSETTLED: Every(timedelta(minutes=1)),
    SyncRun.Kind.FULL: Daily(time(3, 10)),
}

# Two periods without a reading of what changed, and what stands here may have changed at Wix.
BEHIND_AFTER = 2 * SCHEDULE[SyncRun.Kind.INCREMENTAL].period


def next_sync(kind: SyncRun.Kind, last: datetime | None = None) -> datetime:
    """When beat next wants a reading of that kind; `last` is when it last wanted one."""
    times, now = SCHEDULE[kind], timezone.now()
    if isinstance(times, Every):
        return now if last is None else last + times.period
    local = timezone.localtime(now)
    today = datetime.combine(local.date(), times.at, local.tzinfo)
    return (today if today > now else today + times.period).astimezone(UTC)
