"""The proofs of the numbered promises that stand nowhere else: see tests/promises.py."""

import signal
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from celery import Celery
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db.models.functions import Now

from resellers import audit, breaker, policy
from resellers.clock import database_now
from resellers.connection import wix_client
from resellers.management.commands.sweep import keep_sweeping
from resellers.models import (
    AuditEntry,
    InstanceStatus,
    Operation,
    OperationAttempt,
    OperationState,
    ProductInstance,
    Site,
)
from resellers.operations import engine
from resellers.operations.engine import claims
from resellers.operations.plan import make_plan
from resellers.operations.requests import NotPossible, request_operation
from tests import practice, processes, worlds
from tests.worlds import end

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState
# Every code that Wix lists for what can be wrong with an order, and statuses without a code.
REFUSALS = (
    "refuse:PRODUCT_NOT_FOUND",
    "refuse:ACCOUNT_NOT_FOUND",
    "refuse:SITE_NOT_FOUND",
    "refuse:INVALID_REFERENCE_PRODUCT_INSTANCE_ID",
    "refuse:PRODUCT_LIMIT_EXCEEDED",
    "refuse:PRODUCT_SETTINGS_NOT_FOUND",
    "refuse:MISSING_BILLING_CYCLE",
    "refuse:INCOMPATIBLE_BILLING_CYCLE",
    "refuse:INVALID_BILLING_CYCLE",
    "refuse:INVALID_PRODUCTS",
    "refuse:MULTIPLE_PRODUCT_ASSIGNMENTS",
    "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED",
    "refuse:PRODUCT_NOT_SUPPORTED_ON_SITE",
    "bare:400",
    "bare:403",
    "bare:404",
    "bare:409",
    "bare:428",
)


def applied_keys(sandbox) -> list[str]:
    return [c["idempotency_key"] for c in practice.journal(sandbox) if c["effect"] == "applied"]


def test_p3_a_double_effect_is_told_in_the_audit(mirror, ask, run_due):
    """P3: where keys count for nothing, a write that lands late is suspected, and then found."""
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "drop_before", "times": 1})

    operation = ask("reassign", instance, site_id=target.pk)
    run_due()
    assert end(operation).state == State.SUCCEEDED, operation.outcome
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": "ignore_idempotency"})
    key = f"{operation.request_id}:unassign:0"
    with wix_client("people") as wix:  # the one that was sent first, on the wire all this time
        wix.unassign_product_instance(
            account_id=str(operation.account_id),
            instance_id=str(instance.pk),
            idempotency_key=key,
        )
    assert applied_keys(mirror.sandbox).count(key) == 2
    worlds.time_goes_by(operation, seconds=60)
    worlds.settle_twice()

    suspected = AuditEntry.objects.get(event="operation.repeated_write_suspected")
    assert (suspected.operation_id, suspected.body["step"]) == (operation.pk, "unassign")
    assert end(operation).drifted_at is not None


@pytest.mark.once
def test_p4_whatever_the_target_is_refused_with_it_goes_back_and_tells_the_code(
    mirror, ask, run_due
):
    """P4: on its old site again, the code told, a refusal never tried again."""
    instance, target = mirror.movable()

    for refusal in REFUSALS:
        practice.faults(mirror.sandbox, {"match": "assign", "effect": refusal, "times": 1})
        operation = ask("reassign", instance, site_id=target.pk)
        run_due()

        assert end(operation).state == State.ROLLED_BACK, f"{refusal}: {operation.outcome}"
        assert operation.outcome_code == refusal.partition(":")[2]
        truth = practice.truth(mirror.sandbox, instance.pk)
        assert truth["siteId"] == str(instance.site_id), refusal
        steps = operation.attempts.filter(writes=True).values_list("step", flat=True)
        assert list(steps) == ["unassign", "assign", "assign_back"], refusal
    assert not policy.writes_are_paused()


def test_p5_where_the_old_site_refuses_too_a_person_is_told_within_five_seconds(
    mirror, ask, log_in
):
    """P5: with the waits of production; it heads the list, and says where the service is."""
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "assign", "effect": "bare:409"})
    operation = ask("reassign", instance, site_id=target.pk)
    client = log_in("viewer")

    engine.run(operation.pk)

    assert end(operation).state == State.NEEDS_ATTENTION
    assert AuditEntry.objects.filter(event="operation.needs_attention").count() == 1
    assert operation.fence == 1, "in one go: none of our waits lies between the answer and the word"
    page = client.get(operation.get_absolute_url()).content.decode()
    assert "loating" in page
    listed = client.get("/operations/?state=succeeded").content.decode()
    assert operation.get_absolute_url() in listed


def test_p11_what_a_flushed_redis_forgot_the_sweep_carries_out(mirror, ask):
    """P11: no message is left, and the next round of the sweep comes within thirty seconds."""
    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)

    call_command("sweep", "--once")

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert django_settings.OPERATIONS["SWEEP_SECONDS"] <= 30


def test_p13_after_a_death_the_next_worker_waits_for_the_lease_and_no_longer(mirror, ask, settings):
    """P13: the lease of 30 s, and a second or two: within 30 s in the middle, 60 s at most."""
    assert django_settings.OPERATIONS["LEASE_SECONDS"] <= 30
    settings.OPERATIONS = settings.OPERATIONS | {"LEASE_SECONDS": 2, "SWEEP_SECONDS": 60}
    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    assert claims.claim(operation.pk), "the worker that dies now"
    ended = threading.Event()

    sweep = threading.Thread(target=keep_sweeping, args=(ended,))
    sweep.start()
    try:
        # Long before the second round: it is the lease that is waited for.
        processes.wait_until(lambda: not end(operation).is_open, "the move has ended")
    finally:
        ended.set()
        sweep.join()

    assert end(operation).state == State.SUCCEEDED, operation.outcome


def test_p14_a_doubt_that_lasts_fifteen_minutes_comes_to_a_person(mirror, ask, viewer, settings):
    """P14: shown as being confirmed all that time, never as done or failed."""
    # So that nothing but the time brings it to an end.
    settings.OPERATIONS = settings.OPERATIONS | {"READ_LADDER": (0,), "MAX_SENDS": 99}
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "assign", "effect": "drop_before"})
    operation = ask("reassign", instance, site_id=target.pk)
    engine.run(operation.pk)

    for minutes in (5, 14):
        wix_answers_each_minute(operation, minutes=minutes)
        engine.run(operation.pk)
        assert end(operation).state == State.CONFIRMING
        assert "Confirming with Wix" in viewer.get(operation.get_absolute_url()).content.decode()
    wix_answers_each_minute(operation, minutes=16)
    engine.run(operation.pk)

    assert end(operation).state == State.NEEDS_ATTENTION
    assert operation.outcome_code == "too_long"


def wix_answers_each_minute(operation: Operation, *, minutes: int) -> None:
    """As if all had begun so long ago, and Wix had not shown the wish at any minute since."""
    now = database_now()
    begun = now - timedelta(minutes=minutes)
    operation.attempts.filter(sent_at__gt=begun).exclude(step="read").update(sent_at=begun)
    operation.attempts.filter(answered_at__isnull=False).update(answered_at=begun)
    for minute in range(1, minutes + 1):
        at = begun + timedelta(minutes=minute)
        OperationAttempt.objects.create(
            operation=operation,
            fence=operation.fence,
            step="read",
            writes=False,
            state=OperationAttempt.State.ANSWERED,
            sent_at=at,
            answered_at=at,
            seen=operation.before | {"site_id": None},
        )
    Operation.objects.filter(pk=operation.pk).update(next_run_at=Now())


@pytest.mark.once
def test_p16_what_can_be_foreseen_is_refused_with_nothing_sent(mirror, person):
    """P16: to sites of others, to where it stands, where one of its type is, ended as it is."""
    sent = mirror.sandbox.world.journal.last
    present = Site.objects.present().order_by("id")
    others = list(present)[::6]
    refused: Counter[str] = Counter()
    services = ProductInstance.objects.select_related("account", "package", "product", "site")
    every = list(services.order_by("status", "id"))
    for instance in every[:: len(every) // 9]:
        for target in {*present.filter(account=instance.account_id), *others}:
            wish = worlds.wish("reassign", site_id=str(target.pk))
            plan = make_plan(instance, wish)
            if plan.possible:
                continue
            given = {"by": person, "request_id": uuid4(), "fingerprint": plan.fingerprint}
            with pytest.raises(NotPossible):
                request_operation(instance, wish, **given)
            refused.update({refusal.code for refusal in plan.refusals})

    assert sum(refused.values()) >= 50
    assert len(refused) >= 4, refused
    assert not Operation.objects.exists()
    assert practice.journal(mirror.sandbox, after=sent) == []


def test_p17_every_effect_at_wix_has_one_attempt_that_was_committed_before(mirror, ask, run_due):
    """P17: a day's attempts and audit tell all that happened at Wix, without a gap."""
    day = (
        ({}, State.SUCCEEDED),
        ({"match": "assign", "effect": "drop_after", "times": 1}, State.SUCCEEDED),
        ({"match": "unassign", "effect": "500_before", "times": 1}, State.SUCCEEDED),
        ({"match": "assign", "effect": "bare:409", "times": 1}, State.ROLLED_BACK),
    )
    operations = []
    for fault, expected in day:
        practice.faults(mirror.sandbox, *([fault] if fault else []))
        instance, target = mirror.movable()
        operation = ask("reassign", instance, site_id=target.pk)
        run_due()
        assert end(operation).state == expected, operation.outcome
        operations.append(operation)

    effects = [call for call in practice.journal(mirror.sandbox) if call["effect"] == "applied"]
    assert len(effects) == 8
    for call in effects:
        intents = OperationAttempt.objects.filter(
            idempotency_key=call["idempotency_key"], sent_at__lte=datetime.fromisoformat(call["at"])
        )
        assert intents.exists(), call
    assert max(Counter(call["idempotency_key"] for call in effects).values()) == 1
    assert list(audit.verify()) == []
    for operation in operations:
        events = AuditEntry.objects.filter(operation_id=operation.pk).order_by("seq")
        names = [e.event for e in events if e.event != "operation.repeated_write_suspected"]
        assert names == ["operation.requested", f"operation.{operation.state}"]


def test_p18_after_one_401_nothing_is_written_until_a_person_resumes(mirror, ask, person, viewer):
    """P18: not by this operation nor by others that wait; then they go on where they stood."""
    moves: list[Operation] = []
    packages: set[object] = set()
    for instance in ProductInstance.objects.filter(
        status=InstanceStatus.ENABLED, site__isnull=False
    ).order_by("id"):
        if len(moves) < 3 and instance.package_id not in packages:
            packages.add(instance.package_id)
            moves.append(ask("unassign", instance))
    practice.faults(mirror.sandbox, {"match": "get", "effect": "bare:401", "times": 1})

    for _ in range(4):
        engine.run_due()
        Operation.objects.update(next_run_at=Now())

    assert not [call for call in practice.journal(mirror.sandbox) if call["method"] == "PATCH"]
    assert AuditEntry.objects.filter(event="breaker.opened").count() == 1
    assert {end(move).state for move in moves} == {State.QUEUED}
    assert "Writing to Wix is paused" in viewer.get("/").content.decode()

    breaker.resume_writes(by=person)
    while engine.run_due():
        pass

    assert {end(move).state for move in moves} == {State.SUCCEEDED}


@pytest.mark.standalone
@pytest.mark.redis
def test_p21_a_worker_that_is_told_to_stop_leaves_no_call_in_doubt(mirror, ask, redis_url):
    """P21: a deploy in the midst of a call waits for the answer; the next worker does the rest."""
    instance, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "any", "effect": "delay:700"})
    env = processes.environment(redis_url, READ_LADDER=[0.1] * 6)
    operation = ask("reassign", instance, site_id=target.pk)

    with processes.process(*processes.WORKER, env=env) as worker:
        with Celery(broker=redis_url, set_as_current=False) as app:
            app.send_task("resellers.run_operation", args=[operation.pk], queue="ops")
        processes.wait_until(
            lambda: operation.attempts.filter(writes=True).exists(), "the first write is out"
        )
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=40) == 0

    in_doubt = (OperationAttempt.State.SENT, OperationAttempt.State.UNKNOWN)
    assert not operation.attempts.filter(state__in=in_doubt).exists()
    practice.faults(mirror.sandbox)
    Operation.objects.update(lease_until=None, next_run_at=Now())
    engine.run(operation.pk)
    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert practice.applied(mirror.sandbox) == ["unassign", "assign"]


@pytest.mark.parametrize("hours", [-1, 1])
def test_p22_the_workers_own_clock_decides_nothing(mirror, ask, hours):
    """P22: with a clock an hour off, leases and waits are those of the database, and ends too."""
    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    waiting = ask("unassign", another(instance))
    Operation.objects.filter(pk=waiting.pk).update(
        next_run_at=database_now() + timedelta(minutes=5)
    )

    with time_machine.travel(datetime.now(UTC) + timedelta(hours=hours), tick=True):
        held = claims.claim(operation.pk)
        engine.run(operation.pk)
        assert end(operation).fence == held.fence, "a live lease was taken over"
        Operation.objects.filter(pk=operation.pk).update(lease_until=None)
        engine.run(operation.pk)
        engine.run(waiting.pk)

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert end(waiting).state == State.QUEUED, "it was not due yet"
    now = database_now()
    moments = [operation.finished_at, *operation.attempts.values_list("sent_at", flat=True)]
    assert all(abs((now - moment).total_seconds()) < 60 for moment in moments)
    assert practice.applied(mirror.sandbox) == ["unassign", "assign"]


def another(instance: ProductInstance) -> ProductInstance:
    """A service on a site, of another package."""
    others = ProductInstance.objects.filter(status=InstanceStatus.ENABLED, site__isnull=False)
    found = others.exclude(package_id=instance.package_id).order_by("id").first()
    assert found is not None
    return found
