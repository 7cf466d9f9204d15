"""Ordering and ending for whoever reads with a machine, in the dark, on a telephone, or has names
that no designer thought of."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from resellers.models import Account, CatalogProduct, Package, Site
from tests import worlds
from tests.browser.accessible import complaints
from tests.browser.test_cancel import forget_the_passwords, package_of_three
from tests.browser.test_orders import fill_line, orderable

pytestmark = pytest.mark.at_length

SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
LONG = (
    "Überregionale Arbeitsgemeinschaft 🍦🐧 " * 3
    + "Donaudampfschifffahrtsgesellschaftskapitänsmütze" * 4
    + " مخبز النخيل الصغير מאפיית השקד"
)


def visit(page: Page, ground: Any, look: Callable[[str], None]) -> None:
    """Go through ordering, ending and renaming, and look at each page once something is typed."""
    (account, site, reference, products), package = ground
    service = package.instances.select_related("account").order_by("id")[0]
    plan = page.get_by_role("button", name="Show the plan")

    page.goto("/packages/new/?q=nobody-has-this-name")
    look("no customer")
    page.goto(f"/packages/new/?account={account.pk}")
    fill_line(page, 1, product=products["shop"].pk, cycle="1 MONTH", site=site.pk)
    page.get_by_role("button", name="Add a product", exact=True).click()
    fill_line(page, 2, product=products["shop"].pk, cycle="1 YEAR", site=site.pk)
    plan.click()
    expect(page.locator(".error")).to_have_count(1)
    look("order refused")
    fill_line(page, 2, product=products["free"].pk, cycle="1 YEAR", site="", free=reference.pk)
    plan.click()
    page.get_by_text("Show the request to Wix").click()
    look("plan of an order")

    forget_the_passwords()
    page.goto(f"/instances/{service.pk}/cancel/")
    plan.click()
    expect(page.locator(".error")).to_have_count(3)
    look("cancel refused")
    page.get_by_label("Your password").fill(worlds.PASSWORD)
    page.get_by_label("Type the customer's name").fill(service.account.name)
    page.get_by_label("Reason").fill("the customer left")
    plan.click()
    expect(page.get_by_role("button", name="Confirm")).to_be_visible()
    look("plan of a cancellation")
    page.goto(f"/packages/{package.pk}/cancel/")
    page.get_by_label("Type the customer's name").fill(service.account.name)
    page.get_by_label("Reason").fill("the customer left")
    plan.click()
    expect(page.get_by_role("button", name="Confirm")).to_be_visible()
    look("plan of a package's cancellation")

    page.goto(f"/packages/{package.pk}/external-id/")
    page.get_by_label("External id", exact=True).fill("..")
    plan.click()
    expect(page.locator(".error")).to_have_count(1)
    look("external id refused")


@pytest.mark.at_length
def test_no_fault_that_axe_knows(whole_system, browse_as):
    ground = orderable(), package_of_three()
    page = browse_as("manager", reduced_motion="reduce")

    def check(name: str) -> None:
        assert complaints(page) == [], name

    visit(page, ground, check)


@pytest.mark.at_length
@pytest.mark.parametrize("name", ["usual", LONG], ids=["usual-names", "long-names"])
def test_nothing_scrolls_sideways_on_a_telephone(whole_system, browse_as, name):
    ground = orderable(), package_of_three()
    if name == LONG:
        (account, *_, products), package = ground
        product_ids = [*package.instances.values_list("product_id", flat=True), products["shop"].pk]
        Account.objects.filter(pk__in=[account.pk, package.account_id]).update(
            name=name, email=f"{'a' * 200}@mail.example", reference="R" * 100
        )
        CatalogProduct.objects.filter(pk__in=product_ids).update(name=name[:300])
        Site.objects.update(name="x" * 200, display_name=name, url=f"https://{'x' * 200}.example")
        Package.objects.filter(pk=package.pk).update(external_id="e" * 100)
    page = browse_as("manager", viewport={"width": 360, "height": 740}, reduced_motion="reduce")

    def check(name: str) -> None:
        page.wait_for_load_state()  # its words may stand there before the styles have come
        assert page.evaluate(SIDEWAYS) <= 0, name

    visit(page, ground, check)
