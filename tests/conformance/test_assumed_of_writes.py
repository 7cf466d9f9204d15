"""What Wix leaves open about writes, as our sandbox settles it. Sandbox only."""

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
    violations_of,
)
from tests.conformance.target import billing

pytestmark = pytest.mark.assumed


# --- idempotency keys ----------------------------------------------------------------------------


def test_the_same_order_under_the_same_key_is_the_same_package(customer: Customer, wix):
    body = {
        "idempotencyKey": customer.reference(),
        "externalId": customer.reference(),
        "products": [customer.orders.line()],
    }

    first, second = (good(customer.send("POST", ORDERS, body)) for _ in range(2))

    assert first == second
    assert len(wix.packages(filter={"externalId": body["externalId"]})) == 1


def test_another_order_under_the_same_key_is_409(customer: Customer):
    body = {"idempotencyKey": customer.reference(), "products": [customer.orders.line()]}
    good(customer.send("POST", ORDERS, body))

    again = customer.send("POST", ORDERS, body | {"externalId": customer.reference()})

    assert (again.status_code, code_of(again)) == (409, "IDEMPOTENCY_KEY_REUSED")


def test_the_same_key_under_another_call_is_another_key(customer: Customer):
    package = customer.delivered()
    key = {"idempotencyKey": customer.reference()}
    (instance,) = package["productInstances"]

    customer.assign(instance, customer.orders.sites[0], key)
    customer.unassign(instance, key)

    assert customer.instance(package).get("siteId") is None


def test_a_kept_answer_is_repeated_for_a_day(customer: Customer, control):
    body = {"idempotencyKey": customer.reference(), "products": [customer.orders.line()]}
    first = good(customer.send("POST", ORDERS, body))["package"]["id"]
    control("clock", {"advance_seconds": 23 * 3600})
    repeated = good(customer.send("POST", ORDERS, body))["package"]["id"]
    control("clock", {"advance_seconds": 2 * 3600})
    forgotten = good(customer.send("POST", ORDERS, body))["package"]["id"]

    assert repeated == first
    assert forgotten != first


def test_a_refusal_is_not_kept_for_its_key(customer: Customer):
    package = customer.delivered()
    instance = package["productInstances"][0]
    path = f"{INSTANCES}/{instance['instanceId']}/unassign"
    key = {"idempotencyKey": customer.reference()}
    refused = customer.send("PATCH", path, key)
    customer.assign(instance, customer.orders.sites[0])

    assert refused.status_code == 428
    assert good(customer.send("PATCH", path, key))


@pytest.mark.parametrize(("position", "packages"), [("honour", 1), ("ignore", 2)])
def test_keys_may_be_ignored(position, packages, customer: Customer, wix, switch):
    switch(idempotency=position)
    body = {
        "idempotencyKey": customer.reference(),
        "externalId": customer.reference(),
        "products": [customer.orders.line()],
    }

    for _ in range(2):
        good(customer.send("POST", ORDERS, body))

    assert len(wix.packages(filter={"externalId": body["externalId"]})) == packages


def test_a_key_of_more_than_100_characters_is_refused(customer: Customer):
    body = {"idempotencyKey": "k" * 101, "products": [customer.orders.line()]}

    answer = customer.send("POST", ORDERS, body)

    assert answer.status_code == 400
    assert [one["field"] for one in violations_of(answer)] == ["idempotencyKey"]


# --- delivery ------------------------------------------------------------------------------------


def test_a_pending_service_may_come_to_await_an_action(customer: Customer, switch):
    switch(delivery_outcome="AWAITING_ACTION")

    package = customer.create()["package"]

    customer.wix.until(package, lambda one: statuses_of(one) == {"AWAITING_ACTION"})


@pytest.mark.parametrize("code", ["DELIVERY_TIMEOUT", "EXTERNAL_FAILURE"])
def test_a_delivery_may_fail_and_the_service_has_no_site(code, customer: Customer, switch):
    switch(delivery_outcome=code)
    package = customer.create(customer.orders.line(site=customer.orders.sites[0]))["package"]

    after = customer.wix.until(package, lambda one: not UNSETTLED & statuses_of(one))

    (instance,) = after["productInstances"]
    assert (instance["status"], instance["failure"]["code"]) == ("FAILED", code)
    assert instance.get("siteId") is None


@pytest.mark.parametrize(("position", "status"), [("kept", "ENABLED"), ("PENDING", "PENDING")])
def test_an_adjusted_service_may_drop_to_pending(position, status, customer: Customer, switch):
    package = customer.delivered()
    switch(status_after_write=position)

    wanted = billing(customer.orders.other_cycle)
    answered = customer.adjust(package["productInstances"][0], billingInfo=wanted)

    assert answered["productInstances"][0]["status"] == status
    customer.wix.until(package, lambda one: statuses_of(one) == {"ENABLED"})


def test_what_failed_stays_so_when_its_package_is_canceled(customer: Customer, switch):
    switch(delivery_outcome="DELIVERY_TIMEOUT")
    package = customer.create()["package"]
    customer.wix.until(package, lambda one: statuses_of(one) == {"FAILED"})

    good(customer.send("DELETE", f"{PACKAGES}/{package['id']}"))

    assert statuses_of(customer.wix.get(package)) == {"FAILED"}


@pytest.mark.parametrize(
    ("switched", "status"), [("PENDING", "PENDING"), ("kept", "ENABLED"), ("CANCELED", "CANCELED")]
)
def test_a_cancellation_may_show_three_statuses_and_then_one(
    switched, status, customer: Customer, switch
):
    package = customer.delivered()
    switch(status_after_cancel=switched)

    answer = good(customer.send("DELETE", f"{PACKAGES}/{package['id']}"))

    assert statuses_of(answer["package"]) == {status}
    customer.wix.until(package, lambda one: statuses_of(one) == {"CANCELED"})


def test_what_has_ended_is_not_moved(customer: Customer):
    package = customer.delivered()
    good(customer.send("DELETE", f"{PACKAGES}/{package['id']}"))
    instance = package["productInstances"][0]["instanceId"]

    answer = customer.send("PATCH", f"{INSTANCES}/{instance}/{customer.orders.sites[0]}")

    assert (answer.status_code, code_of(answer)) == (428, "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS")


@pytest.mark.parametrize(("position", "status"), [("accept", 200), ("refuse", 428)])
def test_canceling_again_changes_nothing(position, status, customer: Customer, switch):
    package = customer.delivered()
    path = f"{INSTANCES}/{package['productInstances'][0]['instanceId']}"
    good(customer.send("DELETE", path))
    switch(cancel_again=position)

    assert customer.send("DELETE", path).status_code == status


@pytest.mark.parametrize(
    ("position", "moves"),
    [("both", (True, True)), ("instance", (True, False)), ("none", (False,) * 2)],
)
def test_dates_of_change_may_move_or_not(position, moves, customer: Customer, switch, control):
    package = customer.delivered()
    switch(updated_date=position)
    control("clock", {"advance_seconds": 60})

    after = customer.assign(package["productInstances"][0], customer.orders.sites[0])

    instance, before = after["productInstances"][0], package["productInstances"][0]
    assert (
        instance["updatedDate"] > before["updatedDate"],
        after["updatedDate"] > package["updatedDate"],
    ) == moves


# --- bodies, references, unknown things ----------------------------------------------------------


@pytest.mark.parametrize(("position", "status"), [("refuse_400", 400), ("refuse_415", 415)])
def test_a_delete_may_be_refused_its_body(position, status, customer: Customer, switch):
    package = customer.delivered()
    path = f"{INSTANCES}/{package['productInstances'][0]['instanceId']}"
    switch(delete_body=position)

    refused = customer.send("DELETE", path, {"idempotencyKey": customer.reference()})

    assert refused.status_code == status
    assert good(customer.send("DELETE", path))


@pytest.mark.parametrize("missing", ["products", "countryCode", "catalogProductId"])
def test_an_order_without_what_it_needs_is_400_and_names_the_field(missing, customer: Customer):
    line = {name: value for name, value in customer.orders.line().items() if name != missing}
    body = {"productInstances": [line]} if missing == "products" else {"products": [line]}

    answer = customer.send("POST", ORDERS, body)

    assert answer.status_code == 400
    (violation,) = violations_of(answer)
    assert violation["field"].endswith(missing)
    assert violation["violatedRule"] == "REQUIRED_FIELD"


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


def test_an_order_may_be_taken_with_a_line_that_failed(customer: Customer, switch):
    switch(create_bad_line="fail_line")
    lines = [customer.orders.line(), customer.orders.line() | {"catalogProductId": NOWHERE}]

    package = customer.create(*lines)["package"]

    assert [one["status"] for one in package["productInstances"]] == ["PENDING", "FAILED"]


def test_a_reference_may_be_spelled_as_the_official_samples_do(customer: Customer, wix):
    """The samples send `external_id` and get `externalId`."""
    reference = customer.reference()

    package = customer.create(externalId=None, external_id=reference)["package"]

    assert package["externalId"] == reference
    assert [one["id"] for one in wix.packages(filter={"externalId": reference})] == [package["id"]]


def test_a_reference_may_be_used_twice(customer: Customer, wix):
    reference = customer.reference()
    for _ in range(2):
        customer.create(externalId=reference)

    assert len(wix.packages(filter={"externalId": reference})) == 2


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


def test_a_service_of_another_account_is_403_and_nothing_happens(customer: Customer, wix):
    package = customer.delivered()
    instance = package["productInstances"][0]["instanceId"]

    answer = wix.send("DELETE", f"{INSTANCES}/{instance}")

    assert answer.status_code == 403
    assert statuses_of(wix.get(package)) == {"ENABLED"}


def test_the_withdrawn_first_version_is_not_served_at_all(customer: Customer):
    answer = customer.send("POST", PACKAGES, {"products": [customer.orders.line()]})

    assert answer.status_code == 404
    assert "x-wix-responded-by" not in answer.headers


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
