"""Lists as people use them: narrow, sort, choose columns, pass the address on, tick, refresh."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from resellers.models import SyncRun
from tests import practice
from tests.browser.accessible import complaints

WITH_SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
NARROW = {"width": 360, "height": 740}


def expect_heads(page: Page, *labels: str, exactly: bool = True) -> None:
    """Wait until the table begins with these columns, and `exactly` has no others."""
    heads = page.locator("#list thead th:not(.pick, .again)")
    for place, label in enumerate(labels):
        expect(heads.nth(place)).to_have_text(re.compile(rf"^\s*{label}\b"))
    if exactly:
        expect(heads).to_have_count(len(labels))


def names(page: Page) -> list[str]:
    """Where each row leads, which tells it from every other."""
    links = page.locator("#list tbody td.main a").all()
    return [link.get_attribute("href") or "" for link in links]


def settled(page: Page) -> None:
    """Wait until the page and whatever htmx asks for is there."""
    page.wait_for_load_state("networkidle")
    expect(page.locator(".htmx-request")).to_have_count(0)


def choose(page: Page, *labels: str) -> None:
    """Show these columns and no others."""
    page.locator("#columns-open").click()
    for box in page.locator(".arrange input[type=checkbox]").all():
        box.set_checked(False)
    for label in labels:
        page.get_by_role("checkbox", name=f"Show the column {label}").check()
    page.get_by_role("button", name="Show these").click()
    expect_heads(page, *labels)


@WITH_SCRIPT
def test_an_address_that_is_passed_on_shows_a_colleague_the_same(whole_system, browse_as, script):
    page = browse_as("operator", java_script_enabled=script)
    page.goto("/instances/")
    page.locator("#chips").get_by_role("link", name=re.compile("^Enabled")).click()
    page.wait_for_url("**status=ENABLED*")
    page.locator("#sort-created").click()
    page.wait_for_url("**sort=created*")
    choose(page, "Service", "Account", "Expires")

    colleague = browse_as("viewer", java_script_enabled=script)
    colleague.goto(page.url)

    expect_heads(colleague, "Service", "Account", "Expires")
    assert names(page) == names(colleague)
    assert len(names(page)) > 10
    assert "status=ENABLED" in page.url
    assert "sort=created" in page.url
    expect(colleague.locator(".chip[aria-current]")).to_contain_text("Enabled")


def test_counts_that_come_late_do_not_silence_the_list_that_was_asked_for(whole_system, browse_as):
    """A screen reader heard nothing: the counts had replaced the chip that was pressed."""
    page = browse_as("operator")
    held: dict[str, Route] = {}
    page.route("**/instances/facets/*", lambda route: held.update(counts=route))
    page.route("**/instances/?status=ENABLED", lambda route: held.update(rows=route))
    page.goto("/instances/")
    page.locator("#chips").get_by_role("link", name=re.compile("^Enabled")).click()
    page.wait_for_function("document.querySelector('#list.htmx-request')")

    with page.expect_response("**/instances/facets/*"):
        held["counts"].continue_()
    held["rows"].continue_()

    expect(page.locator("#announce")).to_contain_text("services match")
    page.unroute_all()


def test_the_columns_one_keeps_are_in_the_address_bar_of_a_bare_list(whole_system, browse_as):
    page = browse_as("operator")
    page.goto("/instances/")
    choose(page, "Service", "Expires")
    page.get_by_role("button", name="Log out").click()

    again = browse_as("operator", "somebody-else")
    again.goto("/instances/")
    expect_heads(again, "Service", "Account", "Site", exactly=False)
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("invented-for-tests")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name=re.compile("^Instances")).click()

    expect(page).to_have_url(re.compile(r"/instances/\?columns=service%2Cexpires$"))
    expect_heads(page, "Service", "Expires")


@WITH_SCRIPT
def test_a_column_is_moved_by_keyboard_with_the_panel_staying_open(whole_system, browse_as, script):
    page = browse_as("operator", java_script_enabled=script)
    page.goto("/instances/")
    page.locator("#columns-open").press("Enter")
    page.get_by_role("button", name="Move Status up").press("Enter")

    expect_heads(page, "Service", "Account", "Status", exactly=False)
    expect(page.get_by_role("button", name="Move Status up")).to_be_visible()
    if script:
        expect(page.get_by_role("button", name="Move Status up")).to_be_focused()

    page.get_by_role("button", name="Standard columns").click()
    expect_heads(page, "Service", "Account", "Site", exactly=False)


@WITH_SCRIPT
def test_a_set_is_named_kept_and_taken_up_again_by_keyboard(whole_system, browse_as, script):
    page = browse_as("operator", java_script_enabled=script)
    page.goto("/instances/?columns=service,expires")
    page.locator("#columns-open").press("Enter")
    name = page.get_by_label("Name of a set")
    name.fill("Renewals")
    name.press("Enter")
    expect(page.locator("button.set")).to_have_text(["Renewals"])
    page.locator("#columns-open").press("Enter")
    page.get_by_role("button", name="Standard columns").press("Enter")
    expect_heads(page, "Service", "Account", "Site", exactly=False)

    page.locator("#columns-open").press("Enter")
    page.get_by_role("button", name="Show the set Renewals").press("Enter")

    expect_heads(page, "Service", "Expires")


@WITH_SCRIPT
def test_the_delimiter_one_keeps_is_in_the_next_file(whole_system, browse_as, script):
    page = browse_as("viewer", java_script_enabled=script)
    page.goto("/accounts/")
    page.locator("#export-open").press("Enter")
    page.get_by_label("Between two cells").select_option("semicolon")
    page.get_by_role("button", name="Keep").click()
    link = page.get_by_role("link", name="Export CSV")
    expect(link).to_have_attribute("href", re.compile("delimiter=semicolon"))

    with page.expect_download() as begun:
        link.click()

    file = Path(begun.value.path()).read_text(encoding="utf-8-sig")
    assert file.startswith("account_id;account_name;")


@WITH_SCRIPT
def test_back_and_forward_go_through_what_was_filtered(whole_system, browse_as, script):
    page = browse_as("viewer", java_script_enabled=script)
    page.goto("/instances/")
    everything = names(page)
    page.get_by_role("main").get_by_role("link", name=re.compile("^Floating")).click()
    page.wait_for_url("**/instances/?floating=1")
    settled(page)
    floating = names(page)
    page.get_by_role("searchbox", name=re.compile("^Words")).fill("no such thing")
    page.get_by_role("searchbox", name=re.compile("^Words")).press("Enter")
    expect(page.get_by_role("heading", name="Nothing matches these filters")).to_be_visible()

    page.go_back()
    expect(page.locator("#list tbody tr")).to_have_count(len(floating))
    assert names(page) == floating
    page.go_back()
    expect(page.locator("#list tbody tr")).to_have_count(len(everything))
    assert names(page) == everything
    page.go_forward()
    expect(page.locator("#list tbody tr")).to_have_count(len(floating))
    assert names(page) == floating
    expect(page.get_by_role("navigation", name="Main")).to_have_count(1)


def test_figures_come_after_the_page_and_leave_a_choice_alone(whole_system, browse_as):
    page = browse_as("viewer")
    page.route("**/facets/**", lambda route: page.wait_for_timeout(500) or route.continue_())
    page.goto("/instances/?q=nothing-has-this-name")
    page.locator("#filter-open").click()
    page.get_by_label("Status", exact=True).select_option("FAILED")
    expect(page.locator("#chips .count").first).to_be_visible()

    pending = page.locator(".chip", has_text="Pending")
    expect(pending).to_have_attribute("aria-disabled", "true")
    expect(pending).to_contain_text("0")
    expect(page.get_by_role("link", name=re.compile("^Pending"))).to_have_count(0)
    expect(page.get_by_label("Status", exact=True)).to_have_value("FAILED")


@WITH_SCRIPT
def test_ticked_rows_are_read_again_and_then_shown_anew(whole_system, browse_as, script):
    instance, target = whole_system.mirror.movable()
    practice.change(whole_system.sandbox, instance.pk, siteId=str(target.pk))
    page = browse_as("operator", java_script_enabled=script)
    page.goto(f"/instances/?package={instance.package_id}")

    name = f"Select {instance}"
    page.get_by_role("checkbox", name=name, exact=True).first.check()
    if script:
        expect(page.locator("#picked")).to_contain_text("1 selected")
    for box in page.locator(".pick input[name=id]").all():
        box.check()
    page.get_by_role("button", name="Refresh", exact=True).click()
    page.wait_for_url("**run=*")

    for _ in range(80):
        if page.get_by_text("had changed").count():
            break
        page.wait_for_timeout(250)
        if not script:
            page.reload()
    expect(page.locator("#list tbody")).to_contain_text(str(target))
    assert SyncRun.objects.filter(kind="chosen", state="succeeded").count() == 1


def test_all_rows_of_a_page_are_ticked_and_cleared_by_one_press(whole_system, browse_as):
    page = browse_as("operator")
    page.goto("/instances/")
    bar = page.get_by_role("form", name="Selected rows")
    expect(bar).to_be_hidden()
    rows = page.locator(".pick input[name=id]").count()

    page.get_by_role("checkbox", name="Select all rows of this page").check()
    expect(bar).to_contain_text(f"{rows} selected")
    bar.get_by_role("button", name="Clear").click()

    expect(bar).to_be_hidden()
    expect(page.get_by_role("checkbox", name="Select all rows of this page")).not_to_be_checked()


def test_lists_have_no_fault_that_axe_knows_and_never_scroll_sideways(whole_system, browse_as):
    for look, options in {"wide": {}, "narrow": {"viewport": NARROW}}.items():
        page = browse_as("manager", f"manager-{look}", reduced_motion="reduce", **options)
        page.request.get("/sites/export.csv")  # so that the trail has an entry
        for address in ("/instances/", "/audit/"):
            page.goto(address)
            settled(page)
            if page.locator(".pick input[name=id]").count():
                page.locator(".pick input[name=id]").first.check()
                expect(page.get_by_role("button", name="Refresh", exact=True)).to_be_in_viewport()
            page.locator("#columns-open").click()

            sideways = "document.documentElement.scrollWidth - innerWidth"
            assert page.evaluate(sideways) <= 0, (look, address)
            if look == "wide":
                assert complaints(page) == []
