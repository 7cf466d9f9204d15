"""The web server as it is run, on a port and on a unix socket: it trusts no proxy on its own."""

import http.client
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import environment, servers
from tests.environment import PRODUCTION, ROOT
from tests.test_set_up import PROGRAMS

pytestmark = pytest.mark.standalone
CLAIM = {"Host": "dashboard.example", "X-Forwarded-Proto": "https"}


class Unix(http.client.HTTPConnection):
    """HTTP over the unix socket of that path."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(str(self.path))


@contextmanager
def web(tmp_path: Path, trusted: str) -> Iterator[tuple[int, Path]]:
    """A gunicorn in production settings, by its port and the path of its unix socket."""
    port, path = servers.free_port(), tmp_path / "web.sock"
    settings = environment.of_process(
        PRODUCTION,
        DJANGO_SETTINGS_MODULE="dashboard.settings",
        DATABASE_URL=f"sqlite:///{tmp_path / 'db.sqlite3'}",
        TRUSTED_PROXIES=trusted,
    )
    binds = ("--bind", f"127.0.0.1:{port}", "--bind", f"unix:{path}")
    command = [PROGRAMS / "gunicorn", "dashboard.wsgi", *binds]
    with (tmp_path / "log").open("wb") as log:
        started = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=log)
    try:
        give_up_at = time.monotonic() + 60
        while status(http.client.HTTPConnection("127.0.0.1", port), "/healthz") != 200:
            assert started.poll() is None, (tmp_path / "log").read_text()
            assert time.monotonic() < give_up_at, (tmp_path / "log").read_text()
            time.sleep(0.1)
        yield port, path
    finally:
        started.terminate()
        started.wait(20)


def status(connection: http.client.HTTPConnection, address: str = "/search/") -> int:
    """The status of what a request is answered that claims to have come by TLS; 0: not at all."""
    try:
        connection.request("GET", address, headers=CLAIM)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("trusted", "by_port", "by_socket"),
    [("", 301, 301), ("127.0.0.1", 302, 301), ("unix", 301, 302), ("10.0.0.7", 301, 301)],
)
def test_the_servers_own_trust_in_this_machine_does_not_count(
    tmp_path, trusted, by_port, by_socket
):
    """Redirected to TLS, 301, is who counts as plain; the others are led to the log-in, 302."""
    with web(tmp_path, trusted) as (port, path):
        assert status(http.client.HTTPConnection("127.0.0.1", port)) == by_port
        assert status(Unix(path)) == by_socket
