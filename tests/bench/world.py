"""A large mirror on a private PostgreSQL, for measuring pages: invented rows, no sandbox.

It is built once for each number of rows and kept in the machine's temporary folder; what is
measured is a copy of it, so that no run finds what another one left.
"""

import fcntl
import hashlib
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests import environment, servers
from tests.bench.rows import Invented

FEWEST = 1000
KEPT, MEASURED = "kept", "measured"


def _rows() -> int:
    """How many services there shall be: what ROWS says, else 200,000."""
    text = os.environ.get("ROWS") or "200000"
    if not (text.isdecimal() and int(text) >= FEWEST):
        sys.stderr.write(f"ROWS must be a number of at least {FEWEST}: {text!r}\n")
        sys.exit(2)
    return int(text)


INSTANCES = _rows()
FULL_SIZE = 1_000_000
# Over fewer rows the peers have it easier, so that what they are outdone by is not judged.
IS_FULL_SIZE = INSTANCES >= FULL_SIZE


@contextmanager
def large_mirror() -> Iterator[None]:
    """This process's Django on such a mirror; once a process. RuntimeError without PostgreSQL."""
    with _alone() as folder:
        server = servers.start_postgresql(folder)
        address = server.url.rpartition("/")[0]
        try:
            _set_up(f"{address}/{KEPT}", f"{address}/postgres")
            yield
        finally:
            from django.db import connections

            connections.close_all()
            server.stop()


@contextmanager
def _alone() -> Iterator[Path]:
    """The folder that keeps the mirror of so many rows, for this process alone."""
    of_checkout = hashlib.sha256(str(environment.ROOT).encode()).hexdigest()[:8]
    folder = Path(tempfile.gettempdir()) / f"bench-{of_checkout}-{INSTANCES}"
    with folder.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write("Another run measures with this mirror: wait for its end\n")
            sys.exit(2)
        yield folder


def _set_up(kept: str, maintenance: str) -> None:
    """Django on a fresh copy of the kept mirror, which is built where it is missing or outdated."""
    for name in environment.TESTS:
        os.environ.pop(f"{name}_FILE", None)
    os.environ.update(
        environment.of_process(
            environment.TESTS, DJANGO_SETTINGS_MODULE="dashboard.settings", DATABASE_URL=kept
        )
    )
    with psycopg.connect(maintenance, autocommit=True) as connection:
        names = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
        import django

        from tests.bench.peer.setting_up import bring_the_admin

        bring_the_admin()
        django.setup()
        # As in production: else each statement is kept, and the page with most pays most.
        from django.conf import settings

        settings.DEBUG = False
        if KEPT not in names or not _is_of_now():
            from django.db import connections

            connections.close_all()
            connection.execute(f"DROP DATABASE IF EXISTS {KEPT}")
            connection.execute(f"CREATE DATABASE {KEPT}")
            _build()
        _use(connection, kept)


def _use(connection: psycopg.Connection, kept: str) -> None:
    from django.conf import settings
    from django.db import connections

    connections.close_all()
    connection.execute(f"DROP DATABASE IF EXISTS {MEASURED}")
    connection.execute(f"CREATE DATABASE {MEASURED} TEMPLATE {KEPT} STRATEGY file_copy")
    os.environ["DATABASE_URL"] = kept.removesuffix(KEPT) + MEASURED
    settings.DATABASES["default"]["NAME"] = MEASURED
    held = connections["default"].settings_dict
    held["NAME"] = MEASURED
    # A peer may take longer than the product lets any statement take.
    held["OPTIONS"]["options"] += " -c statement_timeout=0"


def _is_of_now() -> bool:
    """Whether the kept mirror was built whole, by no other migrations than these; new ones are
    applied to it."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    from resellers.models import Figures

    loader = MigrationLoader(connection)
    applied = {key for key in loader.applied_migrations or () if key[0] in loader.migrated_apps}
    if not applied or applied - set(loader.disk_migrations):
        return False
    if not Figures.objects.filter(pk=1).exists():
        return False
    call_command("migrate", verbosity=0)
    return True


def _build() -> None:
    from django.core.management import call_command
    from django.db import connection

    begun = time.monotonic()
    call_command("migrate", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("SET idle_in_transaction_session_timeout = 0")
    Invented(INSTANCES).write()
    _finish()
    took = time.monotonic() - begun
    sys.stderr.write(f"a mirror of {INSTANCES:,} services was built in {took:.0f} s; it is kept\n")


def _finish() -> None:
    """What the planner knows, what is counted, and that Wix was read in full: the mark of a whole
    mirror."""
    from django.db import connection
    from django.utils import timezone

    from resellers import tallies
    from resellers.mirror import figures

    tallies.mend()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    figures.note_today()
    figures.note_changes_read(timezone.now())
    figures.note_whole(timezone.now())
