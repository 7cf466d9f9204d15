"""Own settings, the bell and the demo's tour, as a person at a browser meets them."""

import re

import pytest
from playwright.sync_api import expect

from dashboard.frame import demo
from resellers.models import Operation, OperationState
from tests import worlds
from tests.browser.accessible import bring_axe, complaints

DARK = re.compile(r"rgb\((\d|[1-4]\d), (\d|[1-4]\d), (\d|[1-4]\d)\)")


def test_theme_zone_and_keys_are_kept_and_follow_to_another_browser_without_javascript(
    browse_as, new_page
):
    page = browse_as("operator")
    bring_axe(page)
    page.goto("/me/")
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_role("group", name="Appearance").get_by_text("Dark").click()
    page.get_by_role("group", name="Dates").get_by_label(re.compile(r"\d{4}-\d\d-\d\d")).check()
    page.get_by_label("Single keys do something").uncheck()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Your settings are saved.")).to_be_visible()
    expect(page.get_by_text("By your clock it is")).to_have_text(
        re.compile(r"\d{4}-\d\d-\d\d, \d\d:\d\d JST")
    )
    expect(page.locator("body")).to_have_css("background-color", DARK)
    assert complaints(page) == []
    page.goto("/instances/")
    page.locator("main").press("/")
    expect(page.get_by_role("searchbox", name="Search", exact=True)).not_to_be_focused()

    other = new_page(java_script_enabled=False, color_scheme="light")
    other.goto("/login/")
    other.get_by_label("Username").fill("operator")
    other.get_by_label("Password", exact=True).fill(worlds.PASSWORD)
    other.get_by_role("button", name="Log in").click()
    expect(other.locator("body")).to_have_css("background-color", DARK)
    other.goto("/me/")
    other.get_by_role("group", name="Appearance").get_by_text("Light").click()
    other.get_by_role("button", name="Save").click()
    expect(other.locator("body")).not_to_have_css("background-color", DARK)

    page.reload()
    expect(page.locator("body")).not_to_have_css("background-color", DARK)


@pytest.mark.at_length
def test_the_tour_leads_whoever_tries_the_demo_to_a_move_that_the_bell_tells_of(
    page, settings, whole_system
):
    settings.DEMO = True
    person = worlds.user("operator")
    person.set_password(demo.PASSWORD)
    person.save()
    bring_axe(page)
    page.goto("/login/")
    page.get_by_role("button", name="operator", exact=True).click()

    tour = page.get_by_role("complementary", name="What needs you stands first")
    expect(tour).to_contain_text("step 1 of 4")
    assert complaints(page) == []
    tour.get_by_role("link", name="Next: the services").press("Enter")
    tour = page.get_by_role("complementary", name="Every service in one list")
    expect(tour).to_contain_text("step 2 of 4")
    tour.get_by_role("link", name="Next: move one").press("Enter")
    expect(page.locator("#tour")).to_contain_text("step 3 of 4")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#tour")).to_contain_text("step 3 of 4")
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/operations/*/")
    expect(page.locator("#tour")).to_contain_text("step 4 of 4")
    assert complaints(page) == []
    operation = Operation.objects.get()
    _until_it_succeeded(page, operation)
    page.locator("#tour").get_by_role("button", name="End the tour").last.press("Enter")
    expect(page.locator("#tour")).to_have_count(0)

    page.goto("/help/")
    expect(page.locator("#tour")).to_have_count(0)
    page.get_by_label("Notifications", exact=True).click()
    row = page.locator("#bell").get_by_role("link", name=re.compile("^Reassign .*Succeeded"))
    assert complaints(page) == []
    row.press("Enter")
    page.wait_for_url(f"**{operation.get_absolute_url()}")


def _until_it_succeeded(page, operation) -> None:
    """Until the worker has carried it out, and the page has seen that."""
    for _ in range(200):
        operation.refresh_from_db()
        if operation.state == OperationState.SUCCEEDED:
            page.reload()
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the move is {operation.state}")
