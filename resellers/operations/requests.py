"""Wishes become rows here, and what people may do with the rows afterwards."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, Model, OuterRef
from django.db.models.functions import Now

from resellers import audit
from resellers.connection import policy
from resellers.mirror import figures
from resellers.models import OPEN_STATES, Operation, OperationAttempt, OperationState
from resellers.wake import wake

from .kind import Wish
from .kinds import kind_of
from .plan import Plan, make_plan

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class OperationError(Exception):
    """A wish that was not recorded; str() is a message a person can act on."""


class NotAllowed(OperationError):
    """The person lacks the right, or the form is another person's."""


class WritesPaused(OperationError):
    """Nothing may be written: the breaker is open, or the dashboard is read-only."""


class AlreadyOpen(OperationError):
    """Somebody's operation on the same thing has not ended yet."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        super().__init__(
            f"{operation.requested_by} asked for “{operation.get_kind_display()}” here already,"
            " and that has not ended yet. Nothing was recorded now."
        )


class PlanMoved(OperationError):
    """What was shown is no longer so. `plan` is the plan as it is now."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(
            "This has changed since the plan was shown. Here is the plan as it is now."
        )


class NotPossible(OperationError):
    """Wix would refuse. `plan.refusals` says what and beside which field."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        super().__init__(" ".join(refusal.words for refusal in plan.refusals))


class NotNow(OperationError):
    """The operation's state does not allow this."""


def request_operation(
    kind: str,
    thing: Model,
    wish: Wish,
    *,
    by: "User",
    request_id: UUID,
    fingerprint: str,
    reason: str = "",
    address: str | None = None,
    retry_of: Operation | None = None,
    undo_of: Operation | None = None,
) -> Operation:
    """Record the wish, wake a worker on commit, and return the row.

    The same `request_id` again returns the row it made. Raises NotAllowed, WritesPaused,
    AlreadyOpen, PlanMoved or NotPossible; then nothing was recorded.
    """
    rules = kind_of(kind)
    if not by.has_perm(rules.permission):
        raise NotAllowed("Your role may look, but not change anything.")
    if (again := _recorded(request_id, by)) is not None:
        return again
    if because := policy().stopped_because:
        raise WritesPaused(because)
    try:
        with transaction.atomic():
            guard = rules.guard(thing)
            type(guard)._default_manager.select_for_update().get(pk=guard.pk)
            thing = rules.load(thing.pk)
            if (again := _recorded(request_id, by)) is not None:
                return again
            plan = make_plan(kind, thing, wish)
            _refuse_second(plan)
            if plan.fingerprint != fingerprint:
                raise PlanMoved(plan)
            if not plan.possible:
                raise NotPossible(plan)
            operation = Operation.objects.create(
                kind=kind,
                subject=plan.about.subject,
                account=plan.about.account,
                package=plan.about.package,
                instance=plan.about.instance,
                site_id=plan.about.site_id,
                strategy=plan.strategy,
                wish=wish,
                before=plan.before,
                plan=plan.as_json(),
                fingerprint=fingerprint,
                request_id=request_id,
                reason=reason,
                requested_by=by,
                requested_at=Now(),
                next_run_at=Now(),
                retry_of=retry_of,
                undo_of=undo_of,
            )
            operation.refresh_from_db()
            figures.recount()
            audit.record(
                "operation.requested",
                by=by,
                address=address,
                operation=operation,
                body={"kind": kind, "wish": wish, "before": plan.before, "reason": reason},
            )
    except IntegrityError:
        if (again := _recorded(request_id, by)) is not None:
            return again
        plan = make_plan(kind, thing, wish)
        _refuse_second(plan)
        if not plan.possible:
            raise NotPossible(plan) from None
        raise
    wake("resellers.run_operation", operation.pk)
    return operation


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
        figures.recount()
        audit.record("operation.withdrawn", by=by, operation=operation)


def try_again(operation: Operation, *, by: "User") -> None:
    """Let an operation that needs attention go on, with sends counted anew. Raises NotNow."""
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
        figures.recount()
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
                outcome="",
                outcome_code="",
            )
            if not resumed:
                raise NotNow("It no longer needs attention.")
            figures.recount()
            audit.record(
                "operation.resumed", by=by, operation=operation, body={"look_only": look_only}
            )
    except IntegrityError:
        raise NotNow("Another operation on this package has to end first.") from None
    wake("resellers.run_operation", operation.pk)


def _recorded(request_id: UUID, by: "User") -> Operation | None:
    operation = Operation.objects.filter(request_id=request_id).first()
    if operation and operation.requested_by_id != by.pk:
        raise NotAllowed("This form was sent by somebody else. Open it anew.")
    return operation


def _refuse_second(plan: Plan) -> None:
    """One open operation for a thing, and none for its whole package beside it."""
    other = (
        Operation.objects.filter(kind_of(plan.kind).rivals(plan.about), state__in=OPEN_STATES)
        .select_related("requested_by")
        .first()
    )
    if other:
        raise AlreadyOpen(other)
