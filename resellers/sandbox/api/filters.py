"""Wix's filters as far as the packages' and the sites' pages name them.

A filter is read against the fields that may be filtered by and their operators; whatever is not
among them is refused by name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ..wire.validation import Fields
from ..world import clock

EQUALITY = frozenset({"$eq", "$ne", "$in", "$exists"})
COMPARISON = frozenset({"$eq", "$ne", "$gt", "$lt", "$gte", "$lte"})
OF_LISTS = frozenset({"$hasSome", "$hasAll"})
LOGIC = frozenset({"$and", "$or", "$not"})

Read = Callable[[Any], Any]
Holds = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Filterable:
    """A field that may be filtered by: its operators, its kind, and how to read it off a row.

    Kinds: `id` (compared without regard to case), `enum` (likewise), `text`, `date`, `boolean`,
    `number`, `object` (matches where it says the same), all also as lists, and `phrase`: a part of
    any of several texts in small letters, of which the first counts where order is asked about.
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
    kind: str

    def holds(self, row: Any) -> bool:
        holds = _PHRASE_HOLDS if self.kind == "phrase" else _HOLDS
        return holds[self.operator](self.read(row), self.operand)


def read_filter(fields: Mapping[str, Filterable], sent: Any, query: Fields) -> list[Condition]:
    """The conditions of a filter, all of which must hold; notes in `query` what is wrong."""
    if not isinstance(sent, dict):
        query.add_violation("filter", "must be an object")
        return []
    found = []
    for name, wanted in sent.items():
        place = f"filter.{name}"
        if name in LOGIC:
            query.add_violation(
                place, f"{name} is not supported here, list several fields", "CUSTOM"
            )
            continue
        known = fields.get(name)
        if known is None:
            query.add_violation(place, "cannot be filtered by", "CUSTOM")
            continue
        operations = wanted if _has_operators(wanted) else {"$eq": wanted}
        for operator, operand in operations.items():
            if operator not in known.operators:
                query.add_violation(place, f"does not support {operator}", "CUSTOM")
                continue
            try:
                form = _operand(operator, known.kind, operand)
            except ValueError as error:
                query.add_violation(place, str(error))
                continue
            found.append(Condition(name, operator, form, known.read, known.kind))
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
    if kind == "boolean":
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
    return value.upper() if kind == "enum" else value.lower()


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


def _ordered(compare: Holds) -> Holds:
    return lambda actual, wanted: (
        actual is not None and wanted is not None and compare(actual, wanted)
    )


_HOLDS: dict[str, Holds] = {
    "$eq": _says_the_same,
    "$ne": lambda actual, wanted: not _says_the_same(actual, wanted),
    "$in": lambda actual, wanted: actual in wanted,
    "$exists": lambda actual, wanted: (actual not in (None, [])) is wanted,
    "$gt": _ordered(lambda actual, wanted: actual > wanted),
    "$gte": _ordered(lambda actual, wanted: actual >= wanted),
    "$lt": _ordered(lambda actual, wanted: actual < wanted),
    "$lte": _ordered(lambda actual, wanted: actual <= wanted),
    "$startsWith": _ordered(lambda actual, wanted: actual.startswith(wanted)),
    "$hasSome": _some,
    "$hasAll": _all,
}


def _part_of(texts: list[str], wanted: str | None) -> bool:
    return wanted is not None and any(wanted in text for text in texts)


def _of_first(operator: str) -> Holds:
    return lambda texts, wanted: _HOLDS[operator](texts[0], wanted)


_PHRASE_HOLDS: dict[str, Holds] = {
    "$eq": _part_of,
    "$ne": lambda texts, wanted: not _part_of(texts, wanted),
    "$in": lambda texts, wanted: any(_part_of(texts, one) for one in wanted),
    "$hasSome": lambda texts, wanted: any(_part_of(texts, one) for one in wanted),
    "$exists": lambda texts, wanted: bool(texts) is wanted,
    "$startsWith": lambda texts, wanted: any(text.startswith(wanted) for text in texts),
    **{operator: _of_first(operator) for operator in ("$gt", "$gte", "$lt", "$lte")},
}
