"""`manage.py demo`: refused where it cannot have its ports, else up, down and up again."""

import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests
from django.core.management import CommandError, call_command

from resellers.sandbox import Sandbox
from tests import databases, environment, processes, servers
from tests.environment import PRODUCTION, ROOT
from tests.production import SECONDS, run
from tests.randomness import FULL


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_the_demo_names_the_port_that_is_taken_in_one_line(taken_port):
    ports = {"WEB_PORT": str(servers.free_port()), "SANDBOX_PORT": str(taken_port)}

    refused = run([sys.executable, "manage.py", "demo"], **ports)

    assert refused.returncode == 2
    assert len(refused.stdout.splitlines()) == 1
    assert str(taken_port) in refused.stdout
    assert "SANDBOX_PORT" in refused.stdout


@pytest.mark.parametrize("port", ["taken", "eighty", "0", "65536", "-1"])
def test_the_demo_refuses_a_port_that_it_cannot_have(port, taken_port, settings, monkeypatch):
    settings.DEMO = True
    monkeypatch.setenv("WEB_PORT", str(taken_port) if port == "taken" else port)

    with pytest.raises(CommandError, match="WEB_PORT") as refused:
        call_command("demo")

    assert refused.value.returncode == 2


@pytest.mark.standalone
def test_the_demo_runs_ends_and_comes_back_with_its_world(tmp_path):
    house = tmp_path / "house"
    shutil.copytree(ROOT, house, ignore=shutil.ignore_patterns(".*", "*.sqlite3*", "tests"))
    if not FULL:
        _prepare(house / ".demo")
    port = servers.free_port()
    # What a real installation has set in this shell must stay outside.
    settings = environment.of_process(
        PRODUCTION,
        WEB_PORT=str(port),
        SANDBOX_PORT=str(servers.free_port()),
        DATABASE_URL="postgres://nobody@nowhere.example/none",
        REDIS_URL="redis://nowhere.example",
    )
    address = f"http://127.0.0.1:{port}"
    printing = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}

    for _ in range(2):
        with processes.process("manage.py", "demo", env=settings, cwd=house, **printing) as demo:
            said = _until_it_serves(demo, address)
            rows = _instances_seen_by("viewer", address)
            demo.send_signal(signal.SIGINT)
            rest, _ = demo.communicate(timeout=SECONDS)

        assert demo.returncode == 0, said + rest
        assert "Traceback" not in said + rest
        assert all(role in said for role in ("viewer", "operator", "manager", "admin"))
        assert "No product instances" not in rows
        assert rows.count("/instances/") > 20


def _prepare(folder: Path) -> None:
    """A small world, and a database in which only the table of who is logged in has to be made.

    Each run of the tests makes all tables from nothing already: once more would take ten seconds,
    and so would reading the whole world of a demo.
    """
    folder.mkdir()
    Sandbox(seed=1, accounts=12, packages=40, state_file=folder / "sandbox.json").stop()
    if (made := databases.made()) is None:
        return
    file = shutil.copy(made, folder / "db.sqlite3")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("DROP TABLE django_session")
        database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")


def _until_it_serves(demo: subprocess.Popen, address: str) -> str:
    said = ""
    assert demo.stdout
    for line in demo.stdout:
        said += line
        if "Ctrl-C" in line:
            return said
    raise AssertionError(f"the demo ended by itself:\n{said}")


def _instances_seen_by(role: str, address: str) -> str:
    with requests.Session() as browser:
        form = browser.get(f"{address}/login/", timeout=10).text
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', form)
        assert token
        browser.post(
            f"{address}/login/",
            data={"username": role, "password": "demo", "csrfmiddlewaretoken": token[1]},
            timeout=10,
        ).raise_for_status()
        return browser.get(f"{address}/instances/", timeout=10).text
