"""One process at a time carries a row out, by the database's clock, whatever dies and whatever
time the machines around it believe it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.apps import apps
from django.db import connection, models
from django.db.models import NOT_PROVIDED
from django.utils import timezone

from resellers import breaker, heartbeats, leases, policy
from resellers.clock import database_now
from resellers.mirror import sync
from resellers.models import Heartbeat, Operation, SyncRun
from resellers.operations.plan import make_plan
from resellers.operations.site_wishes import UnassignWish
from tests import worlds

pytestmark = pytest.mark.django_db

OURS = [model for model in apps.get_models() if model.__module__.startswith("resellers.")]
# An application's clock that is an hour off.
OFF = [timedelta(hours=1), timedelta(hours=-1)]


def an_operation():
    return Operation.objects.under_way(), worlds.operation()


def a_reading():
    return SyncRun.objects.open(), sync.want("full")


@pytest.fixture(params=[an_operation, a_reading], ids=["operation", "reading"])
def queue(request):
    """The rows that are worked on, and one that waits among them."""
    return request.param()


def let_run_out(row):
    type(row).objects.filter(pk=row.pk).update(lease_until=database_now() - timedelta(seconds=1))


def test_a_claim_leases_the_row_raises_its_fence_and_says_whose_it_is(queue):
    rows, row = queue

    claimed = leases.claim(rows, row.pk)

    assert claimed is not None
    assert (claimed.fence, claimed.interruptions) == (1, 0)
    held_for = (claimed.lease_until - database_now()).total_seconds()
    assert 0 < held_for <= row.lease_seconds()
    assert claimed.lease_owner
    assert 0 < leases.next_end(rows) <= row.lease_seconds()
    assert leases.claim(rows, row.pk) is None, "it is leased"


def test_a_lease_that_ran_out_goes_to_the_next_and_the_late_one_writes_nothing(queue):
    rows, row = queue
    first = leases.claim(rows, row.pk)
    let_run_out(row)

    second = leases.claim(rows, row.pk)

    assert (second.fence, second.interruptions) == (2, 1)
    for write in (leases.save, leases.renew, leases.release, leases.end):
        with pytest.raises(leases.LostLease):
            write(first)
    assert type(row).objects.get(pk=row.pk).lease_owner == second.lease_owner


def test_what_is_given_back_is_due_at_once_or_later(queue):
    rows, row = queue

    leases.release(leases.claim(rows, row.pk))
    again = leases.claim(rows, row.pk)
    leases.release(again, after=60)

    assert again.interruptions == 0
    assert leases.claim(rows, row.pk) is None
    row.refresh_from_db()
    assert row.lease_until is None
    assert 55 < (row.next_run_at - database_now()).total_seconds() <= 60


def test_who_stood_still_between_claiming_and_looking_has_nothing(queue, monkeypatch):
    """The lease ran out before the process saw its own row: another one's claim is not its own."""
    rows, row = queue
    usual = models.QuerySet.update

    def update_and_stand_still(self, **values):
        monkeypatch.setattr(models.QuerySet, "update", usual)
        won = usual(self, **values)
        let_run_out(row)
        assert leases.claim(rows, row.pk) is not None, "the one that goes on"
        return won

    monkeypatch.setattr(models.QuerySet, "update", update_and_stand_still)

    assert leases.claim(rows, row.pk) is None


@pytest.mark.django_db(transaction=True)
def test_of_eight_processes_that_claim_at_once_one_wins(queue):
    rows, row = queue

    def claim(_):
        try:
            return leases.claim(rows, row.pk) is not None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(claim, range(8)))

    assert sum(won) == 1


# --- the clock that decides -----------------------------------------------------------------------


def test_three_hundred_readings_are_claimed_right_after_they_are_wanted():
    for _ in range(300):
        run = sync.want("full")
        assert run.pk in sync.due()
        claimed = leases.claim(SyncRun.objects.open(), run.pk)
        assert claimed is not None
        leases.end(claimed, state=SyncRun.State.SUCCEEDED)


def test_three_hundred_times_what_is_given_back_is_claimed_at_once(queue):
    rows, row = queue

    for _ in range(300):
        claimed = leases.claim(rows, row.pk)
        assert claimed is not None
        leases.release(claimed)


@pytest.mark.parametrize("off", OFF, ids=["ahead", "behind"])
def test_a_clock_that_is_off_delays_no_refresh_and_takes_over_no_lease(off):
    package = worlds.package()

    with time_machine.travel(timezone.now() + off):
        run = sync.want("package", package=package, by=worlds.user())
        operation = worlds.operation()
        claimed = leases.claim(SyncRun.objects.open(), run.pk)
        assert claimed is not None
        assert leases.claim(Operation.objects.under_way(), operation.pk) is not None
        assert leases.claim(SyncRun.objects.open(), run.pk) is None

    for stamp in (run.requested_at, run.next_run_at, operation.requested_at):
        assert abs(database_now() - stamp) < timedelta(minutes=1)


@pytest.mark.parametrize("off", OFF, ids=["ahead", "behind"])
def test_a_clock_that_is_off_takes_no_process_for_dead_and_no_dead_one_for_alive(off):
    for role in heartbeats.CARRIERS:
        heartbeats.record(role)
    dead = {"last_seen_at": database_now() - timedelta(minutes=2)}
    Heartbeat.objects.filter(role=Heartbeat.Role.BEAT).update(**dead)

    with time_machine.travel(timezone.now() + off):
        assert set(heartbeats.missing()) == {Heartbeat.Role.BEAT}


@pytest.mark.parametrize("off", OFF, ids=["ahead", "behind"])
def test_a_clock_that_is_off_makes_a_record_neither_fresh_nor_old(off):
    fresh, old = worlds.instance(), worlds.instance()
    read_at = database_now() - timedelta(minutes=4)
    for service, at in ((fresh, read_at), (old, read_at - timedelta(minutes=2))):
        type(service.package).objects.filter(pk=service.package_id).update(last_confirmed_at=at)
        service.package.refresh_from_db()

    with time_machine.travel(timezone.now() + off):
        assert make_plan(fresh, UnassignWish()).is_fresh
        assert not make_plan(old, UnassignWish()).is_fresh


@pytest.mark.parametrize("off", OFF, ids=["ahead", "behind"])
def test_since_when_nothing_is_written_is_told_by_the_clock_that_calls_are_told_by(off):
    with time_machine.travel(timezone.now() + off):
        breaker.pause_writes("Wix does not accept the key.")
        policy.set_read_only("An audit.", by=worlds.user())

    assert abs(policy.writes_paused_since() - database_now()) < timedelta(minutes=1)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_no_row_is_stamped_by_the_application(model):
    """What a process stamps by its own clock cannot be compared with what another one stamps."""
    stamped = [
        field.name
        for field in model._meta.fields
        if isinstance(field, models.DateTimeField)
        and (field.default is not NOT_PROVIDED or field.auto_now or field.auto_now_add)
    ]

    assert stamped == []
