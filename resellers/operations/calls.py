"""An operation's calls to Wix, each a row: a write's is committed before the write is sent."""

import time
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from resellers import wix
from resellers.clock import database_now
from resellers.models import Operation, OperationAttempt
from resellers.wix import NextMove, WixError, WixRateLimited, WixUnreachable

from . import claims, points
from .history import READ
from .kind import InstanceKind, Seen, Send

State = OperationAttempt.State


def read(operation: Operation, client: wix.WixClient) -> tuple[Seen, wix.Package, datetime]:
    """Read the operation's package; what it shows, the package, and when the reading began.

    Raises WixError, with the attempt recorded.
    """
    attempt = _begin(operation, step=READ, writes=False)
    points.at("reading")
    try:
        answer = client.get_package(
            account_id=str(operation.account_id), package_id=str(operation.package_id)
        )
    except WixError as error:
        _end(operation, attempt, State.UNKNOWN, error.call, error)
        raise
    points.at("read")
    seen = Seen.in_package(answer.package, str(operation.instance_id))
    _end(operation, attempt, State.ANSWERED, answer.call, seen=seen.as_json())
    return seen, answer.package, attempt.sent_at


def write(
    operation: Operation,
    kind: InstanceKind,
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
        step=decision.step,
        writes=True,
        generation=generation,
        idempotency_key=f"{operation.request_id}:{decision.step}:{generation}",
    )
    points.at("sending", decision.step)
    if time.monotonic() - begun > settings.OPERATIONS["LEASE_SECONDS"]:
        # This process stood still on its way here, and another may have gone on in the meantime.
        OperationAttempt.objects.filter(pk=attempt.pk).update(state=State.NOT_SENT)
        raise claims.LostLease
    try:
        answer = kind.send(operation, decision.step, client, attempt.idempotency_key)
    except WixError as error:
        points.at("answered", decision.step)
        _end(operation, attempt, what_is_known(error), error.call, error)
        raise
    points.at("answered", decision.step)
    _end(operation, attempt, State.ANSWERED, answer.call)


def what_is_known(error: WixError) -> OperationAttempt.State:
    """Of a write that failed: not carried out and worth another try, refused, or unknown."""
    if isinstance(error, (WixUnreachable, WixRateLimited)):
        return State.NOT_SENT
    if error.next_move is NextMove.LOOK_FIRST:
        return State.UNKNOWN
    return State.REFUSED if error.next_move is NextMove.STOP else State.NOT_SENT


def _begin(operation: Operation, **values: Any) -> OperationAttempt:
    with transaction.atomic():
        claims.renew(operation)
        return OperationAttempt.objects.create(
            operation=operation, fence=operation.fence, sent_at=database_now(), **values
        )


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
    if call:
        attempt.method, attempt.path = call.method, call.path[:300]
        attempt.status, attempt.duration_ms = call.status, int(call.duration_ms)
        attempt.wix_request_id = (call.request_id or "")[:200]
    if error:
        attempt.code = (error.code or "")[:200]
        attempt.message = error.message or str(error)
    if state != State.UNKNOWN or attempt.status is not None:
        attempt.answered_at = database_now()
    attempt.save(
        update_fields=[
            "state",
            "seen",
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
    claims.renew(operation)
