"""A server that says nothing: whether it works on a long statement, or is frozen.

A frozen server still has its connections: the system under it acknowledges what is sent, so no
time-out of TCP ends the wait, and a time-out of the server's own is as frozen as the server. Only
the client can tell. It cannot tell by the statement either, since a statement may rightly take
long; but a server that works takes another connection meanwhile, and one that is frozen does not.
"""

import logging
import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import psycopg
from psycopg.conninfo import make_conninfo

logger = logging.getLogger(__name__)

# All of it together stays below the five seconds within which a page must say what is wrong.
SECONDS = 1.5  # without a word, after which another connection is tried
ANSWER_SECONDS = 2.5  # for that other connection, and for its answer
CONNECT_SECONDS = 2  # for each address of the server; libpq knows no less
# So long after it was found silent nobody else waits to find out the same.
REMEMBERED = 2.0
# The server itself ends every statement sooner: what is silent for longer is a process of it that
# is frozen alone.
LONGEST = 20.0

ResultT = TypeVar("ResultT")
# What psycopg waits with: it yields what it waits for, and is sent what is ready.
Waiting = Generator[Any, Any, ResultT]


class _Found:
    """What one thread has found out, for all of this process."""

    silent_until = 0.0


class Silent(psycopg.OperationalError):
    """The server takes connections and says nothing."""


class WatchedConnection(psycopg.Connection[Any]):
    """A connection whose statements end with Silent where the server is found frozen."""

    def wait(self, gen: Waiting[ResultT], *args: Any, **options: Any) -> ResultT:
        return super().wait(self._watched(gen), *args, **options)

    def _watched(self, waiting: Waiting[ResultT]) -> Waiting[ResultT]:
        """The same waiting, which looks for the server after each stretch without a word."""
        began = looked_at = time.monotonic()
        try:
            wanted = next(waiting)
            while True:
                ready = yield wanted
                if ready:
                    began = looked_at = time.monotonic()
                elif time.monotonic() - looked_at > SECONDS:
                    if time.monotonic() - began > LONGEST or not _answers(self.info):
                        self._give_up()
                    looked_at = time.monotonic()
                wanted = waiting.send(ready)
        except StopIteration as end:
            result: ResultT = end.value
            return result

    def _give_up(self) -> None:
        """What the server may still have to say about this statement is not waited for."""
        _note()
        self.close()
        raise Silent("the server takes connections and says nothing")


class _HurriedConnection(psycopg.Connection[Any]):
    """One that waits for no answer longer than for the server itself."""

    def wait(self, gen: Waiting[ResultT], *args: Any, **options: Any) -> ResultT:
        return super().wait(_hurried(gen), *args, **options)


def _hurried(waiting: Waiting[ResultT]) -> Waiting[ResultT]:
    give_up_at = time.monotonic() + ANSWER_SECONDS - CONNECT_SECONDS
    try:
        wanted = next(waiting)
        while True:
            ready = yield wanted
            if not ready and time.monotonic() > give_up_at:
                raise psycopg.errors.ConnectionTimeout("no answer in time")
            wanted = waiting.send(ready)
    except StopIteration as end:
        result: ResultT = end.value
        return result


def _answers(info: psycopg.ConnectionInfo) -> bool:
    """Whether a new connection to the same server gets an answer, be it a refusal."""
    place = {"connect_timeout": CONNECT_SECONDS, "password": info.password or None}
    if info.hostaddr:
        place["hostaddr"] = info.hostaddr  # this one address, of however many its name has
    try:
        with _HurriedConnection.connect(make_conninfo(info.dsn, **place)) as other:
            # A pooler in between takes connections by itself: the server has to say something.
            other.execute("SELECT 1")
    except psycopg.errors.ConnectionTimeout:
        return False
    except psycopg.Error as error:
        logger.info("the database refuses another connection: %s", error)
    return True


def is_silent() -> bool:
    """Whether the server was found silent a moment ago."""
    return time.monotonic() < _Found.silent_until


def refuse_while_silent() -> None:
    """Raise Silent where the server was found silent a moment ago: so nobody waits in a queue."""
    if is_silent():
        raise Silent("the server was found silent a moment ago")


@contextmanager
def noted() -> Iterator[None]:
    """Around connecting: a server that does not answer in time is silent for all."""
    try:
        yield
    except psycopg.errors.ConnectionTimeout:
        _note()
        raise


def _note() -> None:
    _Found.silent_until = time.monotonic() + REMEMBERED
    logger.error("the database takes connections and says nothing")
