"""Wix's pages brought into the mirror, beside row by row, on both databases; and a whole pass in
which nothing has changed, at Wix's full rate: its share of a core, and what it writes of log."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure, Ratio
from tests.databases import make_tables
from tests.environment import ROOT

# How many times faster than row by row, by what a page holds.
GOALS = {
    "PostgreSQL": {"unchanged": 40, "few": 20, "new": 12},
    "SQLite": {"unchanged": 25, "few": 10, "new": 5},
}
WORDS = {"unchanged": "unchanged", "few": "5 % changed", "new": "all new"}
MOST_OF_CORE = 8.0  # percent
MOST_LOG = 100.0  # bytes a package


def measure() -> Iterator[Figure | Ratio]:
    """Over the large mirror on PostgreSQL, over one that holds these pages alone on SQLite."""
    yield from _pages_in("PostgreSQL", os.environ["DATABASE_URL"])
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "mirror.sqlite3"
        make_tables(file)
        yield from _pages_in("SQLite", f"sqlite:///{file}")
    core, log = _pass()
    yield Figure("a full pass at 175 calls a minute | share of a core", core, 0, MOST_OF_CORE, "%")
    yield Figure("the same, nothing changed | log a package", log, 0, MOST_LOG, "bytes")


def _pages_in(name: str, database: str) -> Iterator[Ratio]:
    taken = json.loads(_run("tests.bench.pages_in", DATABASE_URL=database))
    for what, goal in GOALS[name].items():
        ours, peer = (100_000 / milliseconds for milliseconds in taken[what])
        yield Ratio(
            f"{name}, a hundred packages {WORDS[what]} | row by row",
            *(ours, peer, goal),
            unit="/s",
            more_is_better=True,
        )


def _pass() -> tuple[float, float]:
    """On an empty database of the same server."""
    taken = json.loads(_run("tests.bench.unchanged_pass"))
    return taken["core"], taken["log"]


def _run(module: str, **environment: str) -> str:
    """What a process of its own prints."""
    answer = subprocess.run(
        [sys.executable, "-m", module],
        cwd=ROOT,
        env=os.environ | environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return answer.stdout.splitlines()[-1]
