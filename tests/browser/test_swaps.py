"""What comes onto an open page by itself: nothing moves or goes while somebody presses it."""

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.test_records import expect_selected, lively, tab

pytestmark = pytest.mark.at_length

# A key that comes with the first task after new content stands on the page.
PRESS_AT_ONCE = """key => document.addEventListener("htmx:afterSwap", () => setTimeout(() => {
  document.getElementById(key).click();
}), {once: true})"""


class HeldFigures:
    """The answers with the figures beside filters, which come when a test lets them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.held: list[Route] = []
        self.are_free = False
        page.route("**/facets/**", self.hold)

    def hold(self, route: Route) -> None:
        if self.are_free:
            route.continue_()
        else:
            self.held.append(route)

    def let_one_come(self) -> None:
        while not self.held:
            self.page.wait_for_timeout(20)
        with self.page.expect_event("requestfinished", lambda asked: "/facets/" in asked.url):
            self.held.pop().continue_()
        self.page.evaluate("new Promise(requestAnimationFrame)")

    def let_all_come(self) -> None:
        """Those that are held and those that are asked for later."""
        self.are_free = True
        while self.held:
            self.held.pop().continue_()

    def stand_there(self) -> None:
        expect(self.page.locator("#views[hx-get]")).to_have_count(0)


def test_what_is_pressed_the_moment_it_is_shown_is_ready_for_it(whole_system, browse_as):
    page = browse_as("viewer")
    page.goto(lively().get_absolute_url())
    page.evaluate("window.isTheSamePage = true")
    page.evaluate(PRESS_AT_ONCE, "tab-operations")

    tab(page, "Sites").press("Enter")

    expect_selected(page, "Operations")
    assert page.evaluate("window.isTheSamePage")


def test_figures_that_come_late_move_no_row(whole_system, browse_as):
    instance, _ = whole_system.mirror.movable()
    page = browse_as("operator")
    figures = HeldFigures(page)
    for address in (f"/sites/?q={instance.site_id}", f"/instances/?q={instance.pk}"):
        page.goto(address)
        button = page.locator("[id^=again-]").first
        before = button.bounding_box()

        figures.let_one_come()

        figures.stand_there()
        assert button.bounding_box() == before


def test_a_click_is_not_lost_to_what_comes_while_it_is_pressed(whole_system, browse_as):
    page = browse_as("viewer")
    figures = HeldFigures(page)
    page.goto("/instances/")
    view = page.get_by_role("navigation", name="Views").get_by_role("link", name="Failed")
    view.hover()
    page.mouse.down()
    figures.let_one_come()

    page.mouse.up()

    expect(view).to_have_attribute("aria-current", "true")
    figures.let_all_come()  # the list that was left may have asked once more before it went
    figures.stand_there()


def test_what_was_held_back_comes_when_the_press_leads_nowhere(whole_system, browse_as):
    page = browse_as("viewer")
    figures = HeldFigures(page)
    page.goto("/instances/")
    page.get_by_role("heading", level=1).hover()
    page.mouse.down()
    figures.let_one_come()

    page.mouse.up()

    figures.let_one_come()
    figures.stand_there()


def test_the_menus_number_goes_with_the_operation_that_has_ended(whole_system, browse_as):
    service, _ = whole_system.mirror.movable()
    page = browse_as("operator")
    page.goto(f"{service.get_absolute_url()}unassign/")
    page.get_by_role("button", name="Show the plan").click()
    page.get_by_role("button", name="Confirm").click()

    menu = page.get_by_role("navigation", name="Main").get_by_role("link", name="Operations")
    expect(page.locator("#operation").get_by_text("Wix shows it.").first).to_be_visible()
    expect(menu).to_have_text("Operations")
    expect(menu).to_have_attribute("aria-current", "true")
    # Both parts of one answer: what has ended is nowhere still called waiting.
    expect(page.locator("#operation").get_by_text("Waiting")).to_have_count(0)
