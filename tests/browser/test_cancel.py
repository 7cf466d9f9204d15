"""Ending what cannot be brought back, as a manager does it: one of three, and a whole package."""

import time

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from dashboard.frame import reauthentication
from resellers.models import Operation, Package
from tests import practice, worlds
from tests.browser.test_main_job import watch_to


def package_of_three() -> Package:
    """A package of a named customer with three services that have not ended."""
    for package in Package.objects.exclude(account__name="").select_related("account"):
        services = list(package.instances.all())
        if len(services) == 3 and all(one.status == "ENABLED" for one in services):
            return package
    raise LookupError("this world has no package of three")


def confirm(page: Page) -> None:
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url("**/operations/*/")


def forget_the_passwords() -> None:
    """As if everybody had logged in eleven minutes ago."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session[reauthentication.KEY] = int(time.time()) - 660
        session.save()


@pytest.mark.at_length
def test_a_manager_ends_one_of_three_and_the_others_stay(whole_system, browse_as):
    package = package_of_three()
    ends, *stay = package.instances.select_related("product").order_by("id")
    page = browse_as("manager")

    page.goto(f"/instances/{ends.pk}/")
    page.get_by_role("link", name="Cancel instance").click()
    expect(page.get_by_role("heading", name="Cancel 1 of 3 services of")).to_be_visible()
    expect(page.get_by_text("Stays", exact=True)).to_have_count(2)
    page.get_by_label("Type the customer's name").fill("Another Customer")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#account_name-error")).to_contain_text(package.account.name)
    expect(page.locator("#reason-error")).to_be_visible()
    page.get_by_label("Type the customer's name").fill(package.account.name)
    page.get_by_label("Reason").fill("the customer left")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#confirm")).to_contain_text("Wix offers no way back from this.")
    assert practice.applied(whole_system.sandbox) == []
    confirm(page)
    operation = watch_to(page, "Succeeded")

    assert operation.reason == "the customer left"
    assert whole_system.truth(ends)["status"] == "CANCELED"
    assert {whole_system.truth(one)["status"] for one in stay} == {"ENABLED"}
    assert practice.applied(whole_system.sandbox) == ["cancel"]


def test_a_manager_ends_a_package_and_sees_everything_that_ends_with_it(whole_system, browse_as):
    package = package_of_three()
    services = list(package.instances.select_related("product", "account"))
    first, second, _ = services
    # A mailbox in another package that was free with one of these services.
    other = worlds.package(package.account, external_id="order-free")
    worlds.instance(other, floating=True, reference_instance_id=first.pk, product=second.product)
    page = browse_as("manager")

    page.goto(f"/packages/{package.pk}/")
    page.get_by_role("link", name="Cancel package").click()
    what_ends = page.locator("section", has=page.get_by_role("heading", name="What ends"))
    expect(what_ends.get_by_text("Ends", exact=True)).to_have_count(3)
    page.get_by_label("Type the customer's name").fill(package.account.name.upper())
    page.get_by_label("Reason").fill("the customer left")
    page.get_by_role("button", name="Show the plan").click()
    changes = page.locator("section", has=page.get_by_role("heading", name="What changes"))
    for service in services:
        expect(changes).to_contain_text(str(service.product))
    expect(changes.get_by_text("Canceled", exact=True)).to_have_count(3)
    rests = page.locator("section", has=page.get_by_role("heading", name="What rests on it"))
    expect(rests).to_contain_text(f"{second.product} was given free with it")
    confirm(page)
    watch_to(page, "Succeeded")

    assert {whole_system.truth(one)["status"] for one in services} == {"CANCELED"}
    assert practice.applied(whole_system.sandbox) == ["cancel"]


@pytest.mark.at_length
def test_after_ten_minutes_the_password_is_wanted_once_more(whole_system, browse_as):
    service = package_of_three().instances.select_related("account").order_by("id")[0]
    page = browse_as("manager")
    page.goto(f"/instances/{service.pk}/cancel/")
    expect(page.get_by_label("Your password")).to_have_count(0)

    forget_the_passwords()
    page.reload()
    page.get_by_label("Type the customer's name").fill(service.account.name)
    page.get_by_label("Reason").fill("the customer left")
    page.get_by_label("Your password").fill("a guess")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#password-error")).to_have_text("This is not your password.")
    expect(page.get_by_label("Your password")).to_have_value("")
    expect(page.get_by_label("Reason")).to_have_value("the customer left")
    page.get_by_label("Your password").fill(worlds.PASSWORD)
    page.get_by_role("button", name="Show the plan").click()
    expect(page.get_by_role("button", name="Confirm")).to_be_visible()
    assert worlds.PASSWORD not in page.content()

    forget_the_passwords()
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_label("Your password")).to_be_visible()
    assert not Operation.objects.exists()
    page.get_by_label("Your password").fill(worlds.PASSWORD)
    page.get_by_role("button", name="Show the plan").click()
    confirm(page)
    watch_to(page, "Succeeded")
    assert whole_system.truth(service)["status"] == "CANCELED"


@pytest.mark.at_length
def test_a_service_is_ended_with_the_keyboard_alone_and_without_javascript(whole_system, browse_as):
    service = package_of_three().instances.select_related("account").order_by("id")[0]
    page = browse_as("manager", java_script_enabled=False)
    page.goto(f"/instances/{service.pk}/cancel/")

    page.get_by_label("Type the customer's name").focus()
    page.keyboard.type(service.account.name)
    page.keyboard.press("Tab")
    page.keyboard.type("the customer left")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Confirm").press("Enter")
    page.wait_for_url("**/operations/*/")
    for _ in range(80):
        if page.locator(".page-head .badge", has_text="Succeeded").count():
            break
        page.wait_for_timeout(250)
        page.reload()

    assert whole_system.truth(service)["status"] == "CANCELED"
