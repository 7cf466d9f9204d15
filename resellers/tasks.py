"""Celery tasks: each takes a row's id, calls the domain and returns nothing.

The names are a contract with messages that are already queued: never rename one.
"""

from celery import current_app, shared_task
from django.conf import settings

from resellers import heartbeats
from resellers.mirror import derived, imports, sync
from resellers.models import Heartbeat, OperationPriority
from resellers.operations import engine
from resellers.operations.engine import claims, settle
from resellers.wake import URGENCY


@shared_task(name="resellers.run_operation")
def run_operation(operation_id: int) -> None:
    engine.run(operation_id)


@shared_task(name="resellers.run_sync")
def run_sync(run_id: int) -> None:
    sync.run(run_id, seconds=settings.OPERATIONS["TASK_SECONDS"])


@shared_task(name="resellers.start_sync")
def start_sync(kind: str) -> None:
    sync.want(kind)


@shared_task(name="resellers.wake_due")
def wake_due() -> None:
    """Wake again what a lost message left behind, read past successes once more, and forget files
    that nobody confirmed."""
    for operation_id, priority in claims.due().values_list("pk", "priority")[:100]:
        # What nobody took until long after the next round is not worth another look.
        current_app.send_task(
            "resellers.run_operation",
            args=[operation_id],
            priority=URGENCY[OperationPriority(priority)],
            expires=60,
        )
    for run_id in sync.due():
        current_app.send_task("resellers.run_sync", args=[run_id])
    settle.settle_due()
    imports.forget_old_uploads()


@shared_task(name="resellers.mend_derived")
def mend_derived(place: str = "") -> None:
    """Mend what is made of other columns, from that place on, and wake the rest of the work."""
    if left := derived.mend(place, seconds=settings.OPERATIONS["TASK_SECONDS"]):
        current_app.send_task("resellers.mend_derived", args=[left])


@shared_task(name="resellers.heartbeat")
def heartbeat() -> None:
    """Sent by beat: who carries it out takes messages and carries out what they say."""
    heartbeats.record(Heartbeat.Role.WORKER)
