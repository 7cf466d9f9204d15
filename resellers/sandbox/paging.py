"""One page of what a query found, and the paging object beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar

from .calls import Call
from .entities import Package, Site
from .query import Asked, Cursors, Schema, key
from .state import World

Row = TypeVar("Row", bound=Package | Site)


def cursors_of(world: World) -> Cursors:
    """What makes and reads this world's cursors at this moment."""
    return Cursors(world.api_key, world.clock.now(), world.switches.cursor_seconds)


def page(
    call: Call, schema: Schema, wanted: Asked, found: Iterator[Row], rows: Mapping[str, Row]
) -> tuple[list[Row], dict[str, Any], bool]:
    """The page asked for of what was found, its paging object, and whether more follows.

    `rows` is where a row that a fault repeats is looked up.
    """
    if wanted.offset is not None:
        return _by_offset(wanted, found)
    first: list[Row] = list(islice(found, wanted.limit + 1))
    more = len(first) > wanted.limit
    shown: list[Row] = first[: wanted.limit]
    last = key(schema, wanted.sort, shown[-1]) if shown else None
    if "empty_page" in call.notes:
        shown, more, last = [], True, wanted.after
    if "duplicate_rows" in call.notes:
        before = rows.get(wanted.after[-1]) if wanted.after else None
        shown = [before, *shown] if before else [*shown, *shown[-1:]]
    following = None
    if more:
        content = {"f": wanted.sent_filter, "s": wanted.sent_sort, "l": last}
        following = cursors_of(call.world).make(schema.name, content)
    return shown, {"count": len(shown), **_cursors(call.world, following)}, more


def _by_offset(wanted: Asked, found: Iterator[Row]) -> tuple[list[Row], dict[str, Any], bool]:
    everything = list(found)
    start = wanted.offset or 0
    shown = everything[start : start + wanted.limit]
    metadata = {
        "count": len(shown),
        "offset": start,
        "total": len(everything),
        "tooManyToCount": False,
    }
    return shown, metadata, start + len(shown) < len(everything)


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
