"""Each numbered promise has proofs that exist and run, and the documents name them."""

import os
import subprocess
import sys

import pytest

from tests.chaos.__main__ import PARTS
from tests.databases import POSTGRES, SQLITE
from tests.environment import ROOT
from tests.promises import PROMISES

NO_SKIPS = "not skip and not skipif and not xfail"


def those_that_run(database: str, proofs: set[str]) -> set[str]:
    """Of these tests, the ones that a run on that database collects and does not leave out."""
    environment = {n: v for n, v in os.environ.items() if not n.startswith(("DJANGO_", "PYTEST_"))}
    files = sorted({proof.partition("::")[0] for proof in proofs})
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-m", NO_SKIPS, *files],
        cwd=ROOT,
        env=environment | {"TEST_DATABASE": database},
        capture_output=True,
        text=True,
        check=False,
    )
    assert collected.returncode == 0, collected.stdout + collected.stderr
    return {line.partition("[")[0] for line in collected.stdout.splitlines() if "::" in line}


def test_no_promise_is_without_a_number_or_a_proof():
    assert list(PROMISES) == [f"P{number}" for number in range(1, 23)]
    assert [n for n, p in PROMISES.items() if not (p.both or p.once or p.postgres or p.chaos)] == []


@pytest.mark.parametrize("database", [SQLITE, POSTGRES])
def test_each_proof_is_a_test_that_runs_where_the_table_says(database):
    on_both = {proof for promise in PROMISES.values() for proof in promise.both}
    once = {proof for promise in PROMISES.values() for proof in promise.once}
    postgres = {proof for promise in PROMISES.values() for proof in promise.postgres}
    wanted = on_both | (once if database == SQLITE else postgres)

    assert wanted - those_that_run(database, wanted) == set()


def test_each_part_of_chaos_that_proves_a_promise_is_one():
    assert {part for promise in PROMISES.values() for part in promise.chaos} <= set(PARTS)
