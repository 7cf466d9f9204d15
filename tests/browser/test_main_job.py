"""The main job, as a person does it: find a service, change it, watch it, take a CSV away."""

import csv
import io
import re

import pytest
from playwright.sync_api import Page, expect

from resellers.billing_cycles import ONCE
from resellers.models import CatalogProduct, Operation, OperationState, ProductInstance, Site
from resellers.operations.kinds.adjust import AdjustWish
from resellers.operations.plan import make_plan
from tests import practice, worlds

PATIENCE = 20_000


def open_by_search(page: Page, instance: ProductInstance) -> None:
    """Search the customer from the overview, open it, and open the service from there."""
    page.goto("/")
    page.get_by_role("searchbox", name="Search").fill(instance.account.name)
    page.get_by_role("searchbox", name="Search").press("Enter")
    page.locator(f"main a[href='/accounts/{instance.account_id}/']").first.click()
    page.locator(f"main a[href='/instances/{instance.pk}/']").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(str(instance.product))


def plan_and_confirm(page: Page, *, reason: str) -> None:
    page.get_by_label("Reason").fill(reason)
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("heading", name="What changes")).to_be_visible()
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/operations/*/")


def watch_to(page: Page, word: str) -> Operation:
    """Wait, without touching the page, until the operation has ended with this word."""
    expect(page.locator(".page-head .badge")).to_contain_text(word, timeout=PATIENCE)
    return Operation.objects.get(pk=int(re.findall(r"/operations/(\d+)/", page.url)[0]))


def the_one_that_shows(pages: list[Page], words: str) -> Page:
    """The page among these that comes to show the words; AssertionError where none does."""
    for _ in range(PATIENCE // 250):
        for page in pages:
            if page.locator("main").get_by_text(words).count():
                return page
        pages[0].wait_for_timeout(250)
    raise AssertionError(f"no page says “{words}”")


def exported(page: Page, path: str) -> list[dict[str, str]]:
    """The rows of the list's CSV, fetched with the person's own session."""
    answer = page.request.get(path)
    assert answer.ok
    return list(csv.DictReader(io.StringIO(answer.body().decode("utf-8-sig"))))


def adjustable(mirror) -> tuple[ProductInstance, CatalogProduct]:
    """A plan that can be adjusted, and to what: other products may have rules of their own."""
    plans = CatalogProduct.objects.premium_plans()
    for instance in ProductInstance.objects.filter(
        status="ENABLED", product__in=plans
    ).select_related("product", "package", "account", "site"):
        for other in CatalogProduct.objects.filter(service_type=instance.product.service_type):
            wish = AdjustWish(other.pk, next(iter(other.billing_cycles), ONCE))
            possible = other != instance.product and make_plan(instance, wish).possible
            if possible and instance.account.name:
                return instance, other
    raise LookupError("this world has no service that could be adjusted")


def log_in(page: Page) -> Page:
    """The page with an operator on it, who has typed name and password."""
    page.goto("/")
    page.get_by_label("Username").fill(worlds.user("operator").username)
    page.get_by_label("Password").fill(worlds.PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    return page


def test_an_operator_moves_a_service_and_sees_it_done(whole_system, new_page):
    instance, target = whole_system.mirror.movable()
    page = log_in(new_page())

    open_by_search(page, instance)
    page.get_by_role("link", name="Reassign", exact=True).click()
    page.locator(f"input[name=target_site][value='{target.pk}']").check()
    plan_and_confirm(page, reason="the shop has a new site")
    operation = watch_to(page, "Succeeded")

    assert operation.state == OperationState.SUCCEEDED
    assert operation.reason == "the shop has a new site"
    assert whole_system.truth(instance)["siteId"] == str(target.pk)
    assert practice.applied(whole_system.sandbox) == ["unassign", "assign"]
    rows = exported(page, f"/instances/export.csv?account={instance.account_id}")
    (row,) = [row for row in rows if row["instance_id"] == str(instance.pk)]
    assert row["site_id"] == str(target.pk)


@pytest.mark.at_length
def test_an_operator_changes_a_plan_and_sees_it_done(whole_system, browse_as):
    instance, other = adjustable(whole_system.mirror)
    page = browse_as("operator")

    open_by_search(page, instance)
    page.get_by_role("link", name="Adjust", exact=True).click()
    page.locator(f"input[name=target_product][value='{other.pk}']").check()
    page.get_by_label("Billing cycle").select_option(other.cycles[0])
    plan_and_confirm(page, reason="the customer has grown")
    watch_to(page, "Succeeded")

    assert whole_system.truth(instance)["catalogProductId"] == str(other.pk)
    assert practice.applied(whole_system.sandbox) == ["adjust"]
    rows = exported(page, f"/instances/export.csv?q={instance.pk}")
    assert [row["catalog_product_id"] for row in rows] == [str(other.pk)]


@pytest.mark.at_length
def test_a_viewer_sees_the_service_and_no_way_to_change_it(whole_system, browse_as):
    instance, _ = whole_system.mirror.movable()
    page = browse_as("viewer")

    open_by_search(page, instance)

    for name in ("Reassign", "Adjust"):
        expect(page.get_by_role("link", name=name)).to_have_count(0)
        answer = page.goto(f"/instances/{instance.pk}/{name.lower()}/")
        assert answer.status == 403
    assert practice.applied(whole_system.sandbox) == []


def test_a_lost_answer_ends_in_the_truth_before_the_persons_eyes(whole_system, browse_as):
    instance, target = whole_system.mirror.movable()
    whole_system.inject_faults({"match": "assign", "effect": "drop_after", "times": 1})
    page = browse_as("operator")

    page.goto(f"/instances/{instance.pk}/reassign/")
    page.locator(f"input[name=target_site][value='{target.pk}']").check()
    plan_and_confirm(page, reason="a lost answer")
    watch_to(page, "Succeeded")

    expect(page.locator("main")).to_contain_text("lost")
    assert practice.applied(whole_system.sandbox) == ["unassign", "assign"]


@pytest.mark.at_length
def test_a_refusal_is_told_in_words_with_the_old_site_back(whole_system, browse_as):
    instance, target = whole_system.mirror.movable()
    whole_system.inject_faults(
        {"match": "assign", "effect": "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED", "times": 1}
    )
    page = browse_as("operator")

    page.goto(f"/instances/{instance.pk}/reassign/")
    page.locator(f"input[name=target_site][value='{target.pk}']").check()
    plan_and_confirm(page, reason="it may be refused")
    watch_to(page, "Rolled back")

    expect(page.locator("main")).to_contain_text("PRODUCT_TYPE_ALREADY_ASSIGNED")
    expect(page.locator("main")).to_contain_text("may have only one")
    assert whole_system.truth(instance)["siteId"] == str(instance.site_id)


@pytest.mark.at_length
def test_of_two_people_who_confirm_at_once_one_moves_and_the_other_is_told(whole_system, browse_as):
    instance, target = whole_system.mirror.movable()
    whole_system.inject_faults({"match": "any", "effect": "delay:800"})
    pages = [browse_as("operator", name) for name in ("first", "second")]
    for page in pages:
        page.goto(f"/instances/{instance.pk}/reassign/")
        page.locator(f"input[name=target_site][value='{target.pk}']").check()
        page.get_by_role("button", name="Show the plan").click()
        expect(page.get_by_role("button", name="Confirm")).to_be_visible()

    for page in pages:
        page.get_by_role("button", name="Confirm").click(no_wait_after=True)
    # Which of the two clicks is read first is nobody's to say.
    second = the_one_that_shows(pages, "is moving this")
    (mover,) = [page for page in pages if page is not second]
    mover.wait_for_url("**/operations/*/")
    operation = watch_to(mover, "Succeeded")

    expect(second.locator("main")).to_contain_text(operation.requested_by.username)
    assert Operation.objects.count() == 1
    assert practice.applied(whole_system.sandbox) == ["unassign", "assign"]


def test_the_whole_job_is_done_without_javascript(whole_system, new_page):
    instance, target = whole_system.mirror.movable()
    page = log_in(new_page(java_script_enabled=False))

    open_by_search(page, instance)
    page.get_by_role("link", name="Reassign", exact=True).click()
    page.locator(f"input[name=target_site][value='{target.pk}']").check()
    plan_and_confirm(page, reason="no script at all")
    for _ in range(40):
        if page.locator(".page-head .badge", has_text="Succeeded").count():
            break
        page.wait_for_timeout(250)
        page.reload()

    assert Operation.objects.get().state == OperationState.SUCCEEDED
    assert Site.objects.get(pk=whole_system.truth(instance)["siteId"]) == target
