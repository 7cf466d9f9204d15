"""HTTP connections whose timeouts hold for the whole of a phase.

As they come, timeouts apply to each single read: a server that drips a byte now and then holds
a call for as long as it likes, and a name with eight dead addresses takes eight timeouts. Here
the connect timeout covers name lookup and all addresses, and the read timeout the whole answer,
status line to last byte.

And nothing leaves after a moment that the caller may set: however long a process stood still on
its way here, it finds out before it writes to the connection.
"""

from __future__ import annotations

import http.client
import io
import queue
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError
from urllib3.util.connection import create_connection


class NotConnected(NewConnectionError):
    """No connection came about, so nothing of the request was sent."""

    def __init__(self, connection: HTTPConnection, reason: str) -> None:
        super().__init__(connection, reason)
        self.reason = reason


class TooLate(HTTPError):
    """The moment was over: the request, or the rest without which it is none, did not leave."""


_not_after: ContextVar[float | None] = ContextVar("not_after", default=None)


@contextmanager
def nothing_leaves_after(moment: float | None) -> Iterator[None]:
    """In this thread and block, sending raises TooLate once the monotonic clock is past `moment`.

    None sets no such moment.
    """
    token = _not_after.set(moment)
    try:
        yield
    finally:
        _not_after.reset(token)


class _TimedReader(io.RawIOBase):
    """Reads a socket until a moment of the monotonic clock."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._socket = sock
        self._stream = sock.makefile("rb", buffering=0)
        self._ends = ends

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._socket.settimeout(left)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _TimedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        ends = time.monotonic() + (sock.gettimeout() or 0.0)
        self.fp.close()
        self.fp = io.BufferedReader(_TimedReader(sock, ends))


class _TimedConnection(HTTPConnection):
    response_class = _TimedResponse

    def connect(self) -> None:
        try:
            super().connect()
        except Exception as error:
            self.close()
            raise NotConnected(self, str(error) or type(error).__name__) from error

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()  # first, since it may take long
        moment = _not_after.get()
        if moment is not None and time.monotonic() > moment:
            raise TooLate("it was too late to send it")
        super().send(data)

    def _new_conn(self) -> socket.socket:
        ends = time.monotonic() + float(self.timeout or 0.0)
        problem: OSError = OSError(f"{self.host} has no address")
        addresses = _addresses(self.host, self.port, ends)
        for tried, address in enumerate(addresses):
            left = ends - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"connecting to {self.host} took too long")
            share = left / (len(addresses) - tried)
            try:
                return create_connection(
                    (address, self.port), timeout=share, socket_options=self.socket_options
                )
            except OSError as error:
                problem = error
        raise problem


class _TimedSecureConnection(_TimedConnection, HTTPSConnection):
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _TimedConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _TimedSecureConnection


POOL_CLASSES = {"http": _Pool, "https": _SecurePool}


def _addresses(host: str, port: int, ends: float) -> list[str]:
    """The host's addresses, looked up aside: the system's resolver knows no timeout."""
    found: queue.SimpleQueue[list[str] | OSError] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            entries = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.put([str(entry[4][0]) for entry in entries])
        except (OSError, UnicodeError) as error:
            found.put(OSError(f"{host} cannot be looked up: {error}"))

    threading.Thread(target=look_up, name="wix-lookup", daemon=True).start()
    try:
        answer = found.get(timeout=max(0.0, ends - time.monotonic()))
    except queue.Empty:
        raise TimeoutError(f"looking up {host} took too long") from None
    if isinstance(answer, OSError):
        raise answer
    return answer
