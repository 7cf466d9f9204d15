"""Back and forward: the box, the filters and the rows are those of the address."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests import worlds

pytestmark = pytest.mark.at_length

NAMES = ("Alder Bakery", "Alder Yoga", "Birch Bakery")


@pytest.fixture
def customers(whole_system):
    for name in NAMES:
        worlds.account(name)


def hold_back(page: Page, address: str) -> list[Route]:
    """Keep the answers to such questions until a test lets go of them."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(address, hold)
    return held


def filter_by(page: Page, words: str) -> None:
    page.locator("#quick").fill(words)
    page.locator("#quick").press("Enter")
    page.wait_for_url(f"**q={words}*")


def expect_rows_of(page: Page, words: str) -> None:
    """Wait until address, box, chip and rows all say this; no words are the whole list."""
    expect(page).to_have_url(re.compile(rf"q={words}" if words else r"/accounts/(\?(?!.*q=).*)?$"))
    expect(page.locator("#quick")).to_have_value(words)
    matching = [name for name in NAMES if words.lower() in name.lower()]
    for name in NAMES:
        there = page.locator("#list tbody").get_by_role("link", name=name, exact=True)
        expect(there).to_have_count(int(name in matching))


def test_the_box_says_what_the_rows_are_filtered_by(whole_system, customers, browse_as):
    page = browse_as("operator")
    page.goto("/accounts/")
    filter_by(page, "Alder")
    filter_by(page, "Yoga")
    page.locator("#quick").fill("typed and never asked for")
    page.locator("#list tbody").get_by_role("link", name="Alder Yoga", exact=True).click()
    page.wait_for_url("**/accounts/*-*/")

    for words in ("Yoga", "Alder", ""):
        page.go_back()
        expect_rows_of(page, words)
    for words in ("Alder", "Yoga"):
        page.go_forward()
        expect_rows_of(page, words)
    page.go_forward()
    expect(page.get_by_role("heading", name="Alder Yoga")).to_be_visible()
    page.go_back()
    expect_rows_of(page, "Yoga")


def test_the_last_of_several_addresses_counts_and_one_without_an_answer_is_asked_for_again(
    whole_system, customers, browse_as
):
    page = browse_as("operator")
    page.goto("/accounts/")
    filter_by(page, "Alder")
    filter_by(page, "Yoga")

    held = hold_back(page, "**/accounts/?q=Alder*")
    page.evaluate("history.back()")
    expect(page).to_have_url(re.compile("q=Alder"))
    page.evaluate("history.back()")
    expect_rows_of(page, "")
    for route in held:
        route.abort()  # it was asked for no more: whatever comes of it changes nothing
    expect_rows_of(page, "")
    page.unroute_all()

    page.route("**/accounts/?q=Alder*", lambda route: route.fulfill(status=404), times=1)
    page.go_forward()
    expect_rows_of(page, "Alder")


def test_an_answer_for_the_page_that_was_left_does_not_come_into_another(
    whole_system, customers, browse_as
):
    page = browse_as("operator")
    page.goto("/accounts/")
    filter_by(page, "Alder")
    held = hold_back(page, "**/accounts/?q=Yoga*")
    page.locator("#quick").fill("Yoga")
    with page.expect_request("**/accounts/?q=Yoga*"):
        page.locator("#quick").press("Enter")

    page.go_back()
    expect_rows_of(page, "")
    for route in held:
        route.continue_()
    filter_by(page, "Birch")
    expect_rows_of(page, "Birch")
