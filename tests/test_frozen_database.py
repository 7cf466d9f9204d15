"""A database that is frozen, or held: what people are told, and how soon.

The frozen server is a line to the real one that carries nothing any more: as with a server that is
stopped, connections come about, what is sent is acknowledged, and no answer comes.
"""

import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import (
    DatabaseError,
    OperationalError,
    close_old_connections,
    connection,
    transaction,
)
from django.db.models import Q

from resellers import transactions
from resellers.clock import database_now
from resellers.mirror.ingest import ingest_packages, locks
from resellers.models import Operation, Package, ProductInstance
from resellers.postgresql import silence
from resellers.wix import Package as WixPackage
from resellers.wix.parsing import read_package
from tests import processes
from tests.dashboard.submitting import hidden_fields, text

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

HUNG = 60  # seconds after which a test that waits for ever is let go on, and fails


class Line:
    """A port of this machine behind which another one is, until it is frozen."""

    def __init__(self, port: int) -> None:
        self.frozen = threading.Event()
        self._thawed = threading.Event()
        self._thawed.set()
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=50)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self) -> None:
        self._thawed.clear()

    def thaw(self) -> None:
        self._thawed.set()

    def close(self) -> None:
        self.thaw()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            self._thawed.wait()
            try:
                near = self._listener.accept()[0]
            except OSError:
                return
            threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        # Either end may be gone, and with it the line.
        gone = suppress(ConnectionError)
        with gone, near, socket.create_connection(("127.0.0.1", self._to)) as far:
            while True:
                for ready in select.select([near, far], [], [])[0]:
                    self._thawed.wait()
                    data = ready.recv(65536)
                    if not data:
                        return
                    (far if ready is near else near).sendall(data)


@pytest.fixture
def line(monkeypatch) -> Iterator[Line]:
    """This thread's connection goes by a line that can be frozen; nobody is patient."""
    monkeypatch.setattr(silence, "SECONDS", 0.3)
    monkeypatch.setattr(silence, "REMEMBERED", 1.0)
    line = Line(int(connection.settings_dict["PORT"]))
    connection.close()
    monkeypatch.setitem(connection.settings_dict, "PORT", str(line.port))
    let_go = threading.Timer(HUNG, line.thaw)
    let_go.start()
    yield line
    let_go.cancel()
    line.close()
    connection.close()
    processes.wait_until(lambda: not silence.is_silent(), "it is asked again")


def test_what_is_told_of_a_frozen_database_is_told_within_five_seconds():
    """By the waits of production, for a connection that stands and for a new one."""
    assert silence.SECONDS + silence.ANSWER_SECONDS <= 4
    addresses = 2  # of a name such as localhost
    assert addresses * connection.settings_dict["OPTIONS"]["connect_timeout"] <= 4


def test_with_a_frozen_database_every_page_says_so_and_comes_back_with_it(line, viewer, client):
    """The first page had hung for half a minute, and then there was nothing at all."""
    assert asked(viewer, "/instances/").status_code == 200
    broken = connection.connection

    line.freeze()
    pages = {path: asked(viewer, path) for path in ("/instances/", "/", "/search/?q=a", "/login/")}
    ready = asked(client, "/readyz")

    for path, page in pages.items():
        assert page.status_code == 503, path
        assert "The database does not answer" in text(page), path
    assert (ready.status_code, client.get("/healthz").status_code) == (503, 200)
    assert ready.content == b"not ready: the database does not answer\n"
    assert broken.closed, "the connection is thrown away"
    line.thaw()
    processes.wait_until(lambda: asked(viewer, "/instances/").status_code == 200, "it is back")
    assert asked(client, "/readyz").status_code == 200


def asked(person, path: str) -> Any:
    """What a web process answers, which looks at its connection before each request."""
    person.raise_request_exception = False
    close_old_connections()
    return person.get(path)


def test_a_statement_that_takes_long_is_no_frozen_database(line):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(1.2), 7")

        assert cursor.fetchone()[1] == 7


def test_one_process_of_the_database_that_is_frozen_alone_is_given_up_too(line, monkeypatch):
    """Others are answered, so the server lives; this statement's process never will."""
    monkeypatch.setattr(silence, "LONGEST", 1.0)

    connection.ensure_connection()
    process = connection.connection.info.backend_pid

    with connection.cursor() as cursor, pytest.raises(OperationalError, match="says nothing"):
        cursor.execute("SELECT pg_sleep(%s)", [HUNG])

    processes.wait_until(lambda: not silence.is_silent(), "it is asked again")
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s)", [process])


# --- held ----------------------------------------------------------------------------------------


@contextmanager
def standing_still(hold) -> Iterator[threading.Event]:
    """Somebody else's process that has locked what `hold` names, and stands still; what is yielded
    is set once it has gone on."""
    holds, let_go, gone = threading.Event(), threading.Event(), threading.Event()

    def stand_still() -> None:
        try:
            with hold():
                holds.set()
                let_go.wait(HUNG)
        except DatabaseError:
            pass  # the database has ended its transaction meanwhile
        finally:
            connection.close()
            gone.set()

    thread = threading.Thread(target=stand_still)
    thread.start()
    try:
        assert holds.wait(HUNG)
        yield gone
    finally:
        let_go.set()
        thread.join()


@contextmanager
def locked_by_a_worker(package: Package) -> Iterator[None]:
    with transaction.atomic():
        Package.objects.select_for_update().get(pk=package.pk)
        yield


@contextmanager
def locked_by_a_reading(package: Package) -> Iterator[None]:
    with transactions.briefly(still=locks.STANDING_STILL):
        list(locks.locked(Package, Q(pk=package.pk)))
        yield


def confirm(person, service) -> Callable[[], Any]:
    """What comes of the second of two clicks."""
    path = f"/instances/{service.pk}/unassign/"
    plan = hidden_fields(person.post(path, {"reason": "asked by phone"}), "confirm")
    return lambda: person.post(path, plan)


def patience(seconds: str) -> None:
    """How long this thread's connection waits for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [seconds])


def test_a_lock_that_another_process_holds_is_not_told_as_a_database_that_is_away(mirror, operator):
    service = mirror.movable()[0]
    click = confirm(operator, service)

    with standing_still(lambda: locked_by_a_worker(service.package)):
        patience("200ms")
        refused = click()
    patience("3s")

    assert refused.status_code == 503
    assert "Somebody else is at this just now" in text(refused)
    assert "does not answer" not in text(refused)
    assert not Operation.objects.exists()
    assert click().status_code == 302, "the same click again"


def test_nobody_waits_for_a_reading_that_stands_still_with_what_it_has_locked(mirror, operator):
    """The database lets go of it within a second: the click is recorded while it still stands."""
    assert locks.STANDING_STILL < 1
    service = mirror.movable()[0]
    click = confirm(operator, service)

    with standing_still(lambda: locked_by_a_reading(service.package)) as gone:
        patience(f"{HUNG}s")
        answer = click()
        assert not gone.is_set()
    patience("3s")

    assert answer.status_code == 302
    assert Operation.objects.count() == 1


def test_nobody_waits_for_a_reading_that_waits_for_somebody_else(mirror, operator, monkeypatch):
    """It had held one package while it waited for another one, and a person with it."""
    monkeypatch.setattr(locks, "WAITING", 0.1)
    monkeypatch.setattr(locks, "TURNS", 10 * HUNG)
    found = ProductInstance.objects.filter(status="ENABLED", site__isnull=False)
    first, *_, last = found.order_by("package_id")
    click = confirm(operator, first)
    refused, results = threading.Event(), []

    def note(execute, sql, params, many, context):
        try:
            return execute(sql, params, many, context)
        except OperationalError:
            refused.set()
            raise

    def read() -> None:
        packages = [as_wix_shows_it(service.package) for service in (first, last)]
        with connection.execute_wrapper(note):
            results.append(ingest_packages(packages, fetch_started_at=database_now()))
        connection.close()

    reading = threading.Thread(target=read)
    with standing_still(lambda: locked_by_a_worker(last.package)):
        reading.start()
        assert refused.wait(HUNG), "it was its turn no sooner"
        patience(f"{HUNG}s")
        assert click().status_code == 302
        assert not results
    patience("3s")
    reading.join()

    assert len(results) == 1, "then it has its turn"


def as_wix_shows_it(package: Package) -> WixPackage:
    """With nothing in it: what it holds is no matter here."""
    return read_package(package.raw | {"productInstances": []}, "package")


def test_a_reading_that_was_only_slow_has_another_turn_and_twice_the_time(mirror, monkeypatch):
    """A busy machine is no frozen process: what it had to do is done all the same."""
    monkeypatch.setattr(locks, "STANDING_STILL", 0.3)
    package = mirror.movable()[0].package
    turns = []

    @locks.in_turn
    def read() -> None:
        turns.append(list(locks.locked(Package, Q(pk=package.pk))))
        if len(turns) == 1:
            time.sleep(2)
        Package.objects.filter(pk=package.pk).update(external_id="read")

    read()

    assert len(turns) == 2
    assert Package.objects.get(pk=package.pk).external_id == "read"
