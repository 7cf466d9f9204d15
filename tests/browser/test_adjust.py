"""Changing what a service is: the cycles on offer follow the product that is chosen."""

import pytest
from playwright.sync_api import expect

from tests import worlds

pytestmark = pytest.mark.at_length

CYCLES = "#cycle option:not([value=''])"


def test_the_cycles_follow_the_product_and_a_choice_that_still_holds_is_kept(
    whole_system, browse_as
):
    service = worlds.instance()
    worlds.product("Bigger Plan", cycles=["1 YEAR", "2 YEAR"])
    worlds.product("Long Plan", cycles=["3 YEAR"])
    page = browse_as("operator")
    page.goto(f"{service.get_absolute_url()}adjust/")

    page.get_by_role("radio", name="Bigger Plan").check()
    expect(page.locator(CYCLES)).to_have_text(["1 year", "2 years"])
    page.get_by_label("Billing cycle").select_option("1 YEAR")
    page.get_by_role("radio", name="Business Plan").check()
    expect(page.locator(CYCLES)).to_have_text(["1 month", "1 year"])
    expect(page.get_by_label("Billing cycle")).to_have_value("1 YEAR")
    page.get_by_role("radio", name="Long Plan").check()
    expect(page.locator(CYCLES)).to_have_text(["3 years"])

    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("button", name="Confirm")).to_be_visible()
    expect(page.get_by_text("3 years").first).to_be_visible()
