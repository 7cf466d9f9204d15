"""An operation's calls to Wix, each a row: a write's is committed before the write is sent."""

import time
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from resellers import leases, wix
from resellers.clock import database_now
from resellers.mirror.ingest import ingest_packages, note_sites
from resellers.models import Operation, OperationAttempt, OperationPriority
from resellers.operations.kind import AnyKind
from resellers.operations.kinds import kind_of
from resellers.operations.steps import Reading, Send
from resellers.storable import storable
from resellers.transactions import briefly
from resellers.wix import NextMove, WixError

from . import failpoints
from .history import READ

State = OperationAttempt.State


def read(
    operation: Operation, kind: AnyKind, client: wix.WixClient
) -> tuple[Reading[Any], datetime]:
    """Read how the operation's thing stands, and when the reading began.

    Raises WixError, with the attempt recorded.
    """
    attempt = _begin(operation, step=READ, writes=False)
    failpoints.at("reading")
    try:
        reading = kind.read(operation, client)
    except WixError as error:
        _end(operation, attempt, State.UNKNOWN, error.call, error)
        raise
    failpoints.at("read")
    _end(operation, attempt, State.ANSWERED, reading.call, seen=reading.seen.as_json())
    return reading, attempt.sent_at


def look_closer(
    operation: Operation, kind: AnyKind, seen: Any, client: wix.WixClient
) -> Reading[Any]:
    """Read by another sort of call what a reading showed, and bring it into the mirror.

    Raises WixError, with the attempt recorded.
    """
    attempt = _begin(operation, step=READ, writes=False)
    last: Reading[Any] | None = None
    try:
        for last in kind.look_closer(operation, seen, client):
            to_mirror(last, attempt.sent_at, operation)
            leases.renew(operation)
    except WixError as error:
        _end(operation, attempt, State.UNKNOWN, error.call, error)
        raise
    assert last is not None, f"{kind.name} looked at nothing"
    _end(operation, attempt, State.ANSWERED, last.call, seen=last.seen.as_json())
    return last


def to_mirror(reading: Reading[Any], read_at: datetime, operation: Operation | None = None) -> None:
    """Bring what was read into the mirror; of an open operation also what is held for it alone."""
    ingest_packages(
        reading.packages,
        fetch_started_at=read_at,
        call=reading.call,
        authoritative=reading.is_get,
        operation=operation,
    )
    if reading.sites:
        note_sites(reading.sites, fetch_started_at=read_at, operation=operation)


def write(
    operation: Operation,
    kind: AnyKind,
    decision: Send,
    generation: int,
    client: wix.WixClient,
) -> None:
    """Send the step once. Raises WixError, with the attempt recorded as what is known of it.

    Raises LostLease, with nothing sent, where the lease ran out before the call could go out.
    """
    begun = time.monotonic()
    attempt = _begin(
        operation,
        # Already now: whoever finds this operation after a death must know what it may be in.
        priority=(
            OperationPriority.HALF_DONE
            if decision.step == kind.opens_gap
            else OperationPriority.UNDER_WAY
        ),
        step=decision.step,
        writes=True,
        effect=kind.effect(operation, decision.step) or None,
        generation=generation,
        idempotency_key=f"{operation.request_id}:{decision.step}:{generation}",
    )
    failpoints.at("sending", decision.step)
    if time.monotonic() - begun > settings.OPERATIONS["LEASE_SECONDS"]:
        # This process stood still on its way here, and another may have gone on in the meantime.
        OperationAttempt.objects.filter(pk=attempt.pk).update(state=State.NOT_SENT, effect=None)
        raise leases.LostLease
    try:
        in_time = client.not_after(begun + settings.OPERATIONS["LEASE_SECONDS"])
        sent = kind.send(operation, decision.step, in_time, attempt.idempotency_key)
    except WixError as error:
        failpoints.at("answered", decision.step)
        _end(operation, attempt, what_is_known(error), error.call, error)
        raise
    failpoints.at("answered", decision.step)
    attempt.package_id = UUID(sent.made_id) if sent.made_id else None
    _end(operation, attempt, State.ANSWERED, sent.call)


def mark_last_write_unsent(operation: Operation) -> None:
    """Note that the last write was not refused for itself: it was our key that Wix refused."""
    last = operation.attempts.filter(writes=True).order_by("id").last()
    if last and last.state == State.REFUSED:
        last.state, last.effect = State.NOT_SENT, None
        last.save(update_fields=["state", "effect"])


def what_is_known(error: WixError) -> OperationAttempt.State:
    """Of a write that failed: not carried out and worth another try, refused, or unknown."""
    if error.next_move is NextMove.LOOK_FIRST:
        return State.UNKNOWN
    return State.REFUSED if error.next_move is NextMove.STOP else State.NOT_SENT


def _begin(
    operation: Operation, priority: OperationPriority | None = None, **values: Any
) -> OperationAttempt:
    if priority is not None:
        operation.priority = priority
    with briefly():
        leases.renew(operation, priority=operation.priority)
        return OperationAttempt.objects.create(operation=operation, fence=operation.fence, **values)


def _end(
    operation: Operation,
    attempt: OperationAttempt,
    state: OperationAttempt.State,
    call: wix.Call | None,
    error: WixError | None = None,
    seen: dict[str, Any] | None = None,
) -> None:
    # Written whoever holds the lease by now: what Wix answered is true for everybody.
    attempt.state = state
    attempt.seen = seen
    if attempt.writes and not kind_of(operation.kind).may_have_acted(attempt):
        attempt.effect = None
    if call:
        attempt.method, attempt.path = call.method, call.path[:300]
        attempt.status, attempt.duration_ms = call.status, int(call.duration_ms)
        attempt.wix_request_id = (call.request_id or "")[:200]
    if error:
        attempt.code = storable(error.code or "")[:200]
        answered = isinstance(error, wix.WixAnswer)
        attempt.message = storable(error.said if answered else error.message or str(error))
    if state != State.UNKNOWN or attempt.status is not None:
        attempt.answered_at = database_now()
    attempt.save(
        update_fields=[
            "state",
            "seen",
            "effect",
            "package_id",
            "method",
            "path",
            "status",
            "duration_ms",
            "wix_request_id",
            "code",
            "message",
            "answered_at",
        ]
    )
    leases.renew(operation)
