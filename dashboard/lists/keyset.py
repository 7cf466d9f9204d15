"""Pages by key: however deep, a page costs what the first one costs.

The key of a row is its value in the sorted field and its primary key, which settles equal values.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import F, Field, IntegerField, Q, QuerySet, UUIDField
from django.utils import timezone
from django.utils.translation import gettext as _

from resellers.storable import storable
from resellers.wix_ids import as_wix_id

from .filters import InvalidQuery

LONGEST_TOKEN = 20_000  # a name of 500 characters in any alphabet, written out
OPPOSITE: dict[str, Literal["first", "last"]] = {"first": "last", "last": "first"}


@dataclass(frozen=True, slots=True)
class Order:
    """One field and the primary key, both in the same direction."""

    path: str
    descending: bool
    # Where rows without a value come. Unsaid: where the database's own index has them.
    empties: Literal["first", "last", "never", ""] = ""

    def reversed(self) -> "Order":
        empties = OPPOSITE.get(self.empties, self.empties)
        return replace(self, descending=not self.descending, empties=empties)


@dataclass(frozen=True, slots=True)
class Mark:
    """A place between two rows: the key of the row beside it.

    `source` names the rows and their order. `forward` says whether the rows behind the mark are
    wanted or those in front of it, `offset` how many rows stand in front of it.
    """

    source: str
    value: Any
    pk: Any
    forward: bool = True
    offset: int = 0

    @property
    def token(self) -> str:
        """The mark as an address has it."""
        parts = [self.source, int(self.forward), self.offset, _text(self.value), _text(self.pk)]
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_mark(token: str, sources: Mapping[str, tuple[QuerySet, Order]]) -> Mark:
    """The mark that this token means, of one of these rows in their orders.

    Raises InvalidQuery for what is no token, and where no row could ever stand beside the mark: a
    value that the field cannot have is no value the database may be asked for.
    """
    try:
        source, forward, offset, value, pk = _decoded(token)
        if forward not in (0, 1) or not isinstance(offset, int) or not 0 <= offset < 10**9:
            raise ValueError("not a mark")
        if not isinstance(source, str) or not isinstance(pk, str):
            raise TypeError("not a key")
        if source not in sources:
            raise InvalidQuery(_("This link is of another list, or of another order of it."))
        rows, order = sources[source]
        field = _field(rows, order.path)
        if not isinstance(value, str) and not (value is None and _may_be_empty(field, order)):
            raise ValueError("not a key")
        key = None if value is None else _value(field, value)
        return Mark(source, key, _value(rows.model._meta.pk, pk), bool(forward), offset)
    except InvalidQuery:
        raise
    except (ValueError, TypeError, ValidationError, OverflowError, RecursionError) as error:
        raise InvalidQuery(_("This link is damaged.")) from error


def sort(rows: QuerySet, order: Order) -> QuerySet:
    """The rows in this order."""
    last = {f"nulls_{order.empties}": True} if order.empties in OPPOSITE else {}
    if order.path == "pk":
        return rows.order_by("-pk" if order.descending else "pk")
    field = F(order.path)
    first = field.desc(**last) if order.descending else field.asc(**last)
    return rows.order_by(first, "-pk" if order.descending else "pk")


def rows_after(rows: QuerySet, order: Order, mark: Mark) -> QuerySet:
    """The rows that come after the mark in this order, which is that of the mark."""
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
    may_be_empty = _may_be_empty(_field(rows, order.path), order)
    return rows.filter(past | empty if may_be_empty and _empties_come_last(order) else past)


def first_rows(rows: QuerySet, order: Order, mark: Mark | None, most: int) -> list[Any]:
    """At most so many of the rows in this order, from its beginning or those after the mark.

    Where rows without a value come last or first they are asked for by themselves, and only if they
    are needed: one question for both would sort all rows, since no index has them in that order.
    """
    if order.empties not in OPPOSITE:
        found = sort(rows, order)
        return list((rows_after(found, order, mark) if mark else found)[:most])
    with_value = replace(order, empties="never"), rows.filter(**{f"{order.path}__isnull": False})
    without = Order("pk", order.descending), rows.filter(**{f"{order.path}__isnull": True})
    parts = [with_value, without] if order.empties == "last" else [without, with_value]
    if mark:
        parts = parts[parts.index(without if mark.value is None else with_value) :]
    found_so_far: list[Any] = []
    for number, (own, part) in enumerate(parts):
        ordered = sort(part, own)
        rest = rows_after(ordered, own, mark) if mark and number == 0 else ordered
        found_so_far += rest[: most - len(found_so_far)]
        if len(found_so_far) == most:
            break
    return found_so_far


def rows_beyond(rows: QuerySet, order: Order, value: Any, *, inclusive: bool) -> QuerySet:
    """The rows that come after that value in this order, or with it: for rows of several sources
    that are merged by their values."""
    step = "lt" if order.descending else "gt"
    return rows.filter(**{f"{order.path}__{step}{'e' if inclusive else ''}": value})


def value_of(row: Any, path: str) -> Any:
    """The value at a path such as `account__name`, None where the way there is empty."""
    for name in path.split("__"):
        row = None if row is None else getattr(row, name)
    return row


def _decoded(token: str) -> Any:
    if len(token) > LONGEST_TOKEN:
        raise ValueError("too long")
    padded = token + "=" * (-len(token) % 4)
    return json.loads(base64.urlsafe_b64decode(padded.encode("ascii")))


def _value(field: Field, text: str) -> Any:
    """The field's value that this text is. Raises ValueError for one that no row can have."""
    value: Any = as_wix_id(text) if isinstance(field, UUIDField) else field.to_python(text)
    if value is None:
        raise ValueError("not a key")
    if isinstance(value, datetime):
        if timezone.is_naive(value):
            raise ValueError("a time without its zone")
        return value.astimezone(UTC)
    if isinstance(field, IntegerField):
        lowest, highest = connection.ops.integer_field_range(field.get_internal_type())
        if not lowest <= value <= highest:
            raise ValueError("a number that the field cannot hold")
    if isinstance(value, str) and storable(value) != value:
        raise ValueError("a text that no database stores")
    return value


def _may_be_empty(field: Field, order: Order) -> bool:
    return order.empties != "never" and (field.null or "__" in order.path)


def _empties_come_last(order: Order) -> bool:
    if order.empties in OPPOSITE:
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
