"""A morning's triage: twelve failures are worked off by the keyboard alone, and then there are
none."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from resellers import cases
from resellers.mirror import sync
from resellers.models import Case, CaseEnd, Operation, OperationState, ProductInstance
from tests import practice
from tests.browser.accessible import complaints
from tests.mirrors import read_on

pytestmark = pytest.mark.django_db(transaction=True)

HOPELESS, IN_TIME = 2, 10
MOST_KEYS = 30


class Keyboard:
    """Presses keys and counts them."""

    def __init__(self, page: Page) -> None:
        self.page, self.pressed = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1


def twelve_failures(system) -> None:
    """Twelve open cases and no other, as Wix and the mirror have them."""
    wanted = ProductInstance.objects.present().filter(status="FAILED")
    for service in ProductInstance.objects.present().filter(status="ENABLED").order_by("id"):
        if wanted.count() >= HOPELESS + IN_TIME:
            break
        failure = {"code": "DELIVERY_TIMEOUT", "message": "no confirmation"}
        practice.change(system.sandbox, service.pk, status="FAILED", failure=failure)
        ProductInstance.objects.filter(pk=service.pk).update(status="FAILED")
    read_on(sync.want("full"))  # whoever of us has begun it
    failed = list(wanted.order_by("id"))
    now = timezone.now()
    for place, service in enumerate(failed[: HOPELESS + IN_TIME]):
        code = "EXTERNAL_FAILURE" if place < HOPELESS else "DELIVERY_TIMEOUT"
        since = now - timezone.timedelta(minutes=place + 1)
        ProductInstance.objects.filter(pk=service.pk).update(failure_code=code, status_since=since)
    cases.keep()
    rest = Case.objects.open().exclude(instance__in=failed[: HOPELESS + IN_TIME])
    Case.objects.filter(pk__in=rest).update(state="closed", end="other", closed_at=now)


def test_twelve_failures_are_worked_off_by_the_keyboard_alone(whole_system, browse_as):
    twelve_failures(whole_system)
    page = browse_as("operator", reduced_motion="reduce")
    page.goto("/failures/")
    expect(page.locator("#list-title .of")).to_have_text("12")
    assert complaints(page) == []
    keys = Keyboard(page)

    # The two that only Wix can help with are closed: handed to Wix.
    keys.press("j", "x", "j", "x")
    expect(page.locator("#picked-count")).to_have_text("2 selected")
    keys.press("3")
    expect(page.get_by_role("dialog")).to_contain_text("2 cases")
    keys.press("ArrowDown", "Enter")
    # Though the dialog that asked is gone with the rows that it was about.
    expect(page.locator("#toasts .toast").filter(has_text="2 cases closed")).to_be_visible()
    expect(page.locator("#list-title .of")).to_have_text("10")
    # The others are ordered again, all at once.
    expect(page.locator(".listing tbody tr:focus")).to_have_count(1)
    keys.press("k", "x", *"jjjjjjjjj", "Shift+X")
    expect(page.locator("#picked-count")).to_have_text("10 selected")
    keys.press("2")
    page.wait_for_url("**/bulk/*/")
    for _ in range(6):
        if page.evaluate("document.activeElement.id") == "confirm-button":
            break
        keys.press("Shift+Tab")
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Done", timeout=90_000)

    assert keys.pressed <= MOST_KEYS
    ordered = Operation.objects.filter(kind="create_package", state=OperationState.SUCCEEDED)
    assert ordered.count() == IN_TIME
    practice.clock(whole_system.sandbox, deliver_now=True)
    read_on(sync.want("full"))  # whoever of us has begun it
    page.goto("/failures/")
    expect(page.locator("main")).to_contain_text("Nothing failed")
    ends = list(Case.objects.exclude(end="other").values_list("end", flat=True))
    assert sorted(ends) == sorted([CaseEnd.WITH_WIX] * HOPELESS + [CaseEnd.REORDERED] * IN_TIME)


def test_on_a_telephone_a_case_is_opened_taken_put_off_and_that_undone_by_touch(
    whole_system, browse_as
):
    service = ProductInstance.objects.present().filter(status="FAILED").first()
    case = Case.objects.get(instance=service)
    page = browse_as("operator", viewport={"width": 360, "height": 740}, reduced_motion="reduce")
    page.goto(f"/failures/?q={service.pk}")

    page.locator("td.main a.name").click()
    panel = page.locator("#case")
    expect(panel).to_contain_text("Timeline")
    panel.get_by_role("button", name="Take").click()
    expect(panel).to_contain_text("Taken by")
    expect(panel.locator("#case-title")).to_be_focused()
    assert complaints(page) == []
    panel.get_by_text("Snooze").click()
    panel.get_by_role("button", name="Until it changes").click()
    expect(panel).to_contain_text("Snoozed")
    news = page.locator("#toasts .toast").filter(has_text="Snoozed")
    expect(news).to_be_visible()
    news.get_by_role("button", name="Undo").click()
    expect(panel).not_to_contain_text("Snoozed until")
    expect(page.locator("#toasts .toast").filter(has_text="Opened again")).to_be_visible()
    panel.get_by_role("link", name="Close the panel").click()
    expect(panel).to_be_hidden()

    case.refresh_from_db()
    assert (case.state, case.owner.username) == ("open", "operator")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
