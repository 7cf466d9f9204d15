"""What brings each documented refusal of the package calls: one call that Wix has to refuse.

Each takes somebody who calls and the customer on whose things it acts, and returns the answer.
"""

from collections.abc import Callable
from typing import Any

import requests

from tests.sandbox.conftest import (
    INSTANCES,
    NOWHERE,
    PACKAGES,
    YEARLY,
    Caller,
    Customer,
)

Cause = Callable[[Caller, Customer], requests.Response]

MONTHLY = {"type": "RECURRING", "cycleDuration": {"unit": "MONTH", "count": 1}}
DECADE = {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 10}}
NO_UNIT = {"type": "RECURRING", "cycleDuration": {"unit": "UNKNOWN", "count": 1}}


def foreign_site(wix: Caller) -> dict[str, Any]:
    return wix.sites(wix.sandbox.account_id)[0]


def create_unknown_product(wix, of):
    return wix.create(of.account, {"catalogProductId": NOWHERE, "countryCode": "DE"})


def create_in_unknown_account(wix, of):
    return wix.create(NOWHERE, wix.line("Core"))


def create_on_foreign_site(wix, of):
    return wix.create(of.account, wix.line("Core", foreign_site(wix)["id"]))


def create_on_unknown_site(wix, of):
    return wix.create(of.account, wix.line("Core", NOWHERE))


def create_with_unknown_reference(wix, of):
    return wix.create(of.account, wix.line("Core", referenceProductInstanceId=NOWHERE))


def create_with_used_reference(wix, of):
    reference = of.plan()
    line = wix.line("Mailbox Starter", referenceProductInstanceId=reference)
    assert wix.create(of.account, line).status_code == 200
    return wix.create(of.account, line)


def create_with_another_accounts_reference(wix, of):
    line = wix.line("Mailbox Starter", referenceProductInstanceId=of.plan())
    return wix.create(wix.sandbox.account_id, line)


def create_with_a_reference_that_can_be_none(wix, of):
    line = wix.line(
        "Mailbox Starter", referenceProductInstanceId=wix.order(of.account, "Logo Basic")
    )
    return wix.create(of.account, line)


def create_with_one_reference_twice(wix, of):
    line = wix.line("Mailbox Starter", referenceProductInstanceId=of.plan())
    return wix.create(of.account, line, line)


def create_with_canceled_reference(wix, of):
    reference = of.plan()
    wix.cancel(of.account, reference)
    return wix.create(of.account, wix.line("Core", referenceProductInstanceId=reference))


def create_too_many(wix, of):
    return wix.create(of.account, *[wix.line("Business Elite")] * 9)


def create_without_settings(wix, of):
    return wix.create(of.account, wix.line("SEO Autopilot"))


def create_without_cycle(wix, of):
    return wix.create(of.account, wix.line("Core", billingInfo=None) | {"siteId": None})


def create_recurring_without_duration(wix, of):
    return wix.create(of.account, wix.line("Core", billingInfo={"type": "RECURRING"}))


def create_with_another_cycle(wix, of):
    return wix.create(of.account, wix.line("Core", billingInfo=DECADE))


def create_with_no_cycle_at_all(wix, of):
    return wix.create(of.account, wix.line("Core", billingInfo=NO_UNIT))


def create_once_what_recurs(wix, of):
    return wix.create(of.account, wix.line("Core", billingInfo={"type": "ONE_TIME"}))


def create_yearly_what_is_bought_once(wix, of):
    return wix.create(of.account, wix.line("Logo Basic", billingInfo=YEARLY))


def create_what_is_no_longer_sold(wix, of):
    return wix.create(of.account, wix.line("Shop Classic (no longer sold)"))


def create_two_plans_on_one_site(wix, of):
    return wix.create(of.account, wix.line("Core", of.site), wix.line("Light", of.site))


def create_one_product_twice_for_a_site(wix, of):
    mailbox = wix.line("Mailbox Starter", of.site)
    return wix.create(of.account, mailbox, mailbox)


def create_two_that_exclude_each_other(wix, of):
    of.plan()
    return wix.create(
        of.account, wix.line("Shop Unlimited", of.site), wix.line("Bookings Team", of.site)
    )


def create_beside_what_it_excludes(wix, of):
    of.plan()
    wix.order(of.account, "Bookings Team", of.site)
    return wix.create(of.account, wix.line("Shop Unlimited", of.site))


def create_second_plan_on_a_site(wix, of):
    of.plan()
    return wix.create(of.account, wix.line("Light", of.site))


def create_shop_without_a_plan(wix, of):
    return wix.create(of.account, wix.line("Shop Start", of.site))


def create_shop_while_the_plan_is_pending(wix, of):
    assert wix.create(of.account, wix.line("Core", of.site)).status_code == 200
    return wix.create(of.account, wix.line("Shop Start", of.site))


def create_on_a_site_in_the_trash(wix, of):
    wix.send("POST", "/site-actions/v1/bulk/sites/delete", {"ids": [of.site]}, of.account)
    return wix.create(of.account, wix.line("Core", of.site))


def assign_unknown_instance(wix, of):
    return wix.assign(of.account, NOWHERE, of.site)


def assign_to_unknown_site(wix, of):
    return wix.assign(of.account, of.plan(), NOWHERE)


def assign_to_foreign_site(wix, of):
    return wix.assign(of.account, of.plan(), foreign_site(wix)["id"])


def assign_failed(wix, of):
    instance = of.plan()
    wix.control(f"instances/{instance}", {"status": "FAILED"})
    return wix.assign(of.account, instance, of.other_site)


def assign_canceled(wix, of):
    instance = of.plan()
    wix.cancel(of.account, instance)
    wix.deliver()
    return wix.assign(of.account, instance, of.other_site)


def assign_beside_another_plan(wix, of):
    of.plan(of.other_site)
    return wix.assign(of.account, of.plan(), of.other_site)


def assign_shop_to_a_site_without_a_plan(wix, of):
    of.plan()
    return wix.assign(of.account, wix.order(of.account, "Shop Start", of.site), of.other_site)


def assign_with_another_account(wix, of):
    return wix.assign(wix.sandbox.account_id, of.plan(), of.other_site)


def unassign_unknown_instance(wix, of):
    return wix.unassign(of.account, NOWHERE)


def unassign_floating(wix, of):
    instance = of.plan()
    assert wix.unassign(of.account, instance).status_code == 200
    return wix.unassign(of.account, instance)


def unassign_in_unknown_account(wix, of):
    return wix.unassign(NOWHERE, of.plan())


def adjust_unknown_instance(wix, of):
    return wix.adjust(of.account, NOWHERE, catalogProductId=wix.product("Core"))


def adjust_pending(wix, of):
    line = wix.line("Core", of.site)
    created = wix.create(of.account, line).json()["package"]["productInstances"][0]
    return wix.adjust(of.account, created["instanceId"], catalogProductId=wix.product("Business"))


def adjust_what_was_to_be_changed_before_its_delivery(wix, of):
    instance = wix.order(of.account, "Launch Support")
    return wix.adjust(of.account, instance, billingInfo=MONTHLY)


def adjust_to_another_type(wix, of):
    return wix.adjust(of.account, of.plan(), catalogProductId=wix.product("Mailbox Starter"))


def adjust_nothing(wix, of):
    return wix.adjust(of.account, of.plan())


def adjust_only_a_discount(wix, of):
    return wix.adjust(of.account, of.plan(), discountCode="SUMMER")


def adjust_to_recurring_without_duration(wix, of):
    return wix.adjust(of.account, of.plan(), billingInfo={"type": "RECURRING"})


def adjust_with_empty_billing(wix, of):
    return wix.adjust(of.account, of.plan(), billingInfo={})


def adjust_what_cannot_be(wix, of):
    instance = wix.order(of.account, "Logo Basic")
    return wix.adjust(of.account, instance, catalogProductId=wix.product("Logo Full Set"))


def adjust_to_unknown_product(wix, of):
    return wix.adjust(of.account, of.plan(), catalogProductId=NOWHERE)


def adjust_above_the_limit(wix, of):
    have = wix.send(
        "POST",
        f"{PACKAGES}/query",
        {
            "query": {
                "filter": {
                    "productInstances.catalogProductId": {
                        "$hasSome": [wix.product("Business Elite")]
                    }
                }
            }
        },
    ).json()["packages"]
    free = 8 - len(have)
    assert wix.create(of.account, *[wix.line("Business Elite")] * free).status_code == 200
    return wix.adjust(of.account, of.plan(), catalogProductId=wix.product("Business Elite"))


def adjust_to_what_has_no_settings(wix, of):
    of.plan()
    instance = wix.order(of.account, "SEO Basic", of.site)
    return wix.adjust(of.account, instance, catalogProductId=wix.product("SEO Autopilot"))


def adjust_losing_the_cycle(wix, of):
    two_years = {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 2}}
    line = wix.line("Core", of.site, billingInfo=two_years)
    created = wix.create(of.account, line).json()["package"]["productInstances"][0]
    wix.deliver()
    return wix.adjust(of.account, created["instanceId"], catalogProductId=wix.product("Light"))


def adjust_to_another_cycle(wix, of):
    return wix.adjust(of.account, of.plan(), billingInfo=DECADE)


def adjust_to_one_time(wix, of):
    return wix.adjust(of.account, of.plan(), billingInfo={"type": "ONE_TIME"})


def adjust_to_what_is_no_longer_sold(wix, of):
    of.plan()
    instance = wix.order(of.account, "Shop Start", of.site)
    product = wix.product("Shop Classic (no longer sold)")
    return wix.adjust(of.account, instance, catalogProductId=product)


def adjust_beside_what_it_excludes(wix, of):
    of.plan()
    wix.order(of.account, "Bookings Team", of.site)
    instance = wix.order(of.account, "Shop Start", of.site)
    return wix.adjust(of.account, instance, catalogProductId=wix.product("Shop Unlimited"))


def adjust_to_what_stands_alone(wix, of):
    of.plan()
    wix.order(of.account, "Mailbox Starter", of.site)
    instance = wix.order(of.account, "Mailbox Starter", of.site)
    return wix.adjust(of.account, instance, catalogProductId=wix.product("Mailboxes Unlimited"))


def adjust_to_what_needs_a_plan(wix, of):
    instance = wix.order(of.account, "Mailbox Starter", of.site)
    return wix.adjust(of.account, instance, catalogProductId=wix.product("Mailboxes Unlimited"))


def adjust_on_a_site_that_was_lost(wix, of):
    instance = of.plan()
    wix.control(f"instances/{instance}", {"siteId": foreign_site(wix)["id"]})
    return wix.adjust(of.account, instance, catalogProductId=wix.product("Business"))


def get_unknown_package(wix, of):
    return wix.send("GET", f"{PACKAGES}/{NOWHERE}")


def get_with_another_account(wix, of):
    package = wix.truth(of.plan())["packageId"]
    return wix.send("GET", f"{PACKAGES}/{package}")


def cancel_unknown_package(wix, of):
    return wix.send("DELETE", f"{PACKAGES}/{NOWHERE}")


def cancel_unknown_instance(wix, of):
    return wix.send("DELETE", f"{INSTANCES}/{NOWHERE}")


def rename_unknown_package(wix, of):
    return wix.send("PATCH", f"{PACKAGES}/update/{NOWHERE}/ord-1")


def query_with_a_made_up_cursor(wix, of):
    body = {"query": {"cursorPaging": {"cursor": "bm90IG91cnM"}}}
    return wix.send("POST", f"{PACKAGES}/query", body)
