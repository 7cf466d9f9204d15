"""What Wix's documents say of paid services, as people meet it while they sell and look."""

import re

import pytest
from playwright.sync_api import Page, expect

from resellers.models import Account, CatalogProduct, ProductInstance
from tests import practice
from tests.browser.test_main_job import exported, watch_to
from tests.browser.test_orders import fill_line, line
from tests.dashboard.actions.test_order_second import without_premium

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.at_length]

A_YEAR_AND_MORE = 370 * 24 * 3600
PROMISES_NOTHING = "Wix does not promise that it lowers the price"


def says(page: Page, *texts: str) -> None:
    for text in texts:
        expect(page.get_by_role("main")).to_contain_text(text)


def says_not(page: Page, *texts: str) -> None:
    for text in texts:
        expect(page.get_by_role("main")).not_to_contain_text(text)


def read_again(page: Page, address: str, text: str) -> None:
    """Press Refresh there, and look until the page says so."""
    page.goto(address)
    page.get_by_role("button", name="Refresh", exact=True).first.click()
    for _ in range(60):
        page.goto(address)
        if text in page.get_by_role("main").inner_text():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{address} never says “{text}”")


def show_the_plan(page: Page) -> None:
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("button", name="Confirm")).to_be_visible()


def confirm(page: Page, end: str = "Succeeded") -> None:
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/operations/*/")
    watch_to(page, end)


def newest(account: Account, product: CatalogProduct) -> ProductInstance:
    return account.instances.filter(product=product).latest("created_at")


def write_product(page: Page, product: CatalogProduct, **fields: str) -> None:
    """Write what the catalogue says of it, as a manager."""
    page.goto(product.get_absolute_url())
    for label, text in fields.items():
        field = page.get_by_label(label.replace("_", " "), exact=True)
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(label=text)
        else:
            field.fill(text)
    page.get_by_role("button", name="Save").click()
    says(page, f"{product} is saved.")


@pytest.mark.at_length
def test_a_plan_brings_a_voucher_and_a_domain_that_is_free_until_it_ends(whole_system, browse_as):
    sandbox = whole_system.sandbox
    account, site = without_premium()
    plan, domain = (CatalogProduct.objects.get(name=name) for name in ("Core", "Domain .de"))
    practice.switches(sandbox, delivery_seconds=3600)
    manager, page = browse_as("manager"), browse_as("operator")
    ways = {"Voucher": "a domain for 2 years", "Features": "Chat|Tips", "Reference_service": "No"}
    write_product(manager, plan, **ways)

    # The order says what the plan brings, and what a discount code does not promise.
    page.goto(f"/packages/new/?account={account.pk}")
    fill_line(page, 1, product=plan.pk)
    brings = re.compile(r"Chat, Tips · with a voucher: a domain for 2 years$")
    product = line(page, 1).get_by_label("Product", exact=True)
    expect(product).to_have_accessible_description(brings)
    country = line(page, 1).get_by_label("Country", exact=True)
    expect(country).to_have_accessible_description(re.compile("claim vouchers"))
    fill_line(page, 1, cycle="1 YEAR", site=site.pk)
    line(page, 1).get_by_label("Discount code").fill("SPRING")
    show_the_plan(page)
    voucher = f"{plan} comes with a voucher: a domain for 2 years. The customer may claim it in"
    says(page, f"{voucher} Germany (DE).", "with discount code SPRING", PROMISES_NOTHING)
    confirm(page)
    paid = newest(account, plan)

    # While the plan is pending, a domain has to wait; what cannot be a reference is not offered.
    page.goto(f"/packages/new/?account={account.pk}")
    fill_line(page, 1, product=domain.pk, cycle="1 YEAR", site=site.pk)
    free_with = line(page, 1).get_by_label("Free with", exact=True)
    expect(free_with.locator(f"option[value='{paid.pk}']")).to_have_count(0)
    show_the_plan(page)
    says(page, f"{domain} needs Premium, and {plan} on {site} is pending: wait until it is")
    confirm(page, "Failed")
    says(page, "PRODUCT_NOT_SUPPORTED_ON_SITE")
    practice.clock(sandbox, deliver_now=True)
    read_again(page, paid.get_absolute_url(), "the customer can use it")
    says(page, "Runs until it is canceled", "a domain for 2 years", "SPRING", PROMISES_NOTHING)

    # Delivered, nothing is warned of any more: the domain is ordered free with the plan.
    write_product(manager, plan, Reference_service="Yes")
    page.goto(f"/packages/new/?account={account.pk}")
    fill_line(page, 1, product=domain.pk, cycle="1 YEAR", site=site.pk, free=paid.pk)
    show_the_plan(page)
    says(page, f"free with {plan} on {site}")
    says_not(page, "needs Premium", "Premium plan on the site first")
    confirm(page)
    practice.clock(sandbox, deliver_now=True)
    free = newest(account, domain)
    read_again(page, free.get_absolute_url(), "Does not renew by itself: it ends in")
    says(page, "Free with it: time-limited, not charged, until")
    page.get_by_role("main").get_by_role("link", name=str(plan), exact=True).click()
    page.wait_for_url(f"**{paid.get_absolute_url()}")
    says(page, "Used for")
    expect(page.get_by_role("link", name=str(domain), exact=True).first).to_be_visible()
    page.goto(f"{account.get_absolute_url()}?tab=timeline")
    says(page, f"{voucher} Germany (DE).")

    # Lists and files have it too.
    page.goto("/instances/?discount_code=SPRING")
    expect(page.get_by_role("row").filter(has_text=str(plan))).to_have_count(1)
    rows = {
        row["instance_id"]: row
        for row in exported(page, f"/instances/export.csv?account={account.pk}")
    }
    of_plan, of_domain = rows[str(paid.pk)], rows[str(free.pk)]
    assert (of_plan["discount_code"], of_plan["expires_at_utc"]) == ("SPRING", "")
    assert of_domain["reference_instance_id"] == str(paid.pk)
    assert of_domain["expires_at_utc"] > of_domain["created_at_utc"]

    practice.clock(sandbox, advance_seconds=A_YEAR_AND_MORE)
    read_again(page, free.get_absolute_url(), "Expired.")
    page.goto("/instances/?expiring=past&columns=service,account,expires")
    expired = page.get_by_role("row").filter(has_text=str(account))
    expect(expired.filter(has_text=str(domain)).first).to_contain_text("expired")
