"""Keys on a list: rows are walked, ticked, opened and refreshed, and nothing fires while typing."""

from playwright.sync_api import Page, expect

from tests.browser.accessible import complaints


def row(page: Page, place: int):
    return page.locator("#list tbody tr").nth(place)


def test_rows_are_walked_ticked_refreshed_and_opened_without_the_mouse(whole_system, browse_as):
    page = browse_as("operator", reduced_motion="reduce")
    page.goto("/instances/?sort=created")
    name = row(page, 1).locator("td.main a").first.inner_text()
    press = page.keyboard.press

    press("j")
    expect(row(page, 0)).to_be_focused()
    press("j")
    press("j")
    press("k")
    expect(row(page, 1)).to_be_focused()
    press("x")
    press("j")
    press("j")
    press("Shift+X")
    expect(page.locator("#picked-count")).to_have_text("3 selected")
    press("x")
    expect(page.locator("#picked-count")).to_have_text("2 selected")
    press("k")
    press("k")
    expect(row(page, 1)).to_be_focused()
    # Read again, the row is drawn anew; the keyboard is still on it, and the tick in it.
    press("r")
    expect(page.locator("#announce")).to_contain_text("read from Wix")
    expect(row(page, 1)).to_be_focused()
    expect(row(page, 1).get_by_role("checkbox")).to_be_checked()
    press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_keys_are_listed_closed_and_left_alone_while_somebody_types(whole_system, browse_as):
    page = browse_as("operator", reduced_motion="reduce")
    page.goto("/instances/")
    words = page.locator("#quick")
    words.focus()

    page.keyboard.type("j?x/")
    expect(words).to_have_value("j?x/")
    expect(page.get_by_role("dialog")).to_have_count(0)
    words.fill("")
    page.keyboard.press("Tab")
    before = page.evaluate("document.activeElement.outerHTML")
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(keys.get_by_text("Next row, previous row")).to_be_visible()
    assert complaints(page) == []
    page.keyboard.press("j")
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    assert page.evaluate("document.activeElement.outerHTML") == before
    page.keyboard.press("Control+j")
    expect(page.locator("#list tbody tr:focus")).to_have_count(0)


def test_single_keys_that_are_switched_off_do_nothing(whole_system, browse_as):
    from django.contrib.auth.models import User

    from dashboard.frame import preferences

    page = browse_as("operator", reduced_motion="reduce")
    preferences.keep(User.objects.get(username="operator"), shortcuts=False)
    page.goto("/instances/")

    for key in ("j", "?", "/"):
        page.keyboard.press(key)

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.locator("#list tbody tr:focus")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Find or do")).to_be_focused()
