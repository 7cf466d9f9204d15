"""A customer's page: what floats first, then a card a site, each row with what it may do."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers.models import InstanceStatus, OperationState
from tests import worlds
from tests.dashboard.page_numbers import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def page_of(client, account, **query):
    answer = client.get(account.get_absolute_url(), query)
    assert answer.status_code == 200
    return answer


def cards_of(answer) -> dict[str, list[str]]:
    """The names of the services on each card, by what heads it."""
    return {
        str(card.site or card.key): [str(service.product) for service in card.services]
        for card, _ in answer.context["cards"]
    }


def rows_of(answer) -> dict[str, str]:
    """The words of each row, by the service's name."""
    rows = read(answer.content.decode()).all("li", "service-row")
    return {row.first("a", "name").text(): row.text() for row in rows}


@pytest.fixture
def bakery():
    """A customer with two sites in use, one that waits, and one of everything on them."""
    account = worlds.account("North Bakery", group="Food", reference="K-100", email="a@b.example")
    package = worlds.package(account, external_id="INV-1")
    main, shop = worlds.site(account, "main"), worlds.site(account, "shop")
    worlds.site(account, "waiting")
    for name, fields in {
        "Core": {"on": main, "product": worlds.product("Core", premium=True)},
        "Mailbox": {"on": main},
        "Shop": {"on": shop, "status": "FAILED", "failure_code": "DELIVERY_TIMEOUT"},
        "Old Logo": {"on": shop, "status": "CANCELED"},
        "Domain": {"floating": True, "floating_since": timezone.now() - timedelta(days=312)},
        "Newsletter": {"floating": True, "floating_since": timezone.now() - timedelta(hours=2)},
        "Lost": {"floating": True, "status": "FAILED"},
    }.items():
        worlds.instance(
            package, **({"product": worlds.product(name, service_type="OTHER")} | fields)
        )
    return account


def test_what_floats_comes_first_then_a_card_a_site_then_what_has_no_site(viewer, bakery):
    assert cards_of(page_of(viewer, bakery)) == {
        "floating": ["Domain", "Newsletter"],
        "main.example": ["Core", "Mailbox"],
        "shop.example": ["Shop"],
        "waiting.example": [],
        "no_site": ["Lost"],
    }


def test_the_head_says_who_it_is_and_how_to_write_to_them(viewer, bakery):
    html = page_of(viewer, bakery).content.decode()

    assert re.search(r'class="tile large"[^>]*>NB</span>', html)
    assert 'href="mailto:a@b.example"' in html
    assert "K-100" in html
    assert f'data-copy="{bakery.pk}"' in html


def test_each_row_offers_what_its_service_waits_for(operator, bakery):
    page = read(page_of(operator, bakery).content.decode())

    offered = {}
    for row in page.all("li", "service-row"):
        leads = [one for one in row.first("div", "acts").children if not isinstance(one, str)]
        offered[row.first("a", "name").text()] = leads[0].text() if leads[0].tag == "a" else ""
    assert offered == {
        "Domain": "Assign",
        "Newsletter": "Assign",
        "Core": "Reassign",
        "Mailbox": "Reassign",
        "Shop": "Order again",
        "Lost": "Order again",
        "Old Logo": "",
    }


def test_the_menu_of_a_row_has_the_rest_and_says_why_not(operator, bakery):
    service = bakery.instances.get(product__name="Mailbox")
    worlds.operation(service, by=operator.user, state=OperationState.RUNNING)
    page = read(page_of(operator, bakery).content.decode())

    menus = {
        row.first("a", "name").text(): row.first("details", "menu").text()
        for row in page.all("li", "service-row")
    }
    assert "Adjust plan or cycle" in menus["Core"]
    assert "is under way" in menus["Mailbox"]
    assert "Nothing can be done with it" in menus["Old Logo"]
    assert "Nothing can be done" not in menus["Core"]


def test_a_viewer_is_offered_nothing_and_told_the_same(viewer, bakery):
    html = page_of(viewer, bakery).content.decode()

    assert "Order again" not in html
    assert not re.search(r"/(re)?assign/", html)
    assert "floating for 312 days" in re.sub("<[^>]+>", "", html)


def test_what_was_canceled_is_folded_away(viewer, bakery):
    page = read(page_of(viewer, bakery).content.decode())

    [folded] = page.all("details", "folded")
    assert folded.first("summary").text() == "Show 1 canceled"
    assert [row.first("a", "name").text() for row in folded.all("li")] == ["Old Logo"]


def test_a_site_with_a_thousand_services_shows_the_first_and_says_how_many_more(operator):
    account, plan = worlds.account(), worlds.product()
    package, site = worlds.package(account), worlds.site(account, "big")
    others = [worlds.instance(package, on=site, product=plan) for _ in range(2)]
    like, model = others[0], type(others[0])
    rows = [
        model(
            **{
                field.attname: getattr(like, field.attname)
                for field in model._meta.concrete_fields
                if field.attname != "id"
            },
            id=worlds.new_id(),
        )
        for _ in range(998)
    ]
    model.objects.bulk_create(rows)
    failed = rows[500]
    model.objects.filter(pk=failed.pk).update(status=InstanceStatus.FAILED)

    answer = page_of(operator, account)

    [(card, link)] = answer.context["cards"]
    assert len(card.services) == 5
    assert card.services[0].pk == failed.pk  # what waits for somebody is not left out
    assert "Show 995 more" in answer.content.decode()
    more = page_of(operator, account, all=card.key)
    [(whole, _)] = more.context["cards"]
    assert len(whole.services) == 200
    assert "All 1,000 services" in more.content.decode()
    assert operator.get(link).context["page"].count == 1000


def test_the_page_takes_the_same_statements_for_any_number_of_services_and_sites(operator):
    account = worlds.account()
    package = worlds.package(account)

    def fill(number):
        for _ in range(number):
            site = worlds.site(account)
            for status in InstanceStatus.values:
                worlds.instance(package, on=site, status=status)
                worlds.instance(package, floating=True, status=status)

    def statements():
        with CaptureQueriesContext(connection) as captured:
            page_of(operator, account)
        return len(captured)

    fill(1)
    statements()  # what only the first request asks
    few = statements()
    fill(12)

    assert statements() == few


def test_the_strip_tells_how_the_customer_stands(viewer, bakery):
    soon = timezone.now() + timedelta(days=12, hours=1)
    mailbox = bakery.instances.filter(product__name="Mailbox")
    mailbox.update(expires_at=soon, status="AWAITING_ACTION")
    bakery.instances.filter(product__name="Core").update(expires_at=soon + timedelta(days=1))

    page = read(page_of(viewer, bakery).content.decode())

    cells = [" ".join(cell.text().split()) for cell in page.all("div", "strip-cell")]
    assert cells[0] == ("7 services 3 enabled , 1 awaiting action , 2 failed , 1 canceled")
    assert cells[1] == "Needs someone 3 1 awaiting action , 2 failed"
    assert cells[2] == "Floating 2 oldest 312 days"
    assert "Mailbox , in 12 days" in cells[3]
    widths = [int(rect.attributes["width"]) for rect in page.all("rect")]
    assert 230 <= sum(widths) + 2 * (len(widths) - 1) <= 240


@pytest.mark.parametrize(
    "name", ["", "x" * 500, "مخبز الشمال", "🥐🥖", "A", "<b>North</b> Bakery", "  -- "]
)
def test_a_customer_of_any_name_has_a_head(operator, name):
    account = worlds.account(name)
    worlds.instance(worlds.package(account), floating=True)

    html = page_of(operator, account).content.decode()

    assert 'class="tile large"' in html
    assert "<b>North</b>" not in html


def test_a_customer_with_nothing_says_so(viewer):
    words = read(page_of(viewer, worlds.account()).content.decode()).text()

    assert "No services yet" in words
    assert "Nothing has been noticed yet." in words


def test_order_on_a_site_has_the_site_chosen(operator, bakery):
    site = bakery.sites.get(name="waiting")
    page = page_of(operator, bakery).content.decode()
    link = re.search(rf'href="([^"]*site={site.pk})"', page)[1].replace("&amp;", "&")

    html = operator.get(link).content.decode()

    assert re.search(rf'value="{site.pk}"[^>]* selected', html)
    foreign = worlds.site(worlds.account("Other"))
    assert (
        f'value="{foreign.pk}"'
        not in operator.get(link.replace(str(site.pk), str(foreign.pk))).content.decode()
    )
