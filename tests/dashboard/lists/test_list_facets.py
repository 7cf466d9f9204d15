"""Figures beside the choices: what each would show under the other filters in force."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.lists import facets
from resellers.models import Account
from tests import worlds
from tests.dashboard.listing import EVERY_LIST, asking, rows

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]


TAB = (
    r'<a id="view-[^"]+" href="([^"]+)"[^>]*><span class="view-name">([^<]+)</span>'
    r' <span class="count"[^>]*>([^<]*)</span>'
)


def tabs(answer) -> dict[str, str]:
    """The figure of each view, by its name."""
    return {label: figure for _, label, figure in re.findall(TAB, answer.content.decode())}


def options(answer, name: str) -> list[str]:
    """What a filter offers, with its figures once they are counted."""
    found = re.search(rf'<ul [^>]*id="facet-{name}".*?</ul>', answer.content.decode(), re.DOTALL)
    labels = re.findall(r"<label.*?</label>", found[0], re.DOTALL)
    words = [" ".join(re.sub(r"<[^>]+>", " ", label).split()) for label in labels]
    return [re.sub(r" (\d[\d,]*\+?)$", r" (\1)", one) for one in words]


@pytest.fixture
def world(db):
    """Two customers: one with a failed and a floating service, one with three enabled ones."""
    harbour, north = worlds.account("Harbour Yoga"), worlds.account("North Bakery")
    of_harbour, of_north = worlds.package(harbour), worlds.package(north)
    worlds.instance(of_harbour, status="FAILED", failure_code="UNKNOWN")
    worlds.instance(of_harbour, floating=True, expires_at=timezone.now() + timedelta(days=5))
    for _ in range(3):
        worlds.instance(of_north)
    worlds.instance(of_north, gone_at=timezone.now())
    return {"harbour": harbour, "north": north}


def test_without_other_filters_the_figures_are_of_the_whole_list(viewer, world):
    answer = viewer.get("/instances/facets/")

    assert tabs(answer) == {
        "All": "5",
        "Needs a look": "1",
        "Failed": "1",
        "Floating": "1",
        "Expiring in 30 days": "1",
    }
    assert "Failed (1)" in options(answer, "status")
    assert "Pending (0)" in options(answer, "status")
    assert options(answer, "floating") == ["Floating (1)"]
    assert options(answer, "gone") == ["No longer at Wix (1)"]


def test_figures_of_options_count_under_the_other_filters_and_those_of_views_do_not(viewer, world):
    answer = viewer.get(f"/instances/facets/?account={world['harbour'].pk}&status=FAILED")

    assert tabs(answer)["All"] == "5"
    assert tabs(answer)["Failed"] == "1"
    assert "Enabled (1)" in options(answer, "status")
    assert "UNKNOWN (1)" in options(answer, "failure_code")
    assert "DELIVERY_TIMEOUT (0)" in options(answer, "failure_code")


@pytest.mark.parametrize("query", ["", "q=harbour", "status=ENABLED", "status=FAILED&floating=1"])
def test_each_figure_is_what_its_view_then_shows(viewer, world, query):
    answer = viewer.get(f"/instances/facets/?{query}")
    html = answer.content.decode()

    found = re.findall(TAB, html)
    assert len(found) == 5
    for link, label, figure in found:
        assert len(rows(viewer.get(link.replace("&amp;", "&")))) == int(figure), label


def test_what_would_show_nothing_can_be_read_but_not_pressed(viewer, world):
    html = viewer.get("/instances/facets/").content.decode()

    assert re.search(r'value="PENDING" disabled', html)
    assert "Only Pending" not in html


def test_a_filter_in_force_can_be_dropped_though_it_shows_nothing(viewer, world):
    html = viewer.get("/instances/facets/?status=PENDING").content.decode()

    assert re.search(r'value="PENDING" checked', html)


def test_figures_are_told_up_to_ten_thousand():
    assert facets.capped(10_000) == "10,000"
    assert facets.capped(10_001) == "10,000+"


def test_counting_ends_where_telling_does(viewer, monkeypatch):
    monkeypatch.setattr(facets, "COUNT_LIMIT", 3)
    for _ in range(5):
        worlds.instance(worlds.package())

    answer = viewer.get("/instances/facets/")

    assert tabs(answer)["All"] == "3+"
    assert "Enabled (3+)" in options(answer, "status")


def test_the_page_says_that_its_figures_come_later_and_does_not_count_them(viewer, world):
    html = viewer.get("/instances/?status=FAILED").content.decode()

    assert 'hx-get="/instances/facets/?status=FAILED" hx-trigger="load, released"' in html
    assert "Enabled (" not in html
    assert 'href="/instances/?expiring=30"' in html


def test_what_was_counted_does_not_ask_to_be_counted_again(viewer, world):
    assert 'hx-trigger="load' not in viewer.get("/instances/facets/").content.decode()


@pytest.mark.parametrize("address", EVERY_LIST)
def test_nonsense_is_answered_in_words(manager, address):
    answer = manager.get(f"{address}facets/?sort=password")

    assert answer.status_code == 422
    assert b"sort" in answer.content


def test_a_page_that_makes_no_sense_asks_for_no_figures(viewer):
    assert "facets/" not in viewer.get("/instances/?age=eternal").content.decode()


# --- the groups there are ------------------------------------------------------------------------


def test_the_groups_there_are_are_offered_with_how_many_customers_each_has(viewer):
    for group in ("Hotels", "Cafés", "Hotels", ""):
        worlds.account(group=group)

    assert options(viewer.get("/accounts/"), "group") == ["Cafés", "Hotels", "No group"]
    counted = options(viewer.get("/accounts/facets/"), "group")
    assert counted == ["Cafés (1)", "Hotels (2)", "No group (1)"]
    for group, number in (("Hotels", 2), ("Cafés", 1), ("~none", 1)):
        assert viewer.get(asking("/accounts/", group=group)).context["page"].count == number


def test_many_groups_take_no_more_queries_than_few(viewer):
    def queries(path):
        with CaptureQueriesContext(connection) as captured:
            viewer.get(path)
        return len(captured)

    paths = ("/accounts/", "/accounts/facets/", "/accounts/?group=Group+1")
    worlds.account(group="Group 1")
    few = [queries(path) for path in paths * 2][3:]
    for place in range(30):
        worlds.account(group=f"Group {place}")

    assert [queries(path) for path in paths] == few


@pytest.mark.parametrize(
    "group",
    ["none", "~none", "~~none", "~", "Any", "Retail\r\nNorth", "a\tb", "a\u2028b", "'\"<&>;"],
)
def test_a_group_is_found_by_its_own_value_whatever_it_is_called(viewer, group):
    """One called none is no group less; one with a line break once broke everybody's page."""
    grouped, alone = worlds.account(group=group), worlds.account(group="")
    page = viewer.get("/accounts/").context["page"]
    [select] = [item for item in page.inputs if item.filter.name == "group"]
    offered = {option.words: option.value for option in select.options}

    assert options(viewer.get("/accounts/facets/"), "group")[-1] == "No group (1)"
    for words, account in ((group, grouped), ("No group", alone)):
        answer = viewer.get(asking("/accounts/", group=offered[words]))
        assert [row.pk for row in answer.context["page"].rows] == [account.pk]
    link = re.search(
        r'<a class="tag soft" href="([^"]+)"',
        viewer.get(f"/accounts/{grouped.pk}/").content.decode(),
    )[1]
    assert [row.pk for row in viewer.get(link).context["page"].rows] == [grouped.pk]


def test_an_address_of_before_still_asks_for_the_absence_while_nothing_is_called_so(viewer):
    alone, grouped = worlds.account("A", group=""), worlds.account("B", group="Hotels")

    assert list(viewer.get("/accounts/?group=none").context["page"].rows) == [alone]
    Account.objects.filter(pk=grouped.pk).update(group="none")
    assert list(viewer.get("/accounts/?group=none").context["page"].rows) == [grouped]


def test_a_code_that_is_called_none_is_no_failure_less(viewer):
    code = worlds.instance(status="FAILED", failure_code="none")
    none = worlds.instance(status="FAILED", failure_code="")

    for asked, service in (("none", code), ("~none", none)):
        answer = viewer.get(asking("/failures/failed-services/", failure_code=asked))
        assert [row.pk for row in answer.context["page"].rows] == [service.pk]


@pytest.mark.parametrize("asked", ["discount_code=SPRING", "q=north", "status=FAILED", "account=x"])
def test_figures_come_for_nothing_that_does_not_stand_on_the_page(viewer, world, asked):
    asked = asked.replace("=x", f"={world['north'].pk}")

    page = viewer.get(f"/instances/?{asked}").content.decode()
    figures = viewer.get(f"/instances/facets/?{asked}").content.decode()

    replaced = re.findall(r'id="([^"]+)"[^>]* hx-swap-oob="true"', figures)
    assert "facet-status" in replaced
    assert [id_ for id_ in replaced if f'id="{id_}"' not in page] == []
