"""The dashboard's own processes, started as in production and ended as a test wants."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
WORKER = ("-m", "celery", "-A", "dashboard", "worker", "-Q", "ops,sync", "-c", "1", "-l", "warning")
BEAT = ("-m", "celery", "-A", "dashboard", "beat", "-l", "warning", "-s")
SWEEP = ("manage.py", "sweep")


def environment(redis_url: str, **numbers: Any) -> dict[str, str]:
    """What a process needs to work on this test's database, Redis and sandbox."""
    return os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": redis_url,
        "WIX_BASE_URL": settings.WIX_BASE_URL,
        "WIX_API_KEY": settings.WIX_API_KEY,
        "WIX_ACCOUNT_ID": settings.WIX_ACCOUNT_ID,
        "OPERATIONS": json.dumps(numbers),
        # A worker would look the settings through first, which `manage.py check` is tested for.
        "CELERY_SKIP_CHECKS": "1",
    }


def database_url() -> str:
    """The test database's address."""
    held = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{held['NAME']}"
    user = held["USER"] + (f":{held['PASSWORD']}" if held["PASSWORD"] else "")
    return f"postgres://{user}@{held['HOST']}:{held['PORT']}/{held['NAME']}"


@contextmanager
def process(
    *arguments: str, env: dict[str, str], cwd: Path = ROOT, **pipes: Any
) -> Iterator["subprocess.Popen[Any]"]:
    """A Python process in a group of its own; the whole group is killed at the end."""
    command = [sys.executable, *arguments]
    with subprocess.Popen(command, cwd=cwd, env=env, start_new_session=True, **pipes) as started:
        try:
            yield started
        finally:
            kill(started)


def kill(started: "subprocess.Popen[Any]") -> None:
    """SIGKILL for the process and all its children: none of them gets to tidy up."""
    try:
        os.killpg(started.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    started.wait()


def wait_until(true: Callable[[], bool], what: str, *, seconds: float = 90) -> None:
    """Return once `true()` is so; fails, naming `what`, if that takes longer."""
    give_up_at = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up_at, f"after {seconds} s still not: {what}"
        time.sleep(0.05)
