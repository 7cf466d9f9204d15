"""The doctor's page: what was last found, how old it is, and whom it is for."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from resellers import doctor
from resellers.doctor import Finding, Verdict
from resellers.models import Examination
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FOUND = (
    Finding("Database", Verdict.OK, "SQLite answers."),
    Finding("Broker", Verdict.NOTE, "None set."),
    Finding("Sweep", Verdict.WRONG, "Never seen.", "Start `manage.py sweep`."),
    Finding("Transfers sites", Verdict.UNTRIED, "Nothing of the kind was sent yet."),
)


@pytest.fixture
def last_run():
    """A function that keeps these findings as of so long ago."""

    def keep(*findings, **ago):
        doctor.store(findings or FOUND)
        Examination.objects.update(examined_at=timezone.now() - timedelta(**ago), host="web-1")

    return keep


def test_the_page_shows_the_last_run_and_its_age(admin, last_run):
    last_run(minutes=7)

    words = text(admin.get("/doctor/"))

    assert "1 of 4 is wrong: Sweep. Looked at 7 min ago on web-1." in words
    assert "Ok Database SQLite answers." in words
    assert "Note Broker None set." in words
    assert "Wrong Sweep Never seen. What to do: Start manage.py sweep ." in words
    assert "Not tried Transfers sites" in words
    assert "These findings are old" not in words


def test_a_run_that_found_nothing_wrong_says_so(admin, last_run):
    last_run(FOUND[0])

    words = text(admin.get("/doctor/"))
    assert re.search(r"Nothing is wrong\. Looked at \d+ s ago", words)


def test_findings_of_yesterday_are_called_old(admin, last_run):
    last_run(hours=25)

    assert "These findings are old" in text(admin.get("/doctor/"))


def test_before_the_first_run_the_page_says_how_to_make_one(admin):
    words = text(admin.get("/doctor/"))

    assert "The system was never looked at." in words
    assert "manage.py doctor" in words


def test_words_that_came_from_elsewhere_are_not_taken_for_markup(admin, last_run):
    hostile = "<script>alert(1)</script>"
    last_run(Finding("Account", Verdict.WRONG, hostile, f"{hostile} `{hostile}`"))

    assert "<script>alert(1)" not in admin.get("/doctor/").content.decode()


@pytest.mark.parametrize("role", ["viewer", "operator", "manager"])
def test_it_is_for_admins_alone(role, log_in):
    client = log_in(role)

    assert client.get("/doctor/").status_code == 403
    assert 'href="/doctor/"' not in client.get("/").content.decode()


def test_admins_find_it_in_the_menu(admin):
    assert 'href="/doctor/"' in admin.get("/").content.decode()


def test_it_can_only_be_read(admin):
    assert admin.post("/doctor/").status_code == 405
