"""The practice page: a person rehearses what may go wrong with plain forms, no script needed."""

import re

import pytest
import requests

from tests.sandbox.conftest import PACKAGES, Caller, Customer


def page(wix: Caller, **form: str) -> requests.Response:
    """The page; with fields, what sending its form with them leads to."""
    url = f"{wix.sandbox.url}/_sandbox/"
    answer = wix.session.get(url, timeout=10)
    if not form:
        return answer
    (token,) = set(re.findall(r'name="token" value="([^"]+)"', answer.text))
    return wix.session.post(url, data={"token": token, **form}, timeout=10)


def test_it_shows_clock_faults_and_every_switch_without_a_script(wix: Caller):
    answer = page(wix)

    assert answer.headers["Content-Type"].startswith("text/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search("<script|<style| style=", answer.text)
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
    "scenario", ["lost_answers", "refusals", "half_moves", "slow", "throttled", "away", "closed"]
)
def test_every_scenario_can_begin(wix: Caller, scenario: str):
    page(wix, action="scenario", scenario=scenario)

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
        {"action": "scenario", "scenario": "monday"},
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


def test_its_style_comes_from_an_address_of_its_own(wix: Caller):
    (address,) = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page(wix).text)

    style = wix.session.get(f"{wix.sandbox.url}{address}", timeout=10)

    assert style.headers["Content-Type"].startswith("text/css")
    assert ".error" in style.text
