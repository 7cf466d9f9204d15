"""Whether an operation ended rightly: its row, Wix's truth, the mirror, the audit, the calls."""

from collections import Counter
from typing import Any

from resellers.models import AuditEntry, Operation, OperationState, ProductInstance
from resellers.operations.kind import Seen

from .ground import Ground

State = OperationState
AT_REST = (
    State.SUCCEEDED,
    State.FAILED,
    State.ROLLED_BACK,
    State.CANCELED,
    State.NEEDS_ATTENTION,
)
REPEATED = "operation.repeated_write_suspected"
Place = tuple[str | None, str, str]


def wrongs(ground: Ground, operation: Operation, *, since: int) -> list[str]:
    """What is wrong with the end of this operation, in words; nothing if all is right.

    `since` is the sandbox's mark from before the operation was asked for.
    """
    operation.refresh_from_db()
    if operation.state not in AT_REST:
        return [f"left open: {operation.state}, waiting for {operation.waiting_for!r}"]
    found = [*_place(ground, operation), *_effects(ground, operation, since)]
    if operation.lease_until is not None:
        found.append("an orphan lease")
    ends = AuditEntry.objects.filter(
        operation_id=operation.pk, event=f"operation.{operation.state}"
    ).count()
    if ends != 1 and operation.state != State.NEEDS_ATTENTION:
        found.append(f"{ends} audit entries of its end")
    return found


def truth(ground: Ground, instance_id: object) -> Place:
    """Site, product and cycle as they really are at Wix."""
    world = ground.sandbox.world
    with world.lock:
        instance = world.packages.instance(str(instance_id))
    assert instance is not None
    cycle = instance.billing.cycle
    return instance.site_id, instance.product_id, f"{cycle.count} {cycle.unit}" if cycle else ""


def writes(ground: Ground, operation: Operation, *, since: int) -> list[dict[str, Any]]:
    """The writes of this operation that reached the sandbox after `since`."""
    key = str(operation.request_id)
    return [c for c in ground.calls(since) if (c["idempotency_key"] or "").startswith(key)]


def story(operation: Operation) -> list[str]:
    """The operation's row and attempts, a line each, for somebody who has to find the fault."""
    owner = f"fence {operation.fence}, lease {operation.lease_until}"
    head = f"#{operation.pk} {operation.state} {operation.outcome_code} {operation.outcome}"
    lines = [head, f"before {operation.before.get('site_id')}, wish {operation.wish}, {owner}"]
    for a in operation.attempts.order_by("id"):
        at = f"{a.sent_at:%H:%M:%S.%f}"[:-3]
        seen = f" shows {a.seen['site_id']} {a.seen['cycle']}" if a.seen else ""
        lines.append(f"{at} fence {a.fence} {a.step} {a.state} {a.status or ''} {a.code}{seen}")
    return lines


def _place(ground: Ground, operation: Operation) -> list[str]:
    """Where the instance stands, against what the operation says of it and the mirror shows."""
    now = truth(ground, operation.instance_id)
    before = _place_of(operation.before)
    found = []
    if operation.state == State.SUCCEEDED and not _is_wished(operation, now):
        if operation.drifted_at is None:
            found.append(f"succeeded, but Wix has {now}")
    elif operation.state == State.NEEDS_ATTENTION:
        last = operation.attempts.filter(seen__isnull=False).last()
        if not operation.outcome or last is None or _place_of(last.seen or {}) != now:
            found.append(f"needs attention without naming that Wix has {now}")
    elif operation.state != State.SUCCEEDED and now != before:
        found.append(f"{operation.state}, but Wix has {now} where it had {before}")
    assert operation.instance is not None
    instance = ProductInstance.objects.get(pk=operation.instance.pk)
    if (shown := _place_of(Seen.in_mirror(instance).as_json())) != now:
        found.append(f"the mirror shows {shown}, Wix has {now}")
    return found


def _is_wished(operation: Operation, now: Place) -> bool:
    wish = operation.wish
    if operation.kind == "adjust":
        return now[1:] == (wish["product_id"], wish["cycle"])
    return bool(now[0] == wish.get("site_id"))


def _place_of(seen: dict[str, Any]) -> Place:
    return seen.get("site_id"), seen.get("product_id", ""), seen.get("cycle", "")


def _effects(ground: Ground, operation: Operation, since: int) -> list[str]:
    """Each effect at Wix has one attempt that was committed before; a second one is flagged."""
    attempts = operation.attempts.filter(writes=True)
    known = set(attempts.values_list("idempotency_key", flat=True))
    sent = writes(ground, operation, since=since)
    applied = Counter(c["idempotency_key"] for c in sent if c["effect"] == "applied")
    found = [f"{key} reached Wix without an attempt" for key in applied if key not in known]
    doubles = {key: count for key, count in applied.items() if count > 1}
    flags = AuditEntry.objects.filter(operation_id=operation.pk, event=REPEATED)
    flagged = {entry.body["step"] for entry in flags}
    step_of = dict(attempts.values_list("idempotency_key", "step"))
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
