"""Ordering as an operator does it: for whom, what, the request itself, exactly one package."""

import json
from typing import Any

import pytest
import requests
from playwright.sync_api import Page, expect

from resellers.models import (
    Account,
    CatalogProduct,
    Operation,
    OperationState,
    ProductInstance,
    Site,
)
from resellers.operations.plan import make_plan
from tests import practice, worlds
from tests.browser.test_main_job import watch_to

EMPTY = {"site_id": "", "cycle": "", "country": "DE", "discount_code": "", "reference_id": ""}


def orderable() -> tuple[Account, Site, ProductInstance, dict[str, CatalogProduct]]:
    """A customer with a site that can take a shop, a service to have a mailbox free with, and the
    products to order."""
    names = {"shop": "Shop Start", "free": "Mailbox Standard", "floating": "Mailbox with Archive"}
    products = {word: CatalogProduct.objects.get(name=name) for word, name in names.items()}
    paid = ProductInstance.objects.filter(status="ENABLED").select_related("account", "product")
    for reference in paid.exclude(account__name="").order_by("id"):
        for site in reference.account.sites.filter(premium=True).exclude(name=""):
            values = [
                {"product_id": products["shop"].pk, "site_id": site.pk, "cycle": "1 MONTH"},
                {"product_id": products["free"].pk, "reference_id": reference.pk}
                | {"cycle": "1 YEAR"},
            ]
            lines = [EMPTY | {key: str(value) for key, value in line.items()} for line in values]
            wish = worlds.wish("create_package", external_id="may-be", lines=lines)
            if make_plan(reference.account, wish).possible:
                return reference.account, site, reference, products
    raise LookupError("this world has no customer to order for")


def packages_of(sandbox, account: Account) -> list[dict[str, Any]]:
    """The customer's packages as the sandbox really has them."""
    answer = requests.get(f"{sandbox.url}/_sandbox/packages", timeout=10)
    answer.raise_for_status()
    return [one for one in answer.json()["packages"] if one["accountId"] == str(account.pk)]


def ordered(sandbox, account: Account, external_id: str) -> list[dict[str, Any]]:
    """The services of the only package under this external id, each as the sandbox has it."""
    packages = packages_of(sandbox, account)
    (package,) = [one for one in packages if one.get("externalId") == external_id]
    return [practice.truth(sandbox, one["instanceId"]) for one in package["productInstances"]]


def line(page: Page, number: int):
    return page.get_by_role("group", name=f"Product {number}", exact=True)


def fill_line(page: Page, number: int, **choices: Any) -> None:
    """Choose product, then cycle, site and what it is free with, by their values."""
    names = {"product": "Product", "cycle": "Billing cycle", "site": "Site", "free": "Free with"}
    for name, value in choices.items():
        line(page, number).get_by_label(names[name], exact=True).select_option(str(value))
    line(page, number).get_by_label("Country").select_option("DE")


def test_an_operator_orders_three_products_one_of_them_free(whole_system, browse_as):
    account, site, reference, products = orderable()
    before = len(packages_of(whole_system.sandbox, account))
    page = browse_as("operator")

    page.goto("/packages/")
    page.get_by_role("link", name="New package").click()
    page.get_by_label("Customer", exact=True).press_sequentially(account.name[:3])
    page.get_by_role("link", name=f"Order for {account}").click()
    cycles = line(page, 1).get_by_label("Billing cycle").locator("option")
    expect(cycles.filter(has_text="5 years")).to_have_count(1)
    line(page, 1).get_by_label("Discount code").fill("SPRING")
    product = line(page, 1).get_by_label("Product", exact=True)
    product.focus()
    fill_line(page, 1, product=products["shop"].pk)
    expect(cycles).to_have_text(["Choose a cycle", "1 month", "1 year"])
    expect(line(page, 1).get_by_label("Discount code")).to_have_value("SPRING")

    fill_line(page, 1, cycle="1 MONTH", site=site.pk)
    page.get_by_role("button", name="Add a product", exact=True).click()
    expect(line(page, 2).get_by_label("Product", exact=True)).to_be_focused()
    fill_line(page, 2, product=products["free"].pk, cycle="1 YEAR", free=reference.pk)
    page.get_by_role("button", name="Add a product", exact=True).click()
    fill_line(page, 3, product=products["floating"].pk, site="")
    page.get_by_label("External id").fill("three-products")
    page.get_by_label("Reason").fill("a shop with its mail")
    page.get_by_role("button", name="Show the plan").click()

    expect(page.locator("main")).to_contain_text(f"free with {reference.product}")
    page.get_by_text("Show the request to Wix").click()
    sent = json.loads(page.get_by_label("The request to Wix").inner_text())
    assert [one["catalogProductId"] for one in sent["products"]] == [
        str(products[name].pk) for name in ("shop", "free", "floating")
    ]
    assert sent["products"][0]["siteId"] == str(site.pk)
    assert sent["products"][1]["referenceProductInstanceId"] == str(reference.pk)
    assert "siteId" not in sent["products"][2]
    assert practice.applied(whole_system.sandbox) == []
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/operations/*/")
    watch_to(page, "Succeeded")

    got = {
        one["catalogProductId"]: one
        for one in ordered(whole_system.sandbox, account, "three-products")
    }
    assert len(packages_of(whole_system.sandbox, account)) == before + 1
    assert set(got) == {str(one.pk) for one in products.values()}
    shop, free, floating = (got[str(products[n].pk)] for n in ("shop", "free", "floating"))
    assert shop["siteId"] == str(site.pk)
    assert shop["discountCode"] == "SPRING"
    assert shop["billingInfo"]["cycleDuration"] == {"unit": "MONTH", "count": 1}
    assert free["referenceProductInstanceId"] == str(reference.pk)
    assert floating["siteId"] is None
    assert practice.applied(whole_system.sandbox) == ["create"]


def test_the_focus_stays_where_somebody_works_while_the_cycles_are_narrowed(
    whole_system, browse_as
):
    account, _, _, products = orderable()
    page = browse_as("operator")
    page.goto(f"/packages/new/?account={account.pk}")
    product = line(page, 1).get_by_label("Product", exact=True)
    offered = line(page, 1).get_by_label("Billing cycle").locator("option")

    product.focus()
    product.press_sequentially(products["floating"].name)
    expect(offered).to_have_text(["Choose a cycle", "1 year"])
    expect(product).to_be_focused()
    expect(line(page, 1).get_by_label("Billing cycle")).to_have_value("1 YEAR")

    # Whoever is quicker than the server keeps what was typed meanwhile.
    page.route("**/packages/new/**", lambda route: page.wait_for_timeout(600) or route.continue_())
    product.select_option(str(products["shop"].pk))
    page.get_by_label("Reason").press_sequentially("typed meanwhile")
    expect(offered).to_have_text(["Choose a cycle", "1 month", "1 year"])
    expect(page.get_by_label("Reason")).to_have_value("typed meanwhile")
    expect(page.get_by_label("Reason")).to_be_focused()
    product.select_option(str(products["floating"].pk))
    line(page, 1).get_by_label("Billing cycle").select_option("1 YEAR")
    expect(offered).to_have_text(["Choose a cycle", "1 year"])
    expect(line(page, 1).get_by_label("Billing cycle")).to_have_value("1 YEAR")
    product.select_option(str(products["free"].pk))
    line(page, 1).get_by_label("Billing cycle").focus()
    expect(offered).to_have_text(["Choose a cycle", "1 month", "1 year"])
    expect(line(page, 1).get_by_label("Billing cycle")).to_have_value("1 YEAR")
    expect(line(page, 1).get_by_label("Billing cycle")).to_be_focused()


def test_an_order_is_written_with_the_keyboard_alone(whole_system, browse_as):
    account, _, _, products = orderable()
    page = browse_as("operator")
    page.goto("/packages/new/")

    tab_to(page, "Customer", "INPUT")
    page.keyboard.type(account.name)
    expect(page.get_by_role("link", name=f"Order for {account}")).to_have_count(1)
    tab_to(page, f"Order for {account}", "A")
    page.keyboard.press("Enter")
    page.wait_for_url("**/packages/new/?account=*")
    tab_to(page, "Product", "SELECT")
    page.keyboard.type(products["floating"].name)
    expect(line(page, 1).get_by_label("Billing cycle")).to_have_value("1 YEAR")
    tab_to(page, "Country", "SELECT")
    page.keyboard.type("Germany")
    tab_to(page, "Show the plan", "BUTTON")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What is ordered")).to_be_visible()
    tab_to(page, "Confirm", "BUTTON")
    page.keyboard.press("Enter")
    page.wait_for_url("**/operations/*/")
    watch_to(page, "Succeeded")

    operation = Operation.objects.get()
    (got,) = ordered(whole_system.sandbox, account, operation.wish["external_id"])
    assert got["catalogProductId"] == str(products["floating"].pk)


def tab_to(page: Page, name: str, tag: str) -> None:
    """Press Tab until the control of that name has the focus."""
    script = "e => [e.tagName, e.ariaLabel || e.labels?.[0]?.textContent.trim() || e.innerText]"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(f"({script})(document.activeElement)") == [tag, name]:
            return
    raise LookupError(f"Tab never comes to {name}")


@pytest.mark.at_length
def test_an_order_is_made_without_javascript(whole_system, browse_as):
    account, _, _, products = orderable()
    before = len(packages_of(whole_system.sandbox, account))
    page = browse_as("operator", java_script_enabled=False)

    page.goto("/packages/new/")
    page.get_by_label("Customer", exact=True).fill(account.name)
    page.get_by_role("button", name="Find").click()
    page.get_by_role("link", name=f"Order for {account}").click()
    fill_line(page, 1, product=products["free"].pk)
    page.get_by_role("button", name="Show each product's own cycles").click()
    fill_line(page, 1, cycle="1 MONTH")
    page.get_by_label("External id").fill("no-script")
    plan_and_confirm_order(page)
    for _ in range(80):
        if page.locator(".page-head .badge", has_text="Succeeded").count():
            break
        page.wait_for_timeout(250)
        page.reload()

    assert Operation.objects.get().state == OperationState.SUCCEEDED
    (got,) = ordered(whole_system.sandbox, account, "no-script")
    assert got["catalogProductId"] == str(products["free"].pk)
    assert len(packages_of(whole_system.sandbox, account)) == before + 1


def plan_and_confirm_order(page: Page) -> None:
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("heading", name="What is ordered")).to_be_visible()
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/operations/*/")


@pytest.mark.at_length
def test_a_plan_goes_back_to_the_form_with_everything_typed(whole_system, browse_as):
    account, _, _, products = orderable()
    page = browse_as("operator")
    page.goto(f"/packages/new/?account={account.pk}")
    fill_line(page, 1, product=products["free"].pk, cycle="1 MONTH")
    page.get_by_role("button", name="Add a product", exact=True).click()
    fill_line(page, 2, product=products["floating"].pk)
    page.get_by_label("Reason").fill("two mailboxes")
    page.get_by_role("button", name="Show the plan").click()

    page.get_by_role("button", name="Change").click()

    expect(page.get_by_role("group", name="Product", exact=False)).to_have_count(2)
    expect(line(page, 1).get_by_label("Billing cycle")).to_have_value("1 MONTH")
    expect(page.get_by_label("Reason")).to_have_value("two mailboxes")


@pytest.mark.at_length
def test_a_failed_service_is_ordered_again_from_its_page(whole_system, browse_as):
    failed = failed_service()
    before = len(packages_of(whole_system.sandbox, failed.account))
    page = browse_as("operator")

    page.goto(f"/instances/{failed.pk}/")
    page.get_by_role("link", name="Order again").click()
    expect(page.locator("main")).to_contain_text(f"{failed.product} is ordered again.")
    expect(line(page, 1).get_by_label("Product", exact=True)).to_have_value(str(failed.product_id))
    page.get_by_label("External id").fill("once-more")
    page.get_by_role("button", name="Add a product", exact=True).click()
    expect(page.locator("main")).to_contain_text(f"{failed.product} is ordered again.")
    page.get_by_role("button", name="Remove product 2").click()
    expect(line(page, 1).get_by_label("Product", exact=True)).to_be_focused()
    plan_and_confirm_order(page)
    operation = watch_to(page, "Succeeded")

    assert operation.instance == failed
    (got,) = ordered(whole_system.sandbox, failed.account, "once-more")
    assert got["catalogProductId"] == str(failed.product_id)
    assert practice.truth(whole_system.sandbox, failed.pk)["status"] == "FAILED"
    assert len(packages_of(whole_system.sandbox, failed.account)) == before + 1
    page.goto(f"/instances/{failed.pk}/")
    expect(page.locator(f"main a[href='{operation.get_absolute_url()}']").first).to_be_visible()


def failed_service() -> ProductInstance:
    """One that failed and could be had again as it was."""
    from dashboard.actions.create_package import NewPackageForm
    from dashboard.actions.order_initial import order_again_initial

    failed = ProductInstance.objects.filter(status="FAILED", gone_at=None).select_related(
        "product", "account"
    )
    for instance in failed.order_by("id"):
        form = NewPackageForm(order_again_initial(instance), thing=instance.account)
        if form.is_valid() and make_plan(form.thing, form.wish()).possible:
            return instance
    raise LookupError("this world has no failed service that could be ordered again")


def test_enter_in_a_field_shows_the_plan_and_takes_no_line_away(whole_system, browse_as):
    account, _, _, products = orderable()
    page = browse_as("operator")
    page.goto(f"/packages/new/?account={account.pk}")
    fill_line(page, 1, product=products["floating"].pk)
    page.get_by_role("button", name="Add a product", exact=True).click()
    fill_line(page, 2, product=products["free"].pk, cycle="1 YEAR")

    line(page, 2).get_by_label("Discount code").press("Enter")

    expect(page.get_by_role("heading", name="What is ordered")).to_be_visible()
    expect(page.locator(".before-after")).to_have_count(2)


def test_what_is_wrong_stands_at_its_line_and_is_mended_there(whole_system, browse_as):
    account, site, _, products = orderable()
    page = browse_as("operator")
    page.goto(f"/packages/new/?account={account.pk}")
    fill_line(page, 1, product=products["shop"].pk, cycle="1 MONTH", site=site.pk)
    page.get_by_role("button", name="Add a product", exact=True).click()
    fill_line(page, 2, product=products["shop"].pk, cycle="1 YEAR", site=site.pk)
    page.get_by_role("button", name="Show the plan").click()

    wrong = line(page, 2).get_by_label("Site", exact=True)
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(line(page, 2).locator(".error")).to_contain_text("Product 1 has Shop Start")
    expect(line(page, 1).locator(".error")).to_have_count(0)
    wrong.select_option("")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("heading", name="What is ordered")).to_be_visible()


@pytest.mark.at_length
def test_forty_mailboxes_are_ordered_by_one_quantity(whole_system, browse_as):
    account, _, _, products = orderable()
    page = browse_as("operator")
    page.goto(f"/packages/new/?account={account.pk}")
    fill_line(page, 1, product=products["free"].pk, cycle="1 YEAR")

    line(page, 1).get_by_label("Quantity").fill("40")
    page.get_by_label("External id").fill("forty-mailboxes")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator(".before-after")).to_have_count(1)
    expect(page.locator(".before-after")).to_contain_text("40 of Mailbox Standard")
    page.get_by_role("button", name="Confirm").click()
    watch_to(page, "Succeeded")

    services = ordered(whole_system.sandbox, account, "forty-mailboxes")
    assert len(services) == 40
    assert {one["siteId"] for one in services} == {None}


@pytest.mark.at_length
def test_among_many_services_the_one_that_it_is_free_with_is_found_by_words(browse_as):
    account, _, _, products = orderable()
    core = CatalogProduct.objects.get(name="Core")
    package = worlds.package(account, external_id="many")
    for number in range(51):
        site = worlds.site(account, f"found-{number:02}")
        worlds.instance(package, site, product=core)
    page = browse_as("operator")
    page.goto(f"/packages/new/?account={account.pk}")
    fill_line(page, 1, product=products["free"].pk, cycle="1 YEAR")

    line(page, 1).get_by_label("Find a service it is free with").press_sequentially("found-07")
    options = line(page, 1).get_by_label("Free with", exact=True).locator("option")
    expect(options).to_have_count(2)
    line(page, 1).get_by_label("Free with", exact=True).select_option(index=1)
    page.get_by_role("button", name="Show the plan").click()

    expect(page.locator(".before-after")).to_contain_text("free with Core on found-07.example")
