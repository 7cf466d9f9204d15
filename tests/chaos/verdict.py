"""Whether an operation ended rightly: its row, Wix's truth, the mirror, the audit, the calls."""

from collections import Counter
from typing import Any

from resellers.models import AuditEntry, Operation, OperationAttempt, OperationState

from .ground import Ground
from .kinds import KINDS

State = OperationState
AT_REST = (
    State.SUCCEEDED,
    State.FAILED,
    State.ROLLED_BACK,
    State.CANCELED,
    State.NEEDS_ATTENTION,
)
REPEATED = "operation.repeated_write_suspected"


def wrongs(
    ground: Ground, operation: Operation, *, since: int, keys_honoured: bool = True
) -> list[str]:
    """What is wrong with the end of this operation, in words; nothing if all is right.

    `since` is the sandbox's mark from before the operation was asked for. Only where Wix does not
    honour keys may an effect come twice, or undo a success later, as long as that is told.
    """
    operation.refresh_from_db()
    if operation.state not in AT_REST:
        return [f"left open: {operation.state}, waiting for {operation.waiting_for!r}"]
    found = _place(ground, operation, keys_honoured)
    found += _effects(ground, operation, since, keys_honoured)
    if operation.lease_until is not None:
        found.append("an orphan lease")
    ends = AuditEntry.objects.filter(
        operation_id=operation.pk, event=f"operation.{operation.state}"
    ).count()
    if ends != 1 and operation.state != State.NEEDS_ATTENTION:
        found.append(f"{ends} audit entries of its end")
    return found


def writes(ground: Ground, operation: Operation, *, since: int) -> list[dict[str, Any]]:
    """The writes of this operation that reached the sandbox after `since`."""
    key = str(operation.request_id)
    return [c for c in ground.calls(since) if (c["idempotency_key"] or "").startswith(key)]


def story(operation: Operation) -> list[str]:
    """The operation's row and attempts, a line each, for somebody who has to find the fault."""
    owner = f"fence {operation.fence}, lease {operation.lease_until}"
    head = f"#{operation.pk} {operation.state} {operation.outcome_code} {operation.outcome}"
    before = KINDS[operation.kind].as_read(operation.before)
    lines = [head, f"before {before}, wish {operation.wish}, {owner}"]
    for a in operation.attempts.order_by("id"):
        at = f"{a.sent_at:%H:%M:%S.%f}"[:-3]
        seen = f" shows {KINDS[operation.kind].as_read(a.seen)}" if a.seen else ""
        lines.append(f"{at} fence {a.fence} {a.step} {a.state} {a.status or ''} {a.code}{seen}")
    return lines


def _place(ground: Ground, operation: Operation, keys_honoured: bool) -> list[str]:
    """How its subject stands, against what the operation says of it and the mirror shows."""
    kind = KINDS[operation.kind]
    now, before = kind.at_wix(ground, operation), kind.as_read(operation.before)
    found = []
    if operation.state == State.SUCCEEDED and kind.tells(operation, now):
        return found
    if operation.state == State.SUCCEEDED and not kind.is_true(operation.wish, now):
        if keys_honoured or operation.drifted_at is None:
            found.append(f"succeeded, but Wix has {now}")
    elif operation.state == State.NEEDS_ATTENTION:
        last = operation.attempts.filter(seen__isnull=False).last()
        if not operation.outcome or last is None or kind.as_read(last.seen or {}) != now:
            found.append(f"needs attention without naming that Wix has {now}")
    elif operation.state != State.SUCCEEDED and now != before:
        found.append(f"{operation.state}, but Wix has {now} where it had {before}")
    if operation.changed_by_others:
        found.append("it says that others changed it, and nobody did")
    if keys_honoured and operation.drifted_at is not None:
        found.append("it drifted after its success, though Wix honours keys")
    if (mirrored := kind.in_mirror(operation)) != now:
        found.append(f"the mirror shows {mirrored}, Wix has {now}")
    return found


def _effects(ground: Ground, operation: Operation, since: int, keys_honoured: bool) -> list[str]:
    """Each effect at Wix has one attempt that was committed before; a second one is flagged."""
    attempts = operation.attempts.filter(writes=True)
    known = set(attempts.values_list("idempotency_key", flat=True))
    sent = writes(ground, operation, since=since)
    applied = Counter(c["idempotency_key"] for c in sent if c["effect"] == "applied")
    found = [f"{key} reached Wix without an attempt" for key in applied if key not in known]
    found += [
        f"{attempt.step} counts as refused, and Wix answered {attempt.status or 'nothing'}"
        for attempt in attempts.filter(state=OperationAttempt.State.REFUSED)
        if not 400 <= (attempt.status or 0) < 500
    ]
    doubles = {key: count for key, count in applied.items() if count > 1}
    flags = AuditEntry.objects.filter(operation_id=operation.pk, event=REPEATED)
    flagged = {entry.body["step"] for entry in flags}
    step_of = dict(attempts.values_list("idempotency_key", "step"))
    if keys_honoured:
        found += [f"{key} was applied {count} times" for key, count in doubles.items()]
    found += [
        f"{key} was applied {count} times, and the audit does not say so"
        for key, count in doubles.items()
        if step_of.get(key) not in flagged
    ]
    generations = Counter(attempts.values_list("step", "generation").distinct())
    steps = Counter(step for step, _ in generations)
    raised = AuditEntry.objects.filter(
        operation_id=operation.pk, event="operation.generation_raised"
    ).count()
    if sum(steps.values()) - len(steps) > raised:
        found.append("a second key for a step without an audit entry")
    return found
