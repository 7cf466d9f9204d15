"""Every question the documents leave open is a switch; each does what it says."""

from typing import Any

import pytest

from tests.sandbox.conftest import INSTANCES, PACKAGES, Caller, Customer, code_of


def query(wix: Caller, account: str | None = "parent", **query: Any) -> dict[str, Any]:
    return wix.send("POST", f"{PACKAGES}/query", {"query": query}, account).json()


def package(wix: Caller, customer: Customer, instance: str) -> dict[str, Any]:
    path = f"{PACKAGES}/{wix.truth(instance)['packageId']}"
    return wix.send("GET", path, account=customer.account).json()["package"]


def test_the_paging_object_has_either_name(wix: Caller):
    wix.switch(paging_name="pagingMetadata")

    answer = query(wix, cursorPaging={"limit": 5})

    assert answer["pagingMetadata"]["cursors"]["next"]
    assert "metadata" not in answer


@pytest.mark.parametrize(
    ("position", "metadata"),
    [
        ("empty_cursors", {"count": 0, "cursors": {}}),
        ("no_cursors", {"count": 0}),
        ("null_cursors", {"count": 0, "cursors": {"next": None, "prev": None}}),
        ("empty_text", {"count": 0, "cursors": {"next": ""}}),
    ],
)
def test_the_last_page_says_so_in_four_ways(wix: Caller, position: str, metadata: dict):
    wix.switch(last_page=position)

    assert query(wix, filter={"id": "none"})["metadata"] == metadata


def test_has_next_may_be_there(wix: Caller):
    wix.switch(has_next=True)

    assert query(wix, cursorPaging={"limit": 5})["metadata"]["hasNext"] is True
    assert query(wix)["metadata"]["hasNext"] is False


def test_queries_may_cover_the_headers_account_alone(wix: Caller, customer: Customer):
    customer.plan()
    wix.switch(query_scope="account")

    found = query(wix, account=customer.account)["packages"]

    assert {one["accountId"] for one in found} == {customer.account}


def test_cursors_may_expire(wix: Caller):
    wix.switch(cursor_seconds=600)
    cursor = query(wix, cursorPaging={"limit": 5})["metadata"]["cursors"]["next"]

    wix.advance(599)
    good = query(wix, cursorPaging={"cursor": cursor})
    wix.advance(2)
    body = {"query": {"cursorPaging": {"cursor": cursor}}}
    expired = wix.send("POST", f"{PACKAGES}/query", body)

    assert good["packages"]
    assert (expired.status_code, code_of(expired)) == (400, "INVALID_CURSOR")


def test_a_new_package_may_be_missing_from_queries_for_a_while(wix: Caller, customer: Customer):
    wix.switch(query_lag_ms=60_000)
    made = wix.create(customer.account, wix.line("Core")).json()["package"]["id"]

    def seen() -> bool:
        return bool(query(wix, filter={"id": made})["packages"])

    assert not seen()
    assert wix.send("GET", f"{PACKAGES}/{made}", account=customer.account).status_code == 200
    wix.advance(61)
    assert seen()


def test_delivery_takes_as_long_as_switched(wix: Caller, customer: Customer):
    wix.switch(delivery_seconds=0)

    made = wix.create(customer.account, wix.line("Core")).json()["package"]

    assert made["productInstances"][0]["status"] == "PENDING"
    instance = made["productInstances"][0]["instanceId"]
    assert wix.truth(instance)["status"] == "ENABLED"


def test_a_move_or_an_adjustment_may_drop_to_pending_for_a_while(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.switch(status_after_write="PENDING")

    moved = wix.assign(customer.account, instance, customer.other_site).json()["package"]
    assert moved["productInstances"][0]["status"] == "PENDING"
    wix.advance(3)
    assert wix.truth(instance)["status"] == "ENABLED"

    product = wix.product("Business")
    adjusted = wix.adjust(customer.account, instance, catalogProductId=product)
    assert adjusted.json()["package"]["productInstances"][0]["status"] == "PENDING"
    wix.advance(3)
    assert wix.truth(instance)["status"] == "ENABLED"


@pytest.mark.parametrize(
    ("position", "switched"),
    [("PENDING", "PENDING"), ("kept", "ENABLED"), ("CANCELED", "CANCELED")],
)
def test_a_cancellation_shows_as_switched_and_ends_canceled(
    wix: Caller, customer: Customer, position: str, switched: str
):
    instance = customer.plan()
    wix.switch(status_after_cancel=position)

    answer = wix.cancel(customer.account, instance).json()["package"]
    wix.advance(3)

    assert answer["productInstances"][0]["status"] == switched
    assert wix.truth(instance)["status"] == "CANCELED"


@pytest.mark.parametrize(
    ("position", "moves"),
    [("both", (True, True)), ("instance", (True, False)), ("none", (False, False))],
)
def test_updated_dates_move_as_switched(
    wix: Caller, customer: Customer, position: str, moves: tuple[bool, bool]
):
    instance = customer.plan()
    before = package(wix, customer, instance)
    wix.switch(updated_date=position)
    wix.advance(5)

    wix.unassign(customer.account, instance)

    after = package(wix, customer, instance)
    (old,), (new,) = before["productInstances"], after["productInstances"]
    assert "siteId" not in new
    assert (
        new["updatedDate"] > old["updatedDate"],
        after["updatedDate"] > before["updatedDate"],
    ) == moves


def test_what_needs_a_plan_may_float_when_the_plan_goes(wix: Caller, customer: Customer):
    plan = customer.plan()
    shop = wix.order(customer.account, "Shop Start", customer.site)

    wix.unassign(customer.account, plan)
    assert wix.truth(shop)["siteId"] == customer.site
    wix.assign(customer.account, plan, customer.site)
    wix.switch(dependents="float")
    wix.unassign(customer.account, plan)

    assert wix.truth(shop)["siteId"] is None


def test_answers_need_not_repeat_the_key(wix: Caller, customer: Customer):
    wix.switch(idempotency_echo=False)

    answer = wix.create(customer.account, wix.line("Core"), idempotencyKey="k")

    assert list(answer.json()) == ["package"]


@pytest.mark.parametrize("status", [400, 415])
def test_delete_may_refuse_a_body_and_works_without_one(
    wix: Caller, customer: Customer, status: int
):
    instance = customer.plan()
    wix.switch(delete_body=f"refuse_{status}")

    refused = wix.cancel(customer.account, instance, idempotencyKey="k")
    without = wix.cancel(customer.account, instance)

    assert (refused.status_code, without.status_code) == (status, 200)


def test_an_account_mismatch_may_be_404(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.switch(account_mismatch="404")

    answer = wix.unassign(wix.sandbox.account_id, instance)

    assert (answer.status_code, code_of(answer)) == (404, "PACKAGE_NOT_FOUND")


def test_cancelling_again_may_be_refused(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.cancel(customer.account, instance)
    wix.deliver()
    wix.switch(cancel_again="refuse")
    path = f"{PACKAGES}/{wix.truth(instance)['packageId']}"

    for answer in (
        wix.cancel(customer.account, instance),
        wix.send("DELETE", path, account=customer.account),
    ):
        code = "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS"
        assert (answer.status_code, code_of(answer)) == (428, code)


def test_one_bad_product_may_fail_alone(wix: Caller, customer: Customer):
    wix.switch(create_bad_line="fail_line")

    answer = wix.create(
        customer.account,
        wix.line("Core", customer.site),
        wix.line("SEO Autopilot"),
        wix.line("Light", customer.site),
    )
    wix.deliver()

    instances = answer.json()["package"]["productInstances"]
    truths = [wix.truth(one["instanceId"]) for one in instances]
    assert [one["status"] for one in truths] == ["ENABLED", "FAILED", "FAILED"]
    assert truths[1]["failure"]["code"] == "EXTERNAL_FAILURE"


@pytest.mark.parametrize("name", ["billingInfo", "paymentInfo", "contractDetails"])
def test_billing_stands_under_one_of_three_names(wix: Caller, name: str):
    wix.switch(billing_name=name)

    instance = query(wix)["packages"][0]["productInstances"][0]

    billing = instance[name]["billingInfo"] if name == "contractDetails" else instance[name]
    assert billing["type"] in ("RECURRING", "ONE_TIME")
    names = {"billingInfo", "paymentInfo", "contractDetails"}
    assert names & set(instance) == {name}


def test_dates_may_lack_their_fraction(wix: Caller):
    wix.switch(dates="text_without_fraction")

    package = query(wix)["packages"][0]

    assert len(package["createdDate"]) == len("2026-01-01T00:00:00Z")
    assert len(package["productInstances"][0]["updatedDate"]) == len("2026-01-01T00:00:00Z")


def test_dates_of_instances_may_be_objects(wix: Caller):
    plain = query(wix)["packages"][0]
    wix.switch(dates="instance_objects")

    package = query(wix)["packages"][0]

    assert package["createdDate"] == plain["createdDate"]
    date = package["productInstances"][0]["createdDate"]
    assert isinstance(date["seconds"], str)
    assert 0 <= date["nanos"] < 1_000_000_000


def test_an_external_id_may_be_wrapped(wix: Caller, customer: Customer):
    wix.switch(external_id="wrapped")

    answer = wix.create(customer.account, wix.line("Core"), externalId="ord-1")

    assert answer.json()["package"]["externalId"] == {"value": "ord-1"}


def test_empty_values_may_be_absent_or_null(wix: Caller):
    nothing = {"filter": {"id": "none"}}

    wix.switch(empty_values="absent")
    absent = query(wix, **nothing)
    site = wix.sites(wix.sandbox.account_id)[0]
    wix.switch(empty_values="null")
    null = query(wix, **nothing)
    floating = query(wix)["packages"][0]["productInstances"][0]

    assert absent == {"metadata": {"count": 0}}
    assert "blocked" not in site
    assert null == {"packages": None, "metadata": {"count": 0, "cursors": None}}
    assert floating["failure"] is None


def test_numbers_may_be_text(wix: Caller):
    wix.switch(numbers="text")

    answer = query(wix)

    assert answer["metadata"]["count"] == str(len(answer["packages"]))
    counts = [
        one["billingInfo"]["cycleDuration"]["count"]
        for one in answer["packages"][0]["productInstances"]
        if "cycleDuration" in one["billingInfo"]
    ]
    assert all(isinstance(one, str) for one in counts)


def test_ids_may_be_in_capitals(wix: Caller, customer: Customer):
    made = wix.create(customer.account, wix.line("Core"), external_id=customer.site).json()
    wix.switch(ids="capitals")

    answer = query(wix, filter={"id": made["package"]["id"]})["packages"][0]

    assert answer["id"] == made["package"]["id"].upper()
    assert (
        answer["productInstances"][0]["catalogProductId"]
        == wix.line("Core")["catalogProductId"].upper()
    )
    assert answer["externalId"] == customer.site


def test_the_parents_header_may_show_the_whole_trees_sites(wix: Caller, customer: Customer):
    wix.switch(sites_scope="tree")

    owners = {one["ownerAccountId"] for one in wix.sites(wix.sandbox.account_id)}

    assert customer.account in owners
    assert {one["ownerAccountId"] for one in wix.sites(customer.account)} == {customer.account}


@pytest.mark.parametrize("name", ["childAccounts", "accounts", "accountIds"])
@pytest.mark.parametrize("shape", ["objects", "text"])
def test_child_accounts_are_listed_in_every_guessed_way(wix: Caller, name: str, shape: str):
    wix.switch(child_accounts_name=name, child_accounts_shape=shape)

    answer = wix.send("GET", "/accounts/v1/account/child-accounts").json()

    ids = wix.state()["child_account_ids"]
    assert answer[name] == (ids if shape == "text" else [{"accountId": one} for one in ids])


def test_a_body_is_optional_and_its_content_type_too(wix: Caller, customer: Customer):
    instance = customer.plan()

    answer = wix.session.patch(
        f"{wix.sandbox.url}{INSTANCES}/{instance}/unassign",
        data=b'{"idempotencyKey": "k"}',
        headers={"Authorization": wix.sandbox.api_key, "wix-account-id": customer.account},
        timeout=5,
    )

    assert answer.json()["idempotencyKey"] == "k"
