"""A worker of gunicorn's that gives its threads to whole requests alone.

Gunicorn reads a request in the thread that is to answer it, for as long as its sender takes: a few
who send a half and no more would keep all threads from everybody else. Here a request comes in
while it costs a socket and no thread, and is cut off where it takes too long.

A longer one is not waited for: a page has to say whether it may be sent. Nor is any where nobody
can see what has come: enciphered, or by a unix socket, whose other end is a proxy that sends whole
ones.
"""

import contextlib
import re
import socket
import time
from collections.abc import Callable
from functools import partial
from selectors import EVENT_READ

from gunicorn.workers.gthread import TConn, ThreadWorker

ARRIVE_SECONDS = 10.0  # for a request to come in
STALL_SECONDS = 20.0  # for more of a longer one to come, and for a part of an answer to be taken
LEAVE_SECONDS = 2.0  # for an answer to be taken whose connection is closed behind it
UNREAD_SECONDS = 0.1  # to pass over what was sent and not read, before the next request comes
# More than who is not logged in may send, see dashboard/request_body.py, with the head before it.
AWAITED_BYTES = 80 * 2**10

_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,9})[ \t]*\r\n", re.IGNORECASE)
_ASKS_FIRST = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n", re.IGNORECASE)
_SHALL_GO_ON = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection(TConn):
    """One whose other end may not fall silent for long."""

    worker: "Worker"
    until: float | None = None  # while it is waited for, or taken leave of
    there = -1  # bytes of a request that had come when it was last looked at
    read = 0  # how many of them are not in the socket any more
    was_told_to_go_on = False

    def init(self) -> None:
        super().init()
        self.sock.settimeout(STALL_SECONDS)

    def close(self, graceful: bool = False) -> None:
        """Let go of it; the main loop, which serves everybody, does not wait for its other end."""
        if graceful and not self.cfg.is_ssl:
            self.worker.take_leave(self)
        else:
            super().close(graceful)

    def arrived(self) -> tuple[int, int]:
        """How many bytes have come, and how many have to, as far as can be told by now."""
        if self.cfg.is_ssl or self.sock.family == socket.AF_UNIX:
            return 0, 0
        # What came with the request before it has been read already.
        read = self.parser.unreader.buf.getvalue() if self.initialized else b""
        self.sock.setblocking(False)
        try:
            came = self.sock.recv(AWAITED_BYTES, socket.MSG_PEEK)
        except BlockingIOError:
            came = b""
        except OSError:
            return 0, 0  # a thread will find the same
        else:
            if not came:
                return 0, 0  # its other end has left
        self.read, seen = len(read), read + came
        head, blank, _ = seen.partition(b"\r\n\r\n")
        if not blank:
            return len(seen), min(len(seen) + 1, AWAITED_BYTES)
        head += b"\r\n"
        length = _LENGTH.search(head)
        whole = len(head) + 2 + (int(length[1]) if length else 0)
        if whole > AWAITED_BYTES:
            return len(seen), 0
        if len(seen) < whole and not self.was_told_to_go_on and _ASKS_FIRST.search(head):
            self.was_told_to_go_on = True
            with contextlib.suppress(OSError):
                self.sock.send(_SHALL_GO_ON)
        return len(seen), whole


Then = Callable[[Connection, socket.socket], None]


class Worker(ThreadWorker):
    """Gunicorn's worker with threads; it looks at what comes before a thread does."""

    def init_process(self) -> None:
        self.waiting: set[Connection] = set()
        super().init_process()

    def accept(self, listener: socket.socket) -> None:
        """Take a new connection."""
        try:
            client, address = listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return  # another worker was faster, or its other end has left
        self.nr_conns += 1
        connection = Connection(self.cfg, client, address, listener.getsockname())
        connection.worker = self
        self.enqueue_req(connection)

    def enqueue_req(self, conn: Connection) -> None:
        """Have a thread answer its request, now or once it has come."""
        before = conn.there
        conn.there, wanted = conn.arrived()
        # Woken, and no more has come: its other end has left, which a thread will find.
        if conn.there >= wanted or conn.there == before:
            conn.until, conn.there, conn.was_told_to_go_on = None, -1, False
            conn.data_ready = True
            self._wake_at(conn, 1)
            super().enqueue_req(conn)
            return
        self._wake_at(conn, wanted - conn.read)
        self._wait(conn, ARRIVE_SECONDS, self._more_came)

    def take_leave(self, conn: Connection) -> None:
        """Close the connection once its other end has what was sent, or did not take it in time.

        Closed at once, with something left that was not read, it would lose the answer.
        """
        self.nr_conns += 1
        try:
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._let_go(conn)
            return
        self._wait(conn, LEAVE_SECONDS, self._said_goodbye)

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        """Whether the connection may go on. A thread waits for nothing that no page has read."""
        soon = time.monotonic() + UNREAD_SECONDS
        return bool(keepalive and conn.parser.finish_body(deadline=soon))

    def murder_pending(self) -> None:
        """Cut off what takes too long."""
        super().murder_pending()
        now = time.monotonic()
        for conn in [conn for conn in self.waiting if conn.until is not None and conn.until <= now]:
            self._stop_waiting(conn)
            self._let_go(conn)

    def _wait(self, conn: Connection, seconds: float, then: Then) -> None:
        conn.until = conn.until or time.monotonic() + seconds
        conn.sock.setblocking(False)
        self.waiting.add(conn)
        self.poller.register(conn.sock, EVENT_READ, partial(then, conn))

    def _stop_waiting(self, conn: Connection) -> None:
        self.waiting.remove(conn)
        self.poller.unregister(conn.sock)

    def _more_came(self, conn: Connection, _: socket.socket) -> None:
        self._stop_waiting(conn)
        self.enqueue_req(conn)

    def _said_goodbye(self, conn: Connection, _: socket.socket) -> None:
        """What comes now is read by nobody; that nothing comes any more is what is waited for."""
        with contextlib.suppress(BlockingIOError):
            try:
                if conn.sock.recv(2**16):
                    return
            except ConnectionError:
                pass
            self._stop_waiting(conn)
            self._let_go(conn)

    def _let_go(self, conn: Connection) -> None:
        self.nr_conns -= 1
        TConn.close(conn)

    @staticmethod
    def _wake_at(conn: Connection, bytes_there: int) -> None:
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, bytes_there)
