"""Putting services on sites, taking them off, changing and ending them.

Reference: Assign Product Instance To Site; Unassign Product Instance From Site; Adjust Product
Instance Specifications; Cancel Product Instance; Cancel Package.
"""

import pytest

from tests.conformance.buying import Customer
from tests.conformance.partner import INSTANCES, NOWHERE, PACKAGES, code_of, good, statuses_of
from tests.conformance.target import billing
from tests.conformance.test_packages import billing_of

pytestmark = pytest.mark.writes


def site_of(package: dict) -> str | None:
    return package["productInstances"][0].get("siteId")


@pytest.mark.parametrize("body", [None, {}, {"idempotencyKey": "conformance-assign"}])
def test_a_floating_service_is_put_on_a_site(body, customer: Customer):
    """The body is optional: the samples send none."""
    package = customer.delivered()
    site = customer.orders.sites[0]

    answered = customer.assign(package["productInstances"][0], site, body)

    assert site_of(answered) == site
    assert site_of(customer.wix.get(package)) == site


def test_a_service_is_moved_by_taking_it_off_and_putting_it_on(customer: Customer):
    """The documented flow: unassign, then assign."""
    first, second = customer.orders.sites
    package = customer.delivered(customer.orders.line(site=first))
    (instance,) = package["productInstances"]

    floating = customer.unassign(instance)
    between = customer.wix.get(package)
    moved = customer.assign(instance, second)

    assert site_of(floating) is None
    assert site_of(between) is None
    assert site_of(moved) == second
    assert site_of(customer.wix.get(package)) == second
    assert moved["productInstances"][0]["instanceId"] == instance["instanceId"]


def test_a_service_is_moved_straight_over_too(customer: Customer):
    first, second = customer.orders.sites
    package = customer.delivered(customer.orders.line(site=first))

    moved = customer.assign(package["productInstances"][0], second)

    assert site_of(moved) == second
    assert site_of(customer.wix.get(package)) == second


def test_a_service_is_adjusted_to_another_cycle_and_keeps_its_id(customer: Customer):
    package = customer.delivered()
    (instance,) = package["productInstances"]
    wanted = billing(customer.orders.other_cycle)

    answered = customer.adjust(instance, billingInfo=wanted)

    assert answered["productInstances"][0]["instanceId"] == instance["instanceId"]
    cycle = billing_of(customer.instance(package))["cycleDuration"]
    assert (cycle["unit"], int(cycle["count"])) == tuple(wanted["cycleDuration"].values())


def test_a_service_is_adjusted_by_naming_product_and_cycle(customer: Customer):
    package = customer.delivered()
    (instance,) = package["productInstances"]

    answered = customer.adjust(
        instance,
        catalogProductId=customer.orders.product,
        billingInfo=billing(customer.orders.other_cycle),
        idempotencyKey=customer.reference(),
    )

    assert answered["productInstances"][0]["catalogProductId"] == customer.orders.product


@pytest.mark.parametrize("body", [None, {"idempotencyKey": "conformance-cancel"}])
def test_one_service_is_canceled_and_its_neighbour_stays(body, customer: Customer):
    """The answer may still show it `PENDING`: it is polled."""
    line = customer.orders.line()
    package = customer.delivered(line, line)
    first, second = package["productInstances"]

    answer = customer.send("DELETE", f"{INSTANCES}/{first['instanceId']}", body)

    assert good(answer)["package"]["id"] == package["id"]
    after = customer.wix.until(package, lambda one: "CANCELED" in statuses_of(one))
    assert {one["instanceId"]: one["status"] for one in after["productInstances"]} == {
        first["instanceId"]: "CANCELED",
        second["instanceId"]: "ENABLED",
    }


def test_a_package_is_canceled_with_all_its_services(customer: Customer):
    line = customer.orders.line()
    package = customer.delivered(line, line)

    answer = good(customer.send("DELETE", f"{PACKAGES}/{package['id']}"))

    assert answer["package"]["id"] == package["id"]
    customer.wix.until(package, lambda one: statuses_of(one) == {"CANCELED"})


# --- refusals ------------------------------------------------------------------------------------


def test_what_floats_cannot_be_taken_off(customer: Customer):
    package = customer.delivered()
    instance = package["productInstances"][0]["instanceId"]

    answer = customer.send("PATCH", f"{INSTANCES}/{instance}/unassign")

    assert (answer.status_code, code_of(answer)) == (428, "MISSING_SITE_ID")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (f"{INSTANCES}/{NOWHERE}/unassign", None),
        (f"{INSTANCES}/{NOWHERE}", {"catalogProductId": NOWHERE}),
    ],
    ids=["unassign", "adjust"],
)
def test_a_service_that_is_not_known_is_428_and_not_404(path, body, customer: Customer):
    answer = customer.send("PATCH", path, body)

    assert (answer.status_code, code_of(answer)) == (428, "PRODUCT_INSTANCE_NOT_FOUND")


def test_taking_off_in_an_unknown_account_is_404(customer: Customer):
    path = f"{INSTANCES}/{NOWHERE}/unassign"

    answer = customer.wix.send("PATCH", path, account=NOWHERE)

    assert (answer.status_code, code_of(answer)) == (404, "ACCOUNT_NOT_FOUND")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 428, "MISSING_PRODUCT_DETAILS"),
        ({"catalogProductId": NOWHERE}, 404, "PRODUCT_NOT_FOUND"),
        ({"billingInfo": {"type": "RECURRING"}}, 428, "MISSING_PRODUCT_DETAILS"),
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
def test_an_adjustment_is_refused_with_its_documented_code(body, status, code, customer: Customer):
    instance = customer.delivered()["productInstances"][0]["instanceId"]

    answer = customer.send("PATCH", f"{INSTANCES}/{instance}", body)

    assert (answer.status_code, code_of(answer)) == (status, code)


def test_what_was_canceled_cannot_be_adjusted(customer: Customer):
    package = customer.delivered()
    instance = package["productInstances"][0]["instanceId"]
    good(customer.send("DELETE", f"{INSTANCES}/{instance}"))
    customer.wix.until(package, lambda one: statuses_of(one) == {"CANCELED"})

    body = {"billingInfo": billing(customer.orders.other_cycle)}
    answer = customer.send("PATCH", f"{INSTANCES}/{instance}", body)

    assert (answer.status_code, code_of(answer)) == (428, "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS")
