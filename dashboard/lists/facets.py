"""How many rows each choice would leave, beside the other filters in force.

Told apart from the page, so that no page waits for it: from what is kept with the changes, and else
counted, all of it in one statement.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from resellers import formats

from .query import ListQuery
from .tallied import Tallied

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


def count(query: ListQuery, tabs: Sequence[ListQuery] = ()) -> Facets:
    """How many rows these tabs have, and what each option would show if it were pressed now.

    What is kept is read, a statement for each sort of tallies; the rest is counted, up to 10,001.
    """
    options = {
        (item.name, value): {item.name: [item.clean_for(value, query.person)]}
        for item in query.list.filters
        if not item.is_discovered
        for value, _ in item.options
    }
    asked = [_Asked(tab, None) for tab in tabs]
    asked += [_Asked(query, overrides) for overrides in options.values()]
    figures = _figures(asked)
    return Facets(figures[: len(tabs)], dict(zip(options, figures[len(tabs) :], strict=True)))


@dataclass
class _Asked:
    """How many rows the query has, with other values for one of its filters."""

    query: ListQuery
    overrides: Mapping[str, Sequence[Any]] | None
    figure: int = 0

    @property
    def rows(self) -> QuerySet:
        # No statement goes ahead for the words of a tab; those of the page are looked up once.
        return self.query.rows(self.overrides, looks_up=self.overrides is not None)


def _figures(asked: Sequence[_Asked]) -> list[int]:
    """How many rows each of them has."""
    found: dict[Tallied, list[tuple[_Asked, Q]]] = {}
    rest = []
    for one in asked:
        if tallied := one.query.tallied(one.overrides):
            found.setdefault(tallied[0], []).append((one, tallied[1]))
        else:
            rest.append(one)
    for tallied_, pairs in found.items():
        figures = tallied_.count(condition for _, condition in pairs)
        for (one, _), figure in zip(pairs, figures, strict=True):
            one.figure = figure
    for one, figure in zip(rest, _counted([one.rows for one in rest]), strict=True):
        one.figure = figure
    return [one.figure for one in asked]


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
