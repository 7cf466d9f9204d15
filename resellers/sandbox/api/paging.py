"""One page of what a list found, what faults make of it, and the paging object beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, TypeVar

from ..world.entities import Package, Site
from ..world.world import World
from .call import Call
from .cursors import cursors_of
from .query import ParsedQuery, Schema, key

T = TypeVar("T")
Row = TypeVar("Row", bound=Package | Site)


@dataclass
class Page(Generic[T]):
    """A page's rows, whether more follow, and the position at which the next page begins."""

    rows: list[T]
    more: bool
    next_position: Any = None


def with_faults(
    call: Call,
    page: Page[T],
    position: Any,
    row_before: Callable[[], T | None],
    first_rows: Callable[[], list[T]],
) -> Page[T]:
    """The page as the faults that met the call leave it; `position` is where it begins."""
    if "empty_page" in call.faults:
        page = Page([], True, position)
    if "repeat_page" in call.faults:
        page = Page(first_rows(), True, position)
    if "cursor_loop" in call.faults and position:
        beginning = 0 if isinstance(position, int) else None
        page = Page(page.rows, True, beginning)
    if "duplicate_rows" in call.faults:
        before = row_before()
        page.rows = [before, *page.rows] if before is not None else [*page.rows, *page.rows[-1:]]
    return page


def next_cursor(call: Call, more: bool, sent: str | None, make: Callable[[], str]) -> str | None:
    """The cursor of the next page, None at the end; a fault repeats the one that was sent."""
    if sent and "repeat_cursor" in call.faults:
        return sent
    return make() if more else None


def page(
    call: Call,
    schema: Schema,
    wanted: ParsedQuery,
    find: Callable[[list[Any] | None], Iterator[Row]],
    rows: Mapping[str, Row],
) -> tuple[list[Row], dict[str, Any], bool]:
    """The page asked for, its paging object, and whether more follows.

    `find` gives what matches from a position on, `rows` all there is by id.
    """
    if wanted.offset is not None:
        return _by_offset(call, wanted, list(find(None)))
    found = list(islice(find(wanted.after), wanted.limit + 1))
    listed = found[: wanted.limit]
    last = key(schema, wanted.sort, listed[-1]) if listed else None
    cut = with_faults(
        call,
        Page(listed, len(found) > wanted.limit, last),
        wanted.after,
        row_before=lambda: rows.get(wanted.after[-1]) if wanted.after else None,
        first_rows=lambda: list(islice(find(None), wanted.limit)),
    )
    content = {"f": wanted.sent_filter, "s": wanted.sent_sort, "l": cut.next_position}
    following = next_cursor(
        call, cut.more, wanted.cursor, lambda: cursors_of(call.world).make(schema.name, content)
    )
    metadata = {"count": len(cut.rows), **_cursors(call.world, following)}
    return cut.rows, metadata, following is not None


def _by_offset(
    call: Call, wanted: ParsedQuery, found: list[Row]
) -> tuple[list[Row], dict[str, Any], bool]:
    start = wanted.offset or 0
    cut = offset_page(call, found, start, wanted.limit)
    metadata = {
        "count": len(cut.rows),
        "offset": start,
        "total": len(found),
        "tooManyToCount": False,
    }
    return cut.rows, metadata, cut.more


def offset_page(call: Call, found: list[T], start: int, limit: int) -> Page[T]:
    """The page of so many rows from that place on."""
    rows = found[start : start + limit]
    return with_faults(
        call,
        Page(rows, start + len(rows) < len(found), start + limit),
        start,
        row_before=lambda: found[start - 1] if 0 < start <= len(found) else None,
        first_rows=lambda: found[:limit],
    )


def _cursors(world: World, following: str | None) -> dict[str, Any]:
    """The `cursors` member with the next cursor, or with the end as switched."""
    if following is not None:
        return {"cursors": {"next": following}}
    ends: dict[str, dict[str, Any]] = {
        "empty_cursors": {"cursors": {}},
        "no_cursors": {},
        "null_cursors": {"cursors": {"next": None, "prev": None}},
        "empty_text": {"cursors": {"next": ""}},
    }
    return ends[world.switches.last_page]
