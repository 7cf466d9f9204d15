"""What floats and what is merely on no site: in the menu, in lists, files, search and pages."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import worlds
from tests.dashboard.listing import PART, rows, table
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def floating_services(db):
    """Three services that wait for a site, and others on no site that wait for nothing."""
    now = timezone.now()
    for days in (20, 29, 3):
        worlds.instance(floating=True, floating_since=now - timedelta(days=days))
    for status in ("FAILED", "CANCELED"):
        worlds.instance(floating=True, status=status, floating_since=now - timedelta(days=50))
    worlds.instance(floating=True, gone_at=now)
    worlds.instance()


def menu(client) -> str:
    return re.search(r"<nav.*?</nav>", client.get("/sites/").content.decode(), re.DOTALL)[0]


def test_the_menu_says_how_many_float_and_how_long_the_oldest_has(viewer, floating_services):
    entry = re.search(r'<a href="/instances/\?floating=1"[^>]*>(.*?)</a>', menu(viewer))[1]

    assert re.sub("<[^>]+>", "", entry) == "Floating the oldest for 29 days 3"


def test_where_nothing_floats_the_menu_says_no_age(viewer):
    worlds.instance()

    assert "the oldest for" not in menu(viewer)


def test_the_view_of_what_floats_says_since_when_and_can_be_sorted_by_it(viewer, floating_services):
    answer = viewer.get("/instances/", {"floating": "1", "sort": "floating"})

    ages = [re.search(r">(\d+ \w+) ago<", row)[1] for row in rows(answer)]
    assert ages == ["29 days", "20 days", "3 days"]
    assert "Floating since" in [head["label"] for head in answer.context["page"].headers]
    everything = viewer.get("/instances/", headers=PART).context["page"]
    assert "Floating since" not in [head["label"] for head in everything.headers]


def test_it_says_since_when_also_to_whoever_keeps_other_columns(viewer, floating_services):
    viewer.post("/instances/columns/", {"columns": ["service", "checked"], "query": ""})

    floating = viewer.get("/instances/?floating=1", headers=PART).context["page"].headers
    everything = viewer.get("/instances/", headers=PART).context["page"].headers

    assert [head["label"] for head in floating] == ["Service", "Checked", "Floating since"]
    assert [head["label"] for head in everything] == ["Service", "Checked"]


def test_the_file_says_since_when_of_what_floats_and_of_nothing_else(viewer, floating_services):
    lines = table(viewer.get("/instances/export.csv?no_site=1"))

    ended = {line["status"] for line in lines if not line["floating_since_utc"]}
    assert ended == {"FAILED", "CANCELED"}
    assert sum(bool(line["floating_since_utc"]) for line in lines) == 3


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("floating=1", 3),
        ("floating=1&ended=no", 3),
        ("floating=1&ended=yes", 0),
        ("no_site=1", 5),
        ("no_site=1&ended=yes", 2),
        ("no_site=1&gone=1", 1),
        ("floating_for=long", 2),
        ("floating_for=month", 2),
        ("floating_for=older", 0),
        ("floating_for=week", 1),
    ],
)
def test_services_without_a_site_are_asked_for_by_what_they_wait_for(
    viewer, floating_services, query, number
):
    assert viewer.get(f"/instances/?{query}", headers=PART).context["page"].count == number


@pytest.mark.parametrize("status", ["ENABLED", "PENDING", "AWAITING_ACTION", "ON_HOLD"])
def test_a_live_service_without_a_site_is_called_floating_everywhere(operator, status):
    for address, words in everywhere(operator, worlds.instance(floating=True, status=status)):
        assert re.search("Floating|, floating,", words), address
        assert not re.search("No site|, no site,", words), address


@pytest.mark.parametrize("status", ["FAILED", "CANCELED"])
def test_an_ended_service_without_a_site_is_called_floating_nowhere(operator, status):
    for address, words in everywhere(operator, worlds.instance(floating=True, status=status)):
        assert re.search("No site|, no site,", words), address
        assert not re.search("floating", words, re.IGNORECASE), address


def everywhere(client, service) -> list[tuple[str, str]]:
    """The words of each place where a service says which site it is on."""
    lists = [f"/instances/?q={service.pk}"]
    lists += ["/failures/failed-services/"] if service.status == "FAILED" else []
    pages = [record.get_absolute_url() for record in (service, service.package, service.account)]
    pages.append(f"/search/?q={str(service.pk)[:8]}")
    found = [(address, " ".join(rows(client.get(address)))) for address in lists]
    return found + [(address, text(client.get(address))) for address in pages]


def test_of_a_floating_service_no_page_says_that_the_customer_can_use_it(viewer):
    """Customers have no access to what floats, enabled or not."""
    floating, placed = worlds.instance(floating=True), worlds.instance()

    page = text(viewer.get(floating.get_absolute_url()))

    assert "it is on no site: the customer cannot use it" in page
    assert "Who acts We Put it on a site, or cancel it." in page
    for address in (placed.get_absolute_url(), "/reports/", "/help/"):
        words = text(viewer.get(address))
        assert "Where it is on a site, the customer can use it." in words
        assert "The customer can use it." not in words


def test_only_what_is_on_a_site_counts_as_usable(viewer):
    for status in ("ENABLED", "PENDING"):
        worlds.instance(floating=True, status=status)
        worlds.instance(status=status)

    cards = {card.label: card for card in viewer.get("/").context["cards"]}

    usable = cards["Usable services"]
    assert usable.value == 1
    assert viewer.get(usable.link, headers=PART).context["page"].count == 1
