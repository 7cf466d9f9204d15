"""Who is let in, in the order of section 13: key, permission, account header, account, body."""

import pytest
import requests

from tests.sandbox.conftest import NOWHERE, ORDERS, PACKAGES, Caller, code_of

QUERY = f"{PACKAGES}/query"


def test_the_key_is_sent_as_it_is(wix: Caller):
    assert wix.send("POST", QUERY, {"query": {}}).status_code == 200


@pytest.mark.parametrize("key", [None, "wrong", "Bearer {key}", "{key} ", "{KEY}"])
def test_any_other_key_is_401_even_without_an_account(wix: Caller, key: str | None):
    own = wix.sandbox.api_key
    key = key and key.replace("{key}", own).replace("{KEY}", own.upper())
    if key is not None and key.endswith(" "):
        key += "x"

    answer = wix.send("POST", QUERY, {"query": {}}, account=None, Authorization=key)

    assert answer.status_code == 401
    assert code_of(answer) == "UNAUTHENTICATED"


def test_two_keys_live_side_by_side_until_the_older_is_revoked(wix: Caller):
    def status(key: str) -> int:
        return wix.send("POST", QUERY, {"query": {}}, Authorization=key).status_code

    old = wix.sandbox.api_key
    cursor = wix.send("POST", QUERY, {"query": {"cursorPaging": {"limit": 1}}}).json()
    new = wix.control("keys", {"make": True}).json()["keys"][-1]

    assert new != old
    assert wix.state()["api_key"] == new
    assert [status(key) for key in (old, new)] == [200, 200]
    assert wix.control("keys", {"revoke_older": True}).json()["keys"] == [new]
    assert [status(key) for key in (old, new)] == [401, 200]
    assert wix.control("keys", {"revoke": True}).status_code == 400
    # What was begun with the old one is read on with the new one.
    following = cursor["metadata"]["cursors"]["next"]
    answer = wix.send("POST", QUERY, {"query": {"cursorPaging": {"cursor": following}}})
    assert answer.status_code == 200


def test_a_missing_permission_is_403_before_the_account_is_looked_at(wix: Caller):
    wix.switch(key_lacks=["packages.manage"])

    refused = wix.send("POST", ORDERS, {}, account=NOWHERE)

    assert refused.status_code == 403
    assert refused.json()["details"]["applicationError"]["description"] == ""
    assert wix.send("POST", QUERY, {"query": {}}).status_code == 200


def test_the_external_id_has_a_permission_of_its_own(wix: Caller, customer):
    created = wix.create(customer.account, wix.line("Core")).json()["package"]["id"]
    wix.switch(key_lacks=["packages.external_id"])

    answer = wix.send("PATCH", f"{PACKAGES}/update/{created}/x", account=customer.account)

    assert answer.status_code == 403


def test_a_missing_account_header_is_403(wix: Caller):
    assert wix.send("POST", QUERY, {"query": {}}, account=None).status_code == 403
    assert wix.send("POST", ORDERS, {}, account=None).status_code == 403


def test_an_unknown_account_is_404_for_writers_and_403_for_readers(wix: Caller):
    written = wix.send("POST", ORDERS, {"products": "nonsense"}, account=NOWHERE)
    read = wix.send("POST", QUERY, {"query": {}}, account=NOWHERE)

    assert (written.status_code, code_of(written)) == (404, "ACCOUNT_NOT_FOUND")
    assert written.json()["message"] == f"Account with id {NOWHERE} was not found."
    assert read.status_code == 403


def test_account_and_other_ids_are_compared_without_regard_to_case(wix: Caller, customer):
    instance = customer.plan()

    answer = wix.assign(customer.account.upper(), instance.upper(), customer.other_site.upper())

    assert answer.status_code == 200
    assert wix.truth(instance)["siteId"] == customer.other_site


def test_every_answer_has_its_own_request_id(wix: Caller):
    answers = [wix.send("POST", QUERY, {"query": {}}) for _ in range(5)]
    answers += [wix.send("GET", "/no/such/path"), wix.control("state")]

    assert len({answer.headers["x-wix-request-id"] for answer in answers}) == 7


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/resellers/v9/packages"),
        ("POST", "/resellers/v1/packages"),
        ("POST", f"{QUERY}/"),
        ("PUT", QUERY),
        ("GET", "/"),
    ],
)
def test_an_unknown_route_is_404_and_nobody_says_who_answered(wix: Caller, method: str, path: str):
    answer = wix.send(method, path)

    assert answer.status_code == 404
    assert "x-wix-responded-by" not in answer.headers
    assert answer.json() == {"message": "", "details": {}}


def test_a_known_route_says_who_answered_even_when_it_refuses(wix: Caller):
    answer = wix.send("GET", f"{PACKAGES}/{NOWHERE}")

    assert answer.status_code == 404
    assert answer.headers["x-wix-responded-by"]
    assert answer.headers["x-seen-by"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"nul", b'{"query": NaN}', b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_json_object_is_400(wix: Caller, body: bytes):
    answer = requests.post(
        wix.sandbox.url + QUERY,
        data=body,
        headers={
            "Authorization": wix.sandbox.api_key,
            "wix-account-id": wix.sandbox.account_id,
        },
        timeout=10,
    )

    assert answer.status_code == 400
    assert answer.json()["details"]["validationError"]["fieldViolations"]


@pytest.mark.parametrize(
    ("form", "kind"), [("json", "application/json"), ("html", "text/html"), ("empty", None)]
)
def test_denials_come_in_the_forms_that_were_seen(wix: Caller, form: str, kind: str | None):
    wix.switch(denied_body=form)

    answer = wix.send("POST", QUERY, {"query": {}}, Authorization="wrong")

    assert answer.status_code == 401
    if kind is None:
        assert answer.content == b""
    else:
        assert answer.headers["Content-Type"].startswith(kind)


@pytest.mark.parametrize("form", ["html", "empty"])
def test_an_account_mismatch_is_denied_in_the_same_forms(wix: Caller, customer, form: str):
    instance = customer.plan()
    wix.switch(denied_body=form)

    answer = wix.unassign(wix.sandbox.account_id, instance)

    assert answer.status_code == 403
    assert answer.text[:6] == {"html": "<html>", "empty": ""}[form]


def test_above_the_limit_is_429_without_retry_after_and_no_effect(wix: Caller):
    wix.control("reset", {"calls_per_minute": 3})

    answers = [wix.send("POST", QUERY, {"query": {}}) for _ in range(5)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert code_of(answers[-1]) == "RESOURCE_EXHAUSTED"
    assert "Retry-After" not in answers[-1].headers
    assert wix.control("state").status_code == 200


def test_throttling_may_look_otherwise(wix: Caller):
    wix.control("reset", {"calls_per_minute": 1})
    wix.switch(throttle_status="503", retry_after=7)
    wix.send("POST", QUERY, {"query": {}})

    answer = wix.send("POST", QUERY, {"query": {}})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "7")
