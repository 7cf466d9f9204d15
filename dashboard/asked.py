"""What an address asks of a list: cleaned values, or words about what makes no sense."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict

from .exports import PROFILES
from .filters import Nonsense, plain
from .paging import Mark, Order, read_mark

if TYPE_CHECKING:
    from .lists import Column, List

LAST_PAGE = 1_000_000
# Every filter that some list knows: one that this list lacks is refused, not passed over.
FILTER_NAMES = {
    *("q", "status", "state", "kind", "failure_code", "group", "age", "expiring"),
    *("account", "package", "product", "site"),
    *("floating", "gone"),
}


class Asked:
    """What an address asks of a list: cleaned values, or words about what makes no sense."""

    def __init__(self, list_: "List", query: QueryDict) -> None:
        self.list = list_
        self.values: dict[str, Any] = {}
        self.texts: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        for item in list_.filters:
            self._read(query, item.name, item.clean)
        for name in FILTER_NAMES & set(query) - {item.name for item in list_.filters}:
            if query[name]:
                self.errors[name] = f"This list cannot be asked for “{name}”."
        self.sort_key = self._one(query, "sort") or list_.default_sort
        if self.sort_key.removeprefix("-") not in list_.sorts:
            self.errors["sort"] = f"Sort by one of: {', '.join(list_.sorts)}; a minus reverses."
            self.sort_key = list_.default_sort
        sort_ = list_.sorts[self.sort_key.removeprefix("-")]
        descending = self.sort_key.startswith("-")
        self.order = Order(sort_.path, descending, "last" if sort_.sparse else "")
        self.columns = self._columns(query)
        self.page_number = self._page_number(query)
        self.token = self._one(query, "after")
        self.mark = self._mark()
        if query.get("profile", "excel") not in PROFILES:
            self.errors["profile"] = f"Choose one of: {', '.join(PROFILES)}."

    def _read(self, query: QueryDict, name: str, clean: Callable[[str], Any]) -> None:
        text = self._one(query, name)
        if not text:
            return
        self.texts[name] = text
        try:
            plain(text)
            value = clean(text)
        except Nonsense as nonsense:
            self.errors[name] = str(nonsense)
        else:
            if value not in ("", None):
                self.values[name] = value

    def _one(self, query: QueryDict, name: str) -> str:
        texts = [text for text in query.getlist(name) if text.strip()]
        if len(set(texts)) > 1:
            self.errors[name] = "Asked for twice, with different values."
        return texts[-1] if texts else ""

    def _columns(self, query: QueryDict) -> tuple["Column", ...]:
        keys = [key for text in query.getlist("columns") for key in text.split(",") if key]
        known = {column.key: column for column in self.list.columns}
        if set(keys) - set(known):
            self.errors["columns"] = f"Choose from: {', '.join(known)}."
            return self.list.default_columns
        return tuple(column for column in self.list.columns if column.key in keys) or (
            self.list.default_columns
        )

    def _mark(self) -> Mark | None:
        try:
            return read_mark(self.token, self.list.rows(), self.order) if self.token else None
        except Nonsense as nonsense:
            self.errors["after"] = str(nonsense)
            return None

    def _page_number(self, query: QueryDict) -> int:
        text = self._one(query, "page") or "1"
        if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= LAST_PAGE):
            self.errors["page"] = "A page is a number from 1 on."
            return 1
        if len(text) > 9:
            self.errors["page"] = "There are not so many pages."
            return 1
        return int(text)

    @property
    def chosen_columns(self) -> str:
        """The columns as the address has them, empty for the default ones."""
        if self.columns == self.list.default_columns:
            return ""
        return ",".join(column.key for column in self.columns)

    def rows(self) -> QuerySet:
        """The rows that answer to the filters, in no order yet; none where something is wrong."""
        rows = self.list.rows()
        if self.errors:
            return rows.none()
        for name, value in self.values.items():
            rows = self.list.filter_named(name).narrow(rows, value)
        for name, narrow in self.list.unless.items():
            if name not in self.values:
                rows = narrow(rows)
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
        number = str(self.page_number) if self.page_number > 1 else ""
        return self.link(page=number, after=self.token)

    def link(self, path: str = "", **changes: str) -> str:
        """The list's address with these parameters changed, from its first page."""
        state = self.state | changes
        query = urlencode({name: text for name, text in state.items() if text})
        return (path or self.list.path) + (f"?{query}" if query else "")
