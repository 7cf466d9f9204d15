"""A server that answers exactly what a test tells it: bytes, delays, drips, resets."""

import gzip
import json
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Step = Callable[[socket.socket], bool]  # true where the connection stays open


@dataclass
class Received:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None


@dataclass
class ScriptedServer:
    """Answers the calls it gets with its script's steps, in order."""

    script: list[Step] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    tls: ssl.SSLContext | None = None

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def connections(self) -> int:
        """How many connections were opened so far."""
        return len(self._open)

    @property
    def url(self) -> str:
        scheme = "https" if self.tls else "http"
        return f"{scheme}://127.0.0.1:{self._listener.getsockname()[1]}"

    def answers(self, *steps: Step) -> None:
        self.script.extend(steps)

    def close(self) -> None:
        # Closing alone would leave the accepting thread, and so the port, as they are.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            connection.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        if self.tls:
            try:
                connection = self.tls.wrap_socket(connection, server_side=True)
            except OSError:  # the client would not have our certificate
                return
            self._open.append(connection)
        stream = connection.makefile("rb")
        try:
            while (request := _read_request(stream)) is not None:
                self.received.append(request)
                step = self.script.pop(0) if self.script else reply(599, b"the script has ended")
                if not step(connection):
                    return
        except (OSError, ValueError):  # the client went away, or spoke TLS
            return
        finally:
            stream.close()
            connection.close()


def _read_request(stream: Any) -> Received | None:
    line = stream.readline()
    if not line:
        return None
    method, path, _ = line.decode().split()
    headers = {}
    while (header := stream.readline().decode().rstrip("\r\n")) != "":
        name, _, value = header.partition(":")
        headers[name.strip().lower()] = value.strip()
    return Received(method, path, headers, stream.read(int(headers.get("content-length", 0))))


def message(status: int, body: object = b"", headers: dict[str, str] | None = None) -> bytes:
    """A whole HTTP answer; anything but bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = {"Content-Length": str(len(content)), "x-wix-request-id": "req-1", **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} Scripted\r\n{head}\r\n".encode() + content


def reply(status: int, body: object = b"", headers: dict[str, str] | None = None) -> Step:
    return raw(message(status, body, headers))


def zipped(body: bytes) -> Step:
    return reply(200, gzip.compress(body), {"Content-Encoding": "gzip"})


def raw(data: bytes, *, then_close: bool = False) -> Step:
    def step(connection: socket.socket) -> bool:
        connection.sendall(data)
        return not then_close

    return step


def drip(data: bytes, *, every: float) -> Step:
    """One byte at a time."""

    def step(connection: socket.socket) -> bool:
        for n in range(len(data)):
            connection.sendall(data[n : n + 1])
            time.sleep(every)
        return True

    return step


def hang(seconds: float) -> Step:
    def step(connection: socket.socket) -> bool:
        time.sleep(seconds)
        return False

    return step


def hang_up(connection: socket.socket) -> bool:
    """Close the connection in good order, without a word."""
    return False


def reset(connection: socket.socket) -> bool:
    """Cut the connection with a TCP reset."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()
    return False
