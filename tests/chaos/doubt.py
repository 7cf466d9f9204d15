"""Wix insists on an error: how long it takes until it is known what became of the write (P14)."""

from collections.abc import Sequence

from resellers.models import AuditEntry, Operation, OperationState
from tests import practice

from . import production, verdict
from .ground import Ground
from .report import Report
from .waiting import at_rest, wait
from .wishes import Wishes

# Seconds, of which the readings before another key take one minute, and two of an order.
WITHIN = {"unassign": 120, "create_package": 300}
MATCHES = {"unassign": "unassign", "create_package": "create"}


def stuck_keys(ground: Ground, report: Report, *, kinds: Sequence[str]) -> None:
    """One operation of each of these kinds, side by side; the first answer of each is stuck."""
    kinds = [kind for kind in kinds if report.wants(_label(kind))]
    if not kinds:
        return
    since, wishes = ground.mark(), Wishes(ground.by)
    rules = [{"match": MATCHES[kind], "effect": "sticky_500", "times": 1} for kind in kinds]
    practice.faults(ground.sandbox, *rules)
    asked = {kind: wishes.ask(kind) for kind in kinds}
    with production.at_work(ground):
        wait(lambda: at_rest(list(asked.values())), max(WITHIN[kind] for kind in kinds))
    practice.faults(ground.sandbox)
    for kind, operation in asked.items():
        operation.refresh_from_db()
        wrongs = verdict.wrongs(ground, operation, since=since)
        if operation.state != OperationState.SUCCEEDED:
            wrongs.append("it did not come to be carried out with another key")
        seconds = _seconds(operation)
        if seconds > WITHIN[kind]:
            wrongs.append(f"for {seconds:.0f} s nobody knew what had become of it")
        raised = AuditEntry.objects.filter(
            operation_id=operation.pk, event="operation.generation_raised"
        )
        if raised.count() != 1:
            wrongs.append(f"the audit tells of {raised.count()} other keys")
        report.note(
            _label(kind), f"{operation.state} {seconds:5.1f} s", wrongs, verdict.story(operation)
        )


def _label(kind: str) -> str:
    return f"doubt.{kind} stuck on a 500"


def _seconds(operation: Operation) -> float:
    """How long it was in doubt: from its first write to its end, or to its last reading."""
    first = operation.attempts.filter(writes=True).earliest("id").sent_at
    last = operation.finished_at or operation.attempts.latest("id").sent_at
    return (last - first).total_seconds()
