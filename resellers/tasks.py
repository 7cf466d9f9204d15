"""Celery tasks: each takes a row's id, calls the domain and returns nothing.

The names are a contract with messages that are already queued: never rename one.
"""

from celery import current_app, shared_task
from django.conf import settings

from resellers import audit_head, breaker, cases, exports, heartbeats, notify, retention, tallies
from resellers.cases import delivery_times
from resellers.flows import engine as flows
from resellers.mirror import derived, figures, imports, sync
from resellers.models import Heartbeat, OperationPriority
from resellers.operations import bulk, engine
from resellers.operations.engine import claims, settle
from resellers.wake import URGENCY


@shared_task(name="resellers.run_operation")
def run_operation(operation_id: int) -> None:
    engine.run(operation_id)


@shared_task(name="resellers.release_bulk")
def release_bulk(run_id: int) -> None:
    bulk.release(run_id)


@shared_task(name="resellers.run_flow")
def run_flow(flow_id: int) -> None:
    flows.run(flow_id)


@shared_task(name="resellers.write_export")
def write_export(export_id: int) -> None:
    exports.run(export_id, seconds=settings.OPERATIONS["TASK_SECONDS"])


@shared_task(name="resellers.run_sync")
def run_sync(run_id: int) -> None:
    sync.run(run_id, seconds=settings.OPERATIONS["TASK_SECONDS"])


@shared_task(name="resellers.start_sync")
def start_sync(kind: str) -> None:
    sync.want(kind)


@shared_task(name="resellers.wake_due")
def wake_due() -> None:
    """Wake again what a lost message left behind, read past successes once more, and forget files
    that nobody confirmed. What is only told comes last."""
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
    for run_id in bulk.due():
        current_app.send_task("resellers.release_bulk", args=[run_id], expires=60)
    for flow_id in flows.due():
        current_app.send_task("resellers.run_flow", args=[flow_id], expires=60)
    for export_id in exports.due():
        current_app.send_task("resellers.write_export", args=[export_id], expires=60)
    settle.settle_due()
    imports.forget_old_uploads()
    for delivery_id in notify.due():
        current_app.send_task("resellers.deliver", args=[delivery_id], expires=60)


@shared_task(name="resellers.mend_derived")
def mend_derived(place: str = "") -> None:
    """Mend what is made of other columns, from that place on, and wake the rest of the work."""
    if left := derived.mend(place, seconds=settings.OPERATIONS["TASK_SECONDS"]):
        current_app.send_task("resellers.mend_derived", args=[left])


@shared_task(name="resellers.keep_figures")
def keep_figures() -> None:
    """Bring the tallies together, and keep today's point of the charts."""
    tallies.fold_if_many()
    figures.note_today()


@shared_task(name="resellers.check_figures")
def check_figures() -> None:
    """Hold what is counted with the changes against what is there."""
    tallies.check()
    tallies.fold()


@shared_task(name="resellers.keep_cases")
def keep_cases() -> None:
    """Open, wake and close the cases that only the passing of time does."""
    cases.keep()


@shared_task(name="resellers.count_deliveries")
def count_deliveries() -> None:
    """Count anew how long the deliveries of each product take."""
    delivery_times.recount()


@shared_task(name="resellers.tell_due")
def tell_due() -> None:
    """Tell people what has become due to be told."""
    notify.tell_what_is_due()


@shared_task(name="resellers.deliver")
def deliver(delivery_id: int) -> None:
    """Send one mail, or call one webhook."""
    notify.send(delivery_id)


@shared_task(name="resellers.remove_old")
def remove_old() -> None:
    """Remove what was kept for long enough, and wake the rest of the work."""
    if not retention.remove_old(seconds=settings.OPERATIONS["TASK_SECONDS"]):
        current_app.send_task("resellers.remove_old")
    exports.remove_strays()


@shared_task(name="resellers.forget_deliveries")
def forget_deliveries() -> None:
    """Remove what was told long ago: the last version's beat asks for that alone."""
    retention.remove_old("NOTICES", "DELIVERIES", seconds=settings.OPERATIONS["TASK_SECONDS"])


@shared_task(name="resellers.leave_audit_head")
def leave_audit_head() -> None:
    """Have the head of the audit trail leave the database."""
    audit_head.leave()


@shared_task(name="resellers.note_key")
def note_key() -> None:
    """Record that Wix's key was replaced."""
    breaker.note_key()


@shared_task(name="resellers.heartbeat")
def heartbeat() -> None:
    """Sent by beat: who carries it out takes messages and carries out what they say."""
    heartbeats.record(Heartbeat.Role.WORKER)
