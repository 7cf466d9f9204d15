"""Own settings: how a person wants to see everything, kept with the person."""

import csv
import io
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.models import Preferences
from resellers import formats
from resellers.models import AuditEntry, Role
from tests import worlds
from tests.dashboard.submitting import OWN_SETTINGS, hidden_fields, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SUMMER = datetime(2026, 7, 9, 22, 30, tzinfo=UTC)


def save(client, **fields):
    return client.post("/me/", OWN_SETTINGS | fields, follow=True)


@pytest.mark.parametrize("role", Role.values)
def test_everybody_has_settings_and_reads_what_they_may_do(log_in, role):
    page = text(log_in(role).get("/me/"))

    assert f"You log in as {role}." in page
    assert "Yes: See every customer" in page
    assert ("No: Cancel services" in page) == (role in ("viewer", "operator"))


def test_a_colleague_is_called_by_the_name_they_chose(operator):
    save(operator, name="Lena Hartwig")

    assert "Lena Hartwig" in operator.get("/instances/").content.decode()
    entry = AuditEntry.objects.get(event="person.settings_changed")
    assert (entry.actor, entry.body) == (operator.user, {"name": ["", "Lena Hartwig"]})


@pytest.mark.parametrize("name", ["viewer", "VIEWER", "Lena Hartwig", "lena  hartwig"])
def test_nobody_goes_by_the_name_of_a_colleague(operator, viewer, name):
    save(viewer, name="Lena Hartwig")

    answer = save(operator, name=name)

    assert answer.status_code == 422
    assert 'id="name_error"' in answer.content.decode()
    assert "A colleague goes by this name" in text(answer)


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("name", "x" * 151),
        ("name", "two\nlines"),
        ("zone", "Mars/Olympus"),
        ("days", "roman"),
        ("thousands", "x"),
        ("theme", "pink"),
        ("density", ""),
        ("delimiter", "x"),
        ("breaks", "x"),
    ],
)
def test_what_makes_no_sense_is_said_beside_its_field_and_nothing_is_kept(viewer, field, wrong):
    answer = save(viewer, **{"name": "Lena", field: wrong})

    assert answer.status_code == 422
    assert f'id="{field}_error"' in answer.content.decode()
    assert not Preferences.objects.exists()
    assert not AuditEntry.objects.exists()


@time_machine.travel(SUMMER, tick=False)
def test_times_are_in_the_persons_zone_on_every_page_and_in_their_files_alone(viewer, operator):
    worlds.instance(created_at=SUMMER)
    save(operator, zone="Asia/Tokyo")

    assert "10 Jul 2026" in operator.get("/instances/").content.decode()
    assert "Asia/Tokyo" in operator.get("/instances/").content.decode()
    assert "10 Jul 2026" not in viewer.get("/instances/").content.decode()
    for client, local in ((operator, "2026-07-10 07:30:00"), (viewer, "2026-07-09 22:30:00")):
        file = b"".join(client.get("/instances/export.csv").streaming_content).decode("utf-8-sig")
        [row] = csv.DictReader(io.StringIO(file))
        assert row["created_at_local"] == local


def test_a_zone_that_this_machine_does_not_know_any_more_is_the_agencys(viewer):
    Preferences.objects.create(person=viewer.user, zone="Europe/Atlantis")

    assert "UTC" in viewer.get("/instances/").content.decode()


@time_machine.travel(SUMMER, tick=False)
def test_dates_and_numbers_are_written_as_the_person_reads_them(viewer, operator):
    worlds.instance(created_at=SUMMER)
    save(operator, days="dots", thousands="point")

    page = operator.get("/instances/").content.decode()

    assert "09.07.2026" in page
    assert "9 Jul 2026" in viewer.get("/instances/").content.decode()
    assert formats.number(1234) == "1,234", "the next request has its own way"


@pytest.mark.parametrize(
    ("ways", "day", "short", "number"),
    [
        (formats.STANDARD, "9 Dec 2026", "9 Dec", "1,234,567"),
        (formats.Formats("american", "none"), "Dec 9, 2026", "Dec 9", "1234567"),
        (formats.Formats("iso", "space"), "2026-12-09", "12-09", "1\u202f234\u202f567"),
        (formats.Formats("dots", "point"), "09.12.2026", "09.12.", "1.234.567"),
    ],
)
def test_a_day_and_a_number_in_each_way(ways, day, short, number):
    noon = datetime(2026, 12, 9, 12, tzinfo=UTC)

    written = formats.day(noon, ways), formats.short_day(noon, ways), formats.number(1234567, ways)

    assert written == (day, short, number)


def test_each_way_can_be_chosen_and_is_shown_by_an_example(viewer):
    assert set(Preferences.Days.values) == set(formats.DAYS)
    assert set(Preferences.Thousands.values) == set(formats.THOUSANDS)
    with time_machine.travel(SUMMER, tick=False):
        page = text(viewer.get("/me/"))

    assert "9 Jul 2026 Jul 9, 2026 2026-07-09 09.07.2026" in page


def test_the_theme_is_kept_with_the_person_and_follows_to_another_browser(viewer):
    save(viewer, theme="dark")
    other = Client()
    other.post("/login/", {"username": "viewer", "password": worlds.PASSWORD})

    assert viewer.cookies["theme"].value == other.cookies["theme"].value == "dark"
    assert 'data-theme="dark"' in other.get("/").content.decode()


def test_the_theme_can_be_turned_from_any_page_and_leads_back_there(viewer):
    there = {"HTTP_REFERER": "http://testserver/instances/?status=FAILED"}

    answer = viewer.post("/me/theme/", {"theme": "light"}, **there)

    assert answer["Location"] == "/instances/?status=FAILED"
    assert answer.cookies["theme"].value == "light"
    assert viewer.post("/me/theme/", {"theme": "pink"}).status_code == 422
    elsewhere = {"HTTP_REFERER": "https://evil.example//evil.example/"}
    assert viewer.post("/me/theme/", {"theme": "dark"}, **elsewhere)["Location"] == "/me/"
    assert Preferences.objects.get().theme == "dark"


def test_single_keys_can_be_switched_off(viewer):
    assert "data-shortcuts" not in viewer.get("/").content.decode()

    save(viewer, shortcuts="")

    assert 'data-shortcuts="off"' in viewer.get("/").content.decode()


def test_how_files_are_written_is_the_same_here_and_beside_a_list(viewer):
    save(viewer, delimiter="semicolon")
    assert 'value="semicolon" selected' in viewer.get("/instances/").content.decode()

    viewer.post("/instances/dialect/", {"delimiter": "tab", "breaks": "space"})

    page = viewer.get("/me/").content.decode()
    assert 'value="tab" selected' in page
    assert 'value="space" selected' in page


def test_who_may_take_no_lists_away_is_asked_nothing_about_files(viewer):
    viewer.user.withheld_rights.create(right="export")

    assert "Between two cells" not in text(viewer.get("/me/"))
    assert save(viewer, theme="dark").status_code == 200


def test_saving_what_is_there_already_changes_nothing(viewer):
    viewer.get("/me/")

    assert "Nothing was changed." in text(save(viewer))
    assert not Preferences.objects.exists()


def test_own_settings_cost_a_page_no_statement(viewer):
    with CaptureQueriesContext(connection) as without:
        viewer.get("/instances/")
    Preferences.objects.create(person=viewer.user, zone="Asia/Tokyo", density="compact")
    with CaptureQueriesContext(connection) as with_them:
        viewer.get("/instances/")

    assert len(with_them) == len(without)


def test_the_form_holds_nothing_hidden_but_its_token(viewer):
    assert set(hidden_fields(viewer.get("/me/"), "/me/")) == {"csrfmiddlewaretoken"}


def test_colleagues_read_the_chosen_name_and_files_and_filters_keep_the_username(operator, viewer):
    service = worlds.instance()
    operation = worlds.operation(service, operator.user, state="failed")
    save(operator, name="Lena Hartwig")

    for page in (operation.get_absolute_url(), f"{service.get_absolute_url()}?tab=timeline"):
        assert "Lena Hartwig" in text(viewer.get(page)), page
    file = b"".join(viewer.get("/operations/export.csv?by=operator").streaming_content).decode()
    [row] = csv.DictReader(io.StringIO(file))
    assert row["requested_by"] == "operator"
