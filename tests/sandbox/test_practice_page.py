"""The practice page: a person rehearses a bad day with plain forms, no script needed."""

import re

import pytest
import requests

from tests.sandbox.conftest import PACKAGES, Caller, Customer


def page(wix: Caller, **form: str) -> requests.Response:
    url = f"{wix.sandbox.url}/_sandbox/"
    if form:
        return wix.session.post(url, data=form, timeout=10)
    return wix.session.get(url, timeout=10)


def test_it_shows_clock_faults_and_every_switch_without_a_script(wix: Caller):
    answer = page(wix)

    assert answer.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text
    for name in wix.state()["switches"]:
        assert f'value="{name}"' in answer.text
    labelled = len(re.findall(r"<(?:select|input)(?! type=\"hidden\")", answer.text))
    assert labelled == answer.text.count("<label>")


def test_a_fault_is_added_and_shown_and_all_are_ended(wix: Caller):
    form = {"match": "query", "effect": "bare", "argument": "503", "times": "2", "after": ""}
    added = page(wix, action="fault", **form)

    assert added.status_code == 200
    assert [one.status_code for one in added.history] == [303]
    assert "bare:503" in added.text
    assert wix.send("POST", f"{PACKAGES}/query", {"query": {}}).status_code == 503
    assert len(wix.state()["faults"]) == 1

    page(wix, action="clear")
    assert wix.state()["faults"] == []


@pytest.mark.parametrize(
    "day", ["lost_answers", "refusals", "half_moves", "slow", "throttled", "away", "closed"]
)
def test_every_bad_day_can_begin(wix: Caller, day: str):
    page(wix, action="bad_day", day=day)

    assert wix.state()["faults"]


def test_the_clock_moves_and_deliveries_arrive(wix: Caller, customer: Customer):
    line = wix.line("Core", customer.site)
    instance = wix.create(customer.account, line).json()["package"]["productInstances"][0]

    page(wix, action="deliver")
    page(wix, action="clock", advance_seconds="3600")

    assert wix.truth(instance["instanceId"])["status"] == "ENABLED"
    assert wix.state()["clock"]["ahead_seconds"] == 3600


@pytest.mark.parametrize(
    ("name", "value", "position"),
    [
        ("has_next", "yes", True),
        ("has_next", "no", False),
        ("dates", "instance_objects", "instance_objects"),
        ("delivery_seconds", "60", 60),
        ("key_lacks", "packages.manage, sites.read", ["packages.manage", "sites.read"]),
        ("key_lacks", "", []),
        ("account_mismatch", "404", "404"),
    ],
)
def test_switches_are_set(wix: Caller, name: str, value: str, position):
    page(wix, action="switch", name=name, value=value)

    assert wix.state()["switches"][name] == position


@pytest.mark.parametrize(
    "form",
    [
        {"action": "explode"},
        {"action": "fault", "match": "query", "effect": "delay", "argument": ""},
        {"action": "fault", "match": "query", "effect": "429", "times": "-1"},
        {"action": "bad_day", "day": "monday"},
        {"action": "clock", "advance_seconds": "x"},
        {"action": "switch", "name": "dates", "value": "<script>"},
        {"action": "switch", "name": "nothing", "value": "1"},
    ],
)
def test_a_wish_that_makes_no_sense_is_explained_on_the_page(wix: Caller, form: dict[str, str]):
    answer = page(wix, **form)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert "<script" not in answer.text
    assert wix.state()["faults"] == []
