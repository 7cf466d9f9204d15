"""The rows of one page of a list, and the ways to the pages before and after it."""

from functools import cached_property
from typing import TYPE_CHECKING

from django.db.models import Model

from . import facets
from .keyset import Mark, first_rows, sort, value_of
from .query import ListQuery

if TYPE_CHECKING:
    from .declaration import List


class PageRows:
    """The rows of `list_` that `query` asks for, at most `size` of them, read when first needed."""

    def __init__(self, list_: "List", query: ListQuery, size: int) -> None:
        self.list = list_
        self.query = query
        self.size = size

    @cached_property
    def _read(self) -> tuple[list[Model], bool, bool, int]:
        """The rows, whether there are some before and after them, and how many before."""
        query, rows, size = self.query, self.list.for_list(self.query.rows()), self.size
        if mark := query.mark:
            order = query.order if mark.forward else query.order.reversed()
            found = first_rows(rows, order, mark, size + 1)
            more, found = len(found) > size, found[:size]
            if mark.forward:
                return found, True, more, mark.offset
            return found[::-1], more, True, max(0, mark.offset - len(found)) if more else 0
        start = (query.page_number - 1) * size
        if start == 0:
            found = first_rows(rows, query.order, None, size + 1)
        else:
            found = list(sort(rows, query.order)[start : start + size + 1])
        return found[:size], start > 0, len(found) > size, start

    @cached_property
    def count(self) -> int:
        """How many rows answer to the filters, counted up to 10,001."""
        if self.query.errors:
            return 0
        return self.query.rows().order_by()[: facets.COUNT_LIMIT + 1].count()

    @property
    def rows(self) -> list[Model]:
        return self._read[0]

    @property
    def has_other_pages(self) -> bool:
        return self._read[1] or self._read[2]

    @property
    def first(self) -> int:
        return self._read[3] + 1

    @property
    def last(self) -> int:
        return self._read[3] + len(self.rows)

    @property
    def next_link(self) -> str:
        return self._mark_link(self.rows[-1], forward=True) if self._read[2] and self.rows else ""

    @property
    def previous_link(self) -> str:
        if not self._read[1]:
            return ""
        return self._mark_link(self.rows[0], forward=False) if self.rows else self.query.url()

    def _mark_link(self, row: Model, *, forward: bool) -> str:
        value = value_of(row, self.query.order.path)
        offset = self.last if forward else self.first - 1
        mark = Mark(self.query.mark_source, value, row.pk, forward, offset)
        return self.query.url(after=mark.token)
