"""What the suite is doing, said every few seconds: a server of others is asked slowly."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

SECONDS = 10.0


class Progress:
    """A plugin that writes a line every ten seconds: how far it is, and what takes its time."""

    def __init__(self, reporter: Any, server: str) -> None:
        self._reporter = reporter
        self._server = server
        self._total = self._done = 0
        self._running = "collecting"
        self._began = time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._tell, name="progress", daemon=True)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._total = len(session.items)
        self._reporter.write_line(
            f"{self._total} tests ask {self._server}, less than 200 calls a minute: some minutes. "
            f"Every {SECONDS:g} s a line says what is going on."
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
            self._reporter.write_line("")
            self._reporter.write_line(self.line())

    def line(self) -> str:
        """How far the suite is, since when, and the test that runs."""
        seconds = time.monotonic() - self._began
        return f"{self._done} of {self._total} after {seconds:.0f} s, now {self._running}"
