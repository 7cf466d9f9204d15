"""The web server as it is run, on a port and on a unix socket: it trusts nobody on its own, and who
sends half a request keeps nobody from an answer."""

import http.client
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests import environment, servers
from tests.environment import PRODUCTION, ROOT
from tests.production import PROGRAMS

pytestmark = pytest.mark.standalone
HOST = {"Host": "dashboard.example"}
CLAIM = HOST | {"X-Forwarded-Proto": "https"}
THREADS = 4  # of a worker: see gunicorn.conf.py


class Unix(http.client.HTTPConnection):
    """HTTP over the unix socket of that path."""

    def __init__(self, path: Path) -> None:
        super().__init__("localhost")
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(str(self.path))


class Web:
    """A gunicorn in production settings, by its port and the path of its unix socket."""

    def __init__(self, folder: Path, trusted: str) -> None:
        self.port, self.path, self.log = servers.free_port(), folder / "web.sock", folder / "log"
        settings = environment.of_process(
            PRODUCTION,
            DJANGO_SETTINGS_MODULE="dashboard.settings",
            DATABASE_URL=f"sqlite:///{folder / 'db.sqlite3'}",
            TRUSTED_PROXIES=trusted,
        )
        binds = ("--bind", f"127.0.0.1:{self.port}", "--bind", f"unix:{self.path}")
        command = [PROGRAMS / "gunicorn", "dashboard.wsgi", *binds]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=settings, stdout=log, stderr=log)

    def wait(self) -> None:
        """Until it answers."""
        give_up_at = time.monotonic() + 60
        while status(self.by_port(), "/healthz", HOST) != 200:
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < give_up_at, self.log.read_text()
            time.sleep(0.1)

    def by_port(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port)

    def by_socket(self) -> http.client.HTTPConnection:
        return Unix(self.path)


def test_who_asks_first_waits_for_no_page_to_be_loaded():
    settings = environment.of_process(
        PRODUCTION, DJANGO_SETTINGS_MODULE="dashboard.settings", DATABASE_URL="sqlite:///:memory:"
    )
    program = "import sys, dashboard.wsgi; print('dashboard.pages.instances.list' in sys.modules)"
    command = [PROGRAMS / "python", "-c", program]
    started = subprocess.run(
        command, cwd=ROOT, env=settings, capture_output=True, text=True, check=True
    )
    assert started.stdout == "True\n"


@pytest.fixture(scope="module", params=["", "127.0.0.1", "unix", "10.0.0.7"])
def trusted(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def web(tmp_path_factory, trusted) -> Iterator[Web]:
    started = Web(tmp_path_factory.mktemp("web"), trusted)
    try:
        started.wait()
        yield started
    finally:
        started.process.terminate()
        started.process.wait(30)


def status(
    connection: http.client.HTTPConnection,
    address: str = "/search/",
    headers: dict[str, str] = CLAIM,
) -> int:
    """The status of the answer; 0: there is none."""
    try:
        connection.request("GET", address, headers=headers)
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def test_the_servers_own_trust_in_this_machine_does_not_count(web, trusted):
    """Redirected to TLS, 301, is who counts as plain; the others are led to the log-in, 302."""
    believed = {"127.0.0.1": "port", "unix": "socket"}.get(trusted)

    assert status(web.by_port()) == (302 if believed == "port" else 301)
    assert status(web.by_socket()) == (302 if believed == "socket" else 301)


def test_no_header_moves_the_dashboard_to_another_path(web):
    """Where it was obeyed, nothing would be found below a path that the address does not have."""
    for name in ("SCRIPT_NAME", "SCRIPT-NAME", "PATH_INFO", "PATH-INFO", "X-Script-Name"):
        for connection in (web.by_port(), web.by_socket()):
            assert status(connection, "/healthz", HOST | {name: "/desk"}) == 200


# --- half requests --------------------------------------------------------------------------------


HEAD = b"POST /login/ HTTP/1.1\r\nHost: dashboard.example\r\n"
WHOLE = b"GET /healthz HTTP/1.1\r\nHost: dashboard.example\r\n\r\n"
HALVES = (
    b"",
    b"GET /heal",
    HEAD,
    HEAD + b"Content-Length: 500\r\n\r\nusername=",
    HEAD + b"Content-Length: 500\r\nExpect: 100-continue\r\n\r\n",
    WHOLE + b"GET /heal",  # this half comes behind a whole one, which is answered
)
# These are answered at once, whatever is still to come; what comes is not read.
ANSWERED = (
    HEAD + b"Content-Length: 209715200\r\n\r\n" + b"x" * 3000,
    HEAD + b"Content-Length: 209715200\r\n\r\n" + b"x" * 200_000,
    HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\nab",
)


@pytest.fixture
def send(web) -> Iterator[Callable[[bytes], socket.socket]]:
    """A function that sends these bytes over a connection of their own, and returns that."""
    with ExitStack() as opened:

        def send(text: bytes) -> socket.socket:
            connection = socket.create_connection(("127.0.0.1", web.port), timeout=60)
            opened.enter_context(connection)
            connection.sendall(text)
            return connection

        yield send


def is_open(connection: socket.socket) -> bool:
    """Whether the server has not cut it off."""
    connection.setblocking(False)
    try:
        while connection.recv(1000):
            pass
    except BlockingIOError:
        return True
    except ConnectionError:
        pass
    return False


@pytest.mark.at_length
@pytest.mark.parametrize("trusted", [""], indirect=True)
def test_half_requests_keep_nobody_from_an_answer_and_are_cut_off(web, send):
    halves = [send(text) for text in HALVES for _ in range(2 * THREADS)]
    answered = [send(text) for text in ANSWERED for _ in range(THREADS)]

    for address, code in (("/healthz", 200), ("/login/", 301), ("/healthz", 200)):
        assert status(web.by_port(), address, HOST) == code
    still_there = [is_open(connection) for connection in halves]
    for connection in answered:
        assert connection.recv(12) == b"HTTP/1.1 301"

    assert all(still_there), "answered only after these had been cut off"
    for connection in halves:
        connection.settimeout(60)
        with suppress(ConnectionError):
            while connection.recv(1000):
                pass


@pytest.mark.parametrize("trusted", [""], indirect=True)
def test_a_request_that_comes_in_pieces_is_answered_once_it_is_whole(send):
    whole = b"GET /healthz HTTP/1.1\r\nHost: dashboard.example\r\nConnection: close\r\n\r\n"
    form = HEAD + b"Connection: close\r\nContent-Length: 70000\r\n\r\n" + b"x" * 70_000
    for text, first_line in ((whole, b"HTTP/1.1 200"), (form, b"HTTP/1.1 301")):
        connection = send(text[:9])
        for place in range(9, len(text), max(7, len(text) // 10)):
            connection.sendall(text[place : place + max(7, len(text) // 10)])
        assert connection.recv(12) == first_line


@pytest.mark.parametrize("trusted", [""], indirect=True)
def test_one_connection_serves_several_requests(web, send):
    connection = web.by_port()
    for _ in range(3):
        connection.request("GET", "/healthz", headers=HOST)
        assert connection.getresponse().read() == b"ok\n"
    pair = send(WHOLE * 2)
    answer = b""
    while answer.count(b"ok\n") < 2:
        answer += pair.recv(1000)
    connection.close()
