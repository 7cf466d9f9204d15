"""A domain is bought from a site's page to the day it works: begun by one person, finished by
another, the registry's 48 hours by the sandbox's clock."""

import pytest
from playwright.sync_api import expect

from resellers.models import Account, CatalogProduct, Flow, Site
from tests import practice
from tests.browser.test_site_handover import PATIENCE
from tests.mirrors import read
from tests.operations.test_contacts import PERSON

pytestmark = pytest.mark.django_db(transaction=True)
DOMAIN = "harbour-bakery.example"
HOURS = 3600


def site_with_a_plan() -> Site:
    customers = Account.objects.present().filter(is_main=False).exclude(name="")
    return Site.objects.usable().premium().filter(account__in=customers).order_by("id").first()


def test_a_domain_is_bought_with_a_colleague_finishing_after_48_hours(
    whole_system, browse_as, settings
):
    settings.WIX_REGISTERED_DOMAINS = True
    practice.switches(
        whole_system.sandbox, registered_domains="on", registration_seconds=47 * HOURS
    )
    site, product = site_with_a_plan(), CatalogProduct.objects.get(name="Domain .example")
    page = browse_as("operator")
    page.goto(f"/sites/{site.pk}/?tab=domains")
    page.get_by_role("link", name="Buy a domain").click()
    expect(page.locator("[name=site]:checked")).to_have_value(str(site.pk))
    page.get_by_label("What to look for").fill("🥐.example")
    page.get_by_role("button", name="Ask Wix").click()
    expect(page.locator("#words_error")).to_contain_text("No registry takes 🥐.example")
    page.get_by_label("What to look for").fill(DOMAIN)
    page.get_by_role("button", name="Ask Wix").click()
    page.get_by_label("Free just now").select_option(DOMAIN, timeout=PATIENCE)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("The domain is paid by").select_option(f"{product.pk}|1 YEAR")
    page.get_by_label("Country").select_option("DE")
    page.get_by_role("button", name="Show the plan").click()
    page.get_by_role("button", name="Confirm").click(timeout=PATIENCE)
    expect(page.locator("#step-title")).to_have_text("See it delivered", timeout=PATIENCE)
    practice.clock(whole_system.sandbox, deliver_now=True)
    read("incremental")
    page.get_by_role("button", name="Look now").click()

    page.get_by_role("link", name="New contact").click(timeout=PATIENCE)
    for name, value in PERSON.items():
        if name not in ("country_code", "subdivision_code"):
            page.locator(f"#{name}").fill(value)
    page.get_by_label("Country").select_option(PERSON["country_code"])
    page.get_by_role("button", name="Show its regions").click()
    page.get_by_label("State, province or region").select_option(PERSON["subdivision_code"])
    page.get_by_role("button", name="Save").click()
    registrant = page.get_by_label("Registrant", exact=True)
    expect(registrant).to_be_visible()
    expect(registrant).to_have_value(str(site.account.contacts.get().pk))
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#step-title")).to_have_text("Register the domain", timeout=PATIENCE)
    # Registering is for managers: a colleague goes on.
    expect(page.locator("#confirm-button")).to_have_count(0)

    other = browse_as("manager")
    other.goto("/flows/")
    other.locator("a.name").first.click()
    other.get_by_role("button", name="Confirm").click()
    waits = other.locator(".flow-wait")
    expect(waits).to_contain_text("48 h of 48 h left", timeout=PATIENCE)
    expect(waits).to_contain_text("Waits for the registry, the registrant's answer")
    practice.clock(whole_system.sandbox, advance_seconds=48 * HOURS)
    other.get_by_role("button", name="Look now").click()

    expect(other.locator(".page-head .pill")).to_have_text("Done", timeout=PATIENCE)
    expect(other.locator("main")).to_contain_text(f"{DOMAIN} is registered.")
    flow = Flow.objects.get()
    assert (flow.begun_by.username, flow.owner.username) == ("operator", "manager")
    registered = whole_system.sandbox.world.registered_domains[DOMAIN]
    assert (registered.site_id, registered.status) == (str(site.pk), "ACTIVE")
    assert practice.applied(whole_system.sandbox) == ["create", "register"]
    other.goto("/domains/?q=Domain .example")
    expect(other.locator("table")).to_contain_text(DOMAIN)
