"""Lists of domains: in a fixed order, a page by limit and cursor in the address."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from ..world.entities import ConnectedDomain, DomainAssignment, RegisteredDomain
from .call import Call
from .cursors import cursors_of
from .paging import Page, next_cursor, with_faults

PAGE = 100

Row = TypeVar("Row", ConnectedDomain, RegisteredDomain, DomainAssignment)


def newest_first(row: ConnectedDomain | RegisteredDomain) -> list[Any]:
    """What puts the newest first."""
    return [-row.created, row.domain]


def by_name(row: DomainAssignment) -> list[Any]:
    """What puts domains in the order of their names."""
    return [row.domain]


def domain_page(
    call: Call, rows: Iterable[Row], kind: str, key: Callable[[Row], list[Any]]
) -> tuple[list[Row], dict[str, Any]]:
    """A page by `paging.limit` and `paging.cursor`, and its paging object, null at the end."""
    arguments = call.arguments
    limit = arguments.integer("paging.limit", 1, PAGE, PAGE)
    cursor = arguments.text("paging.cursor")
    arguments.check()
    cursors = cursors_of(call.world)
    ordered = sorted(rows, key=key)
    position = cursors.read(kind, cursor)["l"] if cursor else None
    rest = [one for one in ordered if position is None or key(one) > position]
    listed = rest[:limit]
    page = with_faults(
        call,
        Page(listed, len(rest) > limit, key(listed[-1]) if listed else position),
        position,
        row_before=lambda: next((one for one in ordered if key(one) == position), None),
        first_rows=lambda: ordered[:limit],
    )
    following = next_cursor(
        call, page.more, cursor, lambda: cursors.make(kind, {"l": page.next_position})
    )
    return page.rows, {
        "count": len(page.rows),
        "cursors": {"next": following, "prev": None},
        "hasNext": following is not None,
    }
