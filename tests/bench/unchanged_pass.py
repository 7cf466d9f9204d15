"""A whole reading of an invented Wix in which nothing has changed since the last one: how much of a
core it takes at Wix's full rate, the database's part included, and how many bytes of log it has
PostgreSQL write for a package. Prints both as JSON.

The log is without images of pages, since the server of the bench writes none.
"""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django
import psycopg

from tests import environment
from tests.bench.world import INSTANCES

PACKAGES = min(INSTANCES * 2 // 5, 100_000)
ACCOUNTS = PACKAGES // 4
CALLS_A_MINUTE = 175
PASS = "unchanged_pass"  # the database
TICKS = os.sysconf("SC_CLK_TCK")


def main() -> None:
    server = os.environ["DATABASE_URL"].rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as maintenance:
        maintenance.execute(f"DROP DATABASE IF EXISTS {PASS}")
        maintenance.execute(f"CREATE DATABASE {PASS}")
        with _wix() as (address, key, account):
            os.environ.update(
                DATABASE_URL=f"{server}/{PASS}",
                WIX_BASE_URL=address,
                WIX_API_KEY=key,
                WIX_ACCOUNT_ID=account,
                WIX_CALLS_PER_MINUTE="1000000",
            )
            sys.stdout.write(json.dumps(_measured()))
        maintenance.execute(f"DROP DATABASE {PASS} WITH (FORCE)")


def _measured() -> dict[str, float]:
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    settings.DEBUG = False
    logging.disable(logging.INFO)
    call_command("migrate", verbosity=0)
    for _ in range(2):  # the second has each row find its place
        _read()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("SELECT pg_current_wal_insert_lsn(), pg_backend_pid()")
        before, backend = cursor.fetchone()
        used = time.process_time() + _used_by(backend)
        run = _read()
        used = time.process_time() + _used_by(backend) - used
        cursor.execute("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), %s)", [before])
        log = float(cursor.fetchone()[0])
    connection.close()
    a_second = CALLS_A_MINUTE / 60
    return {"core": 100 * a_second * used / run.calls, "log": log / run.packages_seen}


def _read() -> Any:
    """A full reading, carried to its end."""
    from resellers.mirror import sync
    from resellers.models import SyncRun

    run = sync.run(sync.want(SyncRun.Kind.FULL).pk)
    assert run, "another worker has the run"
    assert run.state == SyncRun.State.SUCCEEDED, run.error
    return run


def _used_by(process: int) -> float:
    """Seconds of processor time that this process of the server has used."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


@contextmanager
def _wix() -> Iterator[list[str]]:
    """Address, key and account of an invented Wix in a process of its own."""
    numbers = {"port": 0, "accounts": ACCOUNTS, "packages": PACKAGES, "calls-per-minute": 0}
    command = [sys.executable, "manage.py", "wix_sandbox"]
    command += [word for name, value in numbers.items() for word in (f"--{name}", str(value))]
    process = subprocess.Popen(
        command,
        cwd=environment.ROOT,
        env=environment.of_process(environment.TESTS),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield [process.stdout.readline().partition(":")[2].strip() for _ in range(3)]
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    main()
