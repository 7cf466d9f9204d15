"""From a fresh copy to a running dashboard: settings, refusals to start, the demo."""

import ast
import re
import runpy
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from django.core.exceptions import ImproperlyConfigured

from tests import environment, servers
from tests.environment import PRODUCTION, ROOT

PROGRAMS = Path(sys.executable).parent
# A file of its own: beat removes and writes anew a schedule that it cannot read.
SCHEDULE = Path(tempfile.gettempdir()) / "dashboard-test-schedule"
PROCESSES = {
    "web": [PROGRAMS / "gunicorn", "--check-config", "dashboard.wsgi"],
    "worker": [PROGRAMS / "celery", "-A", "dashboard", "worker", "--pool", "solo"],
    "beat": [PROGRAMS / "celery", "-A", "dashboard", "beat", "--schedule", SCHEDULE],
    "sweep": [sys.executable, "manage.py", "sweep"],
    "sync_mirror": [sys.executable, "manage.py", "sync_mirror"],
}


def run(command: list, **changes: str) -> subprocess.CompletedProcess:
    """The command to its end, in production settings with these changes; ended after 20 s."""
    settings = environment.of_process(
        PRODUCTION, DJANGO_SETTINGS_MODULE="dashboard.settings", **changes
    )
    return subprocess.run(
        command,
        cwd=ROOT,
        env=settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=20,
        check=False,
    )


# --- settings ------------------------------------------------------------------------------------


@pytest.fixture
def read_settings(monkeypatch) -> Callable[..., dict]:
    """A function that reads settings.py in production, with these changes to the environment."""

    def read(**changes: str) -> dict:
        for name, value in (PRODUCTION | changes).items():
            monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "dashboard" / "settings.py"))

    return read


def settings_read() -> set[str]:
    """The names that settings.py asks the environment for."""
    tree = ast.parse((ROOT / "dashboard" / "settings.py").read_text())
    text = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    asked = (
        re.match(r"(?:env\.\w+|address|number|switch|words)\('([A-Z_]+)'", call) for call in text
    )
    return {found[1] for found in asked if found}


def test_the_example_names_every_setting_and_no_other():
    text = (ROOT / ".env.example").read_text()

    assert set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE)) == settings_read()


def test_the_readme_names_every_setting():
    text = (ROOT / "README.md").read_text()

    assert settings_read() <= set(re.findall(r"`([A-Z_]+)`", text))


def test_the_suite_gives_every_setting_a_value():
    assert set(environment.TESTS) == settings_read()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "perhaps"),
        ("BEHIND_PROXY", "2"),
        ("WIX_CALLS_PER_MINUTE", "many"),
        ("WIX_CALLS_PER_MINUTE", "0"),
        ("WIX_REASSIGN", "sideways"),
        ("WIX_BASE_URL", "nonsense"),
        ("WIX_ACCOUNT_ID", "me"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "nonsense"),
        ("EMAIL_URL", "nonsense"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("SECRET_KEY_FILE", "/nowhere/secret"),
    ],
)
def test_nonsense_is_refused_and_the_setting_named(name, value, read_settings):
    with pytest.raises(ImproperlyConfigured, match=name):
        read_settings(**{name: value})


def test_a_value_may_come_from_a_file(read_settings, tmp_path):
    secret = tmp_path / "key"
    secret.write_text("from-a-file")

    assert read_settings(WIX_API_KEY_FILE=str(secret))["WIX_API_KEY"] == "from-a-file"


def test_production_settings_pass_the_deployment_check():
    checked = run([sys.executable, "manage.py", "check", "--deploy"])

    assert "no issues (0 silenced)" in checked.stdout


@pytest.mark.parametrize("process", PROCESSES)
def test_production_refuses_to_start_without_secrets_and_says_which(process):
    names = ("SECRET_KEY", "WIX_API_KEY", "WIX_ACCOUNT_ID")

    refused = run(PROCESSES[process], **dict.fromkeys(names, ""))

    assert refused.returncode != 0
    assert all(name in refused.stdout for name in names)


def test_the_refusal_names_only_what_is_missing():
    refused = run(PROCESSES["sync_mirror"], WIX_API_KEY="")

    assert refused.returncode != 0
    assert "WIX_API_KEY" in refused.stdout
    assert "WIX_ACCOUNT_ID" not in refused.stdout


@pytest.mark.parametrize("command", [["migrate", "--plan"], ["collectstatic", "--dry-run"]])
def test_a_bare_machine_can_be_prepared(command, tmp_path):
    database = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    bare = dict.fromkeys(("SECRET_KEY", "WIX_API_KEY", "WIX_ACCOUNT_ID"), "")

    done = run([sys.executable, "manage.py", *command, "--no-input"], DATABASE_URL=database, **bare)

    assert done.returncode == 0, done.stdout


# --- the demo ------------------------------------------------------------------------------------


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.mark.parametrize("name", ["WEB_PORT", "SANDBOX_PORT"])
def test_the_demo_names_the_port_that_is_taken(name, taken_port):
    ports = {"WEB_PORT": str(servers.free_port()), "SANDBOX_PORT": str(servers.free_port())}

    refused = run([sys.executable, "manage.py", "demo"], **(ports | {name: str(taken_port)}))

    assert refused.returncode == 2
    assert len(refused.stdout.splitlines()) == 1
    assert str(taken_port) in refused.stdout
    assert name in refused.stdout


@pytest.mark.parametrize("port", ["eighty", "0", "65536", "-1"])
def test_the_demo_refuses_a_port_that_is_none(port):
    refused = run([sys.executable, "manage.py", "demo"], WEB_PORT=port)

    assert refused.returncode == 2
    assert "WEB_PORT" in refused.stdout


@pytest.mark.standalone
def test_the_demo_runs_ends_and_comes_back_with_its_world(tmp_path):
    house = tmp_path / "house"
    shutil.copytree(
        ROOT, house, ignore=shutil.ignore_patterns(".*", "*.sqlite3*", "__pycache__", "tests")
    )
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

    for _ in range(2):
        demo = subprocess.Popen(
            [sys.executable, "manage.py", "demo"],
            cwd=house,
            env=settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            said = _until_it_serves(demo, address)
            rows = _instances_seen_by("viewer", address)
        finally:
            demo.send_signal(signal.SIGINT)
            asked_at = time.monotonic()
            rest, _ = demo.communicate(timeout=20)

        assert demo.returncode == 0, said + rest
        assert time.monotonic() - asked_at < 8
        assert "Traceback" not in said + rest
        assert all(role in said for role in ("viewer", "operator", "manager", "admin"))
        assert "No product instances" not in rows
        assert rows.count("/instances/") > 20


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
