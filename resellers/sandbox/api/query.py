"""Queries: a filter, an order, and one page of what they find.

Pages are cut by cursors that hold filter, sort and the last row's key.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from ..wire.errors import refuse
from ..wire.validation import Fields
from .cursors import Cursors
from .filters import Condition, Filterable, Read, read_filter

PAGE = 100


@dataclass(frozen=True)
class Sort:
    field: str
    descending: bool


@dataclass(frozen=True)
class Schema:
    """What may be asked of one kind of row."""

    name: str
    fields: dict[str, Filterable]
    sortable: dict[str, Read]
    default_sort: tuple[Sort, ...]


@dataclass
class ParsedQuery:
    """A query as understood: conditions all of which must hold, an order, and one page of it."""

    conditions: list[Condition]
    sort: tuple[Sort, ...]
    limit: int
    after: list[Any] | None = None
    offset: int | None = None
    cursor: str | None = None
    sent_filter: dict[str, Any] = field(default_factory=dict)
    sent_sort: list[Any] = field(default_factory=list)

    def matches(self, row: Any) -> bool:
        return all(condition.holds(row) for condition in self.conditions)


def parse_query(schema: Schema, query: Fields, cursors: Cursors) -> ParsedQuery:
    """Understand a `query` object. Raises a 400 Refusal naming whatever is not supported."""
    paging = query.object("paging")
    cursor_paging = query.object("cursorPaging")
    for name in ("fields", "fieldsets"):
        if query.given(name) and not isinstance(query.values[name], list):
            query.add_violation(name, "must be a list")
    if paging and cursor_paging:
        query.add_violation("paging", "cannot be used together with cursorPaging", "CUSTOM")
    sent_filter = query.values.get("filter") or {}
    sent_sort = query.values.get("sort") or []
    after = cursor = None
    if cursor_paging and cursor_paging.given("cursor"):
        cursor = cursor_paging.text("cursor")
        query.check()
        if cursor:
            if sent_filter or sent_sort:
                reason = "filter and sort are part of it and cannot be sent beside it"
                raise refuse("INVALID_CURSOR", reason=reason)
            held = cursors.read(schema.name, cursor)
            sent_filter, sent_sort, after = held["f"], held["s"], held["l"]
    page = paging or cursor_paging
    limit = page.integer("limit", 1, PAGE, PAGE) if page else PAGE
    offset = paging.integer("offset", 0, 10**9, 0) if paging else None
    conditions = read_filter(schema.fields, sent_filter, query)
    sort = _sort(schema, sent_sort, query) or schema.default_sort
    query.check()
    return ParsedQuery(conditions, sort, limit, after, offset, cursor, sent_filter, sent_sort)


def conditions(schema: Schema, filter_: Any, fields: Fields) -> list[Condition]:
    """Understand a filter that stands alone. Raises a 400 Refusal."""
    found = read_filter(schema.fields, filter_ or {}, fields)
    fields.check()
    return found


def key(schema: Schema, sort: tuple[Sort, ...], row: Any) -> list[Any]:
    """What places a row in that order: its sort values, and its id where they are equal."""
    return [*(schema.sortable[one.field](row) for one in sort), row.id]


def in_order(schema: Schema, sort: tuple[Sort, ...], rows: Iterable[Any]) -> list[Any]:
    """The rows sorted; equal ones by id, in the direction of the last field."""
    ordered = sorted(rows, key=lambda row: row.id, reverse=sort[-1].descending)
    for one in reversed(sort):
        read = schema.sortable[one.field]
        ordered.sort(key=lambda row: _comparable(read(row)), reverse=one.descending)
    return ordered


def following(
    schema: Schema, sort: tuple[Sort, ...], ordered: list[Any], last: list[Any] | None
) -> list[Any]:
    """The part of the sorted rows that comes after the row of that key, all without one."""
    if last is None:
        return ordered
    start = bisect_left(
        ordered, True, key=lambda row: _is_after(sort, key(schema, sort, row), last)
    )
    return ordered[start:]


def _is_after(sort: tuple[Sort, ...], candidate: list[Any], last: list[Any]) -> bool:
    directions = [*(one.descending for one in sort), sort[-1].descending]
    for one, other, descending in zip(candidate, last, directions, strict=True):
        left, right = _comparable(one), _comparable(other)
        if left != right:
            return left < right if descending else left > right
    return False


def _comparable(value: Any) -> tuple[bool, Any]:
    return (value is not None, value if value is not None else 0)


def _sort(schema: Schema, sent: Any, fields: Fields) -> tuple[Sort, ...]:
    if not isinstance(sent, list):
        fields.add_violation("sort", "must be a list of {fieldName, order}")
        return ()
    wanted = []
    for number, one in enumerate(sent):
        place = f"sort[{number}]"
        name = one.get("fieldName") if isinstance(one, dict) else None
        order = (one.get("order") or "ASC") if isinstance(one, dict) else None
        if name not in schema.sortable:
            fields.add_violation(f"{place}.fieldName", "cannot be sorted by", "CUSTOM")
        elif order not in ("ASC", "DESC"):
            fields.add_violation(f"{place}.order", "must be one of ASC, DESC")
        else:
            wanted.append(Sort(name, order == "DESC"))
    return tuple(wanted)
