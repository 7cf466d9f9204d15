"""Wix's query language as far as the packages' and the sites' pages name it.

A filter is read against a schema of fields and their operators; whatever the schema does not
list is refused by name. Pages are cut by cursors that hold filter, sort and the last row's key.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from . import clock
from .bodies import Fields
from .errors import refuse

EQUALITY = frozenset({"$eq", "$ne", "$in", "$exists"})
COMPARISON = frozenset({"$eq", "$ne", "$gt", "$lt", "$gte", "$lte"})
OF_LISTS = frozenset({"$hasSome", "$hasAll"})
LOGIC = frozenset({"$and", "$or", "$not"})

PAGE = 100

Read = Callable[[Any], Any]


@dataclass(frozen=True)
class Filterable:
    """A field that may be filtered by: its operators, its kind, and how to read it off a row.

    Kinds: `id` (compared without regard to case), `word` (an enum, likewise), `text`, `date`,
    `flag`, `number`, `object` (matches where it says the same), all also as lists, and `phrase`,
    which is found anywhere in what is read.
    """

    operators: frozenset[str]
    kind: str
    read: Read


@dataclass(frozen=True)
class Condition:
    """One operator on one field, its operand brought into the form it is compared in."""

    field: str
    operator: str
    operand: Any
    read: Read

    def holds(self, row: Any) -> bool:
        return _HOLDS[self.operator](self.read(row), self.operand)


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
class Asked:
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


class Cursors:
    """Makes and reads cursors; one that was made elsewhere, altered or outlived is refused."""

    def __init__(self, secret: str, now: int, good_for_seconds: int = 0) -> None:
        self._secret = secret.encode()
        self._now = now
        self._good_for = good_for_seconds * clock.SECOND

    def make(self, kind: str, content: dict[str, Any]) -> str:
        text = json.dumps({**content, "k": kind, "t": self._now}, separators=(",", ":"))
        raw = text.encode()
        return base64.urlsafe_b64encode(self._seal(raw) + raw).decode().rstrip("=")

    def read(self, kind: str, cursor: str) -> dict[str, Any]:
        try:
            sealed = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except ValueError:
            raise refuse("INVALID_CURSOR", reason="it cannot be read") from None
        seal, raw = sealed[:8], sealed[8:]
        if not hmac.compare_digest(seal, self._seal(raw)):
            raise refuse("INVALID_CURSOR", reason="it was not made here")
        content: dict[str, Any] = json.loads(raw)
        if content["k"] != kind:
            raise refuse("INVALID_CURSOR", reason="it belongs to another query")
        if self._good_for and self._now - content["t"] > self._good_for:
            raise refuse("INVALID_CURSOR", reason="it has expired")
        return content

    def _seal(self, raw: bytes) -> bytes:
        return hmac.digest(self._secret, raw, hashlib.sha256)[:8]


def asked(schema: Schema, query: Fields, cursors: Cursors) -> Asked:
    """Understand a `query` object. Raises a 400 Refusal naming whatever is not supported."""
    paging = query.object("paging")
    cursor_paging = query.object("cursorPaging")
    for name in ("fields", "fieldsets"):
        if query.given(name) and not isinstance(query.values[name], list):
            query.blame(name, "must be a list")
    if paging and cursor_paging:
        query.blame("paging", "cannot be used together with cursorPaging", "CUSTOM")
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
    limit = page.whole("limit", 1, PAGE, PAGE) if page else PAGE
    offset = paging.whole("offset", 0, 10**9, 0) if paging else None
    conditions = _conditions(schema, sent_filter, query)
    sort = _sort(schema, sent_sort, query) or schema.default_sort
    query.check()
    return Asked(conditions, sort, limit, after, offset, cursor, sent_filter, sent_sort)


def conditions(schema: Schema, filter_: Any, fields: Fields) -> list[Condition]:
    """Understand a filter that stands alone. Raises a 400 Refusal."""
    found = _conditions(schema, filter_ or {}, fields)
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


def _conditions(schema: Schema, filter_: Any, fields: Fields) -> list[Condition]:
    if not isinstance(filter_, dict):
        fields.blame("filter", "must be an object")
        return []
    found = []
    for name, wanted in filter_.items():
        place = f"filter.{name}"
        if name in LOGIC:
            fields.blame(place, f"{name} is not supported here, list several fields", "CUSTOM")
            continue
        known = schema.fields.get(name)
        if known is None:
            fields.blame(place, "cannot be filtered by", "CUSTOM")
            continue
        operations = wanted if _has_operators(wanted) else {"$eq": wanted}
        for operator, operand in operations.items():
            if operator not in known.operators:
                fields.blame(place, f"does not support {operator}", "CUSTOM")
                continue
            try:
                form = _operand(operator, known.kind, operand)
            except ValueError as error:
                fields.blame(place, str(error))
                continue
            how = "$contains" if known.kind == "phrase" else operator
            found.append(Condition(name, how, form, known.read))
    return found


def _has_operators(wanted: Any) -> bool:
    return isinstance(wanted, dict) and any(str(name).startswith("$") for name in wanted)


def _operand(operator: str, kind: str, operand: Any) -> Any:
    if operator == "$exists":
        if not isinstance(operand, bool):
            raise ValueError("$exists takes true or false")
        return operand
    if operator in ("$in", "$nin", "$hasSome", "$hasAll"):
        if not isinstance(operand, list):
            raise ValueError(f"{operator} takes a list")
        return [comparable(kind, one) for one in operand]
    if operator == "$startsWith" and not isinstance(operand, str):
        raise ValueError("$startsWith takes a string")
    return comparable(kind, operand)


def comparable(kind: str, value: Any) -> Any:
    """A value as it is compared. Raises ValueError with what was expected."""
    if value is None:
        return None
    if kind == "flag":
        if not isinstance(value, bool):
            raise ValueError("takes true or false")
        return value
    if kind == "object":
        if not isinstance(value, dict):
            raise ValueError("takes objects")
        return value
    if kind == "number":
        try:
            return int(value)
        except (TypeError, ValueError, OverflowError):
            raise ValueError("takes whole numbers") from None
    if not isinstance(value, str):
        raise ValueError("takes strings")
    if kind == "date":
        moment = clock.read(value)
        if moment is None:
            raise ValueError("takes dates as RFC 3339")
        return moment
    if kind == "text":
        return value
    return value.upper() if kind == "word" else value.lower()


def _says_the_same(actual: Any, wanted: Any) -> bool:
    if isinstance(actual, dict) and isinstance(wanted, dict):
        return all(_says_the_same(actual.get(name), one) for name, one in wanted.items())
    return bool(actual == wanted)


def _some(actual: Any, wanted: list[Any]) -> bool:
    values = actual if isinstance(actual, list) else [actual]
    return any(_says_the_same(value, one) for value in values for one in wanted)


def _all(actual: Any, wanted: list[Any]) -> bool:
    values = actual if isinstance(actual, list) else [actual]
    return all(any(_says_the_same(value, one) for value in values) for one in wanted)


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    return lambda actual, wanted: (
        actual is not None and wanted is not None and compare(actual, wanted)
    )


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "$eq": _says_the_same,
    "$ne": lambda actual, wanted: not _says_the_same(actual, wanted),
    "$in": lambda actual, wanted: actual in wanted,
    "$exists": lambda actual, wanted: (actual not in (None, [])) is wanted,
    "$gt": _ordered(lambda actual, wanted: actual > wanted),
    "$gte": _ordered(lambda actual, wanted: actual >= wanted),
    "$lt": _ordered(lambda actual, wanted: actual < wanted),
    "$lte": _ordered(lambda actual, wanted: actual <= wanted),
    "$startsWith": _ordered(lambda actual, wanted: actual.startswith(wanted)),
    "$contains": _ordered(lambda actual, wanted: wanted in actual.lower()),
    "$hasSome": _some,
    "$hasAll": _all,
}


def _sort(schema: Schema, sent: Any, fields: Fields) -> tuple[Sort, ...]:
    if not isinstance(sent, list):
        fields.blame("sort", "must be a list of {fieldName, order}")
        return ()
    wanted = []
    for number, one in enumerate(sent):
        place = f"sort[{number}]"
        name = one.get("fieldName") if isinstance(one, dict) else None
        order = (one.get("order") or "ASC") if isinstance(one, dict) else None
        if name not in schema.sortable:
            fields.blame(f"{place}.fieldName", "cannot be sorted by", "CUSTOM")
        elif order not in ("ASC", "DESC"):
            fields.blame(f"{place}.order", "must be one of ASC, DESC")
        else:
            wanted.append(Sort(name, order == "DESC"))
    return tuple(wanted)
