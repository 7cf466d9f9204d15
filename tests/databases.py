"""Which tests run on which database: all of them on SQLite, and again on PostgreSQL whatever the
database has a part in. What only PostgreSQL has, its locks and its server, runs there alone."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from zlib import crc32

import pytest

from tests import environment
from tests.randomness import FULL

SQLITE, POSTGRES = "sqlite", "postgres"
# A fixture among these means that the test touches the database.
FIXTURES = {"db", "transactional_db", "live_server"}
# Marks of what is the same on every database, or runs once for another reason.
ONCE = ("browser", "once", "standalone")
# Mark of tests whose values are the database's matter: text, dates, keys. Of any other test with
# many sets of values PostgreSQL runs the first, and SQLite every twelfth, the first included.
EVERY_VALUE = "every_value"
OF_SETS = 12
# Mark of what takes long and proves again, at length, what shorter tests hold.
AT_LENGTH = "at_length"
# Set by who runs the whole suite: it leaves out what is at length and most sets of values. Tests
# asked for by name, and FULL=1, run whole.
BRIEF = "TEST_BRIEF"
# The mark of what is about PostgreSQL itself.
ALONE = "postgres"
# Folders in which nothing runs on PostgreSQL: there they are not even read.
WITHOUT = ("browser", "conformance", "sandbox", "wix")
# What runs on PostgreSQL with FULL=1 only: pages and kinds of operation, which ask nothing of a
# database that lists, search, readings and the engine's own tests do not ask.
ONLY_IN_FULL = (
    *(f"dashboard/{room}" for room in ("actions", "components", "frame", "pages", "records")),
    *(
        "dashboard/test_every",
        "dashboard/test_hostile",
        "dashboard/test_stopped",
        "docs/",
        "extending/",
    ),
    *("operations/test_adjust", "operations/test_cancel", "operations/test_create_package"),
    *("operations/test_external_id", "operations/test_judge", "operations/test_namesakes"),
    *("operations/test_premium", "operations/test_refused", "operations/test_stored_wishes"),
    *("operations/test_told_to_end", "operations/test_transfer", "operations/test_whose_doing"),
    *("dashboard/lists/", "operations/test_drift", "mirror/test_unreadable"),
    *("operations/test_resumed", "operations/test_reorders", "operations/test_throttled"),
    *("mirror/test_customers_who_left", "mirror/test_standstill", "mirror/test_derived"),
    *("cases/test_causes", "models/test_querysets", "operations/test_bulk"),
    *("flows/test_domain_connection", "flows/test_domain_purchase"),
)
# Of those, what runs there all the same: how texts are found and ordered, places by key, and
# what the database writes itself.
YET = (
    "dashboard/lists/test_csv_copy.py",
    "dashboard/lists/test_list_truth.py",
    "dashboard/lists/test_same_text.py",
)


def wanted() -> str:
    """`sqlite` or `postgres`, as TEST_DATABASE says."""
    name = os.environ.get("TEST_DATABASE") or SQLITE
    if name not in (SQLITE, POSTGRES):
        raise pytest.UsageError(f"TEST_DATABASE must be {SQLITE} or {POSTGRES}: {name!r}")
    return name


def is_brief() -> bool:
    """Whether the run is of the whole suite and not to take long."""
    return bool(os.environ.get(BRIEF)) and not FULL


def made() -> Path | None:
    """A SQLite file with all tables that each process copies, if TEST_DATABASE_FILE names one.

    Making them takes a few seconds: too long for who starts one process after another.
    """
    name = os.environ.get("TEST_DATABASE_FILE")
    return Path(name) if name and wanted() == SQLITE else None


def is_left_out(path: Path, tests: Path) -> bool:
    """Whether nothing in this file or folder runs on the database that is wanted."""
    return wanted() == POSTGRES and _is_unread(path, tests)


@cache
def _is_unread(path: Path, tests: Path) -> bool:
    return any(path.is_relative_to(tests / name) for name in WITHOUT)


@cache
def _runs_in_every_run(path: Path) -> bool:
    """Whether PostgreSQL runs what stands in that file without FULL=1 too."""
    place = path.relative_to(Path(__file__).parent).as_posix()
    return not place.startswith(ONLY_IN_FULL) or place in YET


def is_its_own(item: pytest.Item) -> bool:
    """Whether the test is about PostgreSQL itself."""
    return item.get_closest_marker(ALONE) is not None


def make_tables(file: Path) -> None:
    """A SQLite file with all tables, so that no process has to make them."""
    settings = environment.TESTS | {"DATABASE_URL": f"sqlite:///{file}"}
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0", "--skip-checks"],
        cwd=environment.ROOT,
        env=environment.of_process(settings),
        check=True,
    )


def runs_on_postgres(item: pytest.Item) -> bool:
    """Whether the test runs on PostgreSQL too."""
    if not (_runs_in_every_run(item.path) or FULL or is_its_own(item)):
        return False
    touches = FIXTURES & set(getattr(item, "fixturenames", ()))
    is_once = any(item.get_closest_marker(name) for name in ONCE)
    return bool(touches or item.get_closest_marker("django_db")) and not is_once


def choose(items: list[pytest.Item], tests: Path) -> tuple[list[pytest.Item], list[pytest.Item]]:
    """The tests to run, and those that are left out. Raises pytest.UsageError where one would be
    left out by its folder though the database has a part in it."""
    if wanted() == POSTGRES:
        run = set(_with_enough_values(_wanted_at_all(filter(runs_on_postgres, items)), 0))
        return [i for i in items if i in run], [i for i in items if i not in run]
    for item in items:
        if _is_unread(item.path, tests) and runs_on_postgres(item):
            raise pytest.UsageError(
                f"{item.nodeid} touches the database, and its folder is not read on PostgreSQL:"
                f" move it, mark it as one of {', '.join(ONCE)}, or see tests/databases.py"
            )
    ours = [item for item in items if not item.get_closest_marker(ALONE)]
    run = set(_with_enough_values(_wanted_at_all(ours), OF_SETS))
    return [i for i in items if i in run], [i for i in items if i not in run]


def _wanted_at_all(items: Iterable[pytest.Item]) -> Iterator[pytest.Item]:
    return (item for item in items if not (is_brief() and item.get_closest_marker(AT_LENGTH)))


def _with_enough_values(items: Iterable[pytest.Item], step: int) -> Iterator[pytest.Item]:
    """Of each test's sets of values every so many-th in a brief run, or with 0 the first; all of
    them with FULL=1. Two sets are two stories."""
    by_test: dict[str, list[pytest.Item]] = {}
    for item in items:
        by_test.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for sets in by_test.values():
        if FULL or sets[0].get_closest_marker(EVERY_VALUE):
            yield from sets
        elif not step:
            yield sets[0]
        elif is_brief() and sets[0].get_closest_marker("browser"):
            # With and without a script, by the mouse and by keys: the tests take turns.
            yield sets[crc32(sets[0].nodeid.partition("[")[0].encode()) % len(sets)]
        else:
            yield from sets[::step] if is_brief() and len(sets) > 2 else sets
