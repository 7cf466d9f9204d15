"""Each figure of the overview and of the menu equals the rows that its link leads to."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from resellers.mirror import figures
from resellers.models import ProductInstance, SyncRun
from tests import worlds
from tests.dashboard.listing import rows, table

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(db):
    """Something behind every figure, and beside it what the figure must leave out."""
    now = timezone.now()
    person = worlds.user("operator")
    for days in (20, 29, 3):
        worlds.instance(floating=True, floating_since=now - timedelta(days=days))
    for status in ("FAILED", "CANCELED"):
        worlds.instance(floating=True, status=status, floating_since=now - timedelta(days=50))
    worlds.instance(floating=True, gone_at=now)
    worlds.instance(product=worlds.product(""), expires_at=now + timedelta(days=10))
    for state in ("queued", "running", "confirming", "needs_attention", "needs_attention"):
        worlds.operation(by=person, state=state)
    for state, days in (("succeeded", 2), ("failed", 6), ("succeeded", 30)):
        ago = now - timedelta(days=days)
        worlds.operation(by=person, state=state, requested_at=ago, finished_at=ago)
    worlds.account("")
    figures.note_whole(now)
    figures.count()


def told(page: str) -> list[tuple[str, int, str]]:
    """What is said, its figure and its link: of the menu, the cards, and what needs a person."""
    menu = r'<a href="([^"]+)"[^>]*>(.*?)<span class="count[^>]*>([\d,]+)</span></a>'
    card = r'<a class="card figure-card" href="([^"]+)"><span>(.*?)</span><b>([\d,]+)</b>'
    need = r'<h3>(([\d,]+) .*?)</h3>.*?<a class="button" href="([^"]+)"'
    found = [*re.findall(menu, page), *re.findall(card, page)]
    found += [(link, words, figure) for words, figure, link in re.findall(need, page, re.DOTALL)]
    return [
        (words, int(figure.replace(",", "")), html.unescape(link)) for link, words, figure in found
    ]


def test_every_figure_equals_the_rows_it_leads_to(manager, busy):
    page = manager.get("/").content.decode()

    figures_shown = told(page)

    assert len(figures_shown) >= 9 + 4 + 5
    for words, figure, link in figures_shown:
        assert manager.get(link).context["page"].count == figure, (words, link)


def test_what_has_floated_for_long_leaves_out_what_failed_or_was_canceled(viewer, busy):
    found = {
        words: (figure, link) for words, figure, link in told(viewer.get("/").content.decode())
    }

    figure, link = found["2 services have been floating for over 14 days"]
    assert figure == 2
    assert viewer.get(link).context["page"].count == 2
    assert found["Floating"][0] == 3


def test_figures_of_the_overview_are_those_of_the_hour_not_of_the_last_count(viewer, busy):
    ProductInstance.objects.filter(status="ENABLED", floating_since__gt=days_ago(4)).update(
        floating_since=days_ago(15)
    )

    for words, figure, link in told(viewer.get("/").content.decode()):
        assert viewer.get(link).context["page"].count == figure, (words, link)


def days_ago(days):
    return timezone.now() - timedelta(days=days)


def test_the_menu_says_how_long_the_oldest_service_has_floated(viewer, busy):
    menu = re.search(r"<nav.*?</nav>", viewer.get("/sites/").content.decode(), re.DOTALL)[0]

    entry = re.search(r'<a href="/instances/\?floating=1">(.*?)</a>', menu)[1]
    assert re.sub("<[^>]+>", "", entry) == "Floating the oldest for 29 days 3"


def test_where_nothing_floats_the_menu_says_no_age(viewer):
    worlds.instance()
    figures.count()

    assert "the oldest for" not in viewer.get("/sites/").content.decode()


def test_the_view_of_what_floats_says_since_when_and_can_be_sorted_by_it(viewer, busy):
    answer = viewer.get("/instances/", {"floating": "1", "ended": "no", "sort": "floating"})

    shown = [re.search(r">(\d+ \w+) ago<", row)[1] for row in rows(answer)]
    assert shown == ["29 days", "20 days", "3 days"]
    assert "Floating since" in [head["label"] for head in answer.context["page"].headers]
    everything = viewer.get("/instances/").context["page"]
    assert "Floating since" not in [head["label"] for head in everything.headers]


def test_it_says_since_when_also_to_whoever_keeps_other_columns(viewer, busy):
    viewer.post("/instances/columns/", {"columns": ["service", "checked"], "query": ""})

    floating = viewer.get("/instances/?floating=1").context["page"].headers
    everything = viewer.get("/instances/").context["page"].headers

    assert [head["label"] for head in floating] == ["Service", "Checked", "Floating since"]
    assert [head["label"] for head in everything] == ["Service", "Checked"]


def test_the_file_of_what_floats_says_since_when(viewer, busy):
    lines = table(viewer.get("/instances/export.csv?floating=1&sort=floating"))

    assert all(line["floating_since_utc"] for line in lines)


@pytest.mark.parametrize(
    ("query", "number"),
    [("floating_for=long", 2), ("floating_for=month", 2), ("floating_for=week", 1)],
)
def test_services_are_asked_for_by_how_long_they_float(viewer, busy, query, number):
    assert viewer.get(f"/instances/?{query}").context["page"].count == number


def test_operations_are_asked_for_by_the_days_they_were_asked_for(viewer, busy):
    today = timezone.localdate()
    first, last = today - timedelta(days=40), today - timedelta(days=3)

    assert viewer.get(f"/operations/?from={first}&to={last}").context["page"].count == 2


def test_a_figure_of_the_menu_is_not_of_a_list_that_shows_more(viewer):
    worlds.operation(by=worlds.user("operator"), state="succeeded")
    figures.count()

    menu = re.search(r"<nav.*?</nav>", viewer.get("/sites/").content.decode(), re.DOTALL)[0]

    assert '<a href="/operations/">Operations</a>' in menu
    assert not SyncRun.objects.exists()
