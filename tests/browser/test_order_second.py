"""A plan and a domain, wanted together: the page divides the order, and leads on to the second."""

import pytest
from playwright.sync_api import expect

from resellers.mirror import sync
from resellers.models import CatalogProduct, SyncRun
from tests import practice
from tests.browser.test_orders import fill_line, line
from tests.dashboard.actions.test_order_second import without_premium

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.at_length]


def test_a_plan_and_its_domain_are_ordered_one_after_the_other(whole_system, browse_as):
    account, site = without_premium()
    plan, domain = (CatalogProduct.objects.get(name=name) for name in ("Core", "Domain .de"))
    page = browse_as("operator")
    page.goto(f"/packages/new/?account={account.pk}")
    fill_line(page, 1, product=plan.pk, cycle="1 YEAR", site=site.pk)
    expect(page.locator("#lines-0-about")).to_contain_text("Premium plan · ")
    page.get_by_role("button", name="Add a product", exact=True).click()
    fill_line(page, 2, product=domain.pk)
    divide = page.get_by_role("button", name="Order the plan first")
    expect(divide).to_be_visible()  # as soon as the domain is chosen
    fill_line(page, 2, cycle="1 YEAR", site=site.pk)

    divide.click()
    expect(line(page, 2)).to_have_count(0)
    expect(page.locator("main")).to_contain_text("To be ordered second")
    page.get_by_role("button", name="Show the plan").click()
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/operations/*/")
    expect(page.locator(".large-badge")).to_contain_text("Succeeded", timeout=30_000)
    practice.clock(whole_system.sandbox, deliver_now=True)
    sync.run(sync.want(SyncRun.Kind.ACCOUNT, account=account).pk)
    page.reload()
    page.get_by_role("link", name="Order what comes second").click()

    free_with = line(page, 1).get_by_label("Free with", exact=True)
    expect(free_with.locator("option:checked")).to_contain_text(f"Core on {site}")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("main")).to_contain_text("free with Core")
