"""How Wix says no. Reference: About Errors."""

from collections.abc import Callable

import pytest
import requests

from tests.conformance.partner import NOWHERE, PACKAGES, Partner, details_of, good, next_cursor

REFUSED: dict[str, Callable[[Partner], requests.Response]] = {
    "no query": lambda wix: wix.send("POST", f"{PACKAGES}/query", {}),
    "no such domain": lambda wix: wix.send(
        "GET", "/domain-search/v2/check-domain-availability?domain=bakery", key=None, account=None
    ),
    "cursor and filter": lambda wix: wix.query(
        cursorPaging={"cursor": next_cursor(good(wix.query(cursorPaging={"limit": 1}))) or "none"},
        filter={"externalId": "ord-1"},
    ),
}


@pytest.mark.parametrize("refused", REFUSED)
def test_a_refusal_says_what_is_wrong_in_the_envelope(refused, wix: Partner):
    answer = REFUSED[refused](wix)

    assert answer.status_code == 400
    assert isinstance(answer.json()["message"], str)
    details = details_of(answer)
    business, form = details.get("applicationError"), details.get("validationError")
    assert bool(business) != bool(form)
    if business:
        assert business["code"]
        assert isinstance(business.get("description", ""), str)
    else:
        assert all(one["field"] is not None for one in form["fieldViolations"])


def test_a_body_that_is_no_json_is_400(wix: Partner):
    headers = {"Content-Type": "application/json"}

    answer = wix.send("POST", f"{PACKAGES}/query", headers=headers, data="{no json")

    assert answer.status_code == 400


# --- what was seen, or is assumed ----------------------------------------------------------------


@pytest.mark.assumed
def test_every_answer_carries_a_request_id_of_its_own(wix):
    answers = [
        wix.query(cursorPaging={"limit": 1}),
        wix.query(cursorPaging={"limit": 1}),
        wix.send("GET", f"{PACKAGES}/{NOWHERE}"),
        wix.send("GET", "/no/such/path"),
        wix.query(cursorPaging={"limit": 0}),
        wix.send("GET", f"{PACKAGES}/{NOWHERE}", key=None),
    ]

    assert len({answer.headers["x-wix-request-id"] for answer in answers}) == len(answers)
    assert all(answer.headers["x-seen-by"] for answer in answers)


@pytest.mark.assumed
def test_a_path_that_is_not_known_is_404_and_nobody_responded(wix):
    known = wix.send("GET", f"{PACKAGES}/{NOWHERE}")
    unknown = wix.send("GET", "/resellers/v9/packages")

    assert (known.status_code, unknown.status_code) == (404, 404)
    assert "x-wix-responded-by" in known.headers
    assert "x-wix-responded-by" not in unknown.headers


@pytest.mark.assumed
def test_no_header_tells_of_a_rate(wix):
    headers = {name.lower() for name in wix.query().headers}

    assert not any("rate" in name or name == "retry-after" for name in headers)


@pytest.mark.assumed
def test_several_wrong_fields_are_named_in_one_answer(wix):
    answer = wix.query(sort=[{"fieldName": "x"}], cursorPaging={"limit": 0})

    fields = [one["field"] for one in details_of(answer)["validationError"]["fieldViolations"]]
    assert fields == ["query.cursorPaging.limit", "query.sort[0].fieldName"]


@pytest.mark.assumed
@pytest.mark.parametrize("status", [500, 503, 504])
def test_a_fault_of_wix_says_nothing(status, wix, control):
    control("faults", {"rules": [{"match": "query", "effect": f"bare:{status}"}]})

    answer = wix.query()

    assert answer.status_code == status
    assert answer.json() == {"message": "", "details": {}}
