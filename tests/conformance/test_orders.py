"""Ordering, delivery, the reseller's reference.

Reference: Create Package V2; Update Package External ID; Resellers, Errors.
"""

import pytest

from tests.conformance.buying import UNSETTLED, Customer
from tests.conformance.partner import NOWHERE, ORDERS, PACKAGES, Partner, code_of, good, statuses_of
from tests.conformance.test_packages import billing_of, is_guid, is_moment

pytestmark = pytest.mark.writes


def test_an_order_is_answered_with_its_package_and_delivered_later(customer: Customer):
    """The sample's answer is 200 and `PENDING`; Get shows `ENABLED` after a while."""
    site = customer.orders.sites[0]
    reference = customer.reference()

    answer = customer.create(customer.orders.line(site=site), externalId=reference)
    package = answer["package"]
    delivered = customer.wix.until(package, lambda one: not UNSETTLED & statuses_of(one))

    (instance,) = package["productInstances"]
    assert is_guid(package["id"])
    assert is_guid(instance["instanceId"])
    assert is_moment(package["createdDate"])
    assert package["accountId"] == customer.orders.account
    assert package["externalId"] == reference
    assert instance["siteId"] == site
    assert instance["catalogProductId"] == customer.orders.product
    assert instance["countryCode"] == customer.orders.country
    assert billing_of(instance)["type"] == "RECURRING"
    assert instance["status"] == "PENDING"
    assert [one["instanceId"] for one in delivered["productInstances"]] == [instance["instanceId"]]
    assert statuses_of(delivered) == {"ENABLED"}


def test_an_order_takes_an_idempotency_key_and_may_repeat_it(customer: Customer):
    """Keys have at most 100 characters and stand in the body."""
    key = f"{customer.reference()}-create"

    answer = customer.create(idempotencyKey=key)

    assert answer.get("idempotencyKey") in (None, key)


def test_what_is_ordered_without_a_site_floats(customer: Customer):
    package = customer.create()["package"]

    assert package["productInstances"][0].get("siteId") is None


def test_an_order_is_found_by_its_reference_and_by_what_it_holds(customer: Customer, wix: Partner):
    """The recipes: order to package, instance to package, site to packages."""
    site = customer.orders.sites[0]
    package = customer.delivered(customer.orders.line(site=site))
    (instance,) = package["productInstances"]

    for filter_ in (
        {"externalId": {"$eq": package["externalId"]}},
        {"productInstances.instanceId": {"$hasSome": [instance["instanceId"]]}},
    ):
        assert [one["id"] for one in wix.packages(filter=filter_)] == [package["id"]]
    on_site = wix.packages(filter={"productInstances.siteId": {"$hasSome": [site]}})
    assert package["id"] in [one["id"] for one in on_site]


def test_an_order_of_several_products_makes_one_package(customer: Customer):
    line = customer.orders.line()

    package = customer.create(line, line)["package"]

    ids = [one["instanceId"] for one in package["productInstances"]]
    assert len(set(ids)) == 2


def test_a_discount_code_that_is_wrong_is_no_error(customer: Customer):
    """Reference: Adjust: it gives no discount, and nothing else."""
    line = customer.orders.line() | {"discountCode": "NO-SUCH-CODE"}

    assert customer.create(line)["package"]["productInstances"]


def test_a_paid_instance_is_referenced_by_its_free_add_on_once(customer: Customer):
    """The referenced instance must be pending or enabled, and can be used once only."""
    main_product = customer.orders.line(product=customer.orders.reference)
    main = customer.create(main_product)["package"]["productInstances"][0]["instanceId"]
    add_on = customer.orders.line() | {"referenceProductInstanceId": main}

    package = customer.create(add_on)["package"]
    again = customer.send("POST", ORDERS, {"products": [add_on]})

    assert package["productInstances"][0]["referenceProductInstanceId"] == main
    assert (again.status_code, code_of(again)) == (404, "INVALID_REFERENCE_PRODUCT_INSTANCE_ID")


def test_a_reference_is_changed_in_the_path_and_answered_as_updated_package(customer: Customer):
    package = customer.create()["package"]
    reference = customer.reference()

    answer = good(customer.send("PATCH", f"{PACKAGES}/update/{package['id']}/{reference}"))

    assert set(answer) == {"updatedPackage"}
    assert answer["updatedPackage"]["id"] == package["id"]
    assert answer["updatedPackage"]["externalId"] == reference
    assert customer.wix.get(package)["externalId"] == reference


def test_the_withdrawn_first_version_takes_no_order(customer: Customer):
    """V1 was to be removed on 31 December 2024."""
    answer = customer.send("POST", PACKAGES, {"products": []})

    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"catalogProductId": NOWHERE}, 404, "PRODUCT_NOT_FOUND"),
        ({"siteId": NOWHERE}, 404, "SITE_NOT_FOUND"),
        (
            {"referenceProductInstanceId": NOWHERE},
            404,
            "INVALID_REFERENCE_PRODUCT_INSTANCE_ID",
        ),
        ({"billingInfo": None}, 428, "MISSING_BILLING_CYCLE"),
        (
            {
                "billingInfo": {
                    "type": "RECURRING",
                    "cycleDuration": {"unit": "YEAR", "count": 77},
                }
            },
            428,
            "INCOMPATIBLE_BILLING_CYCLE",
        ),
    ],
)
def test_an_order_is_refused_with_its_documented_code(change, status, code, customer: Customer):
    """Reference: Resellers, Errors."""
    line = {k: v for k, v in (customer.orders.line() | change).items() if v is not None}

    answer = customer.send("POST", ORDERS, {"products": [line]})

    assert (answer.status_code, code_of(answer)) == (status, code)
    assert answer.json()["details"]["applicationError"]["description"]


def test_an_order_for_an_unknown_account_is_refused(customer: Customer, wix: Partner):
    body = {"products": [customer.orders.line()]}

    answer = wix.send("POST", ORDERS, body, account=NOWHERE)

    assert (answer.status_code, code_of(answer)) == (404, "ACCOUNT_NOT_FOUND")
