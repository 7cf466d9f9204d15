"""The addresses under /_sandbox/: the truth, changes behind everybody's back, clock and reset."""

import csv
import io
from typing import Any

import pytest

from tests.sandbox.conftest import NOWHERE, PACKAGES, Caller, Customer


def test_the_state_says_all_that_a_client_needs_to_begin(wix: Caller):
    state = wix.state()

    assert state["api_key"] == wix.sandbox.api_key
    assert state["account_id"] == wix.sandbox.account_id
    assert len(state["child_account_ids"]) == state["counts"]["accounts"] == 12
    assert state["faults"] == []
    assert state["clock"]["ahead_seconds"] == 0


def test_the_truth_of_an_instance_names_its_place(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.unassign(customer.account, instance)

    truth = wix.truth(instance)

    assert truth["accountId"] == customer.account
    assert truth["packageId"]
    assert truth["siteId"] is None
    assert truth["status"] == "ENABLED"


def test_the_world_is_changed_behind_everybodys_back(wix: Caller, customer: Customer):
    instance = customer.plan()
    before = wix.truth(instance)
    failure = {"code": "EXTERNAL_FAILURE", "message": "gone"}
    monthly = {"type": "RECURRING", "cycleDuration": {"unit": "MONTH", "count": 1}}
    calls = len(wix.journal())

    changes = {
        "status": "FAILED",
        "failure": failure,
        "siteId": None,
        "catalogProductId": wix.product("Light"),
        "billingInfo": monthly,
        "expirationDate": "2030-01-01T00:00:00.000Z",
    }
    answer = wix.control(f"instances/{instance}", changes)

    assert answer.json() == wix.truth(instance)
    assert {name: answer.json()[name] for name in changes} == changes
    assert answer.json()["updatedDate"] > before["updatedDate"]
    assert len(wix.journal()) == calls
    path = f"{PACKAGES}/{before['packageId']}"
    package = wix.send("GET", path, account=customer.account).json()["package"]
    assert package["productInstances"][0]["failure"] == failure


def test_a_status_of_no_document_may_be_set(wix: Caller, customer: Customer):
    instance = customer.plan()

    assert wix.control(f"instances/{instance}", {"status": "Resting"}).status_code == 200
    assert wix.truth(instance)["status"] == "Resting"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"colour": "blue"}, "colour"),
        ({"status": 5}, "status"),
        ({"status": ""}, "status"),
        ({"siteId": NOWHERE}, "siteId"),
        ({"failure": "x"}, "failure"),
        ({"failure": {}}, "failure.code"),
        ({"billingInfo": None}, "billingInfo"),
        ({"expirationDate": "soon"}, "expirationDate"),
        ({"updatedDate": None}, "updatedDate"),
        ({"catalogProductId": None}, "catalogProductId"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_by_field(
    wix: Caller, customer: Customer, changes: dict[str, Any], field: str
):
    instance = customer.plan()
    before = wix.truth(instance)

    answer = wix.control(f"instances/{instance}", changes)

    assert answer.status_code == 400
    assert answer.json()["field"] == field
    assert wix.truth(instance) == before


@pytest.mark.parametrize(
    "path", [f"instances/{NOWHERE}", "nothing", "state/more", f"sites/{NOWHERE}"]
)
def test_what_is_not_there_is_404(wix: Caller, path: str):
    assert wix.control(path).status_code == 404


def test_the_wrong_method_is_405(wix: Caller):
    assert wix.control("state", {"a": 1}).status_code == 405
    assert wix.control("faults").status_code == 405


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("clock", {"advance_seconds": -1}, "advance_seconds"),
        ("clock", {"advance_seconds": "x"}, "advance_seconds"),
        ("clock", {"advance_seconds": True}, "advance_seconds"),
        ("clock", {"advance_seconds": 1e12}, "advance_seconds"),
        ("clock", {"deliver_now": "yes"}, "deliver_now"),
        ("clock", {"rewind": 5}, "rewind"),
        ("switches", {"no_such_switch": 1}, "no_such_switch"),
        ("switches", {"dates": "roman"}, "dates"),
        ("switches", {"has_next": "yes"}, "has_next"),
        ("switches", {"delivery_seconds": True}, "delivery_seconds"),
        ("switches", {"key_lacks": ["everything"]}, "key_lacks"),
        ("reset", {"accounts": -1}, "accounts"),
        ("reset", {"packages": "many"}, "packages"),
        ("reset", {"calls_per_minute": -1}, "calls_per_minute"),
        ("reset", {"sites": 5}, "sites"),
        ("reset", [], ""),
        ("journal?after=x", None, "after"),
    ],
)
def test_other_control_calls_are_refused_by_field_too(
    wix: Caller, path: str, body: Any, field: str
):
    before = wix.state()

    answer = wix.control(path, body)

    assert answer.status_code == 400
    assert answer.json()["field"] == field
    after = wix.state()
    del before["clock"], after["clock"]
    assert after == before


def test_switches_are_turned_all_or_none(wix: Caller):
    wix.control("switches", {"has_next": True, "dates": "roman"})

    assert wix.state()["switches"]["has_next"] is False


def test_the_journal_tells_of_every_call_and_of_no_control_call(wix: Caller, customer: Customer):
    instance = customer.plan()
    seen = wix.journal()[-1]["n"]

    wix.unassign(customer.account, instance, idempotencyKey="u")
    wix.unassign(customer.account, instance, idempotencyKey="u")
    wix.unassign(customer.account, instance)
    wix.send("GET", f"{PACKAGES}/{wix.truth(instance)['packageId']}", account=customer.account)
    wix.send("GET", "/nothing/here", account=None)

    path = f"{PACKAGES}/product-instances/{instance}/unassign"
    entries = wix.journal(after=seen)
    assert [one["n"] for one in entries] == [seen + number for number in range(1, 6)]
    assert [one["effect"] for one in entries] == [
        "applied",
        "replayed",
        "refused",
        "none",
        "refused",
    ]
    assert [one["status"] for one in entries] == [200, 200, 428, 200, 404]
    assert [one["idempotency_key"] for one in entries] == ["u", "u", None, None, None]
    assert {one["path"] for one in entries[:3]} == {path}
    assert entries[0]["method"] == "PATCH"
    assert entries[0]["account"] == customer.account
    assert entries[0]["at"].endswith("Z")


@pytest.mark.parametrize("name", ["catalog.csv", "customers.csv"])
def test_tables_are_csv_with_crlf_and_a_header(wix: Caller, name: str):
    answer = wix.control(name)
    text = answer.content.decode()

    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert text.endswith("\r\n")
    header = {
        "catalog.csv": "product_id,name,service_type,cycles,one_per_site,needs_premium,tld,"
        "adjustable,limit,premium,reference,voucher,features",
        "customers.csv": "account_id,name,email,group,reference",
    }[name]
    assert text.startswith(header + "\r\n")
    widths = {len(row) for row in csv.reader(io.StringIO(text, newline=""))}
    assert widths == {header.count(",") + 1}


def test_the_catalogue_says_what_each_product_obeys(wix: Caller):
    core, shop, logo = (wix.products[name] for name in ("Core", "Shop Unlimited", "Logo Basic"))

    assert core["cycles"] == "1 YEAR|1 MONTH|2 YEAR"
    assert (core["one_per_site"], core["needs_premium"], core["limit"]) == ("true", "false", "")
    assert (shop["needs_premium"], shop["limit"]) == ("true", "5")
    assert (logo["cycles"], logo["adjustable"]) == ("", "false")
    assert wix.products["Domain .de"]["tld"] == "de"
    assert (core["premium"], core["reference"]) == ("true", "true")
    assert (shop["premium"], shop["reference"]) == ("false", "false")
    assert core["voucher"] == "a domain for 1 year"
    assert "Online payments" in core["features"].split("|")


def test_the_special_products_are_named(wix: Caller):
    special = wix.state()["special_products"]

    known = {one["product_id"] for one in wix.products.values()}
    assert {one for ids in special.values() for one in ids} <= known
    assert special["without_settings"] == [wix.product("SEO Autopilot")]


def test_reset_begins_anew(wix: Caller, customer: Customer):
    customer.plan()
    wix.faults({"match": "any", "effect": "429"})
    wix.switch(has_next=True)
    wix.advance(500)

    state = wix.control("reset", {"packages": 25, "accounts": 5}).json()

    assert state["counts"]["packages"] == 25
    assert state["counts"]["accounts"] == 5
    assert state["faults"] == []
    assert state["switches"]["has_next"] is False
    assert state["clock"]["ahead_seconds"] == 0
    assert wix.journal() == []
    assert wix.control("reset", {}).json()["counts"]["packages"] == 25


def test_the_truth_of_a_site_is_shown(wix: Caller, customer: Customer):
    site = wix.control(f"sites/{customer.site}").json()

    assert site["ownerAccountId"] == customer.account
