"""What people look for first has room, whatever stands beside it."""

import re

from playwright.sync_api import expect

from tests import worlds


def test_a_narrow_page_says_how_current_it_is_and_what_was_found(whole_system, browse_as):
    account = worlds.account("Blumen und Garten am alten Markt " * 8, email="hello@blumen.example")
    page = browse_as("viewer", viewport={"width": 360, "height": 740})
    page.goto("/search/?q=Blumen")

    found = page.locator(f".hits a[href='{account.get_absolute_url()}'] .hit-name")

    expect(
        page.locator("#health > summary").get_by_text(re.compile(r"^\d+ (s|min) ago$"))
    ).to_be_visible()
    assert page.get_by_role("banner").bounding_box()["height"] < 100
    assert found.bounding_box()["height"] < 24, "on one line"


def test_a_site_has_more_room_than_the_account_beside_it(whole_system, browse_as):
    account = worlds.account("Arbeitsgemeinschaft für nachhaltige Holzverarbeitung " * 6)
    worlds.site(account, "fahrschule-tannenblick.sites")
    page = browse_as("viewer", viewport={"width": 1280, "height": 900})
    page.goto(f"/sites/?account={account.pk}")
    row = page.locator("tbody tr")

    site, beside = row.locator("td.main"), row.locator("td.plain").first

    assert site.bounding_box()["width"] >= beside.bounding_box()["width"]
    assert site.locator("small").bounding_box()["height"] < 24, "the address is on one line"
