"""A service's page begins with how it stands; a site's and a package's with all that is there."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from resellers import notes
from resellers.mirror.ingest import ingest_packages
from resellers.wix.parsing import read_package
from tests import worlds
from tests.dashboard.page_numbers import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]

LONG_AGO = timezone.now() - timedelta(days=400)


def page_of(client, record, **query):
    answer = client.get(record.get_absolute_url(), query)
    assert answer.status_code == 200
    return read(answer.content.decode())


def outcome_of(client, service):
    return page_of(client, service).first("section", "standing")


@pytest.mark.parametrize(
    ("fields", "sentence", "who", "action"),
    [
        ({}, "Core is delivered, and stands on main.example.", "", ""),
        ({"floating": True}, "Core is paid for, and stands on no site.", "We", "Assign"),
        ({"status": "FAILED"}, "Wix could not deliver Core", "Wix", "Order again"),
        ({"status": "PENDING"}, "Core is ordered, and Wix has yet to deliver it.", "Wix", ""),
        ({"status": "AWAITING_ACTION"}, "Core waits for somebody outside", "Customer or", ""),
        ({"status": "CANCELED"}, "Core was canceled", "", ""),
        ({"status": "ON_HOLD"}, "Of Core Wix says “On hold”", "", ""),
        ({"expires_at": LONG_AGO}, "Core expired on", "", ""),
        ({"gone_at": LONG_AGO}, "Core is no longer at Wix.", "", ""),
    ],
)
def test_a_service_begins_with_how_it_stands_and_the_one_thing_to_do(
    operator, fields, sentence, who, action
):
    account = worlds.account()
    place = {} if fields.get("floating") else {"on": worlds.site(account, "main")}
    product = worlds.product("Core")
    service = worlds.instance(worlds.package(account), product=product, **(place | fields))

    outcome = outcome_of(operator, service)

    assert outcome.first("h2").text().startswith(sentence)
    assert ("Who acts" in outcome.text()) >= bool(who)
    assert who in outcome.text()
    assert [one.text() for one in outcome.all("a", "button")] == ([action] if action else [])


def test_what_it_waits_for_is_offered_once(operator):
    service = worlds.instance(floating=True)

    page = page_of(operator, service)

    assert [one.text() for one in page.all("a", "primary")] == ["Assign"]


def test_a_service_shows_what_was_bought_with_it_with_what_can_be_done_there(operator):
    service = worlds.instance(product=worlds.product("Core"))
    worlds.instance(service.package, floating=True, product=worlds.product("Mailbox"))
    worlds.instance(worlds.package(service.account), product=worlds.product("Other"))

    rows = [*page_of(operator, service).all("li", "service-row")]

    assert [row.first("a", "name").text() for row in rows] == ["Mailbox"]
    assert "Assign" in rows[0].text()


def test_a_package_shows_its_services_with_their_places_and_folds_the_canceled(operator):
    package = worlds.package()
    worlds.instance(package, on=worlds.site(package.account, "main"))
    worlds.instance(package, floating=True, status="FAILED", product=worlds.product("Mailbox"))
    worlds.instance(package, status="CANCELED", product=worlds.product("Logo"))

    page = page_of(operator, package)

    names = [row.first("a", "name").text() for row in page.all("li", "service-row")]
    assert names == ["Mailbox", "Business Plan", "Logo"]
    assert page.first("details", "folded").first("summary").text() == "Show 1 canceled"
    assert "main.example" in page.text()


# --- a site --------------------------------------------------------------------------------------


@pytest.fixture
def site(operator):
    site = worlds.site(worlds.account("North Bakery"), "bakery", premium=False)
    plan = worlds.product("Core", premium=True)
    worlds.instance(worlds.package(site.account), on=site, product=plan)
    notes.pin(notes.add_note(site.account, "Ring after two.", by=operator.user), by=operator.user)
    return site


def test_a_site_says_whose_it_is_what_it_carries_and_what_gives_it_premium(viewer, site):
    page = page_of(viewer, site)

    assert page.first("h1").text() == "bakery.example"
    assert site.account.get_absolute_url() in {link.attributes["href"] for link in page.all("a")}
    assert "Premium" in page.first("p", "under").text()
    strip = page.first("section", "strip").text()
    assert "1 service" in strip
    assert "Plan Core" in strip
    assert "Ring after two." in page.text()


def test_names_of_sites_lead_to_their_page(viewer, site):
    service = site.instances.get()

    for address in ("/instances/", service.get_absolute_url(), "/search/?q=bakery"):
        html = viewer.get(address).content.decode()
        assert f'href="/sites/{site.pk}/"' in html, address


def test_what_came_to_a_site_and_left_it_stands_in_its_timeline(viewer, site):
    from resellers.models import Change

    service = worlds.instance(worlds.package(site.account), floating=True)
    about = {"account": site.account, "package": service.package, "instance": service}
    Change.objects.create(field="site", old=str(site.pk), new="", **about)
    Change.objects.create(field="discount_code", old="", new="SPRING", **about)
    Change.objects.create(
        field="url", old="", new="https://x.example", site=site, account=site.account
    )

    words = page_of(viewer, site, tab="timeline").text()

    assert re.search(r"Site: bakery\.example\s*→ none", words)
    assert "Address: none → https://x.example" in words
    assert "SPRING" not in words


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"gone_at": LONG_AGO}, "Gone from Wix."),
        ({"trashed_at": LONG_AGO}, "In the trash since"),
        ({"blocked": True}, "Blocked by Wix."),
    ],
)
def test_a_site_that_takes_nothing_says_so_and_offers_no_order(operator, fields, words):
    page = page_of(operator, worlds.site(**fields))

    assert words in page.text()
    assert "New package" not in page.first("main").text()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", ""])
def test_only_an_address_of_the_web_is_opened(viewer, url):
    html = viewer.get(worlds.site(url=url).get_absolute_url()).content.decode()

    assert "Open the site" not in html
    assert 'href="javascript' not in html


def test_a_site_of_nobody_is_not_found(viewer):
    assert viewer.get(f"/sites/{worlds.new_id()}/").status_code == 404


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_service_that_wix_dates_at_the_ends_of_the_calendar_has_its_page_in_every_zone(
    viewer, settings, zone
):
    settings.TIME_ZONE = zone
    service = worlds.instance()
    sent = {
        "id": str(service.package_id),
        "accountId": str(service.account_id),
        "createdDate": "0001-01-01T00:00:00Z",
        "updatedDate": "0001-01-01T00:00:00Z",
        "productInstances": [
            {
                "instanceId": str(service.pk),
                "catalogProductId": str(service.product_id),
                "status": "ENABLED",
                "createdDate": "0001-01-01T00:00:00Z",
                "expirationDate": "9999-12-31T23:59:59.999Z",
            }
        ],
    }

    later = timezone.now() + timedelta(seconds=1)
    ingest_packages([read_package(sent, "package")], fetch_started_at=later, authoritative=True)

    assert "9999" not in page_of(viewer, service).text()
    assert viewer.get("/instances/").status_code == 200
