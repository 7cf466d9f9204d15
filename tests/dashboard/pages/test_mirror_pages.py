"""Readings of Wix: how whole the mirror is, and how staff ask for more."""

import csv
import html
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from resellers.mirror import sync
from resellers.models import Figures, OperationAttempt, SyncRun
from tests import practice, worlds
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

Kind, State = SyncRun.Kind, SyncRun.State


def reading(kind=Kind.FULL, state=State.SUCCEEDED, **fields):
    now = timezone.now()
    if state not in SyncRun.OPEN_STATES:
        fields.setdefault("finished_at", now)
    return SyncRun.objects.create(
        kind=kind, subject=f"{kind}:{worlds.new_id()}", state=state, **fields
    )


def part(client, run, **query):
    headers = {"HX-Request": "true", "HX-Target": f"run-now-{run.pk}", "X-Poll": "1"}
    return client.get(f"/mirror/runs/{run.pk}/", query, headers=headers)


# --- the page ------------------------------------------------------------------------------------


def test_the_page_says_when_the_mirror_was_last_whole(viewer):
    Figures.objects.create(pk=1, mirror_whole_at=timezone.now() - timedelta(hours=5))

    words = text(viewer.get("/mirror/"))

    assert "Last whole 5 h ago" in words
    assert "Overdue" not in words.partition("Last whole")[2]


@pytest.mark.parametrize("hours", [27, None])
def test_a_mirror_that_is_overdue_says_so(viewer, hours):
    if hours:
        Figures.objects.create(pk=1, mirror_whole_at=timezone.now() - timedelta(hours=hours))

    assert "Overdue: everything is read each night" in text(viewer.get("/mirror/"))


def test_a_reading_at_work_shows_its_progress_pace_and_time_left(viewer):
    reading(
        state=State.RUNNING,
        started_at=timezone.now() - timedelta(seconds=60),
        phase="packages",
        packages_seen=1000,
        packages_expected=4000,
        calls=10,
    )

    words = text(viewer.get("/mirror/"))

    assert "1,000 of 4,000 packages" in words
    assert "10 calls a minute" in words
    assert "about 3 min left" in words


def test_the_last_failure_is_told_with_its_request_until_a_reading_ends_well(viewer):
    reading(
        state=State.FAILED,
        finished_at=timezone.now() - timedelta(minutes=2),
        error="Wix does not accept the key.",
        wix_request_id="dead-beef-0001",
    )

    before = viewer.get("/mirror/")
    reading()
    after = viewer.get("/mirror/")

    assert "The last reading failed 2 min ago" in text(before)
    assert "Wix does not accept the key." in text(before)
    assert 'data-copy="dead-beef-0001"' in before.content.decode()
    assert "The last reading failed" not in text(after)


@pytest.mark.parametrize(
    ("query", "found"), [({"state": "failed"}, {"failed"}), ({"kind": "full"}, {"full"})]
)
def test_the_list_of_readings_is_filtered(viewer, query, found):
    rows = {"failed": reading(Kind.INCREMENTAL, State.FAILED), "full": reading()}

    page = viewer.get("/mirror/", query).content.decode()

    assert {name for name, run in rows.items() if f'id="run-{run.pk}"' in page} == found


def test_the_calls_of_the_last_minute_and_hour_stand_beside_what_is_allowed(viewer, settings):
    settings.WIX_CALLS_PER_MINUTE = 175
    now = timezone.now()
    ago = {minutes: now - timedelta(minutes=minutes) for minutes in (0.1, 0.5, 10, 20, 90)}
    reading(started_at=ago[0.5], finished_at=ago[0.1], calls=12)
    reading(started_at=ago[20], finished_at=ago[10], calls=30)
    reading(started_at=ago[90], finished_at=ago[90], calls=500)
    operation = worlds.operation()
    for sent_at, state in ((ago[0.1], "answered"), (ago[10], "unknown"), (ago[0.1], "not_sent")):
        OperationAttempt.objects.create(
            operation=operation, fence=1, step="read", writes=False, sent_at=sent_at, state=state
        )

    words = text(viewer.get("/mirror/"))

    assert "Calls in the last minute 13 of 175 that may leave, 44 in the last hour" in words
    assert "about, by each reading's pace" not in html.unescape(words)


def test_a_reading_that_began_before_the_last_minute_counts_by_its_share(viewer):
    reading(state=State.RUNNING, started_at=timezone.now() - timedelta(minutes=2), calls=100)

    words = html.unescape(text(viewer.get("/mirror/")))

    assert "Calls in the last minute 50" in words
    assert "100 in the last hour; about, by each reading's pace" in words


def test_one_package_is_not_told_as_one_packages(viewer):
    reading(packages_seen=1, sites_seen=1)
    reading(packages_seen=1_200, sites_seen=0)

    words = text(viewer.get("/mirror/"))

    assert "1 package, 1 site" in words
    assert "1,200 packages, 0 sites" in words


def test_a_failed_reading_has_its_request_id_in_the_list(viewer):
    reading(state=State.FAILED, error="Wix is away.", wix_request_id="dead-beef-0002")
    reading()

    page = viewer.get("/mirror/").content.decode()

    assert 'data-copy="dead-beef-0002"' in page.partition("<tbody>")[2]


def test_a_mirror_that_was_never_filled_says_so(viewer):
    assert "Wix was never read" in text(viewer.get("/mirror/"))


def test_the_file_has_the_rows_of_the_page(viewer):
    run = reading(Kind.INCREMENTAL, State.FAILED, error="Wix does not answer.")
    reading()

    answer = viewer.get("/mirror/export.csv", {"state": "failed"})

    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(content))
    assert (row["run_id"], row["error"]) == (str(run.pk), "Wix does not answer.")


def test_ten_rows_cost_as_many_queries_as_fifty(viewer, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def package_reading():
        package = worlds.package()
        reading(Kind.PACKAGE, package=package, account=package.account)

    for _ in range(10):
        package_reading()
    viewer.get("/mirror/")
    with CaptureQueriesContext(connection) as ten:
        viewer.get("/mirror/")
    for _ in range(40):
        package_reading()

    with django_assert_num_queries(len(ten)):
        viewer.get("/mirror/")


# --- one reading ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING])
def test_an_open_reading_is_watched(viewer, state):
    run = reading(state=state)

    answer = part(viewer, run)

    assert f'hx-get="/mirror/runs/{run.pk}/"' in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert "HX-Refresh" not in answer


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED, State.STOPPED])
def test_an_ended_reading_is_watched_no_more_and_its_page_is_drawn_anew(viewer, state):
    answer = part(viewer, reading(state=state))

    assert "hx-trigger" not in answer.content.decode()
    assert answer["HX-Refresh"] == "true"


def test_on_the_mirrors_own_page_an_ended_reading_stays(viewer):
    assert "HX-Refresh" not in part(viewer, reading(), stay="1")


@pytest.mark.parametrize(
    ("changed", "words"), [(0, "No change."), (1, "1 row had changed."), (7, "7 rows had changed.")]
)
def test_a_reading_says_what_it_found(viewer, changed, words):
    assert words in text(part(viewer, reading(rows_changed=changed)))


def test_a_reading_has_a_page_without_javascript(viewer):
    run = reading(state=State.FAILED, error="Wix does not answer.", wix_request_id="dead-beef")

    answer = viewer.get(f"/mirror/runs/{run.pk}/")

    assert "<html" in answer.content.decode()
    assert "Wix does not answer." in text(answer)
    assert "dead-beef" in text(answer)


def test_the_list_says_in_words_why_a_reading_failed_and_not_by_its_code_alone(viewer):
    words = "Wix takes no more calls for the moment. It was asked for a package."
    failed = {"error_code": "RESOURCE_EXHAUSTED", "wix_request_id": "dead-beef"}
    reading(state=State.FAILED, error=words, **failed)

    assert f"{words} Request dead" in text(viewer.get("/mirror/"))


def test_an_unknown_reading_is_not_found(viewer):
    assert viewer.get("/mirror/runs/999999/").status_code == 404


# --- asking for more -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.FULL, Kind.INCREMENTAL])
def test_sync_now_wants_a_reading_and_joins_an_open_one(operator, kind):
    first = operator.post("/mirror/sync/", {"kind": kind})
    second = operator.post("/mirror/sync/", {"kind": kind})

    run = SyncRun.objects.get()
    assert (run.kind, run.state, run.requested_by) == (kind, State.QUEUED, operator.user)
    assert first.status_code == second.status_code == 302
    assert first["Location"] == second["Location"]


@pytest.mark.parametrize("sent", [{}, {"kind": "package"}, {"kind": "x" * 500}])
def test_a_reading_that_does_not_exist_is_refused_in_words(operator, sent):
    answer = operator.post("/mirror/sync/", sent)

    assert answer.status_code == 422
    assert "full or incremental" in text(answer)
    assert not SyncRun.objects.exists()


def test_stop_ends_a_reading_before_its_next_call(operator):
    run = reading(state=State.RUNNING, started_at=timezone.now())

    answer = operator.post(f"/mirror/{run.pk}/stop/", follow=True)

    run.refresh_from_db()
    assert run.stop_wanted
    assert "ends before its next call" in text(answer)


def test_a_reading_that_has_ended_is_not_stopped(operator):
    run = reading()

    answer = operator.post(f"/mirror/{run.pk}/stop/", follow=True)

    run.refresh_from_db()
    assert not run.stop_wanted
    assert "had ended already" in text(answer)


def test_viewers_see_no_sync_and_no_stop_and_may_neither(viewer):
    run = reading(state=State.RUNNING, started_at=timezone.now())

    page = viewer.get("/mirror/").content.decode()

    assert "Sync now" not in page
    assert "/stop/" not in page
    assert viewer.post("/mirror/sync/", {"kind": "full"}).status_code == 403
    assert viewer.post(f"/mirror/{run.pk}/stop/").status_code == 403


@pytest.fixture(params=["account", "package", "instance"])
def record(request, db):
    """A record's address, and what refreshing it must read."""
    instance = worlds.instance()
    return {
        "account": (f"/accounts/{instance.account_id}/", f"account:{instance.account_id}"),
        "package": (f"/packages/{instance.package_id}/", f"package:{instance.package_id}"),
        "instance": (f"/instances/{instance.pk}/", f"package:{instance.package_id}"),
    }[request.param]


def test_refresh_wants_one_reading_and_leads_back_to_the_record(operator, record):
    address, subject = record

    first = operator.post(f"{address}refresh/")
    second = operator.post(f"{address}refresh/")

    run = SyncRun.objects.get()
    assert (run.subject, run.requested_by) == (subject, operator.user)
    assert first["Location"] == second["Location"] == f"{address}?run={run.pk}"
    assert "Waiting for its turn" in text(operator.get(first["Location"]))


def test_refresh_is_for_posts_of_people_who_are_logged_in(client, operator, record):
    address, _ = record

    assert operator.get(f"{address}refresh/").status_code == 405
    assert client.post(f"{address}refresh/")["Location"].startswith("/login/")
    assert not SyncRun.objects.exists()


@pytest.mark.parametrize("noun", ["accounts", "packages", "instances"])
def test_an_unknown_record_is_not_refreshed(operator, noun):
    assert operator.post(f"/{noun}/{worlds.new_id()}/refresh/").status_code == 404


def test_one_person_refreshes_only_so_often(operator):
    package = worlds.package()
    for _ in range(20):
        reading(Kind.PACKAGE, requested_by=operator.user)

    answer = operator.post(f"/packages/{package.pk}/refresh/", follow=True)

    assert "wait a moment" in text(answer)
    assert not SyncRun.objects.filter(package=package).exists()


def test_looking_at_the_mirror_starts_no_reading(operator):
    operator.get("/mirror/")

    assert operator.get("/mirror/sync/").status_code == 405
    assert not SyncRun.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_change_at_wix_is_on_the_page_after_a_refresh(mirror, operator):
    instance, target = mirror.movable()
    practice.change(mirror.sandbox, instance.pk, siteId=str(target.pk))

    answer = operator.post(f"/instances/{instance.pk}/refresh/")
    run = SyncRun.objects.latest("id")
    sync.run(run.pk)

    assert "had changed" in text(part(operator, run))
    assert str(target) in text(operator.get(answer["Location"]))


# --- what Wix dates ahead of its own clock -------------------------------------------------------


def test_what_wix_dates_ahead_of_its_clock_is_said_on_the_record_and_on_the_mirrors_page(viewer):
    """Staff were told that all was read, and one date had kept everything else from it."""
    ahead = worlds.instance(worlds.package(updated_at=timezone.now() + timedelta(days=25_000)))
    usual = worlds.instance(worlds.package(updated_at=timezone.now() + timedelta(seconds=30)))

    mirror = viewer.get("/mirror/").content.decode()
    listed = viewer.get("/packages/?ahead=1").content.decode()
    pages = {
        record: text(viewer.get(record.get_absolute_url()))
        for service in (ahead, usual)
        for record in (service, service.package)
    }

    said = "Wix dates its last change ahead of its own clock."
    assert "?ahead=1" in mirror
    assert "1 package" in html.unescape(mirror)
    assert str(ahead.package_id) in listed
    assert str(usual.package_id) not in listed
    assert {record for record, words in pages.items() if said in words} == {ahead, ahead.package}


def test_where_nothing_is_dated_ahead_nothing_is_said_of_it(viewer):
    worlds.instance()

    assert "ahead of its own clock" not in text(viewer.get("/mirror/"))
