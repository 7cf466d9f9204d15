"""Redis killed as a task is acknowledged, frozen, flushed: no operation is lost."""

import random
import signal
import subprocess
import time
from collections.abc import Callable

from redis import Redis

from resellers.models import Operation

from . import restarts, verdict
from .ground import Ground
from .report import Report
from .waiting import at_rest, wait
from .wishes import Wishes

ASK_SECONDS = 2.0  # a click takes no longer, whatever Redis does
END_SECONDS = 60
FROZEN_SECONDS = 8
FIND_SECONDS = 5  # a worker looks for Redis again within this

Asked = list[Operation]
Disturbance = Callable[[Ground, Wishes, random.Random], Asked]


def redis_away(ground: Ground, report: Report, *, kills: int) -> None:
    """Take Redis away in every manner, under a worker and the sweep."""
    chance = random.Random(f"{report.seed}:redis")
    wishes = Wishes(ground.by)
    rounds: list[tuple[str, Disturbance]] = [
        *((f"redis.killed at acknowledge time, {n}", _kill_after_end) for n in range(kills)),
        ("redis.frozen", _freeze),
        ("redis.flushed", _flush),
    ]
    with ground.worker("ops,sync") as worker:
        with ground.sweep():
            for label, disturb in rounds:
                if report.wants(label):
                    _round(ground, report, wishes, worker, chance, label, disturb)
        # Without the sweep: only a message brings the operation to the worker.
        if report.wants(label := "redis.back, the worker is woken as before"):
            _round(ground, report, wishes, worker, chance, label, _leave_alone)


def _round(
    ground: Ground,
    report: Report,
    wishes: Wishes,
    worker: "subprocess.Popen[bytes]",
    chance: random.Random,
    label: str,
    disturb: Disturbance,
) -> None:
    since, started = ground.mark(), time.monotonic()
    wishes.slowest = 0.0
    operations = disturb(ground, wishes, chance)
    wait(lambda: at_rest(operations), END_SECONDS)
    wrongs = [w for o in operations for w in verdict.wrongs(ground, o, since=since)]
    if wishes.slowest > ASK_SECONDS:
        wrongs.append(f"a click took {wishes.slowest:.1f} s")
    if worker.poll() is not None:
        wrongs.append(f"the worker exited with {worker.returncode}")
    states = ", ".join(sorted(operation.state for operation in operations))
    story = [line for operation in operations for line in verdict.story(operation)]
    report.note(label, f"{states} {time.monotonic() - started:5.1f} s", wrongs, story)
    wishes.free()


def _kill_after_end(ground: Ground, wishes: Wishes, chance: random.Random) -> Asked:
    """Killed within 10 ms of the end being written: the message is being acknowledged."""
    redis = ground.redis
    assert redis is not None
    first = _ask(wishes)
    wait(lambda: at_rest([first]), END_SECONDS, every=0.002)
    time.sleep(chance.uniform(0, 0.01))
    restarts.end(redis, signal.SIGKILL)
    second = _ask(wishes)
    time.sleep(chance.uniform(0.2, 1.5))
    restarts.start_again(redis)
    return [first, second]


def _freeze(ground: Ground, wishes: Wishes, chance: random.Random) -> Asked:
    assert ground.redis is not None
    process = ground.redis.process
    process.send_signal(signal.SIGSTOP)
    operations = [_ask(wishes) for _ in range(3)]
    time.sleep(FROZEN_SECONDS)
    process.send_signal(signal.SIGCONT)
    return operations


def _flush(ground: Ground, wishes: Wishes, chance: random.Random) -> Asked:
    operations = [_ask(wishes) for _ in range(3)]
    with Redis.from_url(ground.redis_url) as redis:
        redis.flushall()
    return [*operations, _ask(wishes)]


def _leave_alone(ground: Ground, wishes: Wishes, chance: random.Random) -> Asked:
    time.sleep(FIND_SECONDS)
    return [_ask(wishes)]


def _ask(wishes: Wishes) -> Operation:
    return wishes.ask("reassign", "two_step")
