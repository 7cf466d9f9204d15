"""Which tests run on which database: all of them on SQLite, and again on PostgreSQL whatever the
database has a part in. What only PostgreSQL has, its locks and its server, runs there alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.randomness import FULL

SQLITE, POSTGRES = "sqlite", "postgres"
# A fixture among these means that the test touches the database.
FIXTURES = {"db", "transactional_db", "live_server"}
# Marks of what is the same on every database, or runs once for another reason.
ONCE = ("browser", "once", "standalone")
# Mark of tests whose values are the database's matter: text, dates, keys. Of any other test with
# many sets of values so many run on PostgreSQL, the first, the last and some between.
EVERY_VALUE = "every_value"
SETS_ON_POSTGRES = 3
# The mark of what is about PostgreSQL itself.
ALONE = "postgres"
# Folders in which nothing runs on PostgreSQL: there they are not even read.
WITHOUT = ("browser", "conformance", "sandbox", "wix")


def wanted() -> str:
    """`sqlite` or `postgres`, as TEST_DATABASE says."""
    name = os.environ.get("TEST_DATABASE") or SQLITE
    if name not in (SQLITE, POSTGRES):
        raise pytest.UsageError(f"TEST_DATABASE must be {SQLITE} or {POSTGRES}: {name!r}")
    return name


def made() -> Path | None:
    """A SQLite file with all tables that each process copies, if TEST_DATABASE_FILE names one.

    Making them takes a few seconds: too long for who starts one process after another.
    """
    name = os.environ.get("TEST_DATABASE_FILE")
    return Path(name) if name and wanted() == SQLITE else None


def is_left_out(path: Path, tests: Path) -> bool:
    """Whether nothing in this file or folder runs on the database that is wanted."""
    return wanted() == POSTGRES and any(path.is_relative_to(tests / name) for name in WITHOUT)


def runs_on_postgres(item: pytest.Item) -> bool:
    """Whether the test runs on PostgreSQL too."""
    touches = FIXTURES & set(getattr(item, "fixturenames", ()))
    is_once = any(item.get_closest_marker(name) for name in ONCE)
    return bool(touches or item.get_closest_marker("django_db")) and not is_once


def choose(items: list[pytest.Item], tests: Path) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """The tests to run, and those that are left out. Raises pytest.UsageError where one would be
    left out by its folder though the database has a part in it."""
    if wanted() == POSTGRES:
        run = set(_with_enough_values([item for item in items if runs_on_postgres(item)]))
        return [i for i in items if i in run], [i for i in items if i not in run]
    for item in items:
        unread = any(item.path.is_relative_to(tests / name) for name in WITHOUT)
        if unread and runs_on_postgres(item):
            raise pytest.UsageError(
                f"{item.nodeid} touches the database, and its folder is not read on PostgreSQL:"
                f" move it, mark it as one of {', '.join(ONCE)}, or see tests/databases.py"
            )
    return (
        [item for item in items if not item.get_closest_marker(ALONE)],
        [item for item in items if item.get_closest_marker(ALONE)],
    )


def _with_enough_values(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    """Those tests without the sets of values that SQLite alone sees; all of them with FULL=1."""
    by_test: dict[str, list[pytest.Item]] = {}
    for item in items:
        by_test.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for sets in by_test.values():
        if FULL or len(sets) <= SETS_ON_POSTGRES or sets[0].get_closest_marker(EVERY_VALUE):
            yield from sets
        else:
            last = SETS_ON_POSTGRES - 1
            yield from (sets[n * (len(sets) - 1) // last] for n in range(SETS_ON_POSTGRES))
