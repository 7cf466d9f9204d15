"""Whose doing a change was: ours where a call of an operation may have had that effect.

Each write says with its attempt what it makes of which records. So a change is found to be ours
whichever reading finds it, the operation's own or another one long after an answer was lost; and
what others changed is theirs, though a reading of ours is the first to show it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from resellers.clock import database_now
from resellers.models import Change, Operation, OperationAttempt

# Of a call sent before that nothing is expected any more.
LATEST = timedelta(days=1)
# What these became is told by effects alone. The rest of a record follows from what was done to it.
FIELDS_OF_EFFECTS = frozenset(
    {
        *("account", "cycle_count", "cycle_unit", "external_id", "gone_at"),
        *("product", "site", "status"),
    }
)
Key = tuple[UUID | None, str, str]  # of which record, which field became what


def sign(changes: Sequence[Change], operation: Operation | None) -> None:
    """Mark those of these new changes that were ours; `operation` is whose reading found them.

    Each attempt accounts for one change of a field: what it did is not done again by it.
    """
    unsigned = [change for change in changes if change.operation_id is None]
    if not unsigned:
        return
    sent = _sent({change.account_id for change in unsigned})
    authors = _authors(sent)
    for change in unsigned:
        if able := authors.get(_key(change)):
            change.operation_id = able.pop(0)
    if operation is None or not _has_acted(operation):
        return
    says = any(attempt.operation_id == operation.pk for attempt in sent)
    for change in unsigned:
        is_by_effect = says and change.field in FIELDS_OF_EFFECTS
        if change.operation_id is None and not is_by_effect and _is_about(operation, change):
            change.operation = operation


def _has_acted(operation: Operation) -> bool:
    sent = operation.attempts.filter(writes=True, state__in=OperationAttempt.MAYBE_CARRIED_OUT)
    return sent.exists()


def _sent(account_ids: set[UUID]) -> list[OperationAttempt]:
    """The calls of the last day that may have had an effect, oldest first."""
    attempts = OperationAttempt.objects.filter(
        effect__isnull=False,
        sent_at__gte=database_now() - LATEST,
        operation__account__in=account_ids,
    )
    return list(attempts.only("operation_id", "state", "effect").order_by("id"))


def _authors(sent: Iterable[OperationAttempt]) -> dict[Key, list[int]]:
    """The operations that may still be the author of each change, an entry a call.

    Of the calls that Wix has answered only the last one for a field can still show: the others were
    overtaken by it. What is in doubt may land at any time.
    """
    able: dict[Key, list[int]] = defaultdict(list)
    last: dict[tuple[UUID, str], tuple[int, list[str]]] = {}
    for attempt in sent:
        for record, fields in (attempt.effect or {}).items():
            for field, values in fields.items():
                if attempt.state in OperationAttempt.IN_DOUBT:
                    for value in values:
                        able[UUID(record), field, value].append(attempt.operation_id)
                else:
                    last[UUID(record), field] = attempt.operation_id, values
    for (record_id, field), (operation_id, values) in last.items():
        for value in values:
            able[record_id, field, value].append(operation_id)
    for change in Change.objects.filter(operation__in={a.operation_id for a in sent}):
        left = able.get(_key(change), [])
        if change.operation_id in left:
            left.remove(change.operation_id)
    return able


def _key(change: Change) -> Key:
    record = change.instance_id or change.site_id or change.package_id
    return record, change.field, change.new


def _is_about(operation: Operation, change: Change) -> bool:
    """Whether the change is of the very thing that the operation is about."""
    if operation.instance_id:
        return change.instance_id == operation.instance_id
    if operation.package_id:
        return change.package_id == operation.package_id
    return bool(operation.site_id) and change.site_id == operation.site_id
