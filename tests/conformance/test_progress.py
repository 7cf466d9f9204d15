"""The suite says what is going on while it takes its time."""

import threading
from types import SimpleNamespace

import pytest

from tests.conformance import progress

pytestmark = pytest.mark.assumed


class Lines(list[str]):
    """A terminal's reporter: keeps what is written, and says when there is a third line."""

    def __init__(self) -> None:
        super().__init__()
        self.third = threading.Event()

    def write_line(self, line: str) -> None:
        self.append(line)
        if len(self) > 2:
            self.third.set()


def test_how_far_it_is_and_what_runs_is_said_again_and_again(monkeypatch):
    monkeypatch.setattr(progress, "SECONDS", 0.01)
    lines = Lines()
    plugin = progress.Progress(lines, "https://wix.example")

    plugin.pytest_runtest_logstart("tests/conformance/test_orders.py::test_an_order")
    plugin.pytest_runtest_logfinish()
    plugin.pytest_runtest_logstart("tests/conformance/test_orders.py::test_another")
    plugin.pytest_collection_finish(SimpleNamespace(items=[1, 2, 3]))
    said = lines.third.wait(20)
    plugin.pytest_sessionfinish()

    assert said
    assert lines[0].startswith("3 tests ask https://wix.example")
    assert lines[2].startswith("1 of 3 after 0 s, now test_orders.py::test_another")
