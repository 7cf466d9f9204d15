"""What people may decide about an operation's row after it was recorded."""

from contextlib import suppress
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Now

from resellers import audit, cases, policy
from resellers.constraints import violates
from resellers.models import (
    Operation,
    OperationAttempt,
    OperationPriority,
    OperationState,
)
from resellers.wake import wake

from .kinds import KINDS
from .preflight import writes_stopped
from .requests import OperationError, WritesPaused
from .wish import UnreadableWish

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class NotNow(OperationError):
    """The operation's state does not allow this."""


def withdraw(operation: Operation, *, by: "User") -> None:
    """End a waiting operation of which nothing was sent. Raises NotNow once it is under way."""
    taken = OperationAttempt.objects.filter(
        operation=OuterRef("pk"), writes=True, state__in=OperationAttempt.TAKEN
    )
    with transaction.atomic():
        ended = Operation.objects.filter(
            ~Exists(taken), pk=operation.pk, state=OperationState.QUEUED
        ).update(
            state=OperationState.CANCELED,
            finished_at=Now(),
            outcome=f"Withdrawn by {by} before anything was sent.",
            waiting_for="",
        )
        if not ended:
            raise NotNow("It is under way already, so it cannot be withdrawn.")
        cases.keep_operation(operation)
        audit.record("operation.withdrawn", by=by, operation=operation)


def try_again(operation: Operation, *, by: "User") -> None:
    """Let an operation that needs attention go on, with sends counted anew.

    Raises NotNow, or WritesPaused while nothing may be written.
    """
    for stop in writes_stopped(policy.current()):
        raise WritesPaused(stop)
    _resume(operation, by=by, look_only=False)


def look_again(operation: Operation, *, by: "User") -> None:
    """Have an operation that needs attention read Wix once more, without writing. Raises NotNow."""
    _resume(operation, by=by, look_only=True)


def finish_by_hand(operation: Operation, *, by: "User", succeeded: bool, note: str) -> None:
    """End an operation that needs attention on a person's word, with a note. Raises NotNow."""
    state = OperationState.SUCCEEDED if succeeded else OperationState.FAILED
    with transaction.atomic():
        ended = Operation.objects.filter(
            pk=operation.pk, state=OperationState.NEEDS_ATTENTION
        ).update(state=state, finished_at=Now(), settled_by=by, settled_note=note)
        if not ended:
            raise NotNow("It no longer needs attention.")
        # A row may be of a kind that exists no more, or its wish such as nobody can read.
        with suppress(KeyError, UnreadableWish):
            if succeeded:
                KINDS[operation.kind].carried_out(operation)
        cases.keep_operation(operation)
        audit.record(
            "operation.finished_by_hand",
            by=by,
            operation=operation,
            body={"state": state, "note": note},
        )


def _resume(operation: Operation, *, by: "User", look_only: bool) -> None:
    last = operation.attempts.aggregate(last=Max("id"))["last"] or 0
    try:
        with transaction.atomic():
            resumed = Operation.objects.filter(
                pk=operation.pk, state=OperationState.NEEDS_ATTENTION
            ).update(
                state=OperationState.CONFIRMING,
                resumed_after=last,
                look_only=look_only,
                next_run_at=Now(),
                interruptions=0,
                outcome="",
                outcome_code="",
            )
            if not resumed:
                raise NotNow("It no longer needs attention.")
            cases.keep_operation(operation)
            audit.record(
                "operation.resumed", by=by, operation=operation, body={"look_only": look_only}
            )
    except IntegrityError as error:
        if not violates(error, "one_moving_operation_per_package"):
            raise
        raise NotNow("Another operation on this package has to end first.") from None
    priority = OperationPriority(operation.priority)
    wake("resellers.run_operation", operation.pk, priority=priority)
