"""A reading or an operation that a fault of ours breaks off says so, and goes on or ends."""

import html
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now

from resellers import leases
from resellers.clock import database_now
from resellers.connection import wix_client
from resellers.mirror import figures, sync
from resellers.mirror.sync import reading, runs
from resellers.mirror.sync.reading import SyncContext
from resellers.models import Account, Figures, Operation, OperationAttempt, OperationState, SyncRun
from resellers.operations import engine
from resellers.operations.engine import ends, runner
from tests import worlds

pytestmark = pytest.mark.django_db(transaction=True)

State = SyncRun.State
KEY = "a-secret\nkey"
# What is read is no matter here: a full reading of so little costs a tenth.
little = pytest.mark.parametrize("sandbox", [{"accounts": 2, "packages": 3}], indirect=True)


def refuse(model, what):
    """Have the database refuse that to the table, as if two wrote one row at once."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER refuses BEFORE {what} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
            return
        cursor.execute(
            "CREATE OR REPLACE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE not_null_violation; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER refuses BEFORE {what} ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION refuses()"
        )


def refuse_no_more(model):
    on = "" if connection.vendor == "sqlite" else f" ON {model._meta.db_table}"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER IF EXISTS refuses{on}")


@pytest.fixture(autouse=True)
def refuses_nothing_in_the_end():
    yield
    for model in (Account, Figures, OperationAttempt):
        refuse_no_more(model)


def its_time_comes(row):
    type(row).objects.filter(pk=row.pk).update(next_run_at=Now())


def its_process_dies(row):
    """Claimed, and not a word more."""
    claimed = leases.claim(type(row).objects.filter(pk=row.pk), row.pk)
    assert claimed is not None
    past = database_now() - timedelta(seconds=1)
    type(row).objects.filter(pk=row.pk).update(lease_until=past)


# --- readings -------------------------------------------------------------------------------------


@little
def test_a_reading_that_the_database_broke_off_says_so_and_goes_on_where_it_stood(sandbox):
    run = sync.want("full")
    refuse(Account, "INSERT")

    broken = sync.run(run.pk)
    refuse_no_more(Account)

    assert broken.is_open
    assert broken.lease_until is None
    assert broken.next_run_at > database_now()
    assert broken.error == "Two processes wrote the same at once (IntegrityError)."
    its_time_comes(run)
    assert sync.run(run.pk).state == State.SUCCEEDED
    assert SyncRun.objects.get().error == ""


@little
def test_a_reading_whose_end_the_database_does_not_take_ends_once_it_does(sandbox):
    run = sync.want("full")
    refuse(Figures, "INSERT")

    broken = sync.run(run.pk)
    refuse_no_more(Figures)

    assert broken.is_open
    assert "Two processes wrote the same at once" in broken.error
    its_time_comes(run)
    assert sync.run(run.pk).state == State.SUCCEEDED


@little
def test_a_reading_that_is_broken_off_again_and_again_says_so_everywhere_and_goes_on(
    sandbox, viewer
):
    """It ended for good at the tenth time, over a hiccup of our own, with its place kept."""
    run = sync.want("full")
    refuse(Account, "INSERT")

    for _ in range(runs.MANY_INTERRUPTIONS + 2):
        its_time_comes(run)
        broken = sync.run(run.pk)

    assert broken.is_open
    waits = (broken.next_run_at - database_now()).total_seconds()
    assert 50 < waits <= 60, "less and less often, up to once a minute"
    assert "interrupted 12 times in a row" in broken.error
    assert "Two processes wrote the same at once" in broken.error
    assert "interrupted 12 times in a row" in figures.read().unread_because
    assert "interrupted 12 times in a row" in html.unescape(viewer.get("/").content.decode())
    refuse_no_more(Account)
    its_time_comes(run)
    ended = sync.run(run.pk)
    assert (ended.state, ended.error) == (State.SUCCEEDED, "")
    assert figures.read().unread_since is None


@little
def test_a_reading_whose_processes_die_one_after_another_goes_on_and_says_how_often(sandbox):
    run = sync.want("full")
    for _ in range(runs.MANY_INTERRUPTIONS):
        its_process_dies(run)

    going_on = sync.run(run.pk, seconds=-1)

    assert going_on.is_open
    assert "interrupted 10 times in a row" in going_on.error
    assert "stopped in the midst of it" in going_on.error
    assert sync.run(run.pk).state == State.SUCCEEDED


@little
def test_a_reading_whose_process_died_says_so_while_another_goes_on(sandbox):
    run = sync.want("full")
    its_process_dies(run)

    going_on = sync.run(run.pk, seconds=-1)

    assert going_on.is_open
    assert "stopped in the midst of it. Another one goes on." in going_on.error
    assert sync.run(run.pk).state == State.SUCCEEDED


@little
def test_a_reading_for_which_no_client_can_be_made_ends_with_words_that_hold_no_secret(
    sandbox, settings
):
    settings.WIX_API_KEY = KEY

    ended = sync.run(sync.want("full").pk)

    assert ended.state == State.FAILED
    assert ended.error
    assert "a-secret" not in ended.error


@little
def test_a_reading_that_cannot_be_ended_as_others_are_is_ended_all_the_same(sandbox, monkeypatch):
    def fail(_began: object) -> None:
        raise RuntimeError(KEY)

    monkeypatch.setattr(figures, "note_whole", fail)

    ended = sync.run(sync.want("full").pk)

    assert ended.state == State.FAILED
    assert ended.error == "A fault of the dashboard stopped it (RuntimeError): see the log."


def test_a_reading_that_lost_its_lease_asks_wix_for_no_further_package(mirror):
    package = mirror.movable()[0].package
    run = sync.want("package", package=package)
    its_process_dies(run)
    late = SyncRun.objects.get(pk=run.pk)
    its_process_dies(run)

    with wix_client("sync") as wix, pytest.raises(leases.LostLease):
        reading.get_package(SyncContext(late, wix, database_now, lambda: None), package)

    assert late.calls == 0


# --- operations -----------------------------------------------------------------------------------


def test_an_operation_that_the_database_broke_off_says_so_and_goes_on(mirror, run_due):
    service, site = mirror.movable()
    wish = worlds.wish("reassign", site_id=str(site.pk))
    operation = worlds.planned(service, wish)
    refuse(OperationAttempt, "INSERT")

    engine.run(operation.pk)
    refuse_no_more(OperationAttempt)

    operation.refresh_from_db()
    assert operation.is_open
    assert operation.lease_until is None
    assert "Two processes wrote the same at once" in operation.waiting_for
    its_time_comes(operation)
    run_due()
    operation.refresh_from_db()
    assert operation.state == OperationState.SUCCEEDED


def test_an_operation_that_is_broken_off_again_and_again_comes_to_a_person():
    operation = worlds.operation()
    for _ in range(runner.MOST_INTERRUPTIONS):
        its_process_dies(operation)

    engine.run(operation.pk)

    operation.refresh_from_db()
    assert (operation.state, operation.outcome_code) == ("needs_attention", "interrupted")


def test_an_operation_for_which_no_client_can_be_made_comes_to_a_person(sandbox, settings):
    settings.WIX_API_KEY = KEY
    operation = worlds.operation()

    engine.run(operation.pk)

    operation.refresh_from_db()
    assert operation.state == OperationState.NEEDS_ATTENTION
    assert operation.outcome
    assert "a-secret" not in operation.outcome


def test_an_operation_whose_fault_cannot_be_noted_comes_to_a_person_all_the_same(
    sandbox, settings, monkeypatch
):
    def fail(*_: object) -> None:
        raise RuntimeError(KEY)

    settings.WIX_API_KEY = KEY
    monkeypatch.setattr(ends, "needs_attention", fail)
    operation = worlds.operation()
    assert operation.is_open

    engine.run(operation.pk)

    operation.refresh_from_db()
    assert operation.state == OperationState.NEEDS_ATTENTION
    assert operation.outcome_code == "crashed"
    assert Operation.objects.needing_attention().count() == 1
