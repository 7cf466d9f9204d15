"""No secret of ours is on a command line, in what a process says, in the database or in Redis."""

import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import pytest
import redis
import requests
from django.apps import apps
from django.core.management import get_commands, load_command_class

from resellers.models import Heartbeat
from tests import processes, servers

SECRETS = {
    "SECRET_KEY": "canary-of-the-secret-key-0123456789-abcdefghijklmnop",
    "METRICS_TOKEN": "canary-of-metrics",
    "OIDC_ISSUER": "https://id.agency.example",
    "OIDC_CLIENT_ID": "desk",
    "OIDC_CLIENT_SECRET": "canary-of-the-provider",
    "EMAIL_URL": "smtp://desk:canary-of-mail@127.0.0.1:9",
}
CANARY = "canary-of-"
COMMANDS = (
    ("doctor",),
    ("sync_mirror",),
    ("verify_audit",),
    ("sweep", "--once"),
    ("migrate", "--check"),
    ("invite", "rita", "--role", "viewer"),
    ("nonsense",),
)


def test_no_command_of_ours_takes_a_secret_as_an_argument():
    found = {}
    for name, app in get_commands().items():
        if app not in ("dashboard", "resellers"):
            continue
        parser = load_command_class(app, name).create_parser("manage.py", name)
        for action in parser._actions:
            words = f"{action.dest} {action.metavar or ''}".lower()
            if any(word in words for word in ("key", "secret", "password", "token", "url")):
                found[name] = action.dest
    assert found == {}


def command_lines(*pids: int) -> str:
    """What everybody on this machine reads of these processes and of all that they started."""
    text, coming = "", list(pids)
    while coming:
        folder = Path(f"/proc/{coming.pop()}")
        try:
            text += f"{(folder / 'cmdline').read_text()}\n{(folder / 'comm').read_text()}\n"
            for children in folder.glob("task/*/children"):
                coming += [int(pid) for pid in children.read_text().split()]
        except OSError:
            continue  # it has ended meanwhile
    return text


@pytest.mark.standalone
@pytest.mark.redis
@pytest.mark.at_length
@pytest.mark.django_db(transaction=True)
def test_no_process_of_ours_tells_a_secret_by_its_command_line_its_log_or_its_rows(
    mirror, redis_url, tmp_path
):
    with redis.Redis.from_url(redis_url) as server:
        server.execute_command(
            *("ACL", "SETUSER", "desk", "on", ">canary-of-redis", "~*", "&*", "+@all")
        )
    world = mirror.sandbox.world
    world.keys = ["canary-of-wix"]
    env = processes.environment(redis_url.replace("redis://", "redis://desk:canary-of-redis@"))
    env |= SECRETS | {"WIX_API_KEY": world.api_key, "DEBUG": "false"}
    env |= {"ALLOWED_HOSTS": "*", "TRUSTED_PROXIES": "127.0.0.1"}
    port, log = servers.free_port(), tmp_path / "log"
    whole = (*processes.WORKER[:-1], "debug"), (*processes.BEAT, str(tmp_path / "beat"))
    web = ("-m", "gunicorn", "--bind", f"127.0.0.1:{port}", "dashboard.wsgi")
    lines = ""
    with log.open("wb") as output, ExitStack() as running:
        pipes = {"stdout": output, "stderr": subprocess.STDOUT}
        started = [
            running.enter_context(processes.process(*command, env=env, **pipes))
            for command in (web, processes.SWEEP, *whole)
        ]
        processes.wait_until(
            lambda: Heartbeat.objects.values("role").distinct().count() == 3, "all are at work"
        )
        # An error of the web process, and what it refuses, is told in its log as well.
        for path in ("/healthz", "/metrics", "/accounts/?q=%00", "/login/provider/"):
            headers = {"X-Forwarded-Proto": "https", "Authorization": "Bearer wrong"}
            page = f"http://127.0.0.1:{port}{path}"
            requests.get(page, headers=headers, timeout=20, allow_redirects=False)
        lines += command_lines(*(one.pid for one in started))
        for command in COMMANDS:
            arguments = [sys.executable, "manage.py", *command]
            with subprocess.Popen(arguments, cwd=processes.ROOT, env=env, **pipes) as one:
                while one.poll() is None:  # at any moment of its life
                    lines += command_lines(one.pid)
                    time.sleep(0.05)
    said = log.read_text(errors="replace")
    rows = [str(row) for m in apps.get_models() for row in m._base_manager.values_list()]
    with redis.Redis.from_url(redis_url) as server:
        kept = [f"{name} {server.dump(name)}" for name in server.scan_iter()]
        server.execute_command("ACL", "DELUSER", "desk")

    seen = {name for name in ("gunicorn", "celery", "beat", "sweep", "doctor") if name in lines}
    assert len(seen) == 5, lines
    assert "Wix" in said
    assert len(said) > 5000
    assert len(rows) > 200
    assert kept
    for place in (lines, said, *rows, *kept):
        at = place.find(CANARY)
        assert at < 0, place[max(0, at - 200) : at + 60]
