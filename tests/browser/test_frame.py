"""What stands around every page, as people use it: by keyboard, narrow, and without a script."""

import re

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without"])
def test_a_person_folds_the_menu_and_chooses_a_theme_and_both_hold(whole_system, browse_as, script):
    page = browse_as("operator", java_script_enabled=script, color_scheme="light")
    page.goto("/sites/?q=a")
    html, menu = page.locator("html"), page.get_by_role("navigation", name="Main")
    label = menu.get_by_text("Customers", exact=True)
    expect(label).to_be_visible()
    wide = menu.bounding_box()["width"]

    if script:
        page.keyboard.press("[")
    else:
        menu.get_by_role("button", name="Collapse").click()
    expect(html).to_have_attribute("data-menu", "rail")
    assert menu.bounding_box()["width"] == 60 < wide
    expect(menu.get_by_role("link", name=re.compile("^Customers"))).to_be_visible()
    page.locator("#user-menu > summary").click()
    page.get_by_role("button", name="Dark").click()

    expect(page).to_have_url(re.compile(r"/sites/\?q=a"))
    expect(html).to_have_attribute("data-theme", "dark")
    expect(html).to_have_attribute("data-menu", "rail")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(18, 19, 17)"


def test_the_head_opens_to_six_lines_and_escape_gives_the_focus_back(whole_system, browse_as):
    page = browse_as("viewer")
    page.goto("/reports/")
    summary = page.locator("#health > summary")

    summary.press("Enter")

    lines = page.locator("#health li")
    expect(lines).to_have_count(6)
    expect(lines.first).to_contain_text("Wix answers")
    page.keyboard.press("Escape")
    expect(lines.first).to_be_hidden()
    expect(summary).to_be_focused()


def test_on_a_phone_the_menu_is_a_drawer_and_nothing_scrolls_sideways(whole_system, browse_as):
    page = browse_as("admin", viewport={"width": 360, "height": 740})
    page.goto("/reports/")
    menu = page.locator("#menu")
    expect(menu).to_be_hidden()
    assert page.get_by_role("banner").bounding_box()["height"] <= 53

    page.get_by_role("button", name="Menu", exact=True).click()
    expect(menu.get_by_role("link", name="Doctor")).to_be_visible()
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    for panel in ("#health", "#bell", "#user-menu"):
        page.locator(f"{panel} > summary").click()
        inside = page.locator(f"{panel} .menu-panel")
        expect(inside).to_be_visible()
        box = inside.bounding_box()
        assert box["x"] >= 0, panel
        assert box["x"] + box["width"] <= 360, panel
        page.keyboard.press("Escape")
    page.get_by_role("link", name="Find").click()
    expect(page.locator("#palette")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_on_a_middling_screen_the_menu_is_a_rail_that_opens(whole_system, browse_as):
    page = browse_as("viewer", viewport={"width": 1024, "height": 768})
    page.goto("/reports/")
    menu = page.get_by_role("navigation", name="Main")
    assert menu.bounding_box()["width"] == 60

    menu.get_by_role("button", name="Open the menu").click()

    expect(menu.get_by_text("Customers", exact=True)).to_be_in_viewport()
    assert menu.bounding_box()["width"] == 224
