"""What only the demo has: its log-ins on the log-in page, and the tour."""

import re

import pytest
from django.test import Client

from dashboard.frame import demo
from resellers.models import OperationState, Role
from tests import worlds
from tests.dashboard.submitting import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def in_the_demo(settings):
    settings.DEMO = True


def tour(client, address) -> tuple[str, str]:
    """The place that the tour says it is at, and where it leads on; empty where there is none."""
    html = client.get(address).content.decode()
    card = re.search(r'<aside class="tour".*?</aside>', html, re.DOTALL)
    if not card:
        return "", ""
    place = re.search(r"Tour, step (\d) of 4|>Tour<", card[0])[1] or ""
    link = re.search(r'<a class="button primary" href="([^"]+)"', card[0])
    return place, link[1] if link else ""


def test_nowhere_else_are_there_log_ins_or_a_tour(client, operator):
    assert 'name="password" value=' not in client.get("/login/").content.decode()
    assert tour(operator, "/") == ("", "")
    assert operator.post("/me/tour/", {"tour": "start"}).status_code == 404


@pytest.mark.usefixtures("in_the_demo")
@pytest.mark.parametrize("role", Role.values)
def test_a_press_logs_in_as_each_role(role):
    person = worlds.user(role)
    person.set_password(demo.PASSWORD)
    person.save()
    client = Client()
    html = client.get("/login/?next=/instances/").content.decode()
    form = next(f for f in html.split("<form") if f'name="username" value="{role}"' in f)
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))

    answer = client.post("/login/", fields)

    assert answer["Location"] == "/instances/"
    assert client.get("/").status_code == 200


@pytest.mark.usefixtures("in_the_demo")
def test_the_tour_leads_from_the_overview_to_a_move_and_its_operation(operator):
    service = worlds.instance()
    target = worlds.site(service.account)

    place, link = tour(operator, "/")
    assert (place, link) == ("1", "/instances/")
    place, link = tour(operator, link)
    assert (place, link) == ("2", f"/instances/{service.pk}/reassign/?target_site={target.pk}")
    assert tour(operator, link) == ("3", "")
    operation = worlds.operation(service, operator.user, state=OperationState.SUCCEEDED)
    assert tour(operator, operation.get_absolute_url()) == ("4", "")
    assert tour(operator, "/help/") == ("", "")


@pytest.mark.usefixtures("in_the_demo")
def test_who_only_looks_is_led_to_what_was_done(viewer):
    worlds.site(worlds.instance().account)

    assert tour(viewer, "/instances/") == ("2", "/operations/")
    assert tour(viewer, "/operations/") == ("4", "")


@pytest.mark.usefixtures("in_the_demo")
def test_where_nothing_can_be_moved_the_tour_offers_no_move(operator):
    worlds.instance(status="FAILED")

    assert tour(operator, "/instances/") == ("2", "")


@pytest.mark.usefixtures("in_the_demo")
def test_once_sent_away_the_tour_stays_away_until_it_is_asked_for(operator, viewer):
    back = {"HTTP_REFERER": "http://testserver/instances/"}

    assert operator.post("/me/tour/", {"tour": "end"}, **back)["Location"] == "/instances/"

    assert tour(operator, "/") == ("", "")
    assert tour(viewer, "/")[0] == "1"
    start = hidden_fields(operator.get("/me/"), "/me/tour/") | {"tour": "start"}
    assert operator.post("/me/tour/", start)["Location"] == "/"
    assert tour(operator, "/")[0] == "1"
