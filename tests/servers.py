"""What the tests find on this machine, and private servers made of it.

Each server listens on loopback, on a free port, in a folder of its own under the machine's
temporary folder, and ends with the process that started it. Servers that run already are never
touched. PostgreSQL refuses to work as root, so there it runs as user postgres or nobody.
"""

import atexit
import ctypes
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis

START_SECONDS = 90.0
STOP_SECONDS = 10.0
# As the README has it of the real one: a locale that knows capital and small letters.
INITDB = ("--username=tests", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
NEVER_REQUIRED = ("nginx", "Caddy")
# Debian's own Chromium, as root, with nothing that calls home.
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SET_DEATH_SIGNAL = 1  # PR_SET_PDEATHSIG of prctl(2)


def postgresql_folder() -> Path | None:
    """The folder that holds initdb and postgres, or None. Debian keeps it off the PATH."""
    beside = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    versions = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    for folder in [*beside, *reversed(versions)]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def redis_program() -> str | None:
    """The path of redis-server, or None."""
    return shutil.which("redis-server")


def chromium_program() -> str | None:
    """The path of Chromium: what `CHROMIUM` names, else the first found; or None.

    The shell without a window comes first: it does the same in two thirds of the time.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


def libreoffice_program() -> str | None:
    """The path of LibreOffice's soffice, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def nginx_program() -> str | None:
    """The path of nginx, or None. Debian keeps it off the PATH of people."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def caddy_program() -> str | None:
    """The path of Caddy, or None."""
    return shutil.which("caddy")


def found() -> dict[str, str]:
    """What this machine has of the optional parts, by name; empty text for what it has not."""
    return {
        "nginx": nginx_program() or "",
        "Caddy": caddy_program() or "",
        "PostgreSQL": str(postgresql_folder() or ""),
        "Redis": redis_program() or "",
        "Chromium": chromium_program() or "",
        "LibreOffice": libreoffice_program() or "",
    }


def everything_is_required() -> bool:
    """Whether a missing part is a failure: `CI=true` or `REQUIRE_ALL=1`."""
    wanted = (os.environ.get("CI", ""), os.environ.get("REQUIRE_ALL", ""))
    return any(value.lower() in ("1", "true", "yes") for value in wanted)


def need(name: str) -> None:
    """Skip the running test where this part is not found; fail it where everything is required.

    Of the proxies an agency has one, and nobody has to have both.
    """
    if not found()[name]:
        words = f"{name} was not found"
        if everything_is_required() and name not in NEVER_REQUIRED:
            pytest.fail(words)
        pytest.skip(words)


def is_left_out_rightly(why: str) -> bool:
    """Whether a test that was skipped for this reason may be, where everything is required."""
    return any(f"{name} was not found" in why for name in NEVER_REQUIRED)


@dataclass
class PrivateServer:
    """A server of our own: its address, its process and its folder."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    folder: Path

    def stop(self) -> None:
        """End the process, by force if it takes longer than ten seconds, and remove its folder."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_postgresql(kept: Path | None = None) -> PrivateServer:
    """A fresh PostgreSQL without durability, which a test run does not need.

    `url` names its database postgres. With `kept` it is the one of that folder, which stays when
    the server ends. Raises RuntimeError with the server's own words where it does not start.
    """
    programs = postgresql_folder()
    if programs is None:
        raise RuntimeError("PostgreSQL was not found")
    identity = _unprivileged()
    folder = own_folder("postgresql", identity.get("user"))
    data = folder / "data"
    if kept:
        kept.mkdir(exist_ok=True)
        if identity:
            shutil.chown(kept, identity["user"])
        data = kept / "data"
    if not (data / "PG_VERSION").exists():
        subprocess.run(
            [programs / "initdb", "--pgdata", data, *INITDB],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
            **identity,
        )
    port = free_port()
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": folder,
        "max_connections": 200,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        # Nobody copies it, and its plans are for a few rows.
        "wal_level": "minimal",
        "max_wal_senders": 0,
        "jit": "off",
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    url = f"postgres://tests@127.0.0.1:{port}/postgres"
    command = [programs / "postgres", "-D", data, *options]
    return start_server(command, url, port, folder, identity, _postgresql_answers)


def start_redis() -> PrivateServer:
    """An empty Redis that keeps nothing on disk. Raises RuntimeError where it does not start."""
    program = redis_program()
    if program is None:
        raise RuntimeError("Redis was not found")
    folder, port = own_folder("redis"), free_port()
    command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder)]
    command += ["--save", "", "--appendonly", "no", "--maxmemory-policy", "noeviction"]
    return start_server(command, f"redis://127.0.0.1:{port}/0", port, folder, {}, _redis_answers)


def free_port() -> int:
    """A port of loopback that nothing listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_server(
    command: Sequence[object],
    url: str,
    port: int,
    folder: Path,
    identity: dict[str, Any],
    answers: Callable[[str], bool],
) -> PrivateServer:
    """The server of this command, once it answers at its address; it ends with this process.

    Raises RuntimeError with the server's own words where it does not start.
    """
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=_end_with_parent,  # noqa: PLW1509  (the child calls prctl and nothing else)
            **identity,
        )
    server = PrivateServer(url, port, process, folder)
    atexit.register(server.stop)
    give_up_at = time.monotonic() + START_SECONDS
    while not answers(url):
        if process.poll() is not None or time.monotonic() > give_up_at:
            words = log.read_text(errors="replace")
            server.stop()
            raise RuntimeError(f"{command[0]} did not start:\n{words}")
        time.sleep(0.05)
    return server


def _postgresql_answers(url: str) -> bool:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _redis_answers(url: str) -> bool:
    client = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=1)
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False
    finally:
        client.close()


def _unprivileged() -> dict[str, Any]:
    """What Popen needs to run a program as somebody other than root; nothing for anybody else."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def own_folder(name: str, owner: str | None = None) -> Path:
    """A folder for one server, which its owner can write."""
    folder = Path(tempfile.mkdtemp(prefix=f"tests-{name}-"))
    if owner:
        shutil.chown(folder, owner)
    return folder


def _end_with_parent() -> None:
    # A test run that is killed must leave no server behind. Other systems than Linux have no
    # prctl; there the folder and the process stay until somebody ends them.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(SET_DEATH_SIGNAL, signal.SIGINT)
