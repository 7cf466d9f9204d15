"""Delivery is asynchronous: what is ordered or cancelled is settled by the sandbox's clock."""

from datetime import datetime, timedelta

import pytest

from tests.sandbox.conftest import Caller, Customer


def ordered(wix: Caller, customer: Customer) -> str:
    line = wix.line("Core", customer.site)
    package = wix.create(customer.account, line).json()["package"]
    return package["productInstances"][0]["instanceId"]


def test_what_is_ordered_is_enabled_after_three_seconds(wix: Caller, customer: Customer):
    instance = ordered(wix, customer)

    wix.advance(2)
    assert wix.truth(instance)["status"] == "PENDING"
    wix.advance(1)
    assert wix.truth(instance)["status"] == "ENABLED"


def test_delivery_happens_at_its_own_time_though_nobody_looks(wix: Caller, customer: Customer):
    instance = ordered(wix, customer)
    created = wix.truth(instance)["createdDate"]

    wix.advance(86_400)

    truth = wix.truth(instance)
    assert truth["status"] == "ENABLED"
    took = datetime.fromisoformat(truth["updatedDate"]) - datetime.fromisoformat(created)
    assert took < timedelta(hours=1)


def test_everything_under_way_is_delivered_on_demand(wix: Caller, customer: Customer):
    new = ordered(wix, customer)
    wix.cancel(customer.account, customer.plan(customer.other_site))

    answer = wix.control("clock", {"deliver_now": True}).json()

    assert answer["delivered"] >= 1
    assert wix.truth(new)["status"] == "ENABLED"
    statuses = wix.state()["counts"]["instances_by_status"]
    assert statuses.get("PENDING", 0) == 0


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("ENABLED", "ENABLED"),
        ("AWAITING_ACTION", "AWAITING_ACTION"),
        ("DELIVERY_TIMEOUT", "FAILED"),
        ("EXTERNAL_FAILURE", "FAILED"),
    ],
)
def test_delivery_ends_as_switched(wix: Caller, customer: Customer, outcome: str, status: str):
    wix.switch(delivery_outcome=outcome)
    instance = ordered(wix, customer)
    wix.advance(3)

    truth = wix.truth(instance)
    assert truth["status"] == status
    if status == "FAILED":
        assert truth["failure"]["code"] == outcome
        assert truth["failure"]["message"]
        assert truth["siteId"] is None
    else:
        assert truth["failure"] is None
        assert truth["siteId"] == customer.site


def test_one_order_may_be_late_and_fail_while_others_do_not(wix: Caller, customer: Customer):
    wix.faults(
        {"match": "create", "effect": "deliver:DELIVERY_TIMEOUT", "times": 1},
        {"match": "create", "effect": "deliver_after:60", "times": 1},
    )
    unlucky = ordered(wix, customer)
    wix.advance(59)
    assert wix.truth(unlucky)["status"] == "PENDING"
    wix.advance(1)
    assert wix.truth(unlucky)["failure"]["code"] == "DELIVERY_TIMEOUT"

    lucky = ordered(wix, customer)
    wix.advance(3)
    assert wix.truth(lucky)["status"] == "ENABLED"


def test_what_is_cancelled_while_pending_is_never_delivered(wix: Caller, customer: Customer):
    instance = ordered(wix, customer)
    wix.cancel(customer.account, instance)

    wix.advance(10)

    assert wix.truth(instance)["status"] == "CANCELED"


def test_what_is_being_cancelled_can_no_longer_be_moved(wix: Caller, customer: Customer):
    instance = customer.plan()
    wix.cancel(customer.account, instance)

    answer = wix.assign(customer.account, instance, customer.other_site)

    assert answer.status_code == 428
    assert wix.truth(instance)["siteId"] == customer.site


def test_an_instance_that_expires_is_canceled_on_its_day(wix: Caller, customer: Customer):
    expiring = min(
        (
            instance
            for package in wix.all_packages()
            for instance in package["productInstances"]
            if instance["status"] == "ENABLED" and "expirationDate" in instance
        ),
        key=lambda instance: instance["expirationDate"],
    )

    wix.advance(91 * 86_400)

    truth = wix.truth(expiring["instanceId"])
    assert truth["status"] == "CANCELED"
    assert truth["updatedDate"] == expiring["expirationDate"]


def test_an_expiry_that_was_moved_holds_at_its_new_date(wix: Caller, customer: Customer):
    instance = customer.plan()
    state = wix.state()["clock"]["now"]
    in_a_year = f"{int(state[:4]) + 1}{state[4:]}"
    wix.control(f"instances/{instance}", {"expirationDate": in_a_year})

    wix.advance(360 * 86_400)
    assert wix.truth(instance)["status"] == "ENABLED"
    wix.advance(7 * 86_400)
    assert wix.truth(instance)["status"] == "CANCELED"


@pytest.mark.parametrize("years", [1, 2])
def test_a_domain_ends_with_its_cycle_and_nothing_else_does(
    wix: Caller, customer: Customer, years: int
):
    cycle = {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": years}}
    plan, line = customer.plan(), wix.line("Domain .com", customer.site, billingInfo=cycle)
    (domain,) = wix.create(customer.account, line).json()["package"]["productInstances"]
    assert "expirationDate" not in domain

    wix.advance(3)

    delivered = wix.truth(domain["instanceId"])
    begun, ends = (
        datetime.fromisoformat(delivered[name]) for name in ("updatedDate", "expirationDate")
    )
    assert ends - begun == timedelta(days=365 * years)
    assert wix.truth(plan)["expirationDate"] is None
    wix.advance(365 * years * 86_400)
    assert wix.truth(domain["instanceId"])["status"] == "CANCELED"
    assert wix.truth(plan)["status"] == "ENABLED"


def test_a_domain_that_moves_or_is_delivered_anew_ends_when_it_would_have(
    wix: Caller, customer: Customer
):
    customer.plan(customer.other_site)
    domain = wix.order(customer.account, "Domain .com")
    ends = wix.truth(domain)["expirationDate"]
    wix.switch(status_after_write="PENDING")
    wix.advance(86_400)

    wix.assign(customer.account, domain, customer.other_site)
    wix.deliver()

    assert (wix.truth(domain)["status"], wix.truth(domain)["expirationDate"]) == ("ENABLED", ends)
