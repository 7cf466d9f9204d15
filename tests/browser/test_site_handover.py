"""A site is handed over from its page, by one person and finished by another, to its end."""

import pytest
from playwright.sync_api import expect

from resellers.models import Account, CatalogProduct, Flow, Operation, ProductInstance, Site
from tests import practice
from tests.mirrors import read

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 60_000


def free_site() -> Site:
    sites = Site.objects.filter(trashed_at=None, blocked=False, domain_connected=False)
    living = ProductInstance.objects.live().filter(site__isnull=False).values("site")
    return sites.exclude(last_confirmed_at=None).exclude(pk__in=living).order_by("id").first()


@pytest.mark.at_length
def test_a_site_goes_to_its_customer_with_a_colleague_finishing(whole_system, browse_as):
    site = free_site()
    customers = Account.objects.filter(is_main=False, gone_at=None).exclude(name="")
    customer = customers.exclude(pk=site.account_id).order_by("id").first()
    product = next(one for one in CatalogProduct.objects.named() if one.is_premium_plan)
    cycle = product.billing_cycles[0]
    page = browse_as("operator")
    page.goto(f"/sites/{site.pk}/")
    page.get_by_role("link", name="Hand over a site").click()
    expect(page.locator(f'[name=site][value="{site.pk}"]')).to_be_checked()
    page.get_by_label("Find: Customer").fill(customer.name)
    page.locator(f'[name=account][value="{customer.pk}"]').check()
    page.get_by_role("button", name="Begin").click()
    page.wait_for_url("**/flows/*/")

    page.get_by_role("button", name="Confirm").click()
    expect(page.locator("#step-title")).to_have_text("Choose what to order on it", timeout=PATIENCE)

    other = browse_as("manager")
    other.goto("/flows/")
    other.locator("a.name").first.click()
    line = other.get_by_role("group", name="Product 1")
    line.get_by_label("Product").select_option(str(product.pk))
    cycles = line.get_by_label("Billing cycle")
    expect(cycles.locator("option")).to_have_count(len(product.billing_cycles) + 1)
    cycles.select_option(str(cycle))
    expect(line.get_by_label("Site")).to_have_value(str(site.pk))
    line.get_by_label("Country").select_option("DE")
    other.get_by_role("button", name="Show the plan").click()
    other.get_by_role("button", name="Confirm").click(timeout=PATIENCE)
    expect(other.locator("#step-title")).to_have_text("See it delivered", timeout=PATIENCE)
    practice.clock(whole_system.sandbox, deliver_now=True)
    read("incremental")
    other.get_by_role("button", name="Look now").click()

    expect(other.locator(".page-head .pill")).to_have_text("Done", timeout=PATIENCE)
    expect(other.locator("main")).to_contain_text("what was ordered is delivered")
    flow = Flow.objects.get()
    assert [one.requested_by.username for one in Operation.objects.order_by("id")] == [
        *("operator", "manager"),
    ]
    assert ProductInstance.objects.get(package_id=flow.data["package"]).site_id == site.pk
    assert practice.applied(whole_system.sandbox) == ["transfer", "create"]
