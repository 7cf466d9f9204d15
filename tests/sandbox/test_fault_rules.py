"""Which calls a fault meets: by name, by count, by chance; and rules that make no sense."""

import pytest
import requests

from tests.sandbox.conftest import NOWHERE, PACKAGES, Caller


def query(wix: Caller, **query: object) -> requests.Response:
    return wix.send("POST", f"{PACKAGES}/query", {"query": query})


def test_a_rule_skips_counts_and_ends(wix: Caller):
    wix.faults({"match": "query", "effect": "429", "after": 2, "times": 2})

    statuses = [query(wix).status_code for _ in range(6)]

    assert statuses == [200, 200, 429, 429, 200, 200]
    (rule,) = wix.state()["faults"]
    assert (rule["seen"], rule["fired"]) == (6, 2)


def test_a_rule_spoils_only_the_calls_it_names(wix: Caller):
    wix.faults({"match": "get", "effect": "429"}, {"match": "sites", "effect": "bare:503"})

    assert query(wix).status_code == 200
    assert wix.send("GET", f"{PACKAGES}/{NOWHERE}").status_code == 429
    count = wix.send("POST", "/site-list/v2/sites/count", {"filter": {}})
    assert count.status_code == 503


def test_chance_follows_its_seed(wix: Caller):
    def run(seed: int) -> list[int]:
        wix.faults({"match": "query", "effect": "429", "probability": 0.5, "seed": seed})
        return [query(wix, cursorPaging={"limit": 1}).status_code for _ in range(20)]

    first, again, other = run(3), run(3), run(4)

    assert first == again
    assert set(first) == {200, 429}
    assert first != other


def test_a_rule_that_ends_the_call_keeps_later_ones_from_counting(wix: Caller):
    wix.faults(
        {"match": "query", "effect": "429", "times": 1},
        {"match": "query", "effect": "bare:503", "times": 1},
    )

    assert [query(wix).status_code for _ in range(3)] == [429, 503, 200]


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"rule": []}, "rule"),
        ({}, "rules"),
        ({"rules": {}}, "rules"),
        ({"rules": [5]}, "rules[0]"),
        ({"rules": [{"effect": "429"}, {"match": "all", "effect": "429"}]}, "rules[1].match"),
        ({"rules": [{"match": "any"}]}, "rules[0].effect"),
        ({"rules": [{"effect": "explode"}]}, "rules[0].effect"),
        ({"rules": [{"effect": "delay"}]}, "rules[0].effect"),
        ({"rules": [{"effect": "delay:soon"}]}, "rules[0].effect"),
        ({"rules": [{"effect": "429:5"}]}, "rules[0].effect"),
        ({"rules": [{"effect": "bare:200"}]}, "rules[0].effect"),
        ({"rules": [{"effect": "refuse:"}]}, "rules[0].effect"),
        ({"rules": [{"effect": "refuse:X:200"}]}, "rules[0].effect"),
        ({"rules": [{"effect": "429", "times": -1}]}, "rules[0].times"),
        ({"rules": [{"effect": "429", "times": True}]}, "rules[0].times"),
        ({"rules": [{"effect": "429", "after": "x"}]}, "rules[0].after"),
        ({"rules": [{"effect": "429", "probability": 2}]}, "rules[0].probability"),
        ({"rules": [{"effect": "429", "probability": "x"}]}, "rules[0].probability"),
        ({"rules": [{"effect": "429", "seed": "x"}]}, "rules[0].seed"),
        ({"rules": [{"effect": "429", "often": 1}]}, "rules[0].often"),
    ],
)
def test_wrong_rules_are_refused_by_place_and_the_old_ones_stay(wix: Caller, rules, field: str):
    wix.faults({"match": "query", "effect": "429"})

    answer = wix.control("faults", rules)

    assert answer.status_code == 400
    assert answer.json()["field"] == field
    assert len(wix.state()["faults"]) == 1


def test_rules_may_come_as_a_bare_list_and_replace_all_others(wix: Caller):
    wix.faults({"match": "query", "effect": "429"}, {"match": "get", "effect": "429"})

    assert wix.control("faults", []).json() == {"faults": []}
    assert query(wix).status_code == 200
