"""What an operation made or changed: where its outcome leads on to."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.components.statuses import status_badge
from dashboard.records.headings import heading_of
from resellers.models import Operation, OperationState, ProductInstance
from resellers.operations.kinds import KINDS
from resellers.operations.namesakes import names_of
from resellers.operations.wish import Thing, UnreadableWish

MOST = 10  # an order may have many more, which its package's page shows


@dataclass(frozen=True, slots=True)
class TouchedRecord:
    """A record by its name, leading to its page; of a service how it stands."""

    name: str
    link: str
    under: str | SafeString
    status: SafeString | str


@dataclass(frozen=True, slots=True)
class Touched:
    """The records under a word for what became of them, and how many more there are."""

    words: str
    records: list[TouchedRecord]
    more: int


def touched_by(operation: Operation) -> Touched:
    """What an operation that has ended made or changed, or was to."""
    kind, found = KINDS.get(operation.kind), touched_records(operation)
    was_done = kind is not None and operation.state == OperationState.SUCCEEDED
    words = kind.touches if kind and was_done else _("It was about")
    names = names_of([one for one in found if isinstance(one, ProductInstance)])
    records = [_touched_record(one, names) for one in found[:MOST]]
    return Touched(words, records, len(found[MOST:]))


def touched_records(operation: Operation) -> list[Thing]:
    """The same as records, what it is about first."""
    kind = KINDS.get(operation.kind)
    try:
        return list(kind.touched(operation)) if kind else [operation.account]
    except UnreadableWish:
        return [operation.account]


def _touched_record(record: Thing, names: Mapping[UUID, str]) -> TouchedRecord:
    heading = heading_of(record)
    name = names.get(record.pk, heading.name)
    status: SafeString | str = ""
    if isinstance(record, ProductInstance):
        status = status_badge(record.status, record.status_since)
    return TouchedRecord(name, heading.link, heading.under, status)
