"""How far a reading has come, how the last ones ended, and when the next ones begin."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers.mirror import sync
from resellers.mirror.sync.phases import PHASES
from resellers.mirror.sync.progress import WORDS
from resellers.models import Account, Figures, SyncRun
from tests import worlds
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Kind, State = SyncRun.Kind, SyncRun.State


def ago(**length):
    return timezone.now() - timedelta(**length)


def at_work(kind=Kind.FULL, **fields):
    """A reading that has read all 400 packages, and began its phase two minutes ago."""
    defaults = {
        "state": State.RUNNING,
        "started_at": ago(minutes=20),
        "packages_seen": 400,
        "packages_expected": 400,
        "calls": 70,
        "phase_began_at": ago(minutes=2),
        "phase_began_calls": 30,
    }
    return SyncRun.objects.create(kind=kind, subject=str(worlds.new_id()), **(defaults | fields))


def ended(kind, state=State.SUCCEEDED, **fields):
    defaults = {"started_at": ago(minutes=9), "finished_at": ago(minutes=5), "calls": 12}
    return SyncRun.objects.create(
        kind=kind, subject=str(worlds.new_id()), state=state, **(defaults | fields)
    )


def bar(client):
    """What the bar of progress is at, and of how much; None where there is none."""
    found = re.search(
        r'<progress value="(\d+)" max="(\d+)"', client.get("/mirror/").content.decode()
    )
    return found and (int(found[1]), int(found[2]))


# --- one at work ---------------------------------------------------------------------------------


def test_a_reading_that_has_the_sites_still_before_it_does_not_look_done(viewer):
    run = at_work(phase="sites", position={"spent": 20}, sites_seen=44)
    for _ in range(60):
        worlds.account(sites_checked_at=ago(days=2))
    worlds.account(sites_checked_at=timezone.now())  # this run has read its sites

    words = text(viewer.get("/mirror/"))

    assert "Step 5 of 5, reading sites, customer by customer: 20 of 80 customers" in words
    assert re.search(r"about [67] min left of this step, (19|20) calls a minute", words)
    assert "So far 400 packages, 44 sites, 70 calls." in words
    assert "400 of 400" not in words
    assert bar(viewer) == (20, 80)
    assert "20 of 80 customers" in text(viewer.get(f"/mirror/runs/{run.pk}/"))


def test_accounts_that_are_read_by_themselves_are_counted_too(viewer):
    at_work(phase="by account", position={"spent": 5, "cursor": "x"})
    for _ in range(15):
        worlds.account()

    words = text(viewer.get("/mirror/"))

    assert "Step 3 of 5, reading packages again, customer by customer: 5 of 20 customers" in words
    assert bar(viewer) == (5, 20)


def test_a_reading_takes_no_more_accounts_than_its_share(viewer):
    at_work(Kind.INCREMENTAL, phase="sites", position={"spent": 18})
    for _ in range(30):
        worlds.account(sites_checked_at=None)

    assert bar(viewer) == (18, 20)


def test_packages_that_no_list_showed_are_counted_as_they_are_asked_for(viewer):
    asked = worlds.package(last_confirmed_at=ago(days=1))
    for _ in range(3):
        worlds.package(last_confirmed_at=ago(days=1))
    at_work(phase="missing", position={"asked": [str(asked.pk)]})

    assert "1 of 4 packages" in text(viewer.get("/mirror/"))


def test_a_reading_of_what_changed_does_not_count_towards_everything_there_is(mirror, viewer):
    run = sync.want(Kind.INCREMENTAL)
    sync.run(run.pk)

    run.refresh_from_db()
    assert run.packages_expected is None


def test_no_phase_is_without_words():
    assert {phase for phases in PHASES.values() for phase in phases} == set(WORDS)


@pytest.mark.parametrize("phase", ["", "accounts", "packages", "by account", "missing", "sites"])
def test_every_phase_is_told_in_words(viewer, phase):
    at_work(phase=phase, phase_began_at=None)

    words = text(viewer.get("/mirror/"))

    assert re.search(r"Everything\. Step \d of 5, [a-z]", words)


def test_a_phase_begins_when_the_one_before_has_ended(mirror):
    run = sync.want(Kind.FULL)
    sync.run(run.pk)

    run.refresh_from_db()
    assert run.phase == "sites"
    assert run.started_at < run.phase_began_at <= run.finished_at
    assert 0 < run.phase_began_calls <= run.calls
    assert not Account.objects.filter(sites_checked_at__lt=run.phase_began_at).exists()


# --- the health of it ----------------------------------------------------------------------------


def test_one_call_for_what_is_unsettled_is_not_the_last_reading_that_ended_well(viewer):
    Figures.objects.create(pk=1, mirror_whole_at=ago(hours=6))
    ended(Kind.FULL, started_at=ago(hours=6), finished_at=ago(hours=5), calls=431)
    ended(Kind.INCREMENTAL, started_at=ago(minutes=42), finished_at=ago(minutes=41))
    ended(Kind.UNSETTLED, finished_at=timezone.now())

    words = text(viewer.get("/mirror/"))

    assert re.search(r"Last whole 6 h ago .* It took 1 h and 431 calls", words)
    assert re.search(r"Last of what changed 41 min ago It took (1 min|59 s) and 12 calls", words)
    assert "Lag 42 min" in words


def test_a_failed_full_reading_stays_news_though_unsettled_services_are_read_each_minute(viewer):
    ended(Kind.FULL, State.FAILED, error="Wix is away.")
    ended(Kind.UNSETTLED, finished_at=timezone.now())
    ended(Kind.INCREMENTAL, finished_at=timezone.now())
    words = text(viewer.get("/mirror/"))
    assert "The last reading failed 5 min ago. Everything: Wix is away." in words

    ended(Kind.FULL, finished_at=timezone.now())
    assert "The last reading failed" not in text(viewer.get("/mirror/"))


def test_it_says_when_the_next_readings_begin(viewer):
    SyncRun.objects.create(kind=Kind.INCREMENTAL, subject="x", requested_at=ago(minutes=1))

    words = text(viewer.get("/mirror/"))

    whole, changed = re.findall(r"The next in (\d+ (?:h|min|s))\.", words)
    assert whole.endswith((" h", " min", " s"))
    assert changed == "3 min"


def test_a_reading_that_beat_should_have_wanted_by_now_is_due(viewer):
    SyncRun.objects.create(kind=Kind.INCREMENTAL, subject="x", requested_at=ago(minutes=7))

    assert "The next is due." in text(viewer.get("/mirror/"))


def test_readings_at_work_cost_the_same_queries_however_much_is_left(viewer):
    def queries():
        viewer.get("/mirror/")
        with CaptureQueriesContext(connection) as captured:
            viewer.get("/mirror/")
        return len(captured)

    at_work(phase="sites")
    few = queries()
    for _ in range(30):
        worlds.account(sites_checked_at=None)

    assert queries() == few
