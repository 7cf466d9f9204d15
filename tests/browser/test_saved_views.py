"""A view that one person saves and shares is opened by a colleague, with a script and without."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import complaints

NARROW = {"width": 360, "height": 740}


def expect_clean(page: Page, script: bool) -> None:
    """Nothing that axe finds; it cannot judge where scripts are off, and would wait for ever."""
    if script:
        assert complaints(page) == []


@pytest.mark.at_length
@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_view_is_saved_shared_and_opened_by_a_colleague(whole_system, browse_as, script):
    page = browse_as("operator", java_script_enabled=script)
    page.goto("/instances/")
    page.locator("#quick").fill("status:failed,awaiting_action age:>1h")
    page.locator("#quick").press("Enter")
    expect(page).to_have_url(re.compile("status=AWAITING_ACTION"))
    page.get_by_role("button", name="Save view").press("Enter")
    page.locator("#save-view").get_by_label("Name").fill("Call them")
    expect_clean(page, script)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#views [aria-current]")).to_contain_text("Call them")

    page.get_by_role("button", name="More for the view Call them").click()
    page.locator("#view-menu").get_by_label("Everyone").check()
    expect_clean(page, script)
    page.get_by_role("button", name="Rename and share").click()
    expect(page).to_have_url(re.compile(r"/instances/\?view=\d+$"))
    shared = page.url

    colleague = browse_as("viewer", java_script_enabled=script, viewport=NARROW)
    colleague.goto(shared)
    current = colleague.locator("#views [aria-current]")
    expect(current).to_contain_text("Call them")
    expect(colleague.locator("#quick")).to_have_value(
        re.compile("^status:failed,awaiting_action age:>1h$")
    )
    assert colleague.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    colleague.get_by_role("button", name="More for the view Call them").click()
    expect(colleague.get_by_text("Only operator may change it")).to_be_visible()
    colleague.get_by_role("button", name=re.compile("^Open .* with it, for me")).click()
    colleague.goto("/instances/")
    expect(current).to_contain_text("Call them")

    page.locator("#quick").fill("status:failed")
    page.locator("#quick").press("Enter")
    expect(page.get_by_text("Changed since “Call them” was saved.")).to_be_visible()
    page.get_by_role("button", name="Update view").click()
    expect(page.get_by_text("Changed since")).to_have_count(0)
    page.get_by_role("button", name="More for the view Call them").click()
    page.get_by_text("Delete view").click()
    page.get_by_role("button", name="Delete “Call them”").click()
    expect(page).to_have_url(re.compile(r"/instances/$"))

    colleague.goto(shared)
    expect(colleague.get_by_text("This view is gone")).to_be_visible()
    colleague.goto("/instances/")
    expect(current).to_contain_text("All")
