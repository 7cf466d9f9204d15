"""What the suite is doing, said every few seconds: a server of others is asked slowly."""

from __future__ import annotations

import threading
import time
from typing import TextIO

import pytest

SECONDS = 10.0


class Progress:
    """A plugin that writes a line every ten seconds: how far it is, and what takes its time.

    `terminal` must be one that is not captured while tests run.
    """

    def __init__(self, terminal: TextIO, server: str) -> None:
        self._terminal = terminal
        self._server = server
        self._total = self._done = 0
        self._running = "collecting"
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tell, name="progress", daemon=True)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._total = len(session.items)
        self._write(
            f"{self._total} tests ask {self._server}, fewer than 200 calls a minute: some minutes."
        )
        self._thread.start()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self._running = nodeid.rpartition("/")[2]

    def pytest_runtest_logfinish(self) -> None:
        self._done += 1

    def pytest_sessionfinish(self) -> None:
        self._ended.set()

    def _tell(self) -> None:
        while not self._ended.wait(SECONDS):
            seconds = time.monotonic() - self._began
            self._write(
                f"\n{self._done} of {self._total} after {seconds:.0f} s, now {self._running}"
            )

    def _write(self, line: str) -> None:
        self._terminal.write(f"{line}\n")
        self._terminal.flush()
