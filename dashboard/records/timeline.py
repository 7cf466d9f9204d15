"""What happened to a record, in one order: changes at Wix, wishes, failures, notes, readings.

Each source gives its newest entries beyond a mark; merged, they are one page of the timeline.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.lists.filters import InvalidQuery
from dashboard.lists.keyset import Mark, read_mark, rows_after, rows_beyond, sort
from resellers.models import Case, ProductInstance

from . import timeline_entries
from .record import Record
from .timeline_days import Day, by_day
from .timeline_entries import TimelineEntry
from .timeline_narrowing import Narrowing
from .timeline_sources import TimelineSource, sources_of

LENGTH = 40
KINDS = {
    "": gettext_lazy("All"),
    "operations": gettext_lazy("Ours"),
    "outside": gettext_lazy("Wix"),
    "notes": gettext_lazy("Notes"),
    "failures": gettext_lazy("Failures"),
}


ALL = Narrowing()


@dataclass(frozen=True, slots=True)
class Timeline:
    """One page of it: the entries, what it may be narrowed by, and the link to earlier ones."""

    entries: list[TimelineEntry]
    chips: list[dict[str, Any]]
    older: str
    newest: str  # the link to the first page, empty on it
    error: str = ""
    narrowing: Narrowing = ALL
    path: str = ""

    @property
    def kind(self) -> str:
        return self.narrowing.kind

    @property
    def is_narrowed(self) -> bool:
        return self.narrowing != ALL

    @property
    def days(self) -> list[Day]:
        """The entries by the days on which they were, the newest first."""
        return by_day(self.entries)


def timeline(
    record: Record | Case, query: Mapping[str, str], path: str, length: int = LENGTH
) -> Timeline:
    """The page of the record's timeline that `kind`, `by`, `until` and `before` ask for.

    It takes a fixed number of queries for what happened, however often that did.

    `path` is the address that the links go to, with or without a query string of its own.
    """
    narrowing, token = Narrowing.of(query), query.get("before", "")
    chips = [
        {
            "key": key,
            "label": label,
            "link": _link(path, replace(narrowing, kind=key)),
            "current": key == narrowing.kind,
        }
        for key, label in KINDS.items()
    ]
    sources: dict[str, TimelineSource] = {}
    try:
        if narrowing.kind not in KINDS:
            raise InvalidQuery(
                _("Choose one of: %(values)s.") % {"values": ", ".join(sorted(filter(None, KINDS)))}
            )
        sources = {
            name: replace(source, rows=narrowing.narrowed(name, source.rows, source.at))
            for name, source in sources_of(record, narrowing.kind)
            if narrowing.takes(name)
        }
        mark = _mark(token, sources) if token else None
    except InvalidQuery as error:
        return Timeline([], chips, "", _link(path), str(error), narrowing, path)
    is_single = isinstance(record, ProductInstance)
    found: list[tuple[Mark, TimelineEntry]] = []
    for name, source in _with_rows(record, _beyond(mark, sources) if mark else sources).items():
        read = list(sort(source.rows, source.order)[: length + 1])
        marks = [Mark(name, getattr(row, source.at), row.pk) for row in read]
        found += zip(marks, source.entries_of(read, is_single), strict=True)
    # The sort is stable: at one moment the sources, and the rows of each, keep their order.
    found.sort(key=lambda one: one[0].value, reverse=True)
    page = found[:length]
    return Timeline(
        timeline_entries.grouped(entry for _, entry in page),
        chips,
        _link(path, narrowing, page[-1][0].token) if len(found) > length else "",
        _link(path, narrowing) if mark else "",
        narrowing=narrowing,
        path=path,
    )


def _beyond(mark: Mark, sources: Mapping[str, TimelineSource]) -> dict[str, TimelineSource]:
    """The sources with their rows beyond the mark."""
    found, is_before_the_marks = {}, True
    for name, source in sources.items():
        if name == mark.source:
            is_before_the_marks = False
            rows = rows_after(source.rows, source.order, mark)
        else:
            # At one moment the sources come in their order.
            inclusive = not is_before_the_marks
            rows = rows_beyond(source.rows, source.order, mark.value, inclusive=inclusive)
        found[name] = replace(source, rows=rows)
    return found


def _with_rows(
    record: Record | Case, sources: Mapping[str, TimelineSource]
) -> dict[str, TimelineSource]:
    """The sources that have any rows: to ask that of all at once is cheaper than to read from each
    of them, with all that an entry names, and to find most of them empty."""
    asked = [Exists(source.rows) for source in sources.values()]
    key: Any = record.pk
    of_record = type(record)._base_manager.filter(pk=key)
    there = of_record.values_list(*asked).get() if asked else ()
    return {name: sources[name] for name, is_there in zip(sources, there, strict=True) if is_there}


def _mark(token: str, sources: Mapping[str, TimelineSource]) -> Mark:
    """The entry of one of these sources above which a page ends. Raises InvalidQuery."""
    try:
        return read_mark(token, {name: (one.rows, one.order) for name, one in sources.items()})
    except InvalidQuery as error:
        raise InvalidQuery(_("%(error)s Start from the newest.") % {"error": error}) from error


def _link(path: str, narrowing: Narrowing | None = None, before: str = "") -> str:
    query = (narrowing.as_query if narrowing else {}) | ({"before": before} if before else {})
    if not query:
        return path
    return f"{path}{'&' if '?' in path else '?'}{urlencode(query)}"
