"""How the readings of what changed go round all packages, so that nothing is unchecked for long.

Each spends so many calls on those that were checked longest ago, a hundred a call, that it comes
round to every package within the time set. So it does with the customers' sites, one customer a
call.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from resellers.models import SyncRun

from .schedule import SCHEDULE

PER_CALL = 100
# Calls that a run may spend on sites, so that they never keep packages waiting.
SITE_CALLS = {SyncRun.Kind.FULL: 200, SyncRun.Kind.INCREMENTAL: 20}
# Of the calls that may leave in a minute: what the readings have while people are at work too.
SHARE_OF_SYNC = 2 / 3
# Of that: what may go into going round; the rest is for what changed, and for sites.
SHARE_OF_ROUND = 1 / 2
# A reading may begin a period late and take one, and a third passes until it comes again.
SLACK_PERIODS = 3


@dataclass(frozen=True, slots=True)
class Round:
    """The calls that a reading spends on going round, and how long it takes to come round."""

    calls: int
    takes: timedelta


def round_of(packages: int) -> Round:
    """The round through so many packages, at the calls that may leave in a minute."""
    period = SCHEDULE[SyncRun.Kind.INCREMENTAL].period
    minutes = period.total_seconds() / 60
    within = settings.MIRROR["OLDEST_MINUTES"] - SLACK_PERIODS * minutes
    pages = max(1, -(-packages // PER_CALL))
    wanted = -(-pages * minutes // within)
    most = settings.WIX_CALLS_PER_MINUTE * SHARE_OF_SYNC * SHARE_OF_ROUND * minutes
    calls = max(1, int(min(wanted, most)))
    return Round(calls, period * -(-pages // calls))


def round_of_sites(customers: int) -> Round:
    """The round through so many customers' sites."""
    calls = SITE_CALLS[SyncRun.Kind.INCREMENTAL]
    period = SCHEDULE[SyncRun.Kind.INCREMENTAL].period
    return Round(calls, period * max(1, -(-customers // calls)))
