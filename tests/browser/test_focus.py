"""Where the keyboard is after a form was sent: at the plan, or at what is wrong with the form."""

import re

import pytest
from playwright.sync_api import Page, expect

from resellers.models import Package
from tests import worlds


def focused(page: Page):
    return page.locator(":focus")


def test_after_errors_the_focus_is_at_the_summary_whose_links_lead_to_the_fields(
    whole_system, browse_as
):
    page = browse_as("manager")
    service, product = worlds.instance(), worlds.product("Odd")
    for address, button, wrong in [
        (f"{service.get_absolute_url()}adjust/", "Show the plan", 1),
        (f"{service.get_absolute_url()}cancel/", "Show the plan", 2),
        (f"/packages/new/?account={service.account_id}", "Show the plan", 1),
        (product.get_absolute_url(), "Save", 1),
    ]:
        page.goto(address)
        if button == "Save":
            page.get_by_label("Name").fill("")
        page.get_by_role("button", name=button).last.press("Enter")

        summary = focused(page)
        expect(summary).to_contain_text(re.compile(r"to be put right\."))
        expect(summary).to_have_role("alert")
        links = summary.get_by_role("link")
        expect(links).to_have_count(wrong)
        for place in range(wrong):
            field = page.locator(links.nth(place).get_attribute("href"))
            expect(field).to_be_visible()


@pytest.mark.at_length
def test_after_a_plan_the_focus_is_at_its_heading_and_no_poll_loses_it(whole_system, browse_as):
    service, _ = whole_system.mirror.movable()
    whole_system.inject_faults({"match": "get", "effect": "delay:2500", "times": 1})
    Package.objects.filter(pk=service.package_id).update(last_confirmed_at=None)
    page = browse_as("operator")
    page.goto(f"{service.get_absolute_url()}unassign/")
    plan = page.get_by_role("heading", name="What changes")

    page.get_by_role("button", name="Show the plan").press("Enter")
    expect(plan).to_be_focused()
    page.get_by_role("button", name="Look again").focus()

    # It is gone once Wix was read.
    expect(page.get_by_text("Asking Wix")).to_have_count(0)
    expect(plan).to_be_focused()
