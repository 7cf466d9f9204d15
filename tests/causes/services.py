"""Ordering, unassigning and adjusting what Wix does not let be ordered, unassigned or adjusted."""

from resellers.wix import BillingInfo, NewProduct
from tests.causes.customer import NOWHERE, cause

# --- ordering ------------------------------------------------------------------------------------


@cause("create", "PRODUCT_NOT_FOUND")
def order_an_unknown_product(of):
    of.create(NewProduct(NOWHERE, "DE"))


@cause("create", "ACCOUNT_NOT_FOUND")
def order_for_an_unknown_account(of):
    of.create(of.line("Core"), account=NOWHERE)


@cause("create", "SITE_NOT_FOUND")
def order_for_a_site_of_another_account(of):
    of.create(of.line("Core", site_id=of.foreign_site))


@cause("create", "INVALID_REFERENCE_PRODUCT_INSTANCE_ID")
def order_with_a_reference_that_was_used(of):
    line = of.line("Mailbox Starter", reference_instance_id=of.plan())
    of.create(line)
    of.create(line)


@cause("create", "PRODUCT_LIMIT_EXCEEDED")
def order_more_than_wix_allows(of):
    of.create(*[of.line("Business Elite")] * 9)


@cause("create", "PRODUCT_SETTINGS_NOT_FOUND")
def order_a_product_without_settings(of):
    of.create(of.line("SEO Autopilot"))


@cause("create", "MISSING_BILLING_CYCLE")
def order_without_a_cycle(of):
    of.create(of.line("Core", billing=None))


@cause("create", "INCOMPATIBLE_BILLING_CYCLE")
def order_for_ten_years(of):
    of.create(of.line("Core", billing=BillingInfo("RECURRING", "YEAR", 10)))


@cause("create", "INVALID_BILLING_CYCLE")
def order_once_what_recurs(of):
    of.create(of.line("Core", billing=BillingInfo("ONE_TIME")))


@cause("create", "INVALID_PRODUCTS")
def order_what_is_no_longer_sold(of):
    of.create(of.line("Shop Classic (no longer sold)"))


@cause("create", "MULTIPLE_PRODUCT_ASSIGNMENTS")
def order_two_plans_for_one_site(of):
    of.create(of.line("Core", site_id=of.site), of.line("Light", site_id=of.site))


@cause("create", "PRODUCT_TYPE_ALREADY_ASSIGNED")
def order_a_second_plan_for_a_site(of):
    of.plan()
    of.create(of.line("Light", site_id=of.site))


@cause("create", "PRODUCT_NOT_SUPPORTED_ON_SITE")
def order_a_shop_for_a_site_without_a_plan(of):
    of.create(of.line("Shop Start", site_id=of.site))


# --- unassigning ---------------------------------------------------------------------------------


@cause("unassign", "ACCOUNT_NOT_FOUND")
def unassign_in_an_unknown_account(of):
    of.unassign(of.plan(), account=NOWHERE)


@cause("unassign", "MISSING_SITE_ID")
def unassign_what_floats(of):
    of.unassign(of.order("Core"))


@cause("unassign", "PRODUCT_INSTANCE_NOT_FOUND")
def unassign_an_unknown_service(of):
    of.unassign(NOWHERE)


# --- adjusting -----------------------------------------------------------------------------------


@cause("adjust", "PRODUCT_NOT_FOUND")
def adjust_to_an_unknown_product(of):
    of.adjust(of.plan(), catalog_product_id=NOWHERE)


@cause("adjust", "ACCOUNT_NOT_FOUND")
def adjust_in_an_unknown_account(of):
    of.adjust(of.plan(), "Business", account_id=NOWHERE)


@cause("adjust", "SITE_NOT_FOUND")
def adjust_on_a_site_that_went_to_another_account(of):
    instance = of.plan()
    of.control(f"instances/{instance}", siteId=of.foreign_site)
    of.adjust(instance, "Business")


@cause("adjust", "PRODUCT_LIMIT_EXCEEDED")
def adjust_to_more_than_wix_allows(of):
    elite = {"productInstances.catalogProductId": {"$hasSome": [of.product("Business Elite")]}}
    packages = of.wix.query_packages(filter=elite).items
    held = sum(
        one.catalog_product_id == of.product("Business Elite")
        and one.status in ("ENABLED", "PENDING", "AWAITING_ACTION")
        for package in packages
        for one in package.instances
    )
    of.create(*[of.line("Business Elite")] * (8 - held))
    of.adjust(of.plan(), "Business Elite")


@cause("adjust", "PRODUCT_SETTINGS_NOT_FOUND")
def adjust_to_a_product_without_settings(of):
    of.plan()
    of.adjust(of.order("SEO Basic", site_id=of.site), "SEO Autopilot")


@cause("adjust", "MISSING_BILLING_CYCLE")
def adjust_to_a_product_that_lacks_the_cycle(of):
    two_years = of.order("Core", site_id=of.site, billing=BillingInfo("RECURRING", "YEAR", 2))
    of.adjust(two_years, "Light")


@cause("adjust", "INCOMPATIBLE_BILLING_CYCLE")
def adjust_to_ten_years(of):
    of.adjust(of.plan(), billing_info=BillingInfo("RECURRING", "YEAR", 10))


@cause("adjust", "INVALID_BILLING_CYCLE")
def adjust_to_once(of):
    of.adjust(of.plan(), billing_info=BillingInfo("ONE_TIME"))


@cause("adjust", "INVALID_PRODUCTS")
def adjust_to_what_is_no_longer_sold(of):
    of.plan()
    of.adjust(of.order("Shop Start", site_id=of.site), "Shop Classic (no longer sold)")


@cause("adjust", "MULTIPLE_PRODUCT_ASSIGNMENTS")
def adjust_to_what_its_neighbour_excludes(of):
    of.plan()
    of.order("Bookings Team", site_id=of.site)
    of.adjust(of.order("Shop Start", site_id=of.site), "Shop Unlimited")


@cause("adjust", "PRODUCT_TYPE_ALREADY_ASSIGNED")
def adjust_to_what_stands_alone_beside_another(of):
    of.plan()
    of.order("Mailbox Starter", site_id=of.site)
    of.adjust(of.order("Mailbox Starter", site_id=of.site), "Mailboxes Unlimited")


@cause("adjust", "PRODUCT_NOT_SUPPORTED_ON_SITE")
def adjust_to_what_needs_a_plan(of):
    of.adjust(of.order("Mailbox Starter", site_id=of.site), "Mailboxes Unlimited")


@cause("adjust", "PRODUCT_INSTANCE_NOT_FOUND")
def adjust_an_unknown_service(of):
    of.adjust(NOWHERE, "Core")


@cause("adjust", "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS")
def adjust_what_is_pending(of):
    of.adjust(of.create(of.line("Core", site_id=of.site)).id, "Business")


@cause("adjust", "INCOMPATIBLE_PRODUCT")
def adjust_to_another_type(of):
    of.adjust(of.plan(), "Mailbox Starter")


@cause("adjust", "MISSING_PRODUCT_DETAILS")
def adjust_without_saying_how_long(of):
    of.adjust(of.plan(), billing_info=BillingInfo("RECURRING"))


@cause("adjust", "OPERATION_NOT_SUPPORTED_FOR_PRODUCT")
def adjust_what_cannot_be_adjusted(of):
    of.adjust(of.order("Logo Basic"), "Logo Full Set")
