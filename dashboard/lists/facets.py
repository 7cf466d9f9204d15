"""How many rows each choice would leave, beside the other filters in force.

Counted apart from the page, so that no page waits for it, and all of it in one statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from resellers import formats

from .query import ListQuery

COUNT_LIMIT = 10_000  # beyond this a figure says "10,000+"
Statement = tuple[str, tuple[Any, ...]]


def capped(count: int) -> str:
    """The figure as people read it, once counting has stopped at 10,001."""
    return f"{formats.number(COUNT_LIMIT)}+" if count > COUNT_LIMIT else formats.number(count)


@dataclass
class Facets:
    """The figures: of the tabs in their order, and of each option."""

    tabs: list[int] = field(default_factory=list)
    options: dict[tuple[str, str], int] = field(default_factory=dict)


def count(query: ListQuery, tabs: Sequence[QuerySet] = ()) -> Facets:
    """How many rows these tabs have, and what each option would show if it were pressed now."""
    list_ = query.list
    options = {
        (item.name, value): query.rows({item.name: [item.clean_for(value, query.person)]})
        for item in list_.filters
        if not item.is_discovered
        for value, _ in item.options
    }
    figures = _counted([*tabs, *options.values()])
    return Facets(figures[: len(tabs)], dict(zip(options, figures[len(tabs) :], strict=True)))


def _counted(rows: list[QuerySet]) -> list[int]:
    """The number of rows of each, up to 10,001."""
    statements = [_statement(one) for one in rows]
    # Many tabs ask what an option asks too: that is counted once.
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
