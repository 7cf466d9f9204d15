"""Success is read once more, twice: what is true no longer is found, and nothing else is."""

import threading
from datetime import datetime, timedelta

import pytest
from django.db import connection

from resellers.clock import database_now
from resellers.models import (
    AuditEntry,
    InstanceStatus,
    Operation,
    OperationState,
    ProductInstance,
)
from resellers.operations.decisions import finish_by_hand, withdraw
from resellers.operations.engine import settle
from tests import practice, worlds
from tests.worlds import end

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState


@pytest.mark.parametrize("drifts_before", ["the first", "the second"])
def test_p15_success_is_read_again_after_a_minute_and_after_a_quarter_of_an_hour(
    mirror, ask, run_due, drifts_before
):
    """P15: what drifts back before either reading is noticed by it and told."""
    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    run_due()
    finished = end(operation).finished_at
    assert seconds_until(operation.settle_at, finished) == pytest.approx(60, abs=1)

    if drifts_before == "the second":
        worlds.time_goes_by(operation, seconds=60)
        settle.settle_due()
        assert end(operation).drifted_at is None
        finished = operation.finished_at
        assert seconds_until(operation.settle_at, finished) == pytest.approx(900, abs=3)
    practice.change(mirror.sandbox, instance.pk, siteId=None)
    worlds.time_goes_by(operation, seconds=905 if drifts_before == "the second" else 60)
    worlds.settle_twice()

    assert end(operation).drifted_at is not None
    drift = AuditEntry.objects.get(event="operation.drifted")
    assert drift.operation_id == operation.pk
    assert drift.body["seen"]["site_id"] is None


def seconds_until(then: datetime, since: datetime) -> float:
    return (then - since).total_seconds()


@pytest.mark.once
@pytest.mark.parametrize("sandbox", [{"accounts": 20, "packages": 120}], indirect=True)
def test_p15_every_drift_of_a_hundred_is_found(mirror, person):
    """P15: every one of them, and no success that lasts is called a drift."""
    placed = [instance for instance in on_sites() if not unlisted(mirror, instance)][:120]
    for instance in placed:
        succeeded_a_minute_ago(instance, person)
    for instance in placed[:100]:
        practice.change(mirror.sandbox, instance.pk, siteId=None)
    # A Premium plan that leaves its site takes along what needs one.
    floating = {i.pk for i in placed if practice.truth(mirror.sandbox, i.pk)["siteId"] is None}

    while settle.settle_due():
        pass
    worlds.a_doubt_is_due()
    while settle.settle_due():
        pass

    drifted = Operation.objects.filter(drifted_at__isnull=False)
    assert 100 <= len(floating) < len(placed)
    assert set(drifted.values_list("instance_id", flat=True)) == floating


def test_p15_a_success_in_a_package_that_a_query_leaves_out_is_no_drift(mirror, person):
    """P15: a package is not gone because Wix's list for the whole agency does not show it."""
    instance = next(instance for instance in on_sites() if unlisted(mirror, instance))
    operation = succeeded_a_minute_ago(instance, person)

    settle.settle_due()

    assert end(operation).drifted_at is None


def test_a_drift_is_found_though_the_service_beside_it_cannot_be_read(mirror, person):
    refused = next(instance for instance in on_sites() if unlisted(mirror, instance))
    drifting = next(
        instance
        for instance in on_sites()
        if instance.package_id != refused.package_id and not unlisted(mirror, instance)
    )
    unread, drifted = (succeeded_a_minute_ago(i, person) for i in (refused, drifting))
    practice.change(mirror.sandbox, drifting.pk, siteId=None)
    practice.faults(mirror.sandbox, {"match": "get", "effect": "refuse:PERMISSION"})

    worlds.settle_twice()

    assert end(drifted).drifted_at is not None
    assert end(unread).drifted_at is None
    assert unread.settle_at > database_now(), "it is put off, and stands in nobody's way"


@pytest.mark.parametrize(("hours", "is_asked_again"), [(23, True), (25, False)])
def test_a_success_that_cannot_be_read_is_asked_for_for_a_day_and_not_for_ever(
    mirror, person, hours, is_asked_again
):
    instance = next(instance for instance in on_sites() if unlisted(mirror, instance))
    operation = succeeded_a_minute_ago(instance, person)
    Operation.objects.update(finished_at=database_now() - timedelta(hours=hours))
    practice.faults(mirror.sandbox, {"match": "get", "effect": "refuse:PERMISSION"})

    settle.settle_due()

    assert (end(operation).settle_at is not None) == is_asked_again
    assert operation.drifted_at is None, "nobody has seen that it is true no more"


@pytest.mark.once
def test_a_key_that_is_refused_in_the_midst_of_a_round_puts_no_reading_off(mirror, person):
    instance = next(instance for instance in on_sites() if unlisted(mirror, instance))
    operation = succeeded_a_minute_ago(instance, person)
    practice.faults(mirror.sandbox, {"match": "get", "effect": "bare:401"})

    settle.settle_due()

    assert end(operation).settle_at < database_now(), "the next round reads it"


def test_a_drift_is_found_though_a_later_wish_was_withdrawn(mirror, ask, person, run_due):
    instance, target = mirror.movable()
    moved = ask("reassign", instance, site_id=target.pk)
    run_due()
    instance.refresh_from_db()
    withdraw(ask("unassign", instance), by=person)
    practice.change(mirror.sandbox, instance.pk, siteId=None)
    worlds.time_goes_by(end(moved), seconds=60)

    worlds.settle_twice()

    assert end(moved).drifted_at is not None


@pytest.mark.parametrize("is_told_by_hand", [False, True])
def test_what_a_later_wish_of_ours_changed_is_no_drift(
    mirror, ask, person, run_due, is_told_by_hand
):
    """Whoever finished it by hand as failed may have seen that it had been carried out by half."""
    instance, target = mirror.movable()
    moved = ask("reassign", instance, site_id=target.pk)
    run_due()
    instance.refresh_from_db()
    later = ask("unassign", instance)
    if is_told_by_hand:
        Operation.objects.filter(pk=later.pk).update(state=State.NEEDS_ATTENTION)
        finish_by_hand(later, by=person, succeeded=False, note="done at Wix")
        practice.change(mirror.sandbox, instance.pk, siteId=None)
    run_due()
    worlds.time_goes_by(end(moved), seconds=60)

    worlds.settle_twice()

    assert end(moved).drifted_at is None


def test_a_drift_that_two_rounds_find_at_once_is_told_once(mirror, person):
    instance = next(instance for instance in on_sites() if not unlisted(mirror, instance))
    succeeded_a_minute_ago(instance, person)
    practice.change(mirror.sandbox, instance.pk, siteId=None)
    settle.settle_due()
    worlds.a_doubt_is_due()
    practice.faults(mirror.sandbox, {"match": "query", "effect": "delay:500"})

    def round_() -> None:
        settle.settle_due()
        connection.close()

    rounds = [threading.Thread(target=round_) for _ in range(2)]
    for one in rounds:
        one.start()
    for one in rounds:
        one.join()

    assert AuditEntry.objects.filter(event="operation.drifted").count() == 1


def on_sites() -> list[ProductInstance]:
    """The enabled services that are on a site."""
    placed = ProductInstance.objects.filter(status=InstanceStatus.ENABLED, site__isnull=False)
    return list(placed.order_by("id"))


def unlisted(mirror, instance: ProductInstance) -> bool:
    """Whether a query shows the service's package only if asked for by its account."""
    package = mirror.sandbox.world.packages.rows[str(instance.package_id)]
    return bool(package.unlisted)


def succeeded_a_minute_ago(instance: ProductInstance, by) -> Operation:
    """A move that brought the service to where it is, and is due to be read once more."""
    return worlds.operation(
        instance,
        by=by,
        site=instance.site,
        before={"site_id": None},
        state=State.SUCCEEDED,
        finished_at=database_now() - timedelta(seconds=61),
        settle_at=database_now() - timedelta(seconds=1),
    )
