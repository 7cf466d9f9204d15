"""Bad days: each fault does to a call what it says, and only to the calls it names."""

import threading
import time

import pytest
import requests

from tests.sandbox.conftest import INSTANCES, PACKAGES, Caller, Customer, code_of

QUERY = f"{PACKAGES}/query"


def query(wix: Caller, **query):
    return wix.send("POST", QUERY, {"query": query})


@pytest.mark.parametrize("effect", ["drop_before", "reset_before"])
def test_a_call_cut_before_has_no_effect_and_no_answer(
    wix: Caller, customer: Customer, effect: str
):
    instance = customer.plan()
    wix.faults({"match": "unassign", "effect": effect, "times": 1})

    with pytest.raises(requests.ConnectionError):
        wix.unassign(customer.account, instance)

    assert wix.truth(instance)["siteId"] == customer.site
    assert wix.journal()[-1]["status"] is None
    assert wix.journal()[-1]["effect"] == "none"
    assert wix.unassign(customer.account, instance).status_code == 200


@pytest.mark.parametrize("effect", ["drop_after", "reset_after"])
def test_a_call_cut_after_has_its_effect_and_no_answer(
    wix: Caller, customer: Customer, effect: str
):
    instance = customer.plan()
    wix.faults({"match": "unassign", "effect": effect, "times": 1})

    with pytest.raises(requests.ConnectionError):
        wix.unassign(customer.account, instance)

    assert wix.truth(instance)["siteId"] is None
    assert wix.journal()[-1]["status"] is None
    assert wix.journal()[-1]["effect"] == "applied"


@pytest.mark.parametrize(("effect", "site_stays"), [("hang_before", True), ("hang_after", False)])
def test_a_call_that_hangs_is_never_answered(
    wix: Caller, customer: Customer, effect: str, site_stays: bool
):
    instance = customer.plan()
    wix.faults({"match": "unassign", "effect": effect})
    headers = {"Authorization": wix.sandbox.api_key, "wix-account-id": customer.account}

    with pytest.raises(requests.ReadTimeout):
        requests.patch(
            f"{wix.sandbox.url}{INSTANCES}/{instance}/unassign", headers=headers, timeout=0.3
        )

    assert (wix.truth(instance)["siteId"] == customer.site) is site_stays


def test_a_late_call_is_carried_out_after_the_connection_was_cut(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.faults({"match": "unassign", "effect": "late:1000", "times": 1})

    with pytest.raises(requests.ConnectionError):
        wix.unassign(customer.account, instance)

    assert wix.truth(instance)["siteId"] == customer.site
    assert wix.journal()[-1]["effect"] == "none"
    deadline = time.monotonic() + 5
    while wix.truth(instance)["siteId"] and time.monotonic() < deadline:
        time.sleep(0.05)
    assert wix.truth(instance)["siteId"] is None
    assert wix.journal()[-1]["effect"] == "applied"


def test_a_delayed_call_takes_its_time_and_holds_up_no_other(wix: Caller, customer: Customer):
    wix.faults({"match": "query", "effect": "delay:2000"})
    slow = threading.Thread(target=query, args=(wix,))
    began = time.monotonic()
    slow.start()

    other = requests.get(f"{wix.sandbox.url}/_sandbox/state", timeout=5)
    assert other.status_code == 200
    assert slow.is_alive(), "the other has waited for the delayed one"
    slow.join()
    assert time.monotonic() - began >= 2


@pytest.mark.parametrize(("effect", "applied"), [("500_before", False), ("500_after", True)])
def test_500_is_empty_and_comes_before_or_after_the_effect(
    wix: Caller, customer: Customer, effect: str, applied: bool
):
    instance = customer.plan()
    wix.faults({"match": "unassign", "effect": effect, "times": 1})

    answer = wix.unassign(customer.account, instance)

    assert answer.status_code == 500
    assert answer.json() == {"message": "", "details": {}}
    assert (wix.truth(instance)["siteId"] is None) is applied
    assert wix.journal()[-1]["effect"] == ("applied" if applied else "none")


def test_a_sticky_500_is_repeated_for_its_key_and_for_no_other(wix: Caller, customer: Customer):
    wix.faults({"match": "create", "effect": "sticky_500", "times": 1})
    line = wix.line("Core", customer.site)

    first, second = (
        wix.create(customer.account, line, idempotencyKey="k").status_code for _ in range(2)
    )
    other = wix.create(customer.account, line, idempotencyKey="another").status_code

    assert (first, second, other) == (500, 500, 200)
    assert [one["effect"] for one in wix.journal()[-3:]] == ["none", "replayed", "applied"]


def test_429_is_refused_without_retry_after(wix: Caller):
    wix.faults({"match": "query", "effect": "429", "times": 2})

    answers = [query(wix) for _ in range(3)]

    assert [one.status_code for one in answers] == [429, 429, 200]
    assert code_of(answers[0]) == "RESOURCE_EXHAUSTED"
    assert "Retry-After" not in answers[0].headers


@pytest.mark.parametrize("status", [400, 403, 404, 409, 428, 501, 503, 504])
def test_a_bare_status_has_no_code(wix: Caller, status: int):
    wix.faults({"match": "query", "effect": f"bare:{status}"})

    answer = query(wix)

    assert answer.status_code == status
    assert answer.json() == {"message": "", "details": {}}


def test_403_comes_as_html_or_with_nothing(wix: Caller):
    wix.faults(
        {"match": "query", "effect": "html_403", "times": 1},
        {"match": "query", "effect": "empty_403", "times": 1},
    )

    html, empty = query(wix), query(wix)

    assert (html.status_code, empty.status_code) == (403, 403)
    assert html.text.startswith("<html>")
    assert empty.content == b""


def test_a_refusal_has_the_documented_status_and_words(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.faults({"match": "assign", "effect": "refuse:SITE_NOT_FOUND"})

    answer = wix.assign(customer.account, instance, customer.other_site)

    assert (answer.status_code, code_of(answer)) == (404, "SITE_NOT_FOUND")
    assert f"Site {customer.other_site} is not owned by {customer.account}" in answer.text
    assert wix.truth(instance)["siteId"] == customer.site
    assert wix.journal()[-1]["effect"] == "refused"


def test_one_code_has_another_status_for_transfers(wix: Caller, customer: Customer):
    wix.faults({"match": "transfer", "effect": "refuse:SITE_NOT_FOUND"})
    wish = {"siteTransfer": {"siteId": customer.site, "sourceAccountId": customer.account}}

    answer = wix.send("POST", "/b2b-site-management/v1/transfer-site", wish)

    assert (answer.status_code, code_of(answer)) == (400, "SITE_NOT_FOUND")


@pytest.mark.parametrize(
    ("effect", "status"),
    [
        ("refuse:BRAND_NEW", 428),
        ("refuse:BRAND_NEW:409", 409),
        ("refuse:PRODUCT_NOT_FOUND:410", 410),
        ("refuse:RESOURCE_EXHAUSTED", 429),
    ],
)
def test_any_code_with_any_status_may_be_refused_with(
    wix: Caller, customer: Customer, effect: str, status: int
):
    wix.faults({"match": "assign", "effect": effect})

    answer = wix.assign(customer.account, customer.plan(), customer.other_site)

    assert (answer.status_code, code_of(answer)) == (status, effect.split(":")[1])


def test_a_move_that_fails_half_way_leaves_it_floating(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.faults({"match": "assign", "effect": "half_move", "times": 1})

    answer = wix.assign(customer.account, instance, customer.other_site)

    assert answer.status_code == 500
    assert wix.truth(instance)["siteId"] is None
    assert wix.journal()[-1]["effect"] == "applied"
    assert wix.assign(customer.account, instance, customer.other_site).status_code == 200


def test_a_refused_move_fails_half_way_with_its_refusal(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.faults(
        {"match": "assign", "effect": "half_move"},
        {"match": "assign", "effect": "refuse:PRODUCT_NOT_SUPPORTED_ON_SITE"},
    )

    answer = wix.assign(customer.account, instance, customer.other_site)

    assert code_of(answer) == "PRODUCT_NOT_SUPPORTED_ON_SITE"
    assert wix.truth(instance)["siteId"] is None


def test_only_moves_fail_half_way(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.unassign(customer.account, instance)
    wix.faults({"match": "assign", "effect": "half_move"})

    assert wix.assign(customer.account, instance, customer.site).status_code == 200


def test_cut_json_is_200_and_cannot_be_read(wix: Caller):
    wix.faults({"match": "query", "effect": "bad_json", "times": 1})

    answer = query(wix)

    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"."):
        answer.json()


def test_strange_words_and_fields_appear(wix: Caller):
    wix.faults(
        {"match": "query", "effect": "unknown_enum"},
        {"match": "query", "effect": "unknown_field"},
    )

    packages = query(wix).json()["packages"]

    assert {one["status"] for one in packages[0]["productInstances"]} == {"UNDER_REVIEW"}
    assert "addedLater" in packages[0]
    assert "addedLater" in packages[0]["productInstances"][0]["billingInfo"]


def test_the_paging_object_takes_its_other_name_or_loses_its_cursors(wix: Caller):
    wix.faults({"match": "query", "effect": "paging_metadata", "times": 1})
    renamed = query(wix, cursorPaging={"limit": 5}).json()
    wix.faults({"match": "query", "effect": "no_cursors", "times": 1})
    without = query(wix, cursorPaging={"limit": 5}).json()

    assert renamed["pagingMetadata"]["cursors"]["next"]
    assert "metadata" not in renamed
    assert without["metadata"] == {"count": 5}


def test_an_expired_cursor_spoils_only_calls_with_a_cursor(wix: Caller):
    wix.faults({"match": "query", "effect": "expired_cursor", "times": 1})
    first = query(wix, cursorPaging={"limit": 5}).json()
    cursor = {"cursor": first["metadata"]["cursors"]["next"]}

    refused = query(wix, cursorPaging=cursor)

    assert (refused.status_code, code_of(refused)) == (400, "INVALID_CURSOR")
    assert query(wix, cursorPaging=cursor).status_code == 200


def test_rows_are_repeated_across_pages(wix: Caller):
    first = query(wix, cursorPaging={"limit": 5}).json()
    wix.faults({"match": "query", "effect": "duplicate_rows", "times": 1})

    cursor = first["metadata"]["cursors"]["next"]
    second = query(wix, cursorPaging={"limit": 5, "cursor": cursor}).json()

    assert second["packages"][0] == first["packages"][-1]
    assert len(second["packages"]) == 6


def test_an_empty_page_is_not_the_last(wix: Caller):
    usual = query(wix, cursorPaging={"limit": 5}).json()["packages"]
    wix.faults({"match": "query", "effect": "empty_page", "times": 1})

    empty = query(wix, cursorPaging={"limit": 5}).json()
    cursor = empty["metadata"]["cursors"]["next"]
    following = query(wix, cursorPaging={"limit": 5, "cursor": cursor}).json()

    assert empty["packages"] == []
    assert following["packages"] == usual


def test_pages_of_sites_are_spoilt_like_those_of_packages(wix: Caller):
    wix.switch(sites_scope="tree")
    path = "/site-list/v2/sites/query"

    def sites(**paging):
        return wix.send("POST", path, {"query": {"cursorPaging": {"limit": 4, **paging}}}).json()

    first = sites()
    wix.faults(
        {"match": "sites", "effect": "duplicate_rows", "times": 1},
        {"match": "sites", "effect": "empty_page", "after": 1, "times": 1},
    )
    second = sites(cursor=first["metadata"]["cursors"]["next"])
    empty = sites(cursor=second["metadata"]["cursors"]["next"])
    third = sites(cursor=empty["metadata"]["cursors"]["next"])

    assert second["sites"][0] == first["sites"][-1]
    assert (empty["sites"], empty["metadata"]["hasNext"]) == ([], True)
    assert third["sites"][0] not in second["sites"]
    assert len(third["sites"]) == 4


def test_stale_reads_show_the_past_and_writes_the_present(wix: Caller, customer: Customer):
    instance = customer.plan()
    package = wix.truth(instance)["packageId"]
    wix.advance(100)
    wix.unassign(customer.account, instance)
    newer = wix.create(customer.account, wix.line("Light")).json()["package"]["id"]
    wix.faults({"match": "any", "effect": "stale:50000"})

    got = wix.send("GET", f"{PACKAGES}/{package}", account=customer.account).json()["package"]
    listed = query(wix, filter={"accountId": customer.account}).json()["packages"]
    again = wix.unassign(customer.account, instance)

    assert got["productInstances"][0]["siteId"] == customer.site
    assert [one["id"] for one in listed] == [package]
    assert newer not in [one["id"] for one in listed]
    assert code_of(again) == "MISSING_SITE_ID"
