"""The HTTP server: requests in, answers or broken connections out.

from . import Sandbox
sandbox = Sandbox(port=0, seed=1)
sandbox.start()          # sandbox.url, sandbox.api_key, sandbox.account_id
sandbox.stop()
"""

from __future__ import annotations

import errno
import itertools
import os
import select
import socket
import socketserver
import struct
import threading
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from . import clock
from . import seed as seeding
from .calls import Answer, Request
from .control import ROOT, Control
from .gateway import Gateway
from .saving import BadStateFile, Keeper, load
from .state import World

HANG_SECONDS = 60
IDLE_SECONDS = 300
LONGEST_BODY = 20_000_000


class SandboxError(Exception):
    """The sandbox cannot be served; the message says why in one line."""


class Sandbox:
    """A Wix of our own on a port: 0 takes a free one, 0 calls a minute means no limit.

    With a state file the world found there is served, whatever its seed and sizes, else the
    file is begun. Raises SandboxError if the port is taken, a number makes no sense, or the file
    cannot be read or written.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        port: int = 0,
        seed: int = 1,
        accounts: int = 120,
        packages: int = 400,
        calls_per_minute: int = 200,
        state_file: str | os.PathLike[str] | None = None,
    ) -> None:
        for name, value in (
            ("accounts", accounts),
            ("packages", packages),
            ("calls per minute", calls_per_minute),
        ):
            if value < 0:
                raise SandboxError(f"{name} must not be negative, but is {value}")
        if not 0 <= port <= 65_535:
            raise SandboxError(f"the port must be between 0 and 65535, but is {port}")
        self._server = _bind(host, port)
        try:
            path = None if state_file is None else Path(state_file)
            world = _kept(path) or seeding.build(seed, accounts, packages)
            self.gateway = Gateway(world, calls_per_minute)
            self.control = Control(self.gateway, {"accounts": accounts, "packages": packages})
            self._keeper = Keeper(path, lambda: self.gateway.world) if path else None
            if self._keeper is not None:
                _save_first(self._keeper, path)
        except BaseException:
            self._server.server_close()
            raise
        self._server.receiver = self._receive
        self._server.now = self._now
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://{self._server.server_name}:{self._server.server_port}"

    @property
    def world(self) -> World:
        return self.gateway.world

    @property
    def api_key(self) -> str:
        return self.world.api_key

    @property
    def account_id(self) -> str:
        """The parent account's id."""
        return self.world.parent.id

    def start(self) -> None:
        """Serve from a background thread."""
        self._begin()
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.1,), name="sandbox", daemon=True
        )
        self._thread.start()

    def __enter__(self) -> Sandbox:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def serve_forever(self) -> None:
        """Serve from this thread until it is interrupted; call `stop` afterwards."""
        self._begin()
        self._server.serve_forever(0.1)

    def stop(self) -> None:
        """Close the port and every connection, and save a last time."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()
        self._server.cut_connections()
        self.gateway.close()
        if self._keeper is not None:
            self._keeper.stop()

    def _begin(self) -> None:
        if self._keeper is not None:
            self._keeper.start()

    def _now(self) -> int:
        return self.world.clock.now()

    def _receive(self, request: Request) -> tuple[str, Answer | None, str | None]:
        if request.path == ROOT or request.path.startswith(f"{ROOT}/"):
            return "send", self.control.answer(request), None
        outcome = self.gateway.receive(request)
        return outcome.act, outcome.answer, outcome.service


def _bind(host: str, port: int) -> _Server:
    try:
        return _Server((host, port), _Handler)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise SandboxError(f"port {port} on {host} is already taken") from error
        raise SandboxError(f"cannot listen on port {port} of {host}: {error}") from error


def _kept(path: Path | None) -> World | None:
    if path is None:
        return None
    try:
        return load(path)
    except (OSError, BadStateFile) as error:
        raise SandboxError(f"cannot read the state file {path}: {error}") from error


def _save_first(keeper: Keeper, path: Path | None) -> None:
    try:
        keeper.save()
    except OSError as error:
        raise SandboxError(f"cannot write the state file {path}: {error}") from error


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    stopping = False
    receiver: Callable[[Request], tuple[str, Answer | None, str | None]]
    now: Callable[[], int]

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler]) -> None:
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        self._numbers = itertools.count(1)
        super().__init__(address, handler)

    def server_bind(self) -> None:
        # HTTPServer would ask the name service for the host's full name, which may take seconds.
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def request_id(self) -> str:
        return f"{time.time():.3f}.{os.getpid()}{next(self._numbers):08d}"

    def opened(self, connection: socket.socket) -> None:
        with self._open_lock:
            self._open.add(connection)

    def closed(self, connection: socket.socket) -> None:
        with self._open_lock:
            self._open.discard(connection)

    def cut_connections(self) -> None:
        self.stopping = True
        with self._open_lock:
            connections = list(self._open)
        for connection in connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away in the middle is nothing to report."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.opened(self.connection)

    def finish(self) -> None:
        self.server.closed(self.connection)
        super().finish()

    def log_message(self, *args: object) -> None:
        """Calls are in the journal."""

    def _receive(self) -> None:
        body = self._body()
        if body is None:
            self.close_connection = True
            return self._send(Answer(413, {"message": "", "details": {}}), None)
        headers = {name.lower(): value for name, value in self.headers.items()}
        act, answer, service = self.server.receiver(Request(self.command, self.path, headers, body))
        if answer is not None:
            return self._send(answer, service)
        self.close_connection = True
        if act == "hang":
            self._hang()
        if act == "reset":
            self._reset()
        else:
            self.connection.shutdown(socket.SHUT_RDWR)
        return None

    do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = do_HEAD = do_OPTIONS = _receive  # noqa: N815

    def _body(self) -> bytes | None:
        """The body, chunked or not; None if it is too long or its length makes no sense."""
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or int(length) > LONGEST_BODY:
            return None
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes | None:
        body = b""
        while True:
            try:
                size = int(self.rfile.readline(100).split(b";")[0], 16)
            except ValueError:
                return None
            if size < 0 or len(body) + size > LONGEST_BODY:
                return None
            body += self.rfile.read(size)
            self.rfile.readline(100)
            if size == 0:
                return body

    def _send(self, answer: Answer, service: str | None) -> None:
        body = answer.bytes()
        self.send_response_only(answer.status)
        self.send_header("Server", self.server_version)
        if answer.dated:
            # By the world's clock, which may be ahead of ours: dates in answers follow it too.
            moment = self.server.now() / clock.SECOND
            self.send_header("Date", formatdate(moment, usegmt=True))
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-wix-request-id", self.server.request_id())
        self.send_header("x-seen-by", "sandbox")
        if service is not None:
            self.send_header("x-wix-responded-by", service)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        # Head and body in one piece, so that neither waits for the other to be acknowledged.
        self._headers_buffer.append(b"\r\n")  # type: ignore[attr-defined]
        if self.command != "HEAD":
            self._headers_buffer.append(body)  # type: ignore[attr-defined]
        self.flush_headers()

    def _hang(self) -> None:
        poll = select.poll()
        poll.register(self.connection, select.POLLIN)
        until = time.monotonic() + HANG_SECONDS
        while time.monotonic() < until and not self.server.stopping:
            if poll.poll(250):
                return

    def _reset(self) -> None:
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
