"""Private servers ended in the midst of work and started again, with the same data and port."""

import os
import pwd
import signal
import subprocess
import time
from typing import Any

import psycopg
from redis import Redis, RedisError

from tests import servers

START_SECONDS = 30


def end(server: servers.PrivateServer, number: signal.Signals) -> None:
    """End it by this signal and wait until it is gone."""
    server.process.send_signal(number)
    server.process.wait()


def freeze(server: servers.PrivateServer) -> None:
    """Have it and every process of it stand still. What it has open stays open."""
    for pid in (server.process.pid, *_children(server)):
        os.kill(pid, signal.SIGSTOP)


def thaw(server: servers.PrivateServer) -> None:
    """Let it go on where it stood."""
    for pid in (*_children(server), server.process.pid):
        os.kill(pid, signal.SIGCONT)


def _children(server: servers.PrivateServer) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(server.process.pid)],
        check=False,
        capture_output=True,
        text=True,
    )
    return [int(pid) for pid in listed.stdout.split()]


def start_again(server: servers.PrivateServer) -> None:
    """Start it anew as it was started first, and wait until it answers."""
    with (server.folder / "log").open("ab") as output:
        server.process = subprocess.Popen(
            server.process.args,
            cwd=server.folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=servers._end_with_parent,  # noqa: PLW1509
            **_owner(server),
        )
    give_up_at = time.monotonic() + START_SECONDS
    while not answers(server):
        assert time.monotonic() < give_up_at, f"{server.url} does not come back"
        time.sleep(0.05)


def answers(server: servers.PrivateServer) -> bool:
    """Whether it takes a connection now."""
    try:
        if server.url.startswith("redis"):
            with Redis.from_url(server.url, socket_timeout=1, socket_connect_timeout=1) as redis:
                return bool(redis.ping())
        psycopg.connect(server.url, connect_timeout=2).close()
    except (RedisError, psycopg.OperationalError):
        return False
    return True


def _owner(server: servers.PrivateServer) -> dict[str, Any]:
    """As whom the server runs: PostgreSQL refuses root, so its folder is another user's."""
    if os.geteuid() != 0:
        return {}
    owner = pwd.getpwuid(server.folder.stat().st_uid)
    return {"user": owner.pw_name, "group": owner.pw_gid, "extra_groups": []}
