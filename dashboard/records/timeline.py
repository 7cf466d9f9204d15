"""What happened to a record, in one order: changes at Wix, wishes, failures, notes, readings.

Each source gives its newest entries beyond a mark; merged, they are one page of the timeline.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from dashboard.lists.filters import InvalidQuery
from resellers.models import (
    Account,
    Change,
    InstanceStatus,
    Note,
    Operation,
    Package,
    ProductInstance,
    SyncRun,
)
from resellers.wix_ids import as_wix_id

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


class Mark(NamedTuple):
    """A place in the timeline: the entry above it, by its time, its source and its key."""

    at: datetime
    source: int
    key: str

    def token(self) -> str:
        return f"{self.at.isoformat()}~{self.source}~{self.key}"


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """One table that tells of a record: its rows, and the field that says when."""

    rows: QuerySet
    at: str
    entries_of: Callable[[list[Any], bool], list[TimelineEntry]]


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
    try:
        mark = _read(token) if token else None
        if kind not in KINDS:
            raise InvalidQuery(f"Choose one of: {', '.join(filter(None, KINDS))}.")
    except InvalidQuery as error:
        return Timeline([], chips, "", _link(path), str(error))
    is_single = isinstance(record, ProductInstance)
    found: list[tuple[Mark, TimelineEntry]] = []
    for place, source in _sources(record, kind):
        rows = list(_beyond(source, place, mark)[: LENGTH + 1])
        marks = [Mark(getattr(row, source.at), place, str(row.pk)) for row in rows]
        found += zip(marks, source.entries_of(rows, is_single), strict=True)
    # The sort is stable: at one moment the sources, and the rows of each, keep their order.
    found.sort(key=lambda one: one[0].at, reverse=True)
    shown = found[:LENGTH]
    return Timeline(
        timeline_entries.grouped(entry for _, entry in shown),
        chips,
        _link(path, kind=kind, before=shown[-1][0].token()) if len(found) > LENGTH else "",
        _link(path, kind=kind) if mark else "",
        kind=kind,
    )


def latest_entries(record: Account | Package | ProductInstance, number: int) -> list[TimelineEntry]:
    """The newest entries, for a page that shows the whole timeline elsewhere."""
    return list(islice(timeline(record, {}, "").entries, number))


def _sources(
    record: Account | Package | ProductInstance, kind: str
) -> Iterator[tuple[int, TimelineSource]]:
    """The tables that tell of this record and kind, each with its place among all of them."""
    if isinstance(record, ProductInstance):
        of, services, read = Q(instance=record), Q(pk=record.pk), Q(package=record.package_id)
    elif isinstance(record, Package):
        of, services, read = Q(package=record), Q(package=record), Q(package=record)
    else:
        of, services, read = Q(account=record), Q(account=record), Q(account=record)
    unread_by = Q(package__account=record.pk) if isinstance(record, Account) else read
    changes = Change.objects.filter(of).select_related("instance__product", "package", "site")
    operations = Operation.objects.filter(of).select_related("requested_by", "instance__product")
    if kind == "outside":
        changes = changes.filter(operation=None).exclude(field="seen")
    if kind == "failures":
        changes = changes.filter(**FAILED)
        operations = operations.gone_wrong()
    if kind in ("", "outside", "failures"):
        yield 0, TimelineSource(_without_causes(changes), "at", timeline_entries.of_changes)
    if kind in ("", "operations", "failures"):
        ended = operations.filter(finished_at__isnull=False)
        yield 1, TimelineSource(ended, "finished_at", timeline_entries.of_ends)
    if kind in ("", "notes"):
        notes = Note.objects.filter(of).select_related("by", "instance__product", "package")
        yield 2, TimelineSource(notes, "at", timeline_entries.of_notes)
    if kind in ("", "failures"):
        unread = SyncRun.unread.through.objects.filter(unread_by, syncrun=OuterRef("pk"))
        runs = SyncRun.objects.filter(
            read | Q(Exists(unread)), state=SyncRun.State.FAILED, finished_at__isnull=False
        )
        runs = runs.select_related("requested_by", "package")
        yield 3, TimelineSource(runs, "finished_at", timeline_entries.of_readings)
        # Of a service that was FAILED when it was met no change tells.
        told = Change.objects.filter(instance=OuterRef("pk"), **FAILED)
        failed = ProductInstance.objects.failed().filter(
            services, ~Exists(told), status_since__isnull=False
        )
        failed = failed.select_related("product").defer("raw")
        yield 4, TimelineSource(failed, "status_since", timeline_entries.of_failed)
    if kind in ("", "operations", "failures"):
        took_long = Q(finished_at__gt=F("requested_at") + timeline_entries.LONG)
        begun = Q(finished_at=None) if kind == "failures" else Q(finished_at=None) | took_long
        yield (
            5,
            TimelineSource(
                operations.filter(begun), "requested_at", timeline_entries.of_operations
            ),
        )


def _without_causes(changes: QuerySet[Change]) -> QuerySet[Change]:
    """The changes less the code and message of a failure: its own entry tells them."""
    same = Change.objects.filter(instance=OuterRef("instance"), at=OuterRef("at"), **FAILED)
    causes = Q(field__in=("failure_code", "failure_message"))
    return changes.exclude(causes & Q(Exists(same)))


def _beyond(source: TimelineSource, place: int, mark: Mark | None) -> QuerySet:
    rows = source.rows.order_by(f"-{source.at}", "-pk")
    if mark is None:
        return rows
    earlier = Q(**{f"{source.at}__lt": mark.at})
    same = Q(**{source.at: mark.at})
    if place == mark.source:
        return rows.filter(earlier | same & Q(pk__lt=mark.key))
    # At one moment the sources come in their order.
    return rows.filter(earlier | same if place > mark.source else earlier)


def _read(token: str) -> Mark:
    """The mark that this token means. Raises InvalidQuery."""
    damaged = InvalidQuery("This link is damaged. Start from the newest.")
    found = re.fullmatch(r"([0-9T:.+-]{19,40})~([0-5])~([0-9]{1,18}|[0-9a-f-]{36})", token)
    if not found:
        raise damaged
    try:
        at = parse_datetime(found[1])
    except ValueError:
        raise damaged from None
    # Only the services, source 4, have ids of Wix for keys.
    key_fits = bool(as_wix_id(found[3])) if found[2] == "4" else found[3].isdecimal()
    if at is None or timezone.is_naive(at) or not key_fits:
        raise damaged
    return Mark(at, int(found[2]), found[3])


def _link(path: str, **query: str) -> str:
    told = urlencode({name: text for name, text in query.items() if text})
    return f"{path}&{told}" if told else path
