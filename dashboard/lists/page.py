"""One page of a list: its rows, and all that stands around them."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Model
from django.utils.safestring import SafeString

from dashboard.components import ages
from dashboard.models import DELIMITERS, LINE_BREAKS

from . import csv_file, facets
from .facets import Facets, capped
from .inputs import FilterInput
from .keyset import Mark, rows_after, sort, value_of
from .query import ListQuery
from .rows import RowRenderer, ask_for_each

if TYPE_CHECKING:
    from resellers.operations.preflight import Preflight

    from .declaration import Column, List

PAGE_SIZE = 50


class ListPage:
    """The rows that one answer shows, and everything around them."""

    def __init__(
        self,
        list_: "List",
        query: ListQuery,
        counts: Mapping[str, Any],
        *,
        preflight: "Preflight | None" = None,
        may_refresh: bool = False,
        facets: Facets | None = None,
        dialect: Mapping[str, str] | None = None,
    ) -> None:
        self.list = list_
        self.query = query
        self.counts = counts
        self.preflight = preflight
        self.may_select = may_refresh and bool(list_.package_path)
        self.may_refresh = may_refresh and list_.can_refresh_rows
        self.facets = facets
        self.dialect = dict(dialect or {})

    @cached_property
    def _read(self) -> tuple[list[Model], bool, bool, int]:
        """The rows, whether there are some before and after them, and how many before."""
        query, rows = self.query, self.list.for_list(self.query.rows())
        if mark := query.mark:
            order = query.order if mark.forward else query.order.reversed()
            found = list(rows_after(sort(rows, order), order, mark)[: PAGE_SIZE + 1])
            more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
            if mark.forward:
                return found, True, more, mark.offset
            return found[::-1], more, True, max(0, mark.offset - len(found)) if more else 0
        start = (query.page_number - 1) * PAGE_SIZE
        found = list(sort(rows, query.order)[start : start + PAGE_SIZE + 1])
        return found[:PAGE_SIZE], start > 0, len(found) > PAGE_SIZE, start

    @cached_property
    def count(self) -> int:
        """How many rows answer to the filters, counted up to 10,001."""
        if self.query.errors:
            return 0
        return self.query.rows().order_by()[: facets.COUNT_LIMIT + 1].count()

    @property
    def count_words(self) -> str:
        return capped(self.count)

    @property
    def rows(self) -> list[Model]:
        return self._read[0]

    @property
    def first(self) -> int:
        return self._read[3] + 1

    @property
    def last(self) -> int:
        return self._read[3] + len(self.rows)

    @property
    def body(self) -> SafeString:
        """The table's rows. Made here and not by a template: rendering is what a page costs."""
        query = self.query
        rows = RowRenderer(
            self.list, query.columns, query.query_string, may_refresh=self.may_refresh
        )
        if self.preflight:
            ask_for_each(self.list, self.rows, self.preflight)
        return SafeString("\n".join(rows.render(row) for row in self.rows))

    @property
    def ids(self) -> str:
        """The ids of the rows, as a form sends them."""
        return ",".join(str(row.pk) for row in self.rows)

    @property
    def checked(self) -> SafeString | str:
        """How old what is shown here is; nothing for rows that are not Wix's."""
        if not self.list.is_mirrored or not self.rows:
            return ""
        return ages.checked_between([getattr(row, "last_confirmed_at", None) for row in self.rows])

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

    @property
    def sentence(self) -> str:
        """What this is and how much of it."""
        noun = self.list.one if self.count == 1 else self.list.many
        if self.query.errors:
            return "Something in this address makes no sense, so nothing is shown."
        if self.query.values:
            match_ = "matches" if self.count == 1 else "match"
            return f"{self.count_words} {noun} {match_}"
        if self.list.summary and self.count:
            return self.list.summary(f"{self.count_words} {noun}", self.counts)
        return f"{self.count_words} {noun}"

    @property
    def is_filtered(self) -> bool:
        return bool(self.query.values or self.query.errors)

    @cached_property
    def chips(self) -> list[dict[str, Any]]:
        """The chips; their numbers are of the whole list, so only where nothing else narrows it.

        `most` is as much as the number may come to, by which its place is kept for it.
        """
        chips = self.list.chips
        # In their order, so that one chip's link is always written alike.
        names = dict.fromkeys(name for chip in chips for name in chip.query)
        texts = self.query.texts
        now = {name: texts[name] for name in names if name in texts}
        whole = not set(texts) - set(names)
        clear = dict.fromkeys(names, "")
        if not chips:
            return []
        entries: list[tuple[str, dict[str, str], int | None]]
        entries = [("All", {}, self.counts.get(self.list.noun))]
        entries += [(chip.label, dict(chip.query), chip.count(self.counts)) for chip in chips]
        figures: list[int | None] = [count if whole else None for _, _, count in entries]
        if self.facets:
            figures = [*self.facets.chips]
        at_most = self.counts.get(self.list.noun, facets.COUNT_LIMIT + 1)
        return [
            {
                "label": label,
                "link": self.query.url(**clear | query),
                "current": now == query and not self.query.errors,
                "count": figure,
                "figure": None if figure is None else capped(figure),
                "most": capped(whole_count if whole_count is not None else at_most),
                "is_empty": self.facets is not None
                and figure == 0
                and bool(query)
                and now != query,
            }
            for (label, query, whole_count), figure in zip(entries, figures, strict=True)
        ]

    @cached_property
    def active_filters(self) -> list[dict[str, str]]:
        """The filters in force that no current chip stands for, each with the way to drop it."""
        current = {chip["label"] for chip in self.chips if chip["current"]}
        in_chips = {
            name for chip in self.list.chips if chip.label in current for name in chip.query
        }
        return [
            {
                "name": item.name,
                "label": item.label,
                "words": item.words(self.query.values[item.name]),
                "link": self.query.url(**{item.name: ""}),
            }
            for item in self.list.filters
            if item.name in self.query.values and item.name not in in_chips
        ]

    @cached_property
    def inputs(self) -> list[FilterInput]:
        texts, errors = self.query.texts, self.query.errors
        counts = self.facets.options if self.facets else {}
        return [
            FilterInput(item, texts.get(item.name, ""), errors.get(item.name, ""), counts)
            for item in self.list.filters
        ]

    @property
    def search_input(self) -> FilterInput | None:
        """The filter by typed words, which every list has at hand."""
        return next((item for item in self.inputs if item.filter.name == "q"), None)

    @property
    def hidden_fields(self) -> dict[str, str]:
        """What the form of the words keeps as it is."""
        return {name: text for name, text in self.query.state.items() if name != "q"}

    @property
    def other_errors(self) -> dict[str, str]:
        """What is wrong beside the filters: sort, page, columns, or a filter this list lacks."""
        mine = {item.name for item in self.list.filters}
        return {name: words for name, words in self.query.errors.items() if name not in mine}

    @property
    def headers(self) -> list[dict[str, str]]:
        """The table's head: each column with the link that sorts by it, if one does."""
        return [self._header(column) for column in self.query.columns]

    def _header(self, column: "Column") -> dict[str, str]:
        query = self.query
        if not column.sort:
            return {"label": column.label, "kind": column.kind, "key": column.key}
        current = query.sort_key.removeprefix("-") == column.sort
        descending = query.order.descending
        default = self.list.default_sort
        key = default if default.removeprefix("-") == column.sort else column.sort
        if current:
            key = column.sort if descending else f"-{column.sort}"
        return {
            "label": column.label,
            "kind": column.kind,
            "key": column.key,
            "link": query.url(sort="" if key == default else key),
            "sorted": ("descending" if descending else "ascending") if current else "",
        }

    @property
    def column_choices(self) -> list[tuple["Column", bool]]:
        """The shown columns in their order, then the others, each with whether it is shown."""
        chosen = self.query.columns
        rest = [column for column in self.list.columns if column not in chosen]
        return [*((column, True) for column in chosen), *((column, False) for column in rest)]

    @property
    def column_sets(self) -> list[tuple[str, bool]]:
        """The names of the sets this person keeps, each with whether just these are shown."""
        current = [column.key for column in self.query.columns]
        return [(name, keys == current) for name, keys in self.query.column_sets.items()]

    @property
    def bare_address(self) -> str:
        """What a bare address stands for, where this person's kept columns say more than it."""
        query = self.query
        by_choice = query.saved_columns and not query.names_columns and not query.errors
        return query.address if by_choice else ""

    @property
    def export_link(self) -> str:
        return self.query.url(self.list.export_path, **self.dialect)

    @property
    def machine_link(self) -> str:
        return self.query.url(self.list.export_path, profile="machine", **self.dialect)

    @property
    def export_choices(self) -> dict[str, Any]:
        """How a file may be written, and whether it may be longer than a spreadsheet can show."""
        return {
            "delimiters": DELIMITERS.items(),
            "breaks": LINE_BREAKS.items(),
            "most": csv_file.SPREADSHEET_ROWS if self.count > facets.COUNT_LIMIT else None,
        }

    @property
    def facets_link(self) -> str:
        """Where the figures of chips and options are; empty where there is nothing to count."""
        can_count = self.list.chips or any(item.options for item in self.list.filters)
        return self.query.url(self.list.facets_path) if can_count else ""
