"""The sweep is what everything else is rescued by."""

import signal
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from resellers.models import (
    Case,
    Heartbeat,
    InstanceStatus,
    Operation,
    OperationAttempt,
    OperationState,
    ProductInstance,
    SyncRun,
    Upload,
)
from tests import practice, processes, worlds
from tests.reordering import failed

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_reading_that_crashes_does_not_end_the_sweep():
    broken = SyncRun.objects.create(kind=SyncRun.Kind.PACKAGE, subject="package:none")

    call_command("sweep", "--once")

    broken.refresh_from_db()
    assert broken.state == SyncRun.State.FAILED
    assert "A fault of the dashboard" in broken.error


def test_an_operation_of_a_kind_nobody_knows_comes_to_a_person_and_blocks_nothing():
    broken = worlds.operation(kind="retired_kind")

    call_command("sweep", "--once")

    broken.refresh_from_db()
    assert broken.state == OperationState.NEEDS_ATTENTION
    assert broken.outcome_code == "crashed"


def test_a_file_that_nobody_confirmed_goes_by_itself_after_its_hour():
    by, ago = worlds.user("manager"), timezone.now() - timedelta(minutes=61)
    Upload.objects.create(kind="catalog", name="old.csv", content=b"x", by=by, at=ago)
    new = Upload.objects.create(kind="catalog", name="new.csv", content=b"x", by=by)

    call_command("sweep", "--once")

    assert list(Upload.objects.all()) == [new]


@pytest.mark.standalone
def test_where_beat_or_the_worker_is_silent_the_sweep_keeps_the_cases():
    service = failed()

    call_command("sweep", "--once")
    assert Case.objects.get().instance == service
    Case.objects.all().update(state="snoozed", snoozed_until=timezone.now() - timedelta(minutes=1))
    for role in ("beat", "worker"):
        Heartbeat.objects.create(role=role, last_seen_at=timezone.now())
    call_command("sweep", "--once")
    assert Case.objects.get().state == "snoozed"  # beat's to do
    Heartbeat.objects.filter(role="beat").delete()
    call_command("sweep", "--once")
    assert Case.objects.get().state == "open"


@pytest.mark.once
def test_told_to_stop_the_sweep_ends_with_the_operation_in_hand_not_with_all_that_wait(mirror, ask):
    """Whoever stops it has little patience, and would kill it in the midst of a call."""
    waiting = [ask("unassign", instance) for instance in in_packages_of_their_own(8)]
    practice.faults(mirror.sandbox, {"match": "any", "effect": "delay:500"})

    with processes.process(*processes.SWEEP, env=processes.environment("")) as sweep:
        processes.wait_until(
            OperationAttempt.objects.filter(writes=True).exists, "its first write is out"
        )
        sweep.send_signal(signal.SIGTERM)
        sweep.wait(20)

    states = Operation.objects.values_list("state", flat=True)
    assert len(waiting) == 8
    assert list(states).count(OperationState.QUEUED) >= 6
    assert OperationState.RUNNING not in states


def in_packages_of_their_own(number: int) -> list[ProductInstance]:
    """Enabled services on sites of which nothing else stands."""
    placed = ProductInstance.objects.filter(status=InstanceStatus.ENABLED, site__isnull=False)
    found: dict[tuple[object, ...], ProductInstance] = {}
    for instance in placed.exclude(product__service_type="PREMIUM_PLAN").order_by("id"):
        taken = {key for pair in found for key in pair}
        if not {instance.package_id, instance.site_id} & taken:
            found[instance.package_id, instance.site_id] = instance
    return list(found.values())[:number]
