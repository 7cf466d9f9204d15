"""How many rows each choice would leave, beside the other filters in force.

Counted apart from the page, so that no page waits for it, and all of it in one statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from .declaration import List
from .query import ListQuery

COUNT_LIMIT = 10_000  # beyond this a figure says "10,000+"
Statement = tuple[str, tuple[Any, ...]]


def capped(count: int) -> str:
    """The figure as people read it, once counting has stopped at 10,001."""
    return f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT else f"{count:,}"


@dataclass
class Facets:
    """The figures: of the chips in their order, the first one being `All`, and of each option."""

    chips: list[int] = field(default_factory=list)
    options: dict[tuple[str, str], int] = field(default_factory=dict)


def count(query: ListQuery) -> Facets:
    """Each figure counts what its chip or option would show if it were pressed now."""
    list_ = query.list
    names = {name for chip in list_.chips for name in chip.query}
    clear: dict[str, Any] = dict.fromkeys(names)
    chips = [clear, *(clear | _cleaned(list_, chip.query) for chip in list_.chips)]
    options = {
        (item.name, value): _cleaned(list_, {item.name: value})
        for item in list_.filters
        for value, _ in item.options
    }
    wanted = [*(chips if list_.chips else []), *options.values()]
    figures = _counted([query.rows(instead) for instead in wanted])
    of_chips = len(wanted) - len(options)
    return Facets(figures[:of_chips], dict(zip(options, figures[of_chips:], strict=True)))


def _cleaned(list_: List, texts: Mapping[str, str]) -> dict[str, Any]:
    return {name: list_.filter_named(name).clean(text) for name, text in texts.items()}


def _counted(rows: list[QuerySet]) -> list[int]:
    """The number of rows of each, up to 10,001."""
    statements = [_statement(one) for one in rows]
    # Many chips ask what an option asks too: that is counted once.
    distinct = list(dict.fromkeys(statement for statement in statements if statement))
    if not distinct:
        return [0] * len(rows)
    # Compiled by Django, values apart; the ORM has no SELECT of several limited counts.
    parts = (f"(SELECT COUNT(*) FROM ({sql}) AS facet)" for sql, _ in distinct)  # noqa: S608
    values = [value for _, of_one in distinct for value in of_one]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", values)
        figures = dict(zip(distinct, cursor.fetchone(), strict=True))
    return [figures[statement] if statement else 0 for statement in statements]


def _statement(rows: QuerySet) -> Statement | None:
    limited = rows.order_by().values("pk")[: COUNT_LIMIT + 1]
    try:
        return limited.query.sql_with_params()
    except EmptyResultSet:
        return None
