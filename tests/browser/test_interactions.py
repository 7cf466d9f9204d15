"""How much a person has to do for what is done most: a click, a field filled, or a key outside a
field counts one; Enter in a field that was just filled belongs to it."""

from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from resellers.models import Operation, OperationState, ProductInstance, Site
from tests import worlds

FROM_LOG_IN_TO_A_MOVE = 6
FROM_THREE_LETTERS_TO_WHAT_IS_WRONG = 3
TO_WHAT_FLOATS_FOR_LONG = 2


class Person:
    """Somebody at a page, and how much they had to do there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.did: list[str] = []

    def click(self, what: Locator) -> None:
        """Click it, and note what it was called."""
        expect(what).to_be_visible()
        self.did.append(what.inner_text())
        what.click()

    def fill(self, what: Locator, text: str, *, enter: bool = False) -> None:
        """Fill the field, and press Enter in it where that sends it."""
        what.fill(text)
        self.did.append(text)
        if enter:
            what.press("Enter")


def test_what_is_done_most_takes_few_clicks(whole_system, new_page: Callable[..., Page]):
    instance, target = whole_system.mirror.movable()
    long_ago = timezone.now() - timedelta(days=20)
    floating = ProductInstance.objects.floating().select_related("account").first()
    ProductInstance.objects.filter(pk=floating.pk).update(floating_since=long_ago)
    failed = worlds.instance(
        worlds.package(worlds.account("Quince Tailors")),
        status="FAILED",
        failure_code="DELIVERY_TIMEOUT",
        status_since=long_ago,
    )
    page = new_page(viewport={"width": 1440, "height": 900})
    person = Person(page)

    page.goto("/")
    person.fill(page.get_by_label("Username"), worlds.user("operator").username)
    person.fill(page.get_by_label("Password"), worlds.PASSWORD, enter=True)
    move(person, instance, target)
    assert len(person.did) <= FROM_LOG_IN_TO_A_MOVE, person.did

    person.did.clear()
    page.goto("/")
    page.keyboard.press("/")
    person.fill(page.get_by_role("combobox", name="Find or do"), "qui")
    customers = page.get_by_role("group", name="Customers")
    person.click(customers.get_by_role("option", name="Quince Tailors").first)
    expect(page.locator("main")).to_contain_text("DELIVERY_TIMEOUT")
    expect(page.locator(f"main a[href='/instances/{failed.pk}/']").first).to_be_visible()
    assert len(person.did) <= FROM_THREE_LETTERS_TO_WHAT_IS_WRONG, person.did

    person.did.clear()
    page.goto("/")
    person.click(page.get_by_role("link", name="Assign: Floating for over 14 days"))
    expect(page.locator(f"main a[href='/instances/{floating.pk}/']").first).to_be_visible()
    assert len(person.did) <= TO_WHAT_FLOATS_FOR_LONG, person.did


def move(person: Person, instance: ProductInstance, target: Site) -> None:
    """From the first page to where the move has succeeded."""
    page = person.page
    search = page.get_by_role("searchbox", name="Search")
    person.fill(search, str(instance.pk), enter=True)
    person.click(page.get_by_role("link", name="Reassign").first)
    choice = page.locator(".option", has=page.locator(f"input[value='{target.pk}']"))
    person.click(choice.get_by_role("button", name="Reassign here"))
    person.click(page.get_by_role("button", name="Confirm"))
    page.wait_for_url("**/operations/*/")
    sentence = f"{instance.product} now stands on {target}"
    expect(page.get_by_role("heading", level=1)).to_have_text(sentence)
    assert Operation.objects.get().state == OperationState.SUCCEEDED
