"""Processes with the numbers that production has, for what is measured in seconds."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from redis import Redis

from tests import processes

from . import turns
from .ground import QUIET, Ground

CALLS_PER_MINUTE = 175
NUMBERS = {"OPERATIONS": "{}", "WIX_CALLS_PER_MINUTE": str(CALLS_PER_MINUTE)}
# As docs/running.md has it: four at a time.
OPS = ("-m", "celery", "-A", "dashboard", "worker", "-Q", "ops", "-c", "4", "-l", "warning")


@contextmanager
def at_work(ground: Ground) -> Iterator[None]:
    """A worker, beat and the sweep, which begin with a full pace and leave none behind."""
    with Redis.from_url(ground.redis_url) as redis:
        redis.delete(turns.PACE)
        with ExitStack() as stack:
            stack.enter_context(ground.process(*OPS, *QUIET, **NUMBERS))
            stack.enter_context(ground.process(*processes.SWEEP, **NUMBERS))
            schedule = str(ground.folder / "schedule")
            stack.enter_context(ground.process(*processes.BEAT, schedule, **NUMBERS))
            yield
        redis.delete(turns.PACE)
