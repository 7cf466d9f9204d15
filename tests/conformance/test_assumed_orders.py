"""What Wix leaves open about keys, references and things it does not know, as our sandbox has it."""

import pytest

from tests.conformance.buying import UNSETTLED, Customer
from tests.conformance.partner import (
    INSTANCES,
    NOWHERE,
    ORDERS,
    PACKAGES,
    code_of,
    good,
    statuses_of,
)

pytestmark = pytest.mark.assumed


# --- idempotency keys ----------------------------------------------------------------------------


def test_the_same_key_under_another_call_is_another_key(customer: Customer):
    package = customer.delivered()
    key = {"idempotencyKey": customer.reference()}
    (instance,) = package["productInstances"]

    customer.assign(instance, customer.orders.sites[0], key)
    customer.unassign(instance, key)

    assert customer.wix.get(package)["productInstances"][0].get("siteId") is None


def test_a_refusal_is_not_kept_for_its_key(customer: Customer):
    package = customer.delivered()
    instance = package["productInstances"][0]
    path = f"{INSTANCES}/{instance['instanceId']}/unassign"
    key = {"idempotencyKey": customer.reference()}
    refused = customer.send("PATCH", path, key)
    customer.assign(instance, customer.orders.sites[0])

    assert refused.status_code == 428
    assert good(customer.send("PATCH", path, key))


# --- delivery ------------------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["DELIVERY_TIMEOUT", "EXTERNAL_FAILURE"])
def test_a_delivery_may_fail_and_the_service_has_no_site(code, customer: Customer, switch):
    switch(delivery_outcome=code)
    package = customer.create(customer.orders.line(site=customer.orders.sites[0]))["package"]

    after = customer.wix.until(package, lambda one: not UNSETTLED & statuses_of(one))

    (instance,) = after["productInstances"]
    assert (instance["status"], instance["failure"]["code"]) == ("FAILED", code)
    assert instance.get("siteId") is None


# --- bodies, references, unknown things ----------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1001])
def test_an_order_has_1_to_1000_products(count, customer: Customer):
    body = {"products": [customer.orders.line()] * count}

    assert customer.send("POST", ORDERS, body).status_code == 400


def test_an_order_is_taken_whole_or_not_at_all(customer: Customer, wix):
    reference = customer.reference()
    lines = [customer.orders.line(), customer.orders.line() | {"catalogProductId": NOWHERE}]

    refused = customer.send("POST", ORDERS, {"externalId": reference, "products": lines})

    assert refused.status_code == 404
    assert wix.packages(filter={"externalId": reference}) == []


@pytest.mark.parametrize(("length", "status"), [(100, 200), (101, 400)])
def test_a_reference_has_100_characters_at_most(length, status, customer: Customer):
    body = {"externalId": "x" * length, "products": [customer.orders.line()]}

    assert customer.send("POST", ORDERS, body).status_code == status


def test_a_new_package_may_be_late_in_queries(customer: Customer, wix, switch):
    switch(query_lag_ms=60_000)
    package = customer.create()["package"]

    assert wix.packages(filter={"externalId": package["externalId"]}) == []
    assert wix.get(package)["id"] == package["id"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", f"{PACKAGES}/{NOWHERE}"),
        ("DELETE", f"{PACKAGES}/{NOWHERE}"),
        ("PATCH", f"{PACKAGES}/update/{NOWHERE}/ord-1"),
    ],
)
def test_a_package_that_is_not_known_is_404(method, path, customer: Customer):
    answer = customer.send(method, path)

    assert (answer.status_code, code_of(answer)) == (404, "PACKAGE_NOT_FOUND")


@pytest.mark.parametrize("tail", ["", f"/{NOWHERE}"])
def test_a_service_that_is_not_known_is_428_on_every_call(tail, customer: Customer):
    method = "PATCH" if tail else "DELETE"

    answer = customer.send(method, f"{INSTANCES}/{NOWHERE}{tail}")

    assert (answer.status_code, code_of(answer)) == (428, "PRODUCT_INSTANCE_NOT_FOUND")


def test_the_parent_is_named_in_answers_to_assigning(customer: Customer, wix):
    """Two official samples show `parentAccountId`."""
    package = customer.delivered()

    answered = customer.assign(package["productInstances"][0], customer.orders.sites[0])

    assert answered["parentAccountId"] == wix.target.account_id


def test_a_transfer_may_take_a_while(customer: Customer, wix, switch, control):
    switch(transfer_seconds=60)
    body = {"type": "WIX", "name": "Neubau"}
    site = good(wix.send("POST", "/funnel/projects/v1/create", body))["project"]["metaSiteId"]
    wish = {"siteId": site, "sourceAccountId": wix.target.account_id}
    account = customer.orders.account
    good(
        wix.send(
            "POST",
            "/b2b-site-management/v1/transfer-site",
            {"siteTransfer": wish},
            account=account,
        )
    )

    before = wix.sites(account, filter={"id": site})
    control("clock", {"advance_seconds": 61})
    after = wix.sites(account, filter={"id": site})

    assert before == []
    assert [one["ownerAccountId"] for one in after] == [account]
