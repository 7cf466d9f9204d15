"""Whether what had succeeded is still so: what drifts back is found, and nobody is accused falsely.

That it is so no more takes two readings apart and no operation of ours that explains it. The first
one leaves a doubt on the row; a reading that shows it true again takes back doubt and drift.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, Now

from resellers import audit, cases
from resellers.clock import database_now, in_seconds
from resellers.models import Operation, OperationAttempt
from resellers.models.operation_querysets import OPEN, SUCCEEDED
from resellers.operations.kind import AnyKind
from resellers.operations.kinds import KINDS, kind_of
from resellers.operations.steps import Done, Seen
from resellers.transactions import briefly

from .history import apart

# So much later is read again what has drifted, and what Wix did not let us read, for a day.
AGAIN = 15 * 60
PATIENCE = timedelta(days=1)
# So long Wix may take to bring into force what it shows: to register a domain.
IN_FORCE_WITHIN = timedelta(days=2)


def note(operation: Operation, seen: Seen, read_at: datetime) -> None:
    """Keep what a reading that began then says of an operation that had succeeded."""
    kind = kind_of(operation.kind)
    holds = isinstance(kind.decide(operation, seen, None), Done)
    # Two rounds may have read it at once: after the first to note it, it is due no more.
    row = Operation.objects.filter(pk=operation.pk, settle_at__lte=Now())
    with briefly():
        if holds and operation.drifted_at:
            _take_back(operation, row, seen)
        elif holds:
            words = kind.success_words(seen)
            said = {"outcome": words} if words else {}
            look_at = _next_look(operation, is_awaited=kind.is_awaited(seen))
            row.update(doubted_at=None, settle_at=look_at, **said)
        elif is_explained(operation):
            _leave_to_a_later_one(operation, row)
        elif operation.drifted_at:
            row.update(settle_at=look_later(operation.drifted_at))
        elif operation.doubted_at is None:
            row.update(doubted_at=read_at, settle_at=in_seconds(apart()))
        elif (so_far := (read_at - operation.doubted_at).total_seconds()) < apart():
            row.update(settle_at=in_seconds(apart() - so_far))
        else:
            _tell(operation, row, seen)


def look_later(since: datetime) -> object:
    """When what has been so since then is read once more; None once that has gone on too long."""
    return in_seconds(AGAIN) if database_now() - since <= PATIENCE else None


def is_explained(operation: Operation) -> bool:
    """Whether a later operation of ours may be why it is true no more."""
    kind = kind_of(operation.kind)
    same = kind.conflicts(operation).q
    if operation.package_id and not operation.instance_id:
        same |= Q(package=operation.package_id)
    if any(_change_the_same(kind, KINDS.get(later.kind)) for later in _later(operation, same)):
        return True
    resting = str(operation.instance_id)
    in_account = _later(operation, Q(account=operation.account_id))
    return bool(operation.instance_id) and any(
        resting in later.plan.get("dependant_ids", []) for later in in_account
    )


def _later(operation: Operation, which: Q) -> QuerySet[Operation]:
    """Those of them that came after it and may have changed something, or may do so still."""
    after = OPEN | Q(pk__gt=operation.pk) | Q(finished_at__gt=operation.finished_at)
    lost = OperationAttempt.objects.filter(operation=OuterRef("pk"), writes=True)
    may_have_acted = Q(Exists(lost.filter(state__in=OperationAttempt.IN_DOUBT)))
    acted = OPEN | SUCCEEDED | Q(settled_by__isnull=False) | may_have_acted
    return Operation.objects.filter(which, after, acted).exclude(pk=operation.pk)


def _change_the_same(kind: AnyKind, later: AnyKind | None) -> bool:
    """Whether one kind may undo what the other did; one that names no fields may undo anything."""
    if later is None or not kind.changes or not later.changes:
        return True
    return bool(set(kind.changes) & set(later.changes))


def _next_look(operation: Operation, *, is_awaited: bool = False) -> object:
    """When a success is read again that held just now; None after the last of its readings."""
    assert operation.finished_at is not None
    last = settings.OPERATIONS["SETTLE_SECONDS"][-1]
    so_far = database_now() - operation.finished_at
    left = last - so_far.total_seconds()
    if is_awaited and left <= 0 and so_far < IN_FORCE_WITHIN:
        return in_seconds(AGAIN)
    return in_seconds(left) if left > 0 and operation.drifted_at is None else None


def _tell(operation: Operation, row: QuerySet[Operation], seen: Seen) -> None:
    if row.update(drifted_at=Now(), drift_ended_at=None, settle_at=in_seconds(AGAIN)):
        cases.keep_operation(operation)
        since = operation.doubted_at.isoformat() if operation.doubted_at else ""
        body = {"seen": seen.as_json(), "first_shown_at": since}
        audit.record("operation.drifted", operation=operation, body=body)


def _leave_to_a_later_one(operation: Operation, row: QuerySet[Operation]) -> None:
    """What was found to have drifted before concerns nobody any more: it was changed since."""
    ended = {"drift_ended_at": Coalesce("drift_ended_at", Now())} if operation.drifted_at else {}
    row.update(doubted_at=None, settle_at=_next_look(operation), **ended)


def _take_back(operation: Operation, row: QuerySet[Operation], seen: Seen) -> None:
    assert operation.drifted_at is not None
    # One reading takes it back, so it is looked at once more: that one may have been odd.
    again = {"drifted_at": None, "drift_ended_at": Now(), "doubted_at": None}
    if row.update(**again, settle_at=in_seconds(AGAIN)):
        cases.keep_operation(operation)
        body = {"seen": seen.as_json(), "drifted_at": operation.drifted_at.isoformat()}
        audit.record("operation.drift_ended", operation=operation, body=body)
