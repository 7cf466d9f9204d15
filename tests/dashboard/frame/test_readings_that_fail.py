"""Wix's silence and failing readings are said on every page: since when, and that it is over."""

from datetime import timedelta

import pytest

from resellers.clock import database_now
from resellers.mirror import figures
from resellers.models import Figures, SyncRun, Unreadable
from tests import practice
from tests.dashboard.frame.test_health import beats, head
from tests.mirrors import read, read_on

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]


def test_readings_that_wix_does_not_answer_are_said_on_every_page_until_it_answers(mirror, viewer):
    assert "could not be read" not in head(viewer)
    practice.faults(mirror.sandbox, {"match": "any", "effect": "bare:501"})

    run = read("unsettled")

    assert "Wix could not be read since" in head(viewer)
    assert "what you confirm is recorded, and sent once Wix answers" in head(viewer)
    assert "Wix not read for" in head(viewer)
    practice.faults(mirror.sandbox)
    assert read_on(run).state == SyncRun.State.SUCCEEDED
    assert "could not be read" not in head(viewer)
    assert "Wix can be read again since" in head(viewer)


def test_without_a_reading_for_two_periods_the_head_says_how_far_it_is_behind(mirror, viewer):
    beats(worker=0, beat=0, sweep=0)
    figures.note_changes_read(database_now() - timedelta(minutes=3, seconds=5))
    assert "Up to date, 3 min ago" in head(viewer)

    figures.note_changes_read(database_now() - timedelta(minutes=18))

    assert "Behind, 18 min" in head(viewer)


def test_what_wix_does_not_let_us_read_is_said_on_its_page_with_code_and_request(mirror, viewer):
    service = mirror.movable()[0]
    practice.change_package(mirror.sandbox, service.package_id, hidden=True, access=403)
    read("package", package=service.package)
    refusal = Unreadable.objects.standing().get()

    for record in (service, service.package, service.account):
        html = viewer.get(record.get_absolute_url()).content.decode()
        assert "Wix does not let us read" in html
        assert refusal.wix_request_id in html
        timeline = viewer.get(f"{record.get_absolute_url()}?tab=timeline").content.decode()
        assert f"request {refusal.wix_request_id}." in timeline
    assert Figures.objects.get().unread_since is None, "one record is not the whole of Wix"


def test_why_wix_could_not_be_read_is_said_in_words_and_not_as_a_line_of_a_log(
    mirror, viewer, settings
):
    settings.OPERATIONS = settings.OPERATIONS | {"CALL_SECONDS": 1}
    practice.faults(mirror.sandbox, {"match": "query", "effect": "bare:501"})
    run = read("unsettled")
    assert "Wix does not offer this call. It was asked for the list of packages (501)." in run.error
    assert run.error in head(viewer)

    for effect, words in (
        ("bad_json", "Wix gave an answer that cannot be read."),
        ("refuse:NEW_WORD", "It says: “Refused with NEW_WORD.” It was asked for the list of"),
    ):
        practice.faults(mirror.sandbox, {"match": "query", "effect": effect})
        assert words in read("incremental").error
        SyncRun.objects.open().update(state=SyncRun.State.STOPPED)

    settings.WIX_BASE_URL = "http://127.0.0.1:9"
    error = read("incremental").error
    assert error.startswith("Wix could not be reached, or did not answer in time. It was asked for")
    assert "Connection refused" in error


def test_where_wix_answers_one_reading_and_not_another_the_head_does_not_say_that_all_is_well(
    mirror, viewer
):
    practice.faults(mirror.sandbox, {"match": "accounts", "effect": "bare:501"})
    run = read("full")
    assert "Wix could not be read since" in head(viewer)

    assert read("unsettled").state == SyncRun.State.SUCCEEDED
    assert "can be read again" not in head(viewer)
    assert read("incremental").state == SyncRun.State.SUCCEEDED
    assert "Not all of Wix could be read since" in head(viewer)
    assert "It was asked for the list of customers (501)." in head(viewer)

    practice.faults(mirror.sandbox)
    assert read_on(run).state == SyncRun.State.SUCCEEDED
    assert "Wix can be read again since" in head(viewer)


def test_a_full_reading_that_was_refused_is_not_said_all_day_once_wix_can_be_read(mirror, viewer):
    practice.faults(mirror.sandbox, {"match": "any", "effect": "bare:402", "times": 1})
    assert read("full").state == SyncRun.State.FAILED
    assert "Wix could not be read since" in head(viewer)

    assert read("unsettled").state == SyncRun.State.SUCCEEDED

    assert "could be read since" not in head(viewer)
    assert "Wix can be read again since" in head(viewer)
