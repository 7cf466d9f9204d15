"""The dashboard's processes as in production: what they log, and how much memory they have."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import requests

from tests import environment, processes, servers
from tests.soak.ground import Ground

CELERY = ("-m", "celery", "-A", "dashboard")
QUIET = ("-l", "warning", "--without-gossip", "--without-mingle")
OPS, SYNC = (
    (*CELERY, "worker", "-Q", queue, "-c", number, "-n", f"{queue}@%h", *QUIET)
    for queue, number in (("ops", "4"), ("sync", "2"))
)
TROUBLE = "Traceback (most recent call last)"
MEBIBYTE = 1024


class House:
    """Web from the start; workers, beat and sweep once they are started. All are killed in the
    end."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.place = f"127.0.0.1:{servers.free_port()}"
        self.address = f"http://{self.place}"
        self._stack = ExitStack()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        bound = ("-b", self.place, "-w", "2", "--log-level", "warning")
        self._start("web", "-m", "gunicorn", *bound, "dashboard.wsgi:application")
        processes.wait_until(self._answers, "the web processes answer")
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def start_work(self) -> None:
        """Have operations carried out, and Wix read."""
        self._start("ops", *OPS)
        self._start("sync", *SYNC)
        schedule = str(self.ground.folder / "beat-schedule")
        self._start("beat", *CELERY, "beat", "-l", "warning", "-s", schedule)
        self._start("sweep", *processes.SWEEP)

    def memory(self) -> dict[str, float]:
        """MiB that each of them and its children have in memory."""
        return {
            name: sum(map(_resident, _family(process.pid))) / MEBIBYTE
            for name, process in self._processes.items()
        }

    def ended(self) -> list[str]:
        """Those that are not there any more."""
        return [name for name, one in self._processes.items() if one.poll() is not None]

    def tracebacks(self) -> list[str]:
        """What each log has of them: the process and the error's own line."""
        return [
            f"{name}: {error}" for name in self._processes for error in _errors(self._log(name))
        ]

    def _start(self, name: str, *arguments: str) -> None:
        output = self._stack.enter_context(self._log(name).open("wb"))
        started = processes.process(
            *arguments, env=self.ground.env, stdout=output, stderr=output, cwd=environment.ROOT
        )
        self._processes[name] = self._stack.enter_context(started)

    def _log(self, name: str) -> Path:
        return self.ground.folder / f"{name}.log"

    def _answers(self) -> bool:
        if self._processes["web"].poll() is not None:
            sys.stderr.write(self._log("web").read_text(errors="replace"))
            raise RuntimeError("the web processes did not start")
        try:
            return requests.get(f"{self.address}/healthz", timeout=2).ok
        except requests.RequestException:
            return False


def _errors(log: Path) -> Iterator[str]:
    is_within = False
    for line in log.read_text(errors="replace").splitlines():
        if TROUBLE in line:
            is_within = True
        elif is_within and line and not line.startswith((" ", "\t")):
            is_within = False
            yield line


def _family(pid: int) -> list[int]:
    """The process and all that came of it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in _family(int(child)))]


def _resident(pid: int) -> float:
    """KiB of it that are in memory."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return float(line.split()[1])
    return 0.0
