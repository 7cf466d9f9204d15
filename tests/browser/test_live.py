"""A page that stands open: it says what ended, offers what changed, and knows a lost connection."""

from datetime import timedelta

from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from resellers.models import Change, ProductInstance
from tests import worlds
from tests.browser.accessible import complaints


def ask_often(page: Page) -> None:
    """Have the page ask for news without the rest it gives the server."""
    page.evaluate("document.getElementById('toasts').dataset.every = 0.4")


def test_an_open_list_says_what_ended_and_offers_what_changed_and_a_lost_connection_comes_back(
    whole_system, browse_as
):
    page = browse_as("operator", reduced_motion="reduce")
    page.goto("/instances/")
    ask_often(page)
    toasts = page.get_by_role("status", name="News")
    service = ProductInstance.objects.select_related("product", "account", "package").first()
    # The first question says nothing of what was before.
    with page.expect_response("**/live/"):
        pass

    person = User.objects.get(username="operator")
    operation = worlds.operation(
        service, by=person, state="failed", finished_at=timezone.now(), outcome="Wix said no."
    )
    toast = toasts.locator(".toast")
    expect(toast).to_contain_text("Failed")
    # While the keyboard is there it stays.
    toast.get_by_role("button", name="Close").focus()
    expect(page.get_by_label("Notifications, 1 new")).to_be_visible()
    assert complaints(page) == []
    toast.get_by_role("button", name="Close").press("Enter")
    expect(toast).to_have_count(0)
    expect(page.locator("main")).to_be_focused()

    Change.objects.create(
        instance=service, package=service.package, account=service.account, field="status"
    )
    show = page.get_by_role("link", name="Show", exact=True)
    expect(page.get_by_text("1 changed")).to_be_visible()
    show.press("Enter")
    expect(show).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_be_focused()

    # A question that is on its way would be an error of the console.
    page.evaluate("document.getElementById('toasts').dataset.every = 60")
    page.wait_for_timeout(1000)
    page.context.set_offline(True)
    expect(page.get_by_role("alert").get_by_text("Connection lost")).to_be_visible()
    page.context.set_offline(False)
    expect(toasts.get_by_text("Back", exact=True)).to_be_visible()
    expect(page.get_by_text("Connection lost")).to_be_hidden()

    # Told once: elsewhere it is no news any more.
    page.goto(operation.get_absolute_url())
    ask_often(page)
    with page.expect_response("**/live/") as answer:
        pass
    assert answer.value.status == 204


def test_a_toast_stays_while_somebody_is_at_it_over_a_dialog_too(whole_system, browse_as):
    page = browse_as("operator", reduced_motion="reduce")
    page.clock.install()
    page.goto("/")
    page.clock.pause_at(timezone.now() + timedelta(seconds=5))
    person = User.objects.get(username="operator")
    with page.expect_response("**/live/"):
        page.clock.run_for(16_000)
    worlds.operation(by=person, state="succeeded", finished_at=timezone.now())
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    toast = page.locator(".toast")
    for _ in range(3):  # the answer may be that to a question from before it ended
        with page.expect_response("**/live/"):
            page.clock.run_for(16_000)
        page.wait_for_load_state("networkidle")
        if toast.count():
            break
    toast.hover()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    toast.hover()

    page.clock.run_for(20_000)
    expect(toast).to_be_visible()
    page.mouse.move(0, 0)
    page.clock.run_for(9000)

    expect(toast).to_have_count(0)
