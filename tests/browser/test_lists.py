"""Lists as people use them: narrow, sort, choose columns, pass the address on, tick, refresh."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from resellers.models import ProductInstance, SyncRun
from tests import practice, worlds
from tests.browser.accessible import complaints

WITH_SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
NARROW = {"width": 360, "height": 740}
NOUNS = (
    *("accounts", "packages", "instances", "sites", "failures"),
    *("operations", "catalog", "mirror", "audit"),
)


def expect_heads(page: Page, *labels: str, exactly: bool = True) -> None:
    """Wait until the table begins with these columns, and `exactly` has no others."""
    heads = page.locator("#list thead th:not(.pick, .end)")
    for place, label in enumerate(labels):
        expect(heads.nth(place)).to_have_text(re.compile(rf"^\s*{label}\b"))
    if exactly:
        expect(heads).to_have_count(len(labels))


def names(page: Page) -> list[str]:
    """Where each row leads, which tells it from every other."""
    links = page.locator("#list tbody td.main a.name").all()
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


@pytest.mark.at_length
@WITH_SCRIPT
def test_an_address_that_is_passed_on_shows_a_colleague_the_same(whole_system, browse_as, script):
    page = browse_as("operator", java_script_enabled=script)
    page.goto("/instances/")
    page.locator("#quick").fill("status:enabled")
    page.locator("#quick").press("Enter")
    page.wait_for_url("**status=ENABLED*")
    page.locator("#sort-created").click()
    page.wait_for_url("**sort=created*")
    choose(page, "Service", "Customer", "Expires")

    colleague = browse_as("viewer", java_script_enabled=script)
    colleague.goto(page.url)

    expect_heads(colleague, "Service", "Customer", "Expires")
    assert names(page) == names(colleague)
    assert len(names(page)) > 10
    assert "status=ENABLED" in page.url
    assert "sort=created" in page.url
    expect(colleague.locator("#quick")).to_have_value("status:enabled")


@pytest.mark.at_length
def test_counts_that_come_late_do_not_silence_the_list_that_was_asked_for(whole_system, browse_as):
    """A screen reader heard nothing: the counts had replaced the tab that was pressed."""
    page = browse_as("operator")
    held: dict[str, Route] = {}
    page.route("**/instances/facets/*", lambda route: held.update(counts=route))
    page.route("**/instances/?status=FAILED", lambda route: held.update(rows=route))
    page.goto("/instances/")
    page.locator("#views").get_by_role("link", name=re.compile("^Failed")).click()
    page.wait_for_function("document.querySelector('#list.htmx-request')")

    with page.expect_response("**/instances/facets/*"):
        held["counts"].continue_()
    held["rows"].continue_()

    expect(page.locator("#announce")).to_contain_text("services match")
    page.unroute_all()


@pytest.mark.at_length
def test_the_columns_one_keeps_are_in_the_address_bar_of_a_bare_list(whole_system, browse_as):
    page = browse_as("operator")
    page.goto("/instances/")
    choose(page, "Service", "Expires")
    page.locator("#user-menu > summary").click()
    page.get_by_role("button", name="Log out").click()

    again = browse_as("operator", "somebody-else")
    again.goto("/instances/")
    expect_heads(again, "Service", "Customer", "Site", exactly=False)
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill("invented-for-tests")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("navigation", name="Main").locator("a[href='/instances/']").click()

    expect(page).to_have_url(re.compile(r"/instances/\?columns=service%2Cexpires$"))
    expect_heads(page, "Service", "Expires")


@pytest.mark.at_length
@WITH_SCRIPT
def test_a_column_is_moved_by_keyboard_with_the_panel_staying_open(whole_system, browse_as, script):
    page = browse_as("operator", java_script_enabled=script)
    page.goto("/instances/")
    page.locator("#columns-open").press("Enter")
    page.get_by_role("button", name="Move Status up").press("Enter")

    expect_heads(page, "Service", "Customer", "Status", exactly=False)
    expect(page.get_by_role("button", name="Move Status up")).to_be_visible()
    if script:
        expect(page.get_by_role("button", name="Move Status up")).to_be_focused()

    page.get_by_role("button", name="Standard columns").click()
    expect_heads(page, "Service", "Customer", "Site", exactly=False)


@pytest.mark.at_length
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
    expect_heads(page, "Service", "Customer", "Site", exactly=False)

    page.locator("#columns-open").press("Enter")
    page.get_by_role("button", name="Show the set Renewals").press("Enter")

    expect_heads(page, "Service", "Expires")


@pytest.mark.at_length
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


@pytest.mark.at_length
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


@pytest.mark.at_length
def test_figures_come_after_the_page_and_leave_a_choice_alone(whole_system, browse_as):
    page = browse_as("viewer")
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.headers.get("hx-target") == "views":
            held.append(route)
        else:
            route.continue_()

    page.route("**/facets/?*", hold)
    page.goto("/instances/?q=nothing-has-this-name")
    page.locator("#facet-status-open").click()
    failed = page.get_by_role("checkbox", name=re.compile("^Failed"))
    failed.check()
    for route in held:
        route.continue_()

    expect(page.locator("#view-declared-1 .count")).to_have_text(re.compile(r"\d"))
    expect(failed).to_be_checked()
    page.unroute_all()


@pytest.mark.at_length
@WITH_SCRIPT
def test_two_values_of_a_filter_are_chosen_said_and_dropped(whole_system, browse_as, script):
    page = browse_as("operator", java_script_enabled=script)
    page.goto("/instances/")
    page.locator("#facet-status-open").press("Enter")
    page.get_by_role("checkbox", name=re.compile("^Failed")).check()
    page.get_by_role("checkbox", name=re.compile("^Pending")).check()
    apply = page.locator("#facets [open]").get_by_role("button", name=re.compile("Apply|Show"))
    number = ProductInstance.objects.present().filter(status__in=["FAILED", "PENDING"]).count()
    if script:
        expect(apply).to_have_text(f"Show {number}")
    apply.click()
    page.wait_for_url("**status=*status=*")

    expect(page.locator("#facet-status-open")).to_contain_text("Status: 2")
    expect(page.locator("#list tbody tr")).to_have_count(number)
    if script:
        expect(page.locator("#facet-status-open")).to_be_focused()
    page.get_by_role("link", name="Drop the filter Status").click()

    expect(page).not_to_have_url(re.compile("status="))
    expect(page.locator("#facet-status-open")).to_have_text(re.compile("Status"))


@pytest.mark.at_length
@WITH_SCRIPT
def test_a_customer_is_found_among_the_rows_and_chosen(whole_system, browse_as, script):
    instance, _ = whole_system.mirror.movable()
    page = browse_as("operator", java_script_enabled=script)
    page.goto("/instances/?status=ENABLED")
    page.locator("#facet-account-open").click()
    if not script:
        page.locator(".facet [open]").get_by_role("link", name="Choose from all").click()
    find = page.get_by_role("searchbox", name=re.compile("^Find"))
    find.fill(instance.account.name)
    if not script:
        page.get_by_role("button", name="Find").click()
    box = page.locator(f"input[type=checkbox][value='{instance.account_id}']")
    expect(page.locator("input[type=checkbox][name=account]")).to_have_count(1)
    box.check()
    page.get_by_role("button", name=re.compile("^(Apply|Show)")).locator("visible=true").click()
    page.wait_for_url("**account=*")

    expect(page.locator("#facet-account-open")).to_contain_text(instance.account.name)
    assert "status=ENABLED" in page.url
    row = page.locator("#list tbody tr").first
    expect(row).to_contain_text(instance.account.name)


@pytest.mark.at_length
@WITH_SCRIPT
def test_rows_are_as_high_as_one_likes_and_all_alike(whole_system, browse_as, script):
    page = browse_as("operator", java_script_enabled=script)
    page.goto("/instances/")
    for name, height in (("Compact", 36), ("Roomy", 52), ("Normal", 44)):
        page.get_by_label("Height of rows").click()
        page.get_by_role("button", name=name).click()
        expect(page.locator(f"#list.{name.lower()}")).to_be_visible()
        tops = page.locator("#list tbody tr").evaluate_all(
            "rows => rows.map(row => row.getBoundingClientRect().height)"
        )
        assert set(tops) == {height}
    page.goto("/packages/")
    expect(page.locator("#list.normal")).to_be_visible()


WRAPPED = """() => [...document.querySelectorAll("#list tbody td, #list thead th")]
  .filter(cell => cell.checkVisibility() && !cell.matches(".end, .pick"))
  .filter(cell => [...cell.querySelectorAll(".line")].some(line => line.getClientRects().length > 1
      || getComputedStyle(line).whiteSpace !== "nowrap")
    || getComputedStyle(cell).overflowWrap === "anywhere"
    || cell.closest("tr").getBoundingClientRect().height > 64)
  .map(cell => cell.innerText)"""


def test_no_cell_of_any_list_breaks_within_a_word_and_dots_have_a_title(whole_system, browse_as):
    long = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz" * 6
    account = worlds.account(long)
    worlds.instance(
        worlds.package(account, external_id="x" * 300),
        on=worlds.site(account, display_name=long, url=f"https://{'a' * 60}.example"),
        product=worlds.product(long),
        status="FAILED",
        failure_code="UNKNOWN",
        failure_message=long,
    )
    untold = """() => [...document.querySelectorAll("#list tbody .line")]
      .filter(line => line.scrollWidth > line.clientWidth + 1)
      .filter(line => !line.title && !line.querySelector("[title]")).map(line => line.innerText)"""
    page = browse_as("manager")
    for noun in NOUNS:
        page.goto(f"/{noun}/")
        for width in (1440, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.evaluate(WRAPPED) == [], (noun, width)
            assert page.evaluate(untold) == [], (noun, width)
            assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.at_length
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


@pytest.mark.at_length
def test_lists_have_no_fault_that_axe_knows_and_never_scroll_sideways(whole_system, browse_as):
    for look, options in {"wide": {}, "narrow": {"viewport": NARROW}}.items():
        page = browse_as("manager", f"manager-{look}", reduced_motion="reduce", **options)
        page.request.get("/sites/export.csv")  # so that the trail has an entry
        for address in ("/instances/", "/audit/"):
            page.goto(address)
            settled(page)
            if look == "wide":
                page.locator("#columns-open").click()
                assert complaints(page) == []
                page.keyboard.press("Escape")
            if address == "/audit/":
                # By the keyboard an entry opens, and what is folded below it is no row of its own.
                page.keyboard.press("j")
                page.keyboard.press("Enter")
                expect(page.locator("tr.below").first).to_be_visible()
                page.keyboard.press("j")
                expect(page.locator("tbody > tr:not(.day, .below)").nth(1)).to_be_focused()
            if page.locator(".pick input[name=id]").count():
                if look == "narrow":
                    page.get_by_label("Select", exact=True).check()
                page.locator(".pick input[name=id]").first.check()
                expect(page.get_by_role("button", name="Refresh", exact=True)).to_be_in_viewport()

            sideways = "document.documentElement.scrollWidth - innerWidth"
            assert page.evaluate(sideways) <= 0, (look, address)
            assert complaints(page) == []
