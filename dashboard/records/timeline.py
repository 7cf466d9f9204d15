"""What happened to a record, in one order: changes at Wix, wishes, failures, notes, readings.

Each source gives its newest entries beyond a mark; merged, they are one page of the timeline.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from dashboard.lists.filters import InvalidQuery
from dashboard.lists.keyset import Mark, Order, read_mark, rows_after, rows_beyond, sort
from resellers.models import (
    Account,
    Change,
    InstanceStatus,
    Note,
    Operation,
    Package,
    ProductInstance,
    SyncRun,
    Unreadable,
)

from . import timeline_entries
from .timeline_entries import TimelineEntry

LENGTH = 40
KINDS = {
    "": "All",
    "outside": "Changes outside",
    "operations": "Operations",
    "notes": "Notes",
    "failures": "Failures",
}
FAILED = {"field": "status", "new": InstanceStatus.FAILED}


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """One table that tells of a record: its rows, and the field that says when."""

    rows: QuerySet
    at: str
    entries_of: Callable[[list[Any], bool], list[TimelineEntry]]

    @property
    def order(self) -> Order:
        return Order(self.at, descending=True, empties="never")


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of it: the entries, the chips above them and the link to the older ones."""

    entries: list[TimelineEntry]
    chips: list[dict[str, Any]]
    older: str
    newest: str  # the link to the first page, empty on it
    error: str = ""
    kind: str = ""


def timeline(
    record: Account | Package | ProductInstance, query: Mapping[str, str], path: str
) -> Timeline:
    """The page of the record's timeline that `kind` and `before` ask for.

    It takes a fixed number of queries, however much has happened.

    `path` is the address that the links go to, with a query string of its own.
    """
    kind, token = query.get("kind", ""), query.get("before", "")
    chips = [
        {"key": key, "label": label, "link": _link(path, kind=key), "current": key == kind}
        for key, label in KINDS.items()
    ]
    sources: dict[str, TimelineSource] = {}
    try:
        if kind not in KINDS:
            raise InvalidQuery(f"Choose one of: {', '.join(filter(None, KINDS))}.")
        sources = dict(_sources(record, kind))
        mark = _mark(token, sources) if token else None
    except InvalidQuery as error:
        return Timeline([], chips, "", _link(path), str(error))
    is_single = isinstance(record, ProductInstance)
    found: list[tuple[Mark, TimelineEntry]] = []
    is_before_the_marks = True
    for name, source in sources.items():
        rows = sort(source.rows, source.order)
        if mark and name == mark.source:
            is_before_the_marks = False
            rows = rows_after(rows, source.order, mark)
        elif mark:
            # At one moment the sources come in their order.
            inclusive = not is_before_the_marks
            rows = rows_beyond(rows, source.order, mark.value, inclusive=inclusive)
        read = list(rows[: LENGTH + 1])
        marks = [Mark(name, getattr(row, source.at), row.pk) for row in read]
        found += zip(marks, source.entries_of(read, is_single), strict=True)
    # The sort is stable: at one moment the sources, and the rows of each, keep their order.
    found.sort(key=lambda one: one[0].value, reverse=True)
    page = found[:LENGTH]
    return Timeline(
        timeline_entries.grouped(entry for _, entry in page),
        chips,
        _link(path, kind=kind, before=page[-1][0].token) if len(found) > LENGTH else "",
        _link(path, kind=kind) if mark else "",
        kind=kind,
    )


def _mark(token: str, sources: Mapping[str, TimelineSource]) -> Mark:
    """The entry of one of these sources above which a page ends. Raises InvalidQuery."""
    try:
        return read_mark(token, {name: (one.rows, one.order) for name, one in sources.items()})
    except InvalidQuery as error:
        raise InvalidQuery(f"{error} Start from the newest.") from error


def latest_entries(record: Account | Package | ProductInstance, number: int) -> list[TimelineEntry]:
    """The newest entries, for a page that shows the whole timeline elsewhere."""
    return list(islice(timeline(record, {}, "").entries, number))


def _sources(
    record: Account | Package | ProductInstance, kind: str
) -> Iterator[tuple[str, TimelineSource]]:
    """The tables that tell of this record and kind, by name; at one moment in this order."""
    if isinstance(record, ProductInstance):
        of, services, read = Q(instance=record), Q(pk=record.pk), Q(package=record.package_id)
    elif isinstance(record, Package):
        of, services, read = Q(package=record), Q(package=record), Q(package=record)
    else:
        of, services, read = Q(account=record), Q(account=record), Q(account=record)
    unreadable_of = read if not isinstance(record, Account) else Q(account=record)
    unread_by = Q(package__account=record.pk) if isinstance(record, Account) else read
    changes = Change.objects.filter(of).select_related("instance__product", "package", "site")
    ordered = Q(pk__in=_orders_of(record) if isinstance(record, ProductInstance) else [])
    operations = Operation.objects.filter(of | ordered).select_related(
        "requested_by", "instance__product", "package", "site"
    )
    if kind == "outside":
        changes = changes.filter(operation=None).exclude(field="seen")
    if kind == "failures":
        changes = changes.filter(**FAILED)
        operations = operations.gone_wrong()
    if kind in ("", "outside", "failures"):
        yield "changes", TimelineSource(_without_causes(changes), "at", timeline_entries.of_changes)
    if kind in ("", "operations", "failures"):
        ended = operations.filter(finished_at__isnull=False)
        yield "ends", TimelineSource(ended, "finished_at", timeline_entries.of_ends)
    if kind in ("", "notes"):
        notes = Note.objects.filter(of).select_related("by", "instance__product", "package")
        yield "notes", TimelineSource(notes, "at", timeline_entries.of_notes)
    if kind in ("", "failures"):
        unread_runs = SyncRun.unread.through.objects.filter(unread_by, syncrun=OuterRef("pk"))
        runs = SyncRun.objects.filter(
            read | Q(Exists(unread_runs)), state=SyncRun.State.FAILED, finished_at__isnull=False
        )
        runs = runs.select_related("requested_by", "package")
        yield "readings", TimelineSource(runs, "finished_at", timeline_entries.of_readings)
        closed = Unreadable.objects.filter(unreadable_of).select_related("package")
        yield "unreadable", TimelineSource(closed, "since", timeline_entries.of_unreadable)
        # Of a service that was FAILED when it was met no change tells.
        recorded = Change.objects.filter(instance=OuterRef("pk"), **FAILED)
        failed = ProductInstance.objects.failed().filter(
            services, ~Exists(recorded), status_since__isnull=False
        )
        failed = failed.select_related("product").defer("raw")
        yield "failed", TimelineSource(failed, "status_since", timeline_entries.of_failed)
    if kind in ("", "operations", "failures"):
        took_long = Q(finished_at__gt=F("requested_at") + timeline_entries.LONG)
        begun = Q(finished_at=None) if kind == "failures" else Q(finished_at=None) | took_long
        yield (
            "operations",
            TimelineSource(
                operations.filter(begun), "requested_at", timeline_entries.of_operations
            ),
        )


def _orders_of(service: ProductInstance) -> list[int]:
    """The orders that were in place of that service, or that it came of; one query at most."""
    made = getattr(service, "reorder", None)
    found = [made.operation_id] if made else []
    if service.is_failed:
        found += service.reorders.order_by().values_list("operation", flat=True)
    return found


def _without_causes(changes: QuerySet[Change]) -> QuerySet[Change]:
    """The changes less the code and message of a failure: its own entry tells them."""
    same = Change.objects.filter(instance=OuterRef("instance"), at=OuterRef("at"), **FAILED)
    causes = Q(field__in=("failure_code", "failure_message"))
    return changes.exclude(causes & Q(Exists(same)))


def _link(path: str, **query: str) -> str:
    parameters = urlencode({name: text for name, text in query.items() if text})
    return f"{path}&{parameters}" if parameters else path
