"""Renaming, taking back, and who meets which button, in a browser."""

import pytest
from playwright.sync_api import expect

from resellers.models import ProductInstance
from tests import practice, worlds
from tests.browser.test_main_job import plan_and_confirm, watch_to

pytestmark = pytest.mark.at_length


@pytest.mark.at_length
def test_an_operator_changes_a_packages_external_id(whole_system, browse_as):
    instance, _ = whole_system.mirror.movable()
    address = f"/packages/{instance.package_id}/"
    page = browse_as("operator")

    page.goto(address)
    page.get_by_text("Change", exact=True).click()
    page.get_by_label("New external id").fill("..")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#external_id-error")).to_contain_text("Wix takes it in an address")
    page.get_by_label("External id", exact=True).fill("anew-1")
    plan_and_confirm(page, reason="the accounts' numbers")
    watch_to(page, "Succeeded")

    assert whole_system.truth(instance)["externalId"] == "anew-1"
    assert practice.applied(whole_system.sandbox) == ["external_id"]
    page.goto(address)
    expect(page.locator("main")).to_contain_text("anew-1")


def test_an_operator_takes_a_move_back_from_its_operation(whole_system, browse_as):
    instance, target = whole_system.mirror.movable()
    page = browse_as("operator")
    page.goto(f"/instances/{instance.pk}/reassign/")
    page.locator(f"input[name=target_site][value='{target.pk}']").check()
    plan_and_confirm(page, reason="the wrong customer asked")
    moved = watch_to(page, "Succeeded")
    assert whole_system.truth(instance)["siteId"] == str(target.pk)

    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="What changes")).to_be_visible()
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(lambda url: "/operations/" in url and not url.endswith(f"/{moved.pk}/"))
    back = watch_to(page, "Succeeded")

    assert back.undo_of == moved
    assert whole_system.truth(instance)["siteId"] == str(instance.site_id)


# Each page, and what an operator or a manager would be offered there.
BUTTONS = (
    *("Assign", "Unassign", "Reassign", "Adjust", "Cancel instance", "Cancel package"),
    *("New package", "Order again", "Change the external id"),
)


@pytest.mark.at_length
@pytest.mark.parametrize(
    ("role", "offered"), [("viewer", set()), ("operator", set(BUTTONS) - {BUTTONS[4], BUTTONS[5]})]
)
def test_each_role_meets_its_buttons_and_no_other(whole_system, browse_as, role, offered):
    instance, _ = whole_system.mirror.movable()
    worlds.instance(instance.package, floating=True, product=instance.product)
    floating = instance.package.instances.filter(site=None, status="ENABLED").first()
    failed = ProductInstance.objects.filter(status="FAILED", gone_at=None).first()
    page = browse_as(role)

    met = set()
    for address in (
        *(f"/instances/{one.pk}/" for one in (instance, floating, failed)),
        *(f"/packages/{instance.package_id}/", "/packages/", f"/accounts/{instance.account_id}/"),
        "/instances/",
    ):
        page.goto(address)
        met |= {
            name
            for name in BUTTONS
            if page.locator("main").get_by_role("link", name=name, exact=True).count()
            or page.locator("main").get_by_role("button", name=name, exact=True).count()
            or page.locator("main").get_by_label(name, exact=True).count()
        }
    assert met == offered
