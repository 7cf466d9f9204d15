"""Every fact of Wix's documents is kept somewhere, and a test that exists proves it."""

import ast
import re
from functools import cache

import pytest

from tests.documented_refusals import DOCUMENTED
from tests.environment import ROOT

pytestmark = pytest.mark.once

ROW = re.compile(r"^\| (\d+) \| (.+?) \| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
PLACES = {"client", "mirror", "sandbox", "page", "CSV"}
FACTS = ROW.findall((ROOT / "docs" / "wix.md").read_text())


@cache
def names_in(path: str) -> set[str]:
    """The names of the tests in that file; none where there is no such file."""
    file = ROOT / "tests" / path
    tree = ast.parse(file.read_text()) if file.is_file() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_facts_are_numbered_from_1_on():
    assert [int(number) for number, *_ in FACTS] == list(range(1, len(FACTS) + 1))
    assert len(FACTS) > 100


@pytest.mark.parametrize(("number", "fact", "kept", "proofs"), FACTS, ids=[f[0] for f in FACTS])
def test_a_fact_says_where_it_is_kept_and_which_tests_prove_it(number, fact, kept, proofs):
    named = re.findall(r"`([^`]+)::(test_\w+)`", proofs)

    assert set(kept.split(", ")) <= PLACES, fact
    assert named, f"nothing proves fact {number}: {fact}"
    assert [f"{p}::{name}" for p, name in named if name not in names_in(p)] == [], fact


@pytest.mark.parametrize("call", ["create", "adjust", "unassign"])
def test_every_documented_error_is_a_fact(call):
    told = [re.match(rf"{call.capitalize()}: `(\w+)`", fact) for _, fact, *_ in FACTS]

    assert {found[1] for found in told if found} == set(DOCUMENTED[call])
