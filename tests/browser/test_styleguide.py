"""The style guide: every component, clean for axe in both themes, whole at any width."""

import pytest
from playwright.sync_api import expect

from dashboard.pages.styleguide.page import PARTS
from tests.browser.accessible import bring_axe, complaints


def test_every_component_is_clean_in_light_and_in_dark_and_fits(whole_system, browse_as):
    page = browse_as("admin", reduced_motion="reduce")
    bring_axe(page)
    page.goto("/styleguide/")

    expect(page.locator(".specimen")).to_have_count(2 * len(PARTS))
    assert complaints(page) == []
    light, dark = (
        page.locator(f".specimen[data-theme={theme}]").first.evaluate(
            "(part) => getComputedStyle(part).backgroundColor"
        )
        for theme in ("light", "dark")
    )
    assert (light, dark) == ("rgb(246, 245, 242)", "rgb(18, 19, 17)")
    # 720 px is what a wide screen has at 200 %.
    for width in (360, 720, 1440):
        page.set_viewport_size({"width": width, "height": 740})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width


@pytest.mark.parametrize("selector", [".button", ".button.primary", "input[type=text]", ".tabs a"])
def test_what_has_the_focus_has_a_ring_of_two_pixels(whole_system, browse_as, selector):
    page = browse_as("admin")
    page.goto("/styleguide/")
    part = page.locator(f".specimen {selector}:not([aria-disabled], :disabled)").first
    part.focus()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")

    ring = part.evaluate("(part) => getComputedStyle(part).outline")

    assert "2px" in ring
    assert "rgb(64, 70, 212)" in ring
