"""The engine and the sync carried out in this process, turn by turn, without the long waits."""

import random
import time
from collections.abc import Sequence

from django.db.models.functions import Now
from redis import Redis

from resellers.mirror import sync
from resellers.models import Operation, SyncRun
from resellers.operations import engine
from resellers.operations.engine import history, settle

from . import verdict
from .ground import Ground

PACE = "wix:pace"  # where the shared pace keeps how long a 429 holds everyone
# Shorter still than those of whole processes: here no start of a process has to fit in.
NUMBERS = {
    "CALL_SECONDS": 0.6,
    "READ_LADDER": (0.05, 0.05, 0.1, 0.1, 0.1, 0.1),
    "CREATE_LADDER": (0.05, 0.05, 0.1, 0.1, 0.1, 0.1, 0.1),
    "RETRY_SECONDS": (0.05, 0.1),
}


def finish(ground: Ground, operations: Sequence[Operation], *, seconds: float = 30) -> None:
    """Carry out what is due until these operations are at rest, or for so many seconds."""
    give_up_at = time.monotonic() + seconds
    with Redis.from_url(ground.redis_url) as redis:
        while not _at_rest(operations) and time.monotonic() < give_up_at:
            redis.delete(PACE)
            if not engine.run_due():
                time.sleep(0.01)


def finish_mixed(
    ground: Ground,
    operations: Sequence[Operation],
    runs: Sequence[SyncRun],
    chance: random.Random,
    *,
    seconds: float = 30,
) -> None:
    """As `finish`, with readings of the mirror in between, in an order that chance decides."""
    give_up_at = time.monotonic() + seconds
    with Redis.from_url(ground.redis_url) as redis:
        while time.monotonic() < give_up_at:
            redis.delete(PACE)
            SyncRun.objects.open().update(next_run_at=Now())
            waiting = SyncRun.objects.open().filter(pk__in=[run.pk for run in runs])
            if _at_rest(operations) and not waiting.exists():
                return
            if chance.random() < 0.3:
                for run in waiting:
                    sync.run(run.pk, seconds=0.05)
            elif not engine.run_next():
                time.sleep(0.01)


def settle_now(operations: Sequence[Operation]) -> None:
    """Read the successes among these once more, as if their time had come."""
    ids = [operation.pk for operation in operations]
    for _ in range(2):  # that it is so no more takes two readings apart
        Operation.objects.filter(pk__in=ids, settle_at__isnull=False).update(settle_at=Now())
        settle.settle_due()
        time.sleep(history.apart() + 0.01)


def _at_rest(operations: Sequence[Operation]) -> bool:
    ids = [operation.pk for operation in operations]
    return not Operation.objects.filter(pk__in=ids).exclude(state__in=verdict.AT_REST).exists()
