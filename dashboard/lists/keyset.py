"""Pages by key: however deep, a page costs what the first one costs.

The key of a row is its value in the sorted field and its primary key, which settles equal values.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Field, Q, QuerySet

from .filters import InvalidQuery


@dataclass(frozen=True, slots=True)
class Order:
    """One field and the primary key, both in the same direction."""

    path: str
    descending: bool
    # Where rows without a value come. Unsaid: where the database's own index has them.
    empties: Literal["first", "last", ""] = ""

    def reversed(self) -> "Order":
        other: dict[str, Literal["first", "last", ""]] = {"first": "last", "last": "first"}
        return Order(self.path, not self.descending, other.get(self.empties, ""))


@dataclass(frozen=True, slots=True)
class Mark:
    """A place between two rows: the key of the row beside it and how many rows stand before it."""

    forward: bool
    offset: int
    value: Any
    pk: Any

    def token(self, of: str) -> str:
        """The mark as an address has it; `of` says of which list, in which order."""
        told = [of, int(self.forward), self.offset, _text(self.value), _text(self.pk)]
        return base64.urlsafe_b64encode(json.dumps(told).encode()).decode().rstrip("=")


def read_mark(token: str, of: str, rows: QuerySet, order: Order) -> Mark:
    """The mark that this token means for rows in this order. Raises InvalidQuery."""
    try:
        padded = token + "=" * (-len(token) % 4)
        told = json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))
        made_of, forward, offset, value, pk = told
        if forward not in (0, 1) or not isinstance(offset, int) or not 0 <= offset < 10**9:
            raise ValueError("not a mark")
        if not isinstance(pk, str) or not isinstance(value, str | None):
            raise ValueError("not a key")
        if made_of != of:
            words = "This page link is of another list, or of another order of it."
            raise InvalidQuery(f"{words} Start from the first page.")
        meta = rows.model._meta
        key = None if value is None else _field(rows, order.path).to_python(value)
        return Mark(bool(forward), offset, key, meta.pk.to_python(pk))
    except InvalidQuery:
        raise
    except (ValueError, TypeError, ValidationError, binascii.Error, RecursionError) as error:
        raise InvalidQuery("This page link is damaged. Start from the first page.") from error


def sort(rows: QuerySet, order: Order) -> QuerySet:
    """The rows in this order."""
    last = {f"nulls_{order.empties}": True} if order.empties else {}
    if order.path == "pk":
        return rows.order_by("-pk" if order.descending else "pk")
    field = F(order.path)
    first = field.desc(**last) if order.descending else field.asc(**last)
    return rows.order_by(first, "-pk" if order.descending else "pk")


def rows_after(rows: QuerySet, order: Order, mark: Mark) -> QuerySet:
    """The rows that come after the mark in this order."""
    step = "lt" if order.descending else "gt"
    further = Q(**{f"pk__{step}": mark.pk})
    if order.path == "pk":
        return rows.filter(further)
    empty = Q(**{f"{order.path}__isnull": True})
    if mark.value is None:
        rest = Q() if _empties_come_last(order) else ~empty
        return rows.filter((empty & further) | rest if rest else empty & further)
    # The first condition is implied by the second, but lets the index start at the right place.
    reach = Q(**{f"{order.path}__{step}e": mark.value})
    past = reach & (Q(**{f"{order.path}__{step}": mark.value}) | further)
    may_be_empty = _field(rows, order.path).null or "__" in order.path
    return rows.filter(past | empty if may_be_empty and _empties_come_last(order) else past)


def _empties_come_last(order: Order) -> bool:
    if order.empties:
        return order.empties == "last"
    smallest = connection.features.order_by_nulls_first
    return order.descending if smallest else not order.descending


def _field(rows: QuerySet, path: str) -> Field:
    model, field = rows.model, None
    for name in path.split("__"):
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        model = field.related_model or model
    assert isinstance(field, Field)
    return field


def _text(value: Any) -> str | None:
    return (
        None if value is None else value.isoformat() if hasattr(value, "isoformat") else str(value)
    )


def value_of(row: Any, path: str) -> Any:
    """The value at a path such as `account__name`, None where the way there is empty."""
    for name in path.split("__"):
        row = None if row is None else getattr(row, name)
    return row
