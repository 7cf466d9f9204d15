"""Ages on an open page: they go on, they mean something, and an old page offers to be renewed."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from resellers.durations import span
from tests import worlds

pytestmark = pytest.mark.at_length

SECONDS = (0, 1, 59, 60, 61, 119, 3599, 3600, 7199, 172_799, 172_800, 259_199, 8_640_000)


def test_ages_go_on_in_the_servers_words_and_an_old_page_offers_to_be_renewed(
    whole_system, browse_as
):
    package = worlds.package(last_confirmed_at=timezone.now())
    worlds.instance(package)
    page = browse_as("viewer")
    page.clock.install()
    page.goto(package.get_absolute_url())
    checked = page.locator(".page-head")
    old = page.get_by_role("region", name="Age of this page")
    expect(checked).to_contain_text(re.compile(r"Checked \d+ s ago"))

    page.clock.fast_forward(65_000)
    expect(checked).to_contain_text("Checked 1 min ago")
    expect(old).to_be_hidden()

    page.clock.fast_forward(15 * 60_000)
    expect(checked).to_contain_text("Checked 16 min ago, ageing")
    expect(old).to_contain_text("This page is 16 min old.")

    page.clock.fast_forward(60 * 60_000)
    expect(checked).to_contain_text("Checked 1 h ago, old: refresh before you rely on it")
    expect(old).to_contain_text("This page is 1 h old.")
    old.get_by_role("link", name="Renew").click()
    expect(old).to_be_hidden()

    words = page.evaluate("seconds => seconds.map(span)", SECONDS)
    assert words == [span(timedelta(seconds=each)) for each in SECONDS]


def test_a_list_that_came_anew_is_no_old_page(whole_system, browse_as):
    package = worlds.package(last_confirmed_at=timezone.now())
    worlds.instance(package)
    page = browse_as("viewer")
    page.clock.install()
    page.goto(f"/instances/?package={package.pk}")
    old = page.get_by_role("region", name="Age of this page")
    cell = page.locator("tbody td.age")
    page.clock.fast_forward(65_000)
    expect(cell).to_have_text("1 min")
    page.clock.fast_forward(15 * 60_000)
    expect(cell).to_have_text("16 minageing")
    expect(cell.locator("time")).to_have_class("age look")
    expect(old).to_contain_text("This page is 16 min old.")

    page.get_by_role("navigation", name="Views").get_by_role("link", name="Failed").click()

    expect(page).to_have_url(re.compile("status=FAILED"))
    expect(old).to_be_hidden()


def test_without_a_script_the_page_says_when_it_was_made(whole_system, browse_as):
    page = browse_as("viewer", java_script_enabled=False)

    page.goto("/instances/")

    made = page.get_by_text(re.compile(r"This page was made on \d+ \w+ \d{4}, \d\d:\d\d:\d\d UTC"))
    expect(made).to_be_visible()
    expect(page.get_by_text("This page is 10 min old")).to_be_hidden()
