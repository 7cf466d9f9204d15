"""The program: `python -m tests.soak`, with MINUTES, ROWS and PEOPLE in the environment.

Exit status 1 where a goal is missed. A run of half an hour or more writes its figures into
docs/benchmarks.md.
"""

import itertools
import os
import sys
import time

from tests import servers
from tests.bench import report
from tests.bench.figure import HEAD

from .figures import Memory, figures, work_since
from .ground import Ground, Sample, sample, soak_ground
from .house import House

LONG = 30  # minutes: shorter runs are tried, not kept
NEEDED = ("PostgreSQL", "Redis")
FAIL_SECONDS, DELIVER_SECONDS = 10.0, 30.0
FAILURE = {"code": "PROVIDER_ERROR", "message": "Not delivered"}


def main() -> int:
    minutes, rows, people = (
        _number("MINUTES", 30),
        _number("ROWS", 1_000_000),
        _number("PEOPLE", 50),
    )
    if missing := [name for name in NEEDED if not servers.found()[name]]:
        _say(f"Not started: {' and '.join(missing)} not found on this machine.")
        return 1
    begun = time.monotonic()
    with soak_ground(rows, people) as ground:
        _say(
            f"a mirror of {ground.services:,} services was made in {time.monotonic() - begun:.0f} s"
        )
        return _soak(ground, minutes)


def _soak(ground: Ground, minutes: int) -> int:
    from resellers.clock import database_now
    from resellers.mirror import sync
    from resellers.models import SyncRun

    from .people import Staff, at_work

    seconds, memory = 60.0 * minutes, Memory()
    looked_at = sample()
    with House(ground) as house:
        staff = [Staff(house.address, name, looked_at) for name in ground.people]
        staff[0].look_around()
        calm_seconds = max(20.0, min(300.0, seconds / 6))
        _say(f"{len(staff)} people, {calm_seconds:.0f} s without readings and operations")
        calm = at_work(staff, calm_seconds, acts=False, each=lambda: None)
        house.start_work()
        began_at = database_now()
        sync.want(SyncRun.Kind.FULL)
        _say(f"{minutes} min with them")
        began = time.monotonic()
        events = _Events(ground, looked_at)

        def each() -> None:
            memory.append((time.monotonic() - began, house.memory()))
            events.go_on(time.monotonic() - began)

        busy = at_work(staff, seconds, acts=True, each=each)
        troubles = [*house.tracebacks(), *(f"{name} has ended" for name in house.ended())]
        work = work_since(began_at)
    found = list(figures(calm, busy, work, memory, troubles, seconds))
    _say(HEAD)
    for figure in found:
        _say(str(figure))
    _say(
        f"{len(calm.browsed)} pages before, {len(busy.browsed)} pages with, {busy.confirmed} moves"
        f" confirmed; {work}"
    )
    for line in itertools.islice((*calm.errors, *busy.errors, *troubles), 20):
        _say(f"  {line}")
    idle = [name for name in ("succeeded", "packages_read", "clicks") if not getattr(work, name)]
    if idle:
        _say(f"nothing was done: {', '.join(idle)}")
    if minutes >= LONG:
        report.write("soak", found, ground.services)
    missed = sum(not figure.met for figure in found) + len(idle)
    _say(f"{missed} goals missed" if missed else "every goal met")
    return 1 if missed else 0


class _Events:
    """What happens at Wix meanwhile: services fail, and what is ordered is delivered."""

    def __init__(self, ground: Ground, looked_at: Sample) -> None:
        self.world = ground.world
        # Half of them: there is always something left to move.
        self.failing = list(looked_at.movable[::2])
        self._next_failure = self._next_delivery = 0.0

    def go_on(self, at: float) -> None:
        if self.failing and at >= self._next_failure:
            self._next_failure = at + FAIL_SECONDS
            failing = self.failing.pop()
            self.world.post(f"instances/{failing}", status="FAILED", failure=FAILURE)
        if at >= self._next_delivery:
            self._next_delivery = at + DELIVER_SECONDS
            self.world.post("clock", deliver_now=True)


def _number(name: str, default: int) -> int:
    """What the environment says, else this."""
    text = os.environ.get(name) or str(default)
    if not (text.isdecimal() and int(text)):
        sys.stderr.write(f"{name} must be a whole number of at least 1: {text!r}\n")
        sys.exit(2)
    return int(text)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
