"""What an address asks of a list: cleaned values, or words about what makes no sense."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import QueryDict

from resellers.wix_ids import pasted_id

from . import csv_file
from .filters import InvalidQuery
from .keyset import Mark, Order, read_mark

if TYPE_CHECKING:
    from .declaration import Column, List

LAST_PAGE = 1_000_000
# Every filter that some list knows: one that this list lacks is refused, not passed over.
FILTER_NAMES = {
    *("q", "status", "state", "kind", "type", "failure_code", "group", "age", "expiring"),
    *("account", "package", "product", "site"),
    *("floating", "floating_for", "no_site", "gone", "from", "to", "by", "ended", "beyond"),
}


class ListQuery:
    """What an address asks of a list: cleaned values, or words about what makes no sense.

    `saved` are the columns that the person has chosen, in force under "", others under the names
    of their sets. An address that names columns wins.
    """

    def __init__(
        self, list_: "List", parameters: QueryDict, saved: Mapping[str, Sequence[str]] | None = None
    ) -> None:
        self.list = list_
        known = {column.key for column in list_.columns}
        # A column that is no more is passed over, and so is a set that has no other.
        sets = {name: [key for key in keys if key in known] for name, keys in (saved or {}).items()}
        self.saved_columns = sets.pop("", [])
        self.column_sets = {name: keys for name, keys in sets.items() if keys}
        self.names_columns = False
        self.values: dict[str, Any] = {}
        self.texts: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        for item in list_.filters:
            self._read(parameters, item.name, item.clean)
        for name in FILTER_NAMES & set(parameters) - {item.name for item in list_.filters}:
            if parameters[name]:
                self.errors[name] = f"This list cannot be asked for “{name}”."
        self.sort_key = self._one(parameters, "sort") or list_.default_sort
        if self.sort_key.removeprefix("-") not in list_.sorts:
            self.errors["sort"] = f"Sort by one of: {', '.join(list_.sorts)}; a minus reverses."
            self.sort_key = list_.default_sort
        sort_ = list_.sorts[self.sort_key.removeprefix("-")]
        descending = self.sort_key.startswith("-")
        self.order = Order(sort_.path, descending, "last" if sort_.sparse else "")
        self.columns = self._columns(parameters)
        self.page_number = self._page_number(parameters)
        self.token = self._one(parameters, "after")
        self.mark = self._mark()
        self.errors |= csv_file.dialect_errors(parameters)

    def _read(self, parameters: QueryDict, name: str, clean: Callable[[str], Any]) -> None:
        text = self._one(parameters, name)
        if not text:
            return
        self.texts[name] = text
        if name in self.errors:
            return
        try:
            value = clean(text)
        except InvalidQuery as error:
            self.errors[name] = str(error)
        else:
            if value not in ("", None):
                self.values[name] = value

    def _one(self, parameters: QueryDict, name: str) -> str:
        texts = [text for text in parameters.getlist(name) if text.strip()]
        if len(set(texts)) > 1:
            self.errors[name] = "Asked for twice, with different values."
        return texts[-1] if texts else ""

    def _columns(self, parameters: QueryDict) -> tuple["Column", ...]:
        named = [key for text in parameters.getlist("columns") for key in text.split(",") if key]
        known = {column.key: column for column in self.list.columns}
        if set(named) - set(known):
            self.errors["columns"] = f"Choose from: {', '.join(known)}."
            return self.default_columns
        self.names_columns = bool(named)
        if not named and self.saved_columns:
            called_for = (item.key for item in known.values() if self._calls_for(item))
            named = [*self.saved_columns, *called_for]
        return tuple(known[key] for key in dict.fromkeys(named)) or self.default_columns

    @property
    def default_columns(self) -> tuple["Column", ...]:
        """The standard columns, and those that the filters in force call for."""
        return tuple(item for item in self.list.columns if item.is_default or self._calls_for(item))

    def _calls_for(self, column: "Column") -> bool:
        return column.with_filter in self.values

    @property
    def mark_source(self) -> str:
        """What a mark is of: this list in this order."""
        return f"{self.list.noun} {self.sort_key}"

    def _mark(self) -> Mark | None:
        if not self.token:
            return None
        try:
            return read_mark(self.token, {self.mark_source: (self.list.rows(), self.order)})
        except InvalidQuery as error:
            self.errors["after"] = f"{error} Start from the first page."
            return None

    def _page_number(self, parameters: QueryDict) -> int:
        text = self._one(parameters, "page") or "1"
        if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= LAST_PAGE):
            self.errors["page"] = "A page is a number from 1 on."
            return 1
        if len(text) > 9:
            self.errors["page"] = "There are not so many pages."
            return 1
        return int(text)

    @property
    def chosen_columns(self) -> str:
        """The columns as an address has them; empty only where nobody ever chose any.

        A choice that is kept stands in every link too, so that a colleague sees the same columns.
        """
        if self.columns == self.default_columns and not self.saved_columns:
            return ""
        return ",".join(column.key for column in self.columns)

    @property
    def has_default_columns(self) -> bool:
        """Whether these are the standard columns, in whatever order."""
        return set(self.columns) == set(self.default_columns)

    def rows(self, overrides: Mapping[str, Any] | None = None) -> QuerySet:
        """The rows that answer to the filters, in no order yet; none where something is wrong.

        `overrides` has other values for some of the filters, None for a filter that is dropped.
        """
        rows = self.list.rows()
        if self.errors:
            return rows.none()
        changed = self.values | dict(overrides or {})
        values = {name: value for name, value in changed.items() if value is not None}
        for name, value in values.items():
            rows = self.list.filter_named(name).narrow(rows, value)
        # Whoever asks for one record by its id is shown it, whatever the list leaves out.
        by_id = pasted_id(values.get("q", ""))
        for name, pick in self.list.default_filters.items():
            if name not in values:
                rows = rows.filter(pick | Q(pk=by_id) if by_id else pick)
        return rows

    @property
    def state(self) -> dict[str, str]:
        """What the address says beside the page: filters as typed, sort and columns if chosen."""
        sort_key = "" if self.sort_key == self.list.default_sort else self.sort_key
        state = {**self.texts, "sort": sort_key, "columns": self.chosen_columns}
        return {name: text for name, text in state.items() if text}

    @property
    def address(self) -> str:
        """The address of exactly this page, without what says nothing."""
        return self.same_page()

    @property
    def query_string(self) -> str:
        """The same without the path, for forms that lead back here."""
        return self.same_page().partition("?")[2]

    def same_page(self, **changes: str) -> str:
        """The address of this page with these parameters changed."""
        number = str(self.page_number) if self.page_number > 1 else ""
        return self.url(page=number, after=self.token, **changes)

    def url(self, path: str = "", **changes: str) -> str:
        """The list's address with these parameters changed, from its first page."""
        state = self.state | changes
        query = urlencode({name: text for name, text in state.items() if text})
        return (path or self.list.path) + (f"?{query}" if query else "")
