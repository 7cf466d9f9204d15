"""The overview: what needs a person, how much there is, how to begin."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers import cases
from resellers.mirror import figures, sync
from resellers.models import Case, DailyCount
from tests import worlds
from tests.dashboard.submitting import text

pytestmark = pytest.mark.django_db


def needs(client) -> dict[str, str]:
    """What needs a person, with the address of its rows."""
    return {need.title: need.rows for need in client.get("/").context["needs"]}


def whole() -> None:
    figures.note_whole(timezone.now())
    cases.keep()


def test_before_the_first_reading_it_says_how_to_begin(operator, viewer):
    html = operator.get("/").content.decode()

    assert "Nothing has been read from Wix yet" in html
    assert re.search(
        r'name="kind" value="full"><button class="button primary">.*? Sync now</button>', html
    )
    assert "Sync now" not in viewer.get("/").content.decode()
    assert "Ask an operator" in viewer.get("/").content.decode()


def test_during_the_first_reading_it_says_so(operator):
    sync.want("full", by=operator.user)

    html = operator.get("/").content.decode()

    assert "being read for the first time" in html
    assert "Watch the reading" in html


def test_with_nothing_to_do_all_is_quiet(viewer):
    worlds.instance()
    whole()

    assert needs(viewer) == {}
    assert "All quiet" in viewer.get("/").content.decode()


def test_it_says_what_needs_a_person(viewer):
    person = worlds.user("operator")
    now = timezone.now()
    for code in ("DELIVERY_TIMEOUT", "DELIVERY_TIMEOUT", "UNKNOWN"):
        worlds.instance(status="FAILED", failure_code=code, status_since=now - timedelta(days=4))
    worlds.instance(expires_at=now + timedelta(days=10))
    worlds.instance(floating=True, floating_since=now - timedelta(days=20))
    worlds.instance(product=worlds.product(""))
    worlds.operation(by=person, state="needs_attention")
    worlds.operation(by=person, state="running")
    worlds.operation(by=person, state="confirming")
    whole()

    assert needs(viewer) == {
        "An operation needs a person": "/failures/?kind=attention",
        "Failed: delivery timed out": "/failures/?kind=failed&failure_code=DELIVERY_TIMEOUT",
        "Failed: no cause given": "/failures/?kind=failed&failure_code=UNKNOWN",
        "Expires within 30 days": "/instances/?expiring=30&sort=expires",
        "Floating for over 14 days": "/instances/?floating=1&floating_for=long&sort=floating",
        "Under way": "/operations/?state=under_way",
        "Product without a name": "/catalog/?state=unnamed",
    }
    words = text(viewer.get("/"))
    assert "Failed: delivery timed out 2 Business Plan. Order it again" in words
    assert "on the same site. 2 4 days Review" in words


def test_what_was_not_carried_out_needs_a_person_until_somebody_goes_on_with_it(viewer):
    person, now = worlds.user("operator"), timezone.now()
    lately = {"by": person, "finished_at": now - timedelta(days=2), "outcome": "It was put back."}
    put_back = worlds.operation(state="rolled_back", **lately)
    worlds.operation(state="failed", changed_by_others=True, **lately)
    whole()

    [title] = needs(viewer)
    assert title.startswith("Not carried out")
    assert viewer.get(needs(viewer)[title]).context["page"].count == 2
    assert viewer.get("/operations/?state=needs_person").context["page"].count == 2
    html = viewer.get("/operations/").content.decode()
    assert f'aria-label="Look at operation {put_back.pk}"' in html

    worlds.operation(put_back.instance, by=person)
    whole()

    assert viewer.get(needs(viewer)[title]).context["page"].count == 1
    assert f"Look at operation {put_back.pk}" not in viewer.get("/operations/").content.decode()


def test_what_waits_is_everybodys_mine_or_nobodys(operator):
    for code in ("DELIVERY_TIMEOUT", "DELIVERY_TIMEOUT", "UNKNOWN"):
        worlds.instance(status="FAILED", failure_code=code)
    worlds.instance(expires_at=timezone.now() + timedelta(days=10))
    whole()
    cases.take(Case.objects.filter(code="UNKNOWN").values_list("pk", flat=True), by=operator.user)

    page = operator.get("/")

    assert {one.label: one.count for one in page.context["whose"]} == {
        "All": 4,
        "Mine": 1,
        "Nobody's": 2,
    }
    mine, nobodys = (
        [need.title for need in operator.get(one.link).context["needs"]]
        for one in page.context["whose"][1:]
    )
    assert (mine, nobodys) == (["Failed: no cause given"], ["Failed: delivery timed out"])


def test_every_need_leads_to_a_page(viewer):
    worlds.instance(status="FAILED")
    worlds.instance(expires_at=timezone.now() + timedelta(days=10))
    worlds.operation(by=worlds.user("operator"), state="needs_attention")
    whole()

    for need in viewer.get("/").context["needs"]:
        assert viewer.get(need.goes_to).status_code == 200
        assert viewer.get(need.rows).context["page"].count == need.count, need.title


def test_an_overdue_mirror_comes_first(viewer):
    worlds.instance(status="FAILED")
    assert next(iter(needs(viewer))) == "Wix was never read in full"

    figures.note_whole(timezone.now() - timedelta(hours=40))

    assert next(iter(needs(viewer))) == "Wix was last read in full 40 h ago"


def test_cards_lead_to_the_rows_they_count(viewer):
    worlds.instance()
    worlds.instance(floating=True)
    worlds.instance(status="FAILED")
    worlds.operation(by=worlds.user("operator"))
    whole()

    for card in viewer.get("/").context["cards"]:
        assert viewer.get(card.link).context["page"].count == card.value, card.label


def test_the_course_of_a_figure_is_drawn_from_its_second_day_on(viewer):
    worlds.instance()
    whole()
    first_day = viewer.get("/").content.decode()
    assert 'class="chart' not in first_day
    assert "since last" not in first_day

    day = timezone.localdate() - timedelta(days=8)
    DailyCount.objects.create(day=day, figure="accessible", value=4)

    html = viewer.get("/").content.decode()
    assert 'aria-label="Usable services: 4 on' in html
    assert "-3" in str(viewer.get("/").context["cards"][0].change)
    assert "down by</span> 3</i> since" in html


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_a_figure_is_of_the_day_that_the_sites_clocks_show(viewer, zone):
    worlds.instance()

    # At any moment one of the two has another day than London.
    with timezone.override(zone):
        figures.note_today()
        assert {count.day for count in DailyCount.objects.all()} == {timezone.localdate()}


def test_it_takes_the_same_queries_however_much_there_is(viewer):
    def queries():
        viewer.get("/")
        with CaptureQueriesContext(connection) as captured:
            viewer.get("/")
        return len(captured)

    person = worlds.user("operator")
    worlds.operation(by=person, state="needs_attention")
    worlds.instance(status="FAILED")
    whole()
    few = queries()
    for _ in range(20):
        worlds.instance(status="FAILED", failure_code="UNKNOWN")
        worlds.operation(by=person, state="queued")
        worlds.operation(by=person, state="needs_attention")
    cases.keep()

    assert queries() <= few + 1 <= 30  # with the bell
