"""Every documented refusal of the package calls, from its cause to its code, status and words."""

import pytest

from tests.sandbox import causes
from tests.sandbox.conftest import (
    NOWHERE,
    Caller,
    Customer,
    code_of,
)

CAUSES: list[tuple[causes.Cause, int, str, str]] = [
    (causes.create_unknown_product, 404, "PRODUCT_NOT_FOUND", "Product id not found in catalog."),
    (
        causes.create_in_unknown_account,
        404,
        "ACCOUNT_NOT_FOUND",
        f"Account with id {NOWHERE} was not",
    ),
    (
        causes.create_on_foreign_site,
        404,
        "SITE_NOT_FOUND",
        "is not owned by {account}, but by {parent}.",
    ),
    (
        causes.create_on_unknown_site,
        404,
        "SITE_NOT_FOUND",
        f"Site {NOWHERE} is not owned by {{account}}",
    ),
    (
        causes.create_with_unknown_reference,
        404,
        "INVALID_REFERENCE_PRODUCT_INSTANCE_ID",
        "invalid or",
    ),
    (
        causes.create_with_used_reference,
        404,
        "INVALID_REFERENCE_PRODUCT_INSTANCE_ID",
        "already been",
    ),
    (
        causes.create_with_another_accounts_reference,
        404,
        "INVALID_REFERENCE_PRODUCT_INSTANCE_ID",
        "invalid",
    ),
    (
        causes.create_with_a_reference_that_can_be_none,
        404,
        "INVALID_REFERENCE_PRODUCT_INSTANCE_ID",
        "invalid",
    ),
    (
        causes.create_with_one_reference_twice,
        404,
        "INVALID_REFERENCE_PRODUCT_INSTANCE_ID",
        "invalid",
    ),
    (
        causes.create_with_canceled_reference,
        404,
        "INVALID_REFERENCE_PRODUCT_INSTANCE_ID",
        "invalid",
    ),
    (causes.create_too_many, 428, "PRODUCT_LIMIT_EXCEEDED", "number of current subscriptions "),
    (
        causes.create_without_settings,
        428,
        "PRODUCT_SETTINGS_NOT_FOUND",
        "doesn't have any settings ",
    ),
    (
        causes.create_without_cycle,
        428,
        "MISSING_BILLING_CYCLE",
        "must receive a cycle upon creating.",
    ),
    (
        causes.create_recurring_without_duration,
        428,
        "MISSING_BILLING_CYCLE",
        "must receive a cycle",
    ),
    (
        causes.create_with_another_cycle,
        428,
        "INCOMPATIBLE_BILLING_CYCLE",
        "cannot be used with cycle: 10 YEAR, it is not one of 1 YEAR, 1 MONTH, 2 YEAR.",
    ),
    (causes.create_with_no_cycle_at_all, 428, "INVALID_BILLING_CYCLE", "RECURRING 1 UNKNOWN."),
    (causes.create_once_what_recurs, 428, "INVALID_BILLING_CYCLE", "contract details: ONE_TIME."),
    (
        causes.create_yearly_what_is_bought_once,
        428,
        "INVALID_BILLING_CYCLE",
        "those cycles: none and",
    ),
    (causes.create_what_is_no_longer_sold, 428, "INVALID_PRODUCTS", "Invalid products: "),
    (
        causes.create_two_plans_on_one_site,
        428,
        "MULTIPLE_PRODUCT_ASSIGNMENTS",
        "cannot be assigned simultaneously to the same site {site}.",
    ),
    (
        causes.create_one_product_twice_for_a_site,
        428,
        "MULTIPLE_PRODUCT_ASSIGNMENTS",
        "cannot be assigned simultaneously to the same site {site}.",
    ),
    (
        causes.create_two_that_exclude_each_other,
        428,
        "MULTIPLE_PRODUCT_ASSIGNMENTS",
        "to the same site",
    ),
    (
        causes.create_beside_what_it_excludes,
        428,
        "MULTIPLE_PRODUCT_ASSIGNMENTS",
        "to the same site",
    ),
    (
        causes.create_second_plan_on_a_site,
        428,
        "PRODUCT_TYPE_ALREADY_ASSIGNED",
        "is allowed only as one instance per site and site {site} already has one",
    ),
    (
        causes.create_shop_without_a_plan,
        428,
        "PRODUCT_NOT_SUPPORTED_ON_SITE",
        "Site {site} is not compatible with product ",
    ),
    (
        causes.create_shop_while_the_plan_is_pending,
        428,
        "PRODUCT_NOT_SUPPORTED_ON_SITE",
        "Site {site}",
    ),
    (causes.create_on_a_site_in_the_trash, 428, "PRODUCT_NOT_SUPPORTED_ON_SITE", "Site {site}"),
    (
        causes.assign_unknown_instance,
        428,
        "PRODUCT_INSTANCE_NOT_FOUND",
        f"id {NOWHERE} was not found.",
    ),
    (causes.assign_to_unknown_site, 404, "SITE_NOT_FOUND", "is not owned by {account}"),
    (causes.assign_to_foreign_site, 404, "SITE_NOT_FOUND", "but by {parent}."),
    (
        causes.assign_failed,
        428,
        "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
        "incompatible status FAILED.",
    ),
    (causes.assign_canceled, 428, "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS", "status CANCELED."),
    (causes.assign_beside_another_plan, 428, "PRODUCT_TYPE_ALREADY_ASSIGNED", "site {other}"),
    (
        causes.assign_shop_to_a_site_without_a_plan,
        428,
        "PRODUCT_NOT_SUPPORTED_ON_SITE",
        "Site {other}",
    ),
    (causes.assign_with_another_account, 403, "PERMISSION_DENIED", ""),
    (causes.unassign_unknown_instance, 428, "PRODUCT_INSTANCE_NOT_FOUND", f"id {NOWHERE} was not"),
    (
        causes.unassign_floating,
        428,
        "MISSING_SITE_ID",
        "You must provide a siteId to unassign product",
    ),
    (causes.unassign_in_unknown_account, 404, "ACCOUNT_NOT_FOUND", "was not found."),
    (causes.adjust_unknown_instance, 428, "PRODUCT_INSTANCE_NOT_FOUND", f"id {NOWHERE} was not"),
    (causes.adjust_pending, 428, "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS", "status PENDING."),
    (
        causes.adjust_what_was_to_be_changed_before_its_delivery,
        428,
        "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
        "Product instance has status ENABLED and can't be modified.",
    ),
    (
        causes.adjust_to_another_type,
        428,
        "INCOMPATIBLE_PRODUCT",
        "Cannot change asset from product of",
    ),
    (
        causes.adjust_nothing,
        428,
        "MISSING_PRODUCT_DETAILS",
        "You haven't provided `catalogProductId`.",
    ),
    (causes.adjust_only_a_discount, 428, "MISSING_PRODUCT_DETAILS", "`catalogProductId`."),
    (
        causes.adjust_to_recurring_without_duration,
        428,
        "MISSING_PRODUCT_DETAILS",
        "You haven't provided `cycleDuration`. The field is required for`RECURRING` billing types.",
    ),
    (causes.adjust_with_empty_billing, 428, "MISSING_PRODUCT_DETAILS", "provided `billingInfo`."),
    (
        causes.adjust_what_cannot_be,
        428,
        "OPERATION_NOT_SUPPORTED_FOR_PRODUCT",
        "isn't supported for",
    ),
    (
        causes.adjust_to_unknown_product,
        404,
        "PRODUCT_NOT_FOUND",
        "Product id not found in catalog.",
    ),
    (causes.adjust_above_the_limit, 428, "PRODUCT_LIMIT_EXCEEDED", "current subscriptions 8."),
    (causes.adjust_to_what_has_no_settings, 428, "PRODUCT_SETTINGS_NOT_FOUND", "any settings"),
    (causes.adjust_losing_the_cycle, 428, "MISSING_BILLING_CYCLE", "must receive a cycle"),
    (causes.adjust_to_another_cycle, 428, "INCOMPATIBLE_BILLING_CYCLE", "cycle: 10 YEAR"),
    (causes.adjust_to_one_time, 428, "INVALID_BILLING_CYCLE", "contract details: ONE_TIME."),
    (causes.adjust_to_what_is_no_longer_sold, 428, "INVALID_PRODUCTS", "Invalid products: "),
    (
        causes.adjust_beside_what_it_excludes,
        428,
        "MULTIPLE_PRODUCT_ASSIGNMENTS",
        "same site {site}.",
    ),
    (causes.adjust_to_what_stands_alone, 428, "PRODUCT_TYPE_ALREADY_ASSIGNED", "Business mail"),
    (causes.adjust_to_what_needs_a_plan, 428, "PRODUCT_NOT_SUPPORTED_ON_SITE", "Site {site}"),
    (causes.adjust_on_a_site_that_was_lost, 404, "SITE_NOT_FOUND", "but by {parent}."),
    (causes.get_unknown_package, 404, "PACKAGE_NOT_FOUND", f"Package with id {NOWHERE}"),
    (causes.get_with_another_account, 403, "PERMISSION_DENIED", ""),
    (causes.cancel_unknown_package, 404, "PACKAGE_NOT_FOUND", f"Package with id {NOWHERE}"),
    (causes.cancel_unknown_instance, 428, "PRODUCT_INSTANCE_NOT_FOUND", f"id {NOWHERE} was not"),
    (causes.rename_unknown_package, 404, "PACKAGE_NOT_FOUND", f"Package with id {NOWHERE}"),
    (causes.query_with_a_made_up_cursor, 400, "INVALID_CURSOR", "The cursor is invalid"),
]


@pytest.mark.parametrize(
    ("cause", "status", "code", "words"), CAUSES, ids=[row[0].__name__ for row in CAUSES]
)
def test_doing_what_causes_it_brings_the_refusal(
    wix: Caller, customer: Customer, cause: causes.Cause, status: int, code: str, words: str
):
    answer = cause(wix, customer)

    error = answer.json()["details"]["applicationError"]
    expected = words.format(
        account=customer.account,
        parent=wix.sandbox.account_id,
        site=customer.site,
        other=customer.other_site,
    )
    assert (answer.status_code, error["code"]) == (status, code)
    assert expected in answer.json()["message"]
    assert error["description"] == answer.json()["message"]
    assert wix.journal()[-1]["effect"] == "refused"


def test_at_a_products_limit_a_service_of_it_may_still_have_another_cycle(
    wix: Caller, customer: Customer
):
    instance = customer.plan(product="Business Elite")
    while wix.create(customer.account, wix.line("Business Elite")).ok:
        pass
    monthly = {"type": "RECURRING", "cycleDuration": {"unit": "MONTH", "count": 1}}

    answer = wix.adjust(customer.account, instance, billingInfo=monthly)

    assert answer.status_code == 200, answer.text
    assert wix.truth(instance)["billingInfo"]["cycleDuration"]["unit"] == "MONTH"


def test_a_refused_package_leaves_nothing_behind(wix: Caller, customer: Customer):
    before = wix.state()["counts"]["packages"]

    answer = wix.create(
        customer.account, wix.line("Core", customer.site), wix.line("SEO Autopilot")
    )

    assert answer.status_code == 428
    assert wix.state()["counts"]["packages"] == before


def test_the_rules_are_asked_in_the_order_of_the_table(wix: Caller, customer: Customer):
    bad_site = wix.line("SEO Autopilot", NOWHERE, billingInfo=causes.DECADE)

    assert code_of(wix.create(customer.account, bad_site)) == "SITE_NOT_FOUND"
    without_site = {**bad_site, "siteId": None}
    answer = wix.create(customer.account, without_site)
    assert code_of(answer) == "PRODUCT_SETTINGS_NOT_FOUND"


def test_a_product_may_be_modified_in_the_statuses_of_its_rule(wix: Caller, customer: Customer):
    answer = wix.create(customer.account, wix.line("Launch Support"))
    (pending,) = answer.json()["package"]["productInstances"]

    adjusted = wix.adjust(customer.account, pending["instanceId"], billingInfo=causes.MONTHLY)

    assert adjusted.status_code == 200
    assert pending["status"] == "PENDING"
