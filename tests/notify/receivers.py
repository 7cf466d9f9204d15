"""Servers on this machine that mails and webhooks go to, and that do with them as a test wants."""

import os
import signal
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

from aiosmtpd.controller import Controller
from django.db import connection

from resellers import notify
from tests import servers

Answer = Callable[[Any], Any]


@dataclass
class MailServer:
    """A mail server: what it took, and what it says to each mail; by itself it takes all."""

    port: int
    taken: list[EmailMessage] = field(default_factory=list)
    says: str = "250 OK"
    refuses: str = ""  # what is said to each recipient
    then: Callable[[], None] = lambda: None  # once it has a mail, before it says so

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.says.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        self.then()
        if self.says == "hangs up":
            server.transport.abort()
        return self.says


@contextmanager
def mail_server(settings: Any, port: int = 0) -> Iterator[MailServer]:
    """A real mail server on loopback, with the settings pointed at it."""
    server = MailServer(port or servers.free_port())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 2
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@dataclass
class Call:
    """One call that a receiver got."""

    path: str
    headers: dict[str, str]
    body: str


class Receiver(ThreadingHTTPServer):
    """A receiver of webhooks: what it got, and with what it answers."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.calls: list[Call] = []
        self.status = 204
        self.headers: dict[str, str] = {}
        self.body = b""
        self.hangs = False
        self.ended = Event()
        self.then: Callable[[], None] = lambda: None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        receiver = self.server
        length = int(self.headers["Content-Length"])
        headers = {name.lower(): value for name, value in self.headers.items()}
        receiver.calls.append(Call(self.path, headers, self.rfile.read(length).decode()))
        receiver.then()
        if receiver.hangs:
            receiver.ended.wait(5)
            return
        self.send_response(receiver.status)
        for name, value in receiver.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(receiver.body)

    def do_GET(self) -> None:
        self.do_POST()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def receiver() -> Iterator[Receiver]:
    """A real receiver on loopback."""
    server = Receiver()
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        server.server_close()


def killed_while_sending(pk: int, server: MailServer | Receiver) -> None:
    """Another process sends that row, and is killed once the server has it, before it says so."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        process = os.fork()
    if process == 0:
        # The parent's connection stays the parent's.
        connection.connection = None
        try:
            notify.send(pk)
        finally:
            os._exit(1)
    server.then = lambda: os.kill(process, signal.SIGKILL)
    _, status = os.waitpid(process, 0)
    server.then = lambda: None
    assert os.WIFSIGNALED(status), "it was to be killed"
