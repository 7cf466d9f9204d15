"""`manage.py wix_sandbox`: three lines, then it serves until it is told to end."""

import signal
import subprocess
from contextlib import AbstractContextManager
from os import environ
from pathlib import Path

import pytest
import requests
from django.core.management import execute_from_command_line

from tests import processes

pytestmark = pytest.mark.standalone

SECONDS = 60  # whatever does not end by itself by then never will


def sandbox(*arguments: str) -> AbstractContextManager[subprocess.Popen[str]]:
    """The command in a process of its own."""
    printing = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return processes.process("manage.py", "wix_sandbox", *arguments, env=environ, **printing)


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_three_lines_serves_and_ends_in_peace(end: signal.Signals, tmp_path: Path):
    state = tmp_path / "sandbox.json"
    sizes = ("--accounts", "3", "--packages", "12", "--seed", "5", "--calls-per-minute", "7")
    with sandbox("--port", "0", "--state", str(state), *sizes) as process:
        assert process.stdout is not None
        address, key, account = (process.stdout.readline().split()[-1] for _ in range(3))
        answer = requests.get(f"{address}/_sandbox/state", timeout=SECONDS).json()
        process.send_signal(end)
        rest, complaints = process.communicate(timeout=SECONDS)

    assert answer["api_key"] == key
    assert answer["account_id"] == account
    assert answer["counts"]["packages"] == 12
    assert answer["calls_per_minute"] == 7
    assert (process.returncode, rest, complaints) == (0, "", "")
    assert state.exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--port", "70000"), "port"),
        (("--port", "x"), "--port"),
        (("--packages", "-5"), "packages"),
        (("--calls-per-minute", "fast"), "--calls-per-minute"),
        (("--port", "0", "--state", "/missing/folder/sandbox.json"), "state file"),
    ],
)
def test_wrong_arguments_cost_one_line_and_exit_status_2(
    arguments: tuple[str, ...], words: str, capfd: pytest.CaptureFixture[str]
):
    with pytest.raises(SystemExit) as end:
        execute_from_command_line(["manage.py", "wix_sandbox", *arguments])

    printed, complaints = capfd.readouterr()
    assert end.value.code == 2
    assert printed == ""
    assert len(complaints.strip().splitlines()) == 1
    assert words in complaints


def test_so_they_do_to_a_process():
    with sandbox("--port", "70000") as process:
        printed, complaints = process.communicate(timeout=SECONDS)

    assert (process.returncode, printed, len(complaints.strip().splitlines())) == (2, "", 1)
