"""One page of a list: its rows, and all that stands around them."""

from collections.abc import Container, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from dashboard.components import ages
from dashboard.models import DELIMITERS, LINE_BREAKS
from resellers.texts import Text

from . import csv_file, facets, layout
from .facets import Facets, capped
from .inputs import FilterInput
from .layout import LayoutChoice
from .page_rows import PageRows
from .query import ListQuery
from .rows import RowRenderer, ask_for_each
from .view_tabs import ViewTabs
from .words_box import WordsBox

if TYPE_CHECKING:
    from resellers.operations.preflight import Preflight

    from .declaration import Column, List

PAGE_SIZE = 50


class ListPage(PageRows):
    """The rows that one answer shows, and everything around them."""

    def __init__(
        self,
        list_: "List",
        query: ListQuery,
        counts: Mapping[str, Any],
        *,
        preflight: "Preflight | None" = None,
        may_refresh: bool = False,
        may_select: bool = False,
        density: str = "normal",
        facets: Facets | None = None,
        dialect: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(list_, query, int(query.size or PAGE_SIZE))
        self.counts = counts
        self.preflight = preflight
        self.may_select = may_select
        self.may_refresh = may_refresh and list_.can_refresh_rows
        self.may_read_page = may_refresh and bool(list_.package_path)
        self.density = query.density or density
        self.facets = facets
        self.dialect = dict(dialect or {})

    @property
    def sizes(self) -> list[LayoutChoice]:
        return layout.sizes(self.query, self.size, PAGE_SIZE)

    @property
    def densities(self) -> list[LayoutChoice]:
        return layout.densities(self.density)

    @cached_property
    def sort_links(self) -> list[LayoutChoice]:
        return layout.orders(self.query)

    @property
    def sort_now(self) -> LayoutChoice:
        return next(one for one in self.sort_links if one.is_current)

    @cached_property
    def count(self) -> int:
        """How many rows answer, up to 10,001: as kept with the changes, where a view's figure says
        just that, or as the page shows them, where it shows all; else counted."""
        known = self.tabs.tally
        if known is None and self.preflight and not self.has_other_pages:
            known = len(self.rows)
        return super().count if known is None else min(known, facets.COUNT_LIMIT + 1)

    @property
    def count_words(self) -> str:
        return capped(self.count)

    @property
    def body(self) -> SafeString:
        """The table's rows. Made here and not by a template: rendering is what a page costs."""
        query = self.query
        rows = RowRenderer(
            self.list,
            query.columns,
            query.query_string,
            may_refresh=self.may_refresh,
            may_select=self.may_select,
        )
        if self.preflight:
            ask_for_each(self.list, self.rows, self.preflight)
        return rows.render_all(self.rows)

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
    def sentence(self) -> str:
        """What this is and how much of it."""
        if self.query.errors:
            return _("Something in this address makes no sense, so nothing is shown.")
        words = self.rows_words
        if self.query.values:
            return ngettext("%(rows)s matches", "%(rows)s match", self.count) % {"rows": words}
        if self.list.summary and self.count:
            return self.list.summary(words, self.counts)
        return words

    @property
    def rows_words(self) -> str:
        """How many of what it shows: `1,004 services`."""
        return f"{self.count_words} {self.list.noun_for(self.count)}"

    @property
    def is_filtered(self) -> bool:
        return bool(self.query.values or self.query.errors)

    @cached_property
    def tabs(self) -> ViewTabs:
        """The views of the list; figures of saved ones come with those of the filters."""
        return ViewTabs(self.query, self.counts, self.facets.tabs if self.facets else None)

    @cached_property
    def inputs(self) -> list[FilterInput]:
        counts = self.facets.options if self.facets else {}
        return [FilterInput(item, self.query, counts) for item in self.list.filters]

    @property
    def active_filters(self) -> list[FilterInput]:
        """The filters in force."""
        return [item for item in self.inputs if item.values]

    @property
    def facet_inputs(self) -> list[FilterInput]:
        """The filters that one chooses from, in the order of the row."""
        return [item for item in self.inputs if item.filter.name != "q"]

    @property
    def facets_in_row(self) -> int:
        return self.list.facets_in_row

    @property
    def search_input(self) -> FilterInput | None:
        """The filter by typed words, which every list has at hand."""
        return next((item for item in self.inputs if item.filter.name == "q"), None)

    @property
    def words_box(self) -> WordsBox:
        """The box of query words, with what the filters in force ask for."""
        return WordsBox(self.query, self.inputs)

    @property
    def beside_facets(self) -> list[tuple[str, str]]:
        """What the form of the facets keeps as it is."""
        return self._fields(but={item.filter.name for item in self.facet_inputs})

    @property
    def beside_facet(self) -> list[tuple[str, str]]:
        """What the page of one facet keeps as it is."""
        return self._fields(but=set())

    def _fields(self, but: Container[str]) -> list[tuple[str, str]]:
        state = self.query.state.items()
        return [(name, text) for name, texts in state if name not in but for text in texts]

    @property
    def other_errors(self) -> dict[str, str]:
        """What is wrong beside the filters: sort, page, columns, or a filter this list lacks."""
        mine = {item.name for item in self.list.filters}
        return {name: words for name, words in self.query.errors.items() if name not in mine}

    @property
    def headers(self) -> list[dict[str, Text]]:
        """The table's head: each column with the link that sorts by it, if one does."""
        return [self._header(column) for column in self.query.columns]

    def _header(self, column: "Column") -> dict[str, Text]:
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
    def of_words(self) -> str:
        """How many rows answer, and of how many where that is known."""
        whole = self.counts.get(self.list.noun)
        if self.query.errors:
            return ""
        if not self.query.values or whole is None or whole < self.count:
            return self.count_words
        return _("%(number)s of %(all)s") % {"number": self.count_words, "all": capped(whole)}

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
        return [(name, keys == current) for name, keys in self.query.columns_in_force.sets.items()]

    @property
    def bare_address(self) -> str:
        """What a bare address stands for, where this person's columns or default view say more."""
        query = self.query
        by_choice = query.columns_in_force.saved and not query.columns_in_force.are_named
        says_more = (by_choice or query.opened.by_default) and not query.errors
        return query.address if says_more else ""

    @property
    def export_link(self) -> str:
        return self.query.url(self.list.export_path, **self.dialect)

    @property
    def is_for_background(self) -> bool:
        """Whether there are so many rows that their file is rather made in the background."""
        return self.count > facets.COUNT_LIMIT

    @cached_property
    def request_id(self) -> UUID:
        """Of the form that asks for the file: one click, one file."""
        return uuid4()

    @property
    def selection_link(self) -> str:
        """Where the file of ticked rows is made."""
        dialect = urlencode(self.dialect)
        return self.list.selection_path + (f"?{dialect}" if dialect else "")

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
        """Where the figures of tabs and options are; empty where there is nothing to count."""
        has_views = self.list.chips or (self.query.views and self.query.views.every)
        can_count = has_views or any(
            not item.is_discovered and item.options for item in self.list.filters
        )
        return self.query.url(self.list.facets_path) if can_count else ""
