"""The dashboard's processes as in production, and its servers: each may be ended at any time."""

import json
import os
import random
import signal
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from tests import browsing, processes, servers
from tests.chaos import restarts
from tests.chaos.ground import HURRIED, Ground, Process

if TYPE_CHECKING:
    import subprocess

# As on the rest of the ground; but two readings that count as two lie further apart than a read
# lags behind (`stale`), as they do in earnest.
NUMBERS = HURRIED | {
    "READ_LADDER": [0.1, 0.1, 0.2, 0.3, 0.6, 0.6],
    "CREATE_LADDER": [0.1, 0.1, 0.2, 0.3, 0.6, 0.6, 0.6],
    "THROTTLE_SECONDS": [0.5, 1, 2],
}
OF_READINGS = {"LEASE_SECONDS": 5, "RETRY_SECONDS": [0.5, 1, 2]}
STRATEGIES = ("two_step", "direct")
GIVE_IN_SECONDS = 5  # a process that is told to stop has so long


class House:
    """The processes, started as it is entered; web is at `address` whenever it runs."""

    def __init__(self, ground: Ground, chance: random.Random) -> None:
        self.ground = ground
        self.chance = chance
        self.place = f"127.0.0.1:{servers.free_port()}"
        self.address = f"http://{self.place}"
        self._running: dict[str, tuple[ExitStack, subprocess.Popen[bytes]]] = {}
        self._starts: dict[str, Callable[[dict[str, str]], Process]] = {
            "web": self._web,
            "ops": lambda env: ground.worker("ops", **env),
            "sync": lambda env: ground.worker("sync", **env),
            "beat": self._beat,
            "sweep": lambda env: ground.process(*processes.SWEEP, **env),
        }

    @property
    def names(self) -> list[str]:
        return list(self._starts)

    def __enter__(self) -> Self:
        for name in self.names:
            self.start(name)
        processes.wait_until(self.answers, "the web process answers")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in list(self._running):
            self.kill(name)

    def answers(self) -> bool:
        return browsing.WebProcess(self.address, self._running["web"][1]).answers()

    def start(self, name: str, strategy: str = "") -> None:
        """Start it; a service moves as `strategy` says, or in either of the two ways by chance."""
        stack = ExitStack()
        env = {
            "OPERATIONS": json.dumps(NUMBERS),
            "MIRROR": json.dumps(OF_READINGS),
            "WIX_REASSIGN": strategy or self.chance.choice(STRATEGIES),
        }
        self._running[name] = stack, stack.enter_context(self._starts[name](env))

    def kill(self, name: str) -> None:
        """End it without a word."""
        stack, _ = self._running.pop(name)
        stack.close()

    def stop(self, name: str) -> None:
        """Tell it to stop, as a deployment does, and end it if it takes too long."""
        _, process = self._running[name]
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        give_up_at = time.monotonic() + GIVE_IN_SECONDS
        while process.poll() is None and time.monotonic() < give_up_at:
            time.sleep(0.05)
        self.kill(name)

    def freeze(self, name: str, seconds: float) -> None:
        """Have it stand still for so long."""
        group = self._running[name][1].pid
        with suppress(ProcessLookupError):
            os.killpg(group, signal.SIGSTOP)
            time.sleep(seconds)
            os.killpg(group, signal.SIGCONT)

    def look_after(self) -> list[str]:
        """Start what has ended by itself, as a service manager does; which those were."""
        ended = [name for name, (_, process) in self._running.items() if process.poll() is not None]
        for name in ended:
            self.kill(name)
            self.start(name)
        return ended

    def _web(self, env: dict[str, str]) -> Process:
        arguments = ("-m", "gunicorn", "-b", self.place, "-w", "1", "--log-level", "warning")
        return self.ground.process(*arguments, "dashboard.wsgi:application", **env)

    def _beat(self, env: dict[str, str]) -> Process:
        schedule = self.ground.folder / "beat-schedule"
        return self.ground.process(*processes.BEAT, str(schedule), **env)


# --- servers -------------------------------------------------------------------------------------


def restart(server: servers.PrivateServer, number: signal.Signals, *, away: float) -> None:
    """End the server by this signal and start it again so many seconds later."""
    restarts.end(server, number)
    time.sleep(away)
    restarts.start_again(server)


def freeze(server: servers.PrivateServer, seconds: float) -> None:
    """Have the server stand still for so long, with all its processes."""
    family = [server.process.pid, *_children(server.process.pid)]
    _send(family, signal.SIGSTOP)
    time.sleep(seconds)
    _send(family, signal.SIGCONT)


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def _send(family: list[int], number: Any) -> None:
    for pid in family:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
