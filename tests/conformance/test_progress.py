"""The suite says what is going on while it takes its time."""

import io
import threading
from types import SimpleNamespace

import pytest

from tests.conformance import progress

pytestmark = pytest.mark.assumed


class Terminal(io.StringIO):
    """Keeps what is written, and says when a second line has come."""

    def __init__(self) -> None:
        super().__init__()
        self.second = threading.Event()

    def flush(self) -> None:
        if "after" in self.getvalue():
            self.second.set()


def test_how_far_it_is_and_what_runs_is_said_again_and_again(monkeypatch):
    monkeypatch.setattr(progress, "SECONDS", 0.01)
    terminal = Terminal()
    plugin = progress.Progress(terminal, "https://wix.example")

    plugin.pytest_runtest_logstart("tests/conformance/test_orders.py::test_an_order")
    plugin.pytest_runtest_logfinish()
    plugin.pytest_runtest_logstart("tests/conformance/test_orders.py::test_another")
    plugin.pytest_collection_finish(SimpleNamespace(items=[1, 2, 3]))
    said = terminal.second.wait(20)
    plugin.pytest_sessionfinish()

    assert said
    first, _, second = terminal.getvalue().splitlines()[:3]
    assert first.startswith("3 tests ask https://wix.example")
    assert second.startswith("1 of 3 after 0 s, now test_orders.py::test_another")
