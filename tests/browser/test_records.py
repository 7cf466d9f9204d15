"""A record's page as a person uses it: found in a few steps, read tab by tab, refreshed, noted."""

import re
from datetime import timedelta

import pytest
from django.db.models import Count
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from resellers import formats
from resellers.models import Account, Change, Note, ProductInstance
from tests import worlds

pytestmark = pytest.mark.at_length

PARTS = "Parts of this page"


def tab(page: Page, name: str):
    """The link of a tab, whatever it counts."""
    links = page.get_by_role("navigation", name=PARTS).get_by_role("link")
    return links.filter(has_text=re.compile(rf"^{name}\b"))


def expect_selected(page: Page, name: str) -> None:
    expect(tab(page, name)).to_have_attribute("aria-current", "page")


def lively() -> Account:
    """A customer with a name and the most services."""
    named = Account.objects.exclude(name="").annotate(n=Count("instances"))
    return named.order_by("-n", "id").first()


def failed_of_a_customer() -> ProductInstance:
    failed = ProductInstance.objects.filter(status="FAILED").exclude(account__name="")
    return failed.select_related("account", "product").order_by("id").first()


def test_a_failed_service_is_found_from_three_letters_in_three_steps(whole_system, browse_as):
    failed = failed_of_a_customer()
    page = browse_as("viewer")
    page.goto("/")

    page.get_by_role("searchbox", name="Search").press_sequentially(failed.account.name[:3])
    page.locator("#found").get_by_role("option", name=failed.account.name).first.click()
    row = page.locator(".service-row").filter(has_text="Failed").first
    row.get_by_role("link", name=str(failed.product)).first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text(str(failed.product))
    expect(page.get_by_role("link", name="Failed").first).to_be_visible()


def test_tabs_are_read_by_keyboard_and_said_aloud(whole_system, browse_as):
    account = lively()
    page = browse_as("viewer")
    page.goto(account.get_absolute_url())
    expect_selected(page, "Services")

    tab(page, "Services").focus()
    for name in ("Packages", "Sites", "Operations", "Timeline"):
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect_selected(page, name)
        expect(tab(page, name)).to_be_focused()
        expect(page).to_have_title(f"{name} · {account} · Reseller desk")
        expect(page.locator("#announce")).to_have_text(name)
    expect(page.get_by_text("seen for the first time").first).to_be_visible()


def test_back_and_forward_go_over_the_tabs(whole_system, browse_as):
    account = lively()
    page = browse_as("viewer")
    page.goto(account.get_absolute_url())

    tab(page, "Packages").click()
    expect_selected(page, "Packages")
    tab(page, "Timeline").click()
    expect_selected(page, "Timeline")
    page.get_by_role("link", name="Notes", exact=True).click()
    expect(page.get_by_text("Nothing of this kind.")).to_be_visible()

    page.go_back()
    expect(page.get_by_text("seen for the first time").first).to_be_visible()
    page.go_back()
    expect_selected(page, "Packages")
    page.go_back()
    expect_selected(page, "Services")
    page.go_forward()
    expect_selected(page, "Packages")
    expect(page).to_have_url(re.compile(r"\?tab=packages$"))
    expect(page.get_by_role("searchbox", name="Search")).to_be_visible()


def test_tabs_the_timeline_and_notes_need_no_javascript(whole_system, browse_as):
    service, _ = whole_system.mirror.movable()
    for place in range(45):
        about = {"account": service.account, "package": service.package, "instance": service}
        Change.objects.create(field="status", old=f"OLD_{place}", new=f"NEW_{place}", **about)
    page = browse_as("operator", java_script_enabled=False)
    page.goto(service.get_absolute_url())

    tab(page, "Timeline").click()
    page.get_by_role("link", name="Earlier").click()
    expect(page.get_by_text("Seen for the first time")).to_be_visible()
    page.get_by_role("link", name="Newest").click()
    tab(page, "Notes").click()
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("Write something first.")).to_be_visible()
    page.get_by_label("New note").fill("Calls only in the morning")
    page.get_by_role("button", name="Add note").click()
    page.get_by_role("button", name="Pin the note: Calls only in the morning").click()
    tab(page, "What Wix said").click()

    expect(page.get_by_text("Pinned note.")).to_be_visible()
    expect(page.get_by_text(service.package.confirmation.wix_request_id)).to_be_visible()
    assert Note.objects.get().is_pinned


def test_a_badge_says_what_it_means_who_acts_and_since_when(whole_system, browse_as):
    failed = failed_of_a_customer()
    page = browse_as("viewer")
    page.goto(failed.get_absolute_url())
    since = formats.day(failed.status_since)

    page.get_by_role("link", name="Failed", exact=True).first.click()
    status = page.get_by_role("dialog", name="Failed")
    expect(status).to_contain_text("it never was usable")
    expect(status).to_contain_text(f"Since{since}")
    expect(status).to_contain_text("Who acts")
    page.keyboard.press("Escape")
    expect(status).to_be_hidden()

    page.get_by_role("link", name=failed.failure_code, exact=True).first.click()
    cause = page.get_by_role("dialog", name=failed.failure_code)
    expect(cause).to_contain_text(f"Since{since}")
    expect(cause).to_contain_text("What next")


def test_a_badge_without_a_date_tells_none_of_another(whole_system, browse_as):
    page = browse_as("viewer")
    dated, undated = ProductInstance.objects.filter(status="ENABLED").order_by("-created_at")[:2]
    ProductInstance.objects.filter(pk=undated.pk).update(status_since=None)
    page.goto("/instances/?status=ENABLED")

    def badge_of(service: ProductInstance) -> Locator:
        row = page.locator("tr", has=page.locator(f"a[href='{service.get_absolute_url()}']"))
        return row.get_by_role("link", name="Enabled")

    badge_of(dated).click()
    expect(page.get_by_role("dialog", name="Enabled").get_by_text("Since")).to_be_visible()
    page.keyboard.press("Escape")
    badge_of(undated).click()

    expect(page.get_by_role("dialog", name="Enabled")).to_be_visible()
    expect(page.get_by_role("dialog", name="Enabled").get_by_text("Since")).to_be_hidden()


def test_refresh_swaps_in_the_new_time_and_says_that_nothing_changed(whole_system, browse_as):
    service, _ = whole_system.mirror.movable()
    before = service.package.confirmation.wix_request_id
    page = browse_as("operator")
    page.goto(service.get_absolute_url())

    page.get_by_role("button", name="Refresh").click()

    expect(page.get_by_text("No change.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Read from Wix \d s ago"))).to_be_visible()
    expect(page.locator(".page-head")).to_contain_text(re.compile(r"Checked \d s ago"))
    service.package.refresh_from_db()
    assert service.package.confirmation.wix_request_id != before


def test_two_badges_of_one_page_each_have_their_own_date(whole_system, browse_as):
    package = worlds.package()
    for days in (3, 40):
        worlds.instance(package, status_since=timezone.now() - timedelta(days=days, hours=1))
    page = browse_as("viewer")
    page.goto(package.get_absolute_url())

    dialogs = []
    for place in range(2):
        badge = page.locator("main").get_by_role("link", name="Enabled", exact=True).nth(place)
        badge.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Enabled")
        expect(dialog).to_be_visible()
        dialogs.append(dialog.inner_text())
        page.keyboard.press("Escape")
        expect(dialog).to_be_hidden()
        expect(badge).to_be_focused()

    assert sorted("40 days" in words for words in dialogs) == [False, True]
    assert sorted("3 days" in words for words in dialogs) == [False, True]
