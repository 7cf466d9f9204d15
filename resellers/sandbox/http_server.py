"""HTTP in and out: bodies of any kind in, answers or broken connections out."""

from __future__ import annotations

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

from .wire.messages import Answer, Request

HANG_SECONDS = 60
IDLE_SECONDS = 300
LONGEST_BODY = 20_000_000

# What is to become of a request: `send`, `drop`, `reset` or `hang`; the answer to send, and the
# name of the service that answers.
Receiver = Callable[[Request], tuple[str, Answer | None, str | None]]


class HttpServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 256
    stopping = False
    receiver: Receiver
    now: Callable[[], float]  # the time to tell in seconds since 1970, which may be ahead of ours

    def __init__(self, address: tuple[str, int]) -> None:
        self._open: set[socket.socket] = set()
        self._open_lock = threading.Lock()
        self._numbers = itertools.count(1)
        super().__init__(address, _Handler)

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
    server: HttpServer

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
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            before = headers.get(name.lower())
            headers[name.lower()] = value if before is None else f"{before}, {value}"
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
            self.send_header("Date", formatdate(self.server.now(), usegmt=True))
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
