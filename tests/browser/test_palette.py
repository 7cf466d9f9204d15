"""The palette by keyboard alone: found, done and opened again without a hand on the mouse."""

import re

from playwright.sync_api import Page, expect

from resellers.models import ProductInstance
from tests.browser.accessible import complaints


def box(page: Page):
    return page.get_by_role("combobox", name="Find or do")


def chosen(page: Page):
    return page.locator("#found [aria-selected=true]")


def test_by_keyboard_alone_a_record_is_found_a_change_begun_and_what_was_opened_found_again(
    whole_system, browse_as
):
    service, _ = whole_system.mirror.movable()
    service = ProductInstance.objects.select_related("account", "product").get(pk=service.pk)
    page = browse_as("operator", reduced_motion="reduce")
    page.goto("/")
    said = page.locator("#palette-says")

    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    expect(page.get_by_role("group", name="Go to")).to_be_visible()
    page.keyboard.type(str(service.pk)[:12])
    expect(said).to_have_text(re.compile(r"^\d+ results?$"))
    expect(chosen(page)).to_contain_text(str(service.product))
    expect(box(page)).to_have_attribute(
        "aria-activedescendant", chosen(page).get_attribute("id") or ""
    )
    assert complaints(page) == []
    first = chosen(page).get_attribute("id")
    page.keyboard.press("ArrowDown")
    assert chosen(page).get_attribute("id") != first
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{service.get_absolute_url()}")

    page.keyboard.press("Control+k")
    page.keyboard.type(f"reassign {service.pk}")
    expect(chosen(page)).to_contain_text(f"Reassign {service.product}")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{service.get_absolute_url()}reassign/")

    page.keyboard.press("Escape")
    page.get_by_role("button", name="Show the plan").focus()
    page.keyboard.press("Control+k")
    recent = page.get_by_role("group", name="Opened lately").get_by_role("option")
    expect(recent.first).to_contain_text(str(service.product))
    page.keyboard.press("Escape")
    expect(box(page)).to_be_hidden()
    expect(page.get_by_role("button", name="Show the plan")).to_be_focused()


def test_what_is_typed_into_the_box_at_the_head_of_a_page_goes_on_in_the_palette(
    whole_system, browse_as
):
    name = ProductInstance.objects.exclude(account__name="").first().account.name
    wide = {"width": 1280, "height": 900}
    page = browse_as("viewer", viewport=wide)
    page.goto("/instances/")

    page.get_by_role("searchbox", name="Search").press_sequentially(name[:6])

    expect(box(page)).to_have_value(name[:6])
    expect(page.get_by_role("group", name="Customers").get_by_role("option").first).to_be_visible()
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.set_viewport_size(wide)
    # What is off says why and leads nowhere.
    box(page).fill("reassign " + name[:6])
    off = chosen(page)
    expect(off).to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Enter")
    expect(page.locator("#palette-says")).to_contain_text("Your role may look")
    page.get_by_role("button", name="Close the search").click()
    expect(page.get_by_role("searchbox", name="Search")).to_have_value("")
