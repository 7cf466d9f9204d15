"""Wishes become rows here."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from resellers import audit, cases
from resellers.constraints import is_taken, violates
from resellers.models import Account, Operation, scope
from resellers.wake import wake

from .conflicts import open_among
from .foreseen import Foreseen
from .kinds import kind_of, kind_of_wish
from .plan import Plan, make_plan
from .preflight import Preflight
from .titles import kind_label
from .wish import ThingT, Wish

if TYPE_CHECKING:
    from django.contrib.auth.models import User


# Who looked before another wish was recorded is told of that one by the table.
ONE_OPEN = ("one_open_operation_per_subject", "one_open_operation_per_external_id")


class OperationError(Exception):
    """A wish that was not recorded; str() is a message a person can act on."""


class NotAllowed(OperationError):
    """The person lacks the right, or the form is another person's."""


class WritesPaused(OperationError):
    """Nothing may be written: the breaker is open, or all is read-only; `stop` says which."""

    def __init__(self, stop: Foreseen) -> None:
        self.stop = stop
        super().__init__(stop.words)


class AlreadyOpen(OperationError):
    """Somebody's operation on the same thing has not ended yet."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        super().__init__(
            _(
                "%(requested_by)s asked for “%(kind_label)s” here already, and that has not "
                "ended yet. Nothing was recorded now."
            )
            % {"requested_by": operation.requested_by, "kind_label": kind_label(operation.kind)}
        )


class AlreadyUsed(OperationError):
    """This confirmation has recorded another wish before: `operation` is what came of that."""

    def __init__(self, operation: Operation) -> None:
        self.operation = operation
        super().__init__(
            _(
                "This confirmation was used already, and something else was confirmed with it."
                " What you ask for now was not recorded. Here is its plan, to be confirmed anew."
            )
        )


class PlanMoved(OperationError):
    """What was shown is no longer so. `plan` is the plan as it is now."""

    def __init__(self, plan: Plan[Any]) -> None:
        self.plan = plan
        super().__init__(
            _("This has changed since the plan was shown. Here is the plan as it is now.")
        )


class NotPossible(OperationError):
    """Wix would refuse. `plan.refusals` says what and beside which field."""

    def __init__(self, plan: Plan[Any]) -> None:
        self.plan = plan
        super().__init__(" ".join(refusal.words for refusal in plan.refusals))


def request_operation(
    thing: ThingT,
    wish: Wish[ThingT],
    *,
    by: "User",
    request_id: UUID,
    fingerprint: str,
    reason: str = "",
    retry_of: Operation | None = None,
    undo_of: Operation | None = None,
) -> Operation:
    """Record the wish, wake a worker on commit, and return the row.

    The same wish with the same `request_id` again returns the row it made. Raises NotAllowed,
    AlreadyUsed, WritesPaused, AlreadyOpen, PlanMoved or NotPossible; then nothing was recorded.
    """
    rules = kind_of_wish(wish)
    answer = Preflight(by).in_general(rules.name)
    if not answer.is_allowed:
        raise NotAllowed(answer.why)
    _refuse_foreign(rules.about(thing, wish).account, by)
    if (again := _recorded(request_id, by, thing, wish)) is not None:
        return again
    if not answer.may:
        raise WritesPaused(answer.obstacles[0])
    try:
        with transaction.atomic():
            guard = rules.guard(thing)
            type(guard)._default_manager.select_for_update(no_key=True).get(pk=guard.pk)
            thing = rules.load(thing.pk)
            if (again := _recorded(request_id, by, thing, wish)) is not None:
                return again
            plan = make_plan(thing, wish, retry_of=retry_of)
            _refuse_second(plan)
            if plan.fingerprint != fingerprint:
                raise PlanMoved(plan)
            if not plan.possible:
                raise NotPossible(plan)
            operation = Operation.objects.create(
                kind=plan.kind,
                subject=plan.about.subject,
                account=plan.about.account,
                package=plan.about.package,
                instance=plan.about.instance,
                site_id=plan.about.site_id,
                strategy=plan.strategy,
                wish=wish.as_json(),
                before=plan.before,
                plan=plan.as_json(),
                fingerprint=fingerprint,
                request_id=request_id,
                reason=reason,
                requested_by=by,
                retry_of=retry_of,
                undo_of=undo_of,
            )
            rules.recorded(operation, wish)
            cases.keep_operation(operation)
            audit.record(
                "operation.requested",
                by=by,
                operation=operation,
                body={
                    "kind": plan.kind,
                    "wish": operation.wish,
                    "before": plan.before,
                    "reason": reason,
                },
            )
    except IntegrityError as error:
        if not (is_taken(error, Operation, "request_id") or violates(error, *ONE_OPEN)):
            raise
        if (again := _recorded(request_id, by, thing, wish)) is not None:
            return again
        plan = make_plan(thing, wish, retry_of=retry_of)
        _refuse_second(plan)
        if not plan.possible:
            raise NotPossible(plan) from None
        raise
    wake("resellers.run_operation", operation.pk)
    return operation


def _refuse_foreign(account: Account, by: "User") -> None:
    """Nobody asks for anything of a customer that they may not see, by whatever way."""
    limits = scope.scope_of(by)
    if limits and account.group not in limits.groups:
        raise NotAllowed(_("This customer is not among those that you may see."))


def _recorded(request_id: UUID, by: "User", thing: ThingT, wish: Wish[ThingT]) -> Operation | None:
    """What this very wish has become where it was recorded before."""
    operation = Operation.objects.filter(request_id=request_id).first()
    if operation is None:
        return None
    if operation.requested_by_id != by.pk:
        raise NotAllowed(_("This form was sent by somebody else. Open it anew."))
    rules = kind_of_wish(wish)
    about = rules.about(thing, wish)
    asked = (rules.name, about.subject, about.account.pk, wish.as_json())
    if (operation.kind, operation.subject, operation.account_id, operation.wish) != asked:
        raise AlreadyUsed(operation)
    return operation


def _refuse_second(plan: Plan[Any]) -> None:
    """One open operation for a thing, and none for its whole package beside it."""
    conflicts = kind_of(plan.kind).conflicts(plan.about)
    for other in open_among([conflicts]):
        if conflicts.has(other):
            raise AlreadyOpen(other)
