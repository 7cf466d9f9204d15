"""What an address asks of a list: cleaned values, or words about what makes no sense."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from resellers.wix_ids import pasted_id

from . import csv_file
from .columns_in_force import ColumnsInForce
from .filters import InvalidQuery, WordsFilter
from .keyset import Mark, Order, read_mark
from .view_in_force import ALL, ViewInForce, view_parameters

if TYPE_CHECKING:
    from .declaration import List
    from .filters import Filter
    from .saved_views import Views
    from .tallied import Tallied

LAST_PAGE = 200  # by number: those before it are read to find it; by its links a list has no end
MOST_VALUES = 100  # of one filter
SIZES = (25, 50, 100, 200)  # of a page
DENSITIES = ("compact", "normal", "roomy")
# Every filter that some list knows: one that this list lacks is refused, not passed over.
FILTER_NAMES = {
    *("q", "status", "state", "kind", "type", "failure_code", "group", "age", "expiring"),
    *("account", "package", "product", "site"),
    *("floating", "floating_for", "no_site", "gone", "from", "to", "by", "ended", "beyond"),
    *("cycle", "created", "owner"),
}


class ListQuery:
    """What an address asks of a list: cleaned values, or words about what makes no sense.

    `values` and `texts` have of each filter in force all that is asked for, which is more than one
    where its parameter is repeated: then rows that answer to any of them are meant. `saved` are the
    columns that the person has chosen, in force under "", others under the names of their sets.

    `is_typed` says that the parameters were first typed as query words, and `trouble` what was
    wrong with these, by parameter. `opened` is the saved view that the address names, and `views`
    are all that the person sees. `person` is who asks.
    """

    def __init__(
        self,
        list_: "List",
        parameters: QueryDict,
        saved: Mapping[str, Sequence[str]] | None = None,
        *,
        is_typed: bool = False,
        trouble: Mapping[str, str] | None = None,
        opened: ViewInForce | None = None,
        person: User | None = None,
    ) -> None:
        self.list = list_
        self.person = person
        self.opened = opened or ViewInForce()
        self.views: Views | None = None
        self._conditions: dict[tuple[Any, ...], Q] = {}
        self.is_typed = is_typed
        self.values: dict[str, list[Any]] = {}
        self.texts: dict[str, list[str]] = {}
        self.errors: dict[str, str] = dict(trouble or {})
        for item in list_.filters:
            self._read(parameters, item)
        for name in FILTER_NAMES & set(parameters) - {item.name for item in list_.filters}:
            if parameters[name]:
                self.errors[name] = _("This list cannot be asked for “%(name)s”.") % {"name": name}
        self.sort_key = self._one(parameters, "sort") or list_.default_sort
        if self.sort_key.removeprefix("-") not in list_.sorts:
            self.errors["sort"] = _("Sort by one of: %(sorts)s; a minus reverses.") % {
                "sorts": ", ".join(list_.sorts)
            }
            self.sort_key = list_.default_sort
        sort_ = list_.sorts[self.sort_key.removeprefix("-")]
        descending = self.sort_key.startswith("-")
        self.order = Order(sort_.path, descending, "last" if sort_.sparse else "")
        named = parameters.getlist("columns")
        self.columns_in_force = ColumnsInForce(list_, named, saved or {}, self.values)
        self.columns = self.columns_in_force.columns
        if self.columns_in_force.error:
            self.errors["columns"] = self.columns_in_force.error
        self.size = self._one_of(parameters, "per_page", map(str, SIZES))
        self.density = self._one_of(parameters, "density", DENSITIES)
        self.page_number = self._page_number(parameters)
        self.token = self._one(parameters, "after")
        self.mark = self._mark()
        self.errors |= csv_file.dialect_errors(parameters)

    def _read(self, parameters: QueryDict, asked: "Filter") -> None:
        name = asked.name
        if asked.takes_several:
            texts = [text for text in dict.fromkeys(parameters.getlist(name)) if text.strip()]
        else:
            texts = [text for text in [self._one(parameters, name)] if text]
        if len(texts) > MOST_VALUES:
            self.errors[name] = _(
                "At most %(most_values)s values at once; these are %(count)s."
            ) % {"most_values": MOST_VALUES, "count": len(texts)}
            texts = texts[:MOST_VALUES]
        if not texts:
            return
        self.texts[name] = texts
        if name in self.errors:
            return
        try:
            values = [asked.clean_for(text, self.person) for text in texts]
        except InvalidQuery as error:
            self.errors[name] = str(error)
        else:
            values = [value for value in values if value not in ("", None)]
            if values:
                self.values[name] = values

    def _one(self, parameters: QueryDict, name: str) -> str:
        texts = [text for text in parameters.getlist(name) if text.strip()]
        if len(set(texts)) > 1:
            self.errors[name] = _("Asked for twice, with different values.")
        return texts[-1] if texts else ""

    def _one_of(self, parameters: QueryDict, name: str, known: Iterable[str]) -> str:
        """The one of these that is asked for; empty where none is."""
        text, allowed = self._one(parameters, name), tuple(known)
        if text and text not in allowed:
            self.errors[name] = _("Choose one of: %(allowed)s.") % {"allowed": ", ".join(allowed)}
            return ""
        return text

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
        if not (text.isascii() and text.isdecimal() and text.strip("0")):
            self.errors["page"] = _("A page is a number from 1 on.")
            return 1
        if len(text) > 9 or int(text) > LAST_PAGE:
            self.errors["page"] = _(
                "By their numbers there are %(most)s pages; go on by the links below the rows, or"
                " filter them."
            ) % {"most": LAST_PAGE}
            return 1
        return int(text)

    @property
    def chosen_columns(self) -> str:
        """The columns as an address has them; empty only where nobody ever chose any.

        A choice that is kept stands in every link too, so that a colleague sees the same columns.
        """
        is_nobodys = not self.columns_in_force.saved and not self.opened.number
        if self.columns == self.columns_in_force.usual and is_nobodys:
            return ""
        return ",".join(column.key for column in self.columns)

    def rows(
        self, overrides: Mapping[str, Sequence[Any]] | None = None, *, looks_up: bool = True
    ) -> QuerySet:
        """The rows that answer to the filters, in no order yet; none where something is wrong.

        `overrides` has other values for some of the filters, none for a filter that is dropped.
        With `looks_up` off, no statement goes ahead for what words name.
        """
        rows = self.list.rows()
        if self.errors:
            return rows.none()
        values = self._asked(overrides)
        for name, asked in values.items():
            rows = rows.filter(self._condition(name, rows, asked, looks_up))
        # Whoever asks for one record by its id is shown it, whatever the list leaves out.
        by_id = pasted_id(values["q"][0]) if "q" in values else None
        for name, pick in self.list.default_filters.items():
            if name not in values:
                rows = rows.filter(pick | Q(**{self.list.id_path: by_id}) if by_id else pick)
        return rows

    def tallied(
        self, overrides: Mapping[str, Sequence[Any]] | None = None
    ) -> "tuple[Tallied, Q] | None":
        """Which tallies tell how many rows that are, and by which condition; None where none do."""
        values = self._asked(overrides)
        tallied = next((one for one in self.list.tallied if one.covers(values)), None)
        if tallied is None or self.errors:
            return None
        rows, which = self.list.rows(), Q()
        for name, asked in values.items():
            which &= self._condition(name, rows, asked, looks_up=True)
        for name, pick in self.list.default_filters.items():
            which &= Q() if name in values else pick
        return tallied, which

    def _asked(self, overrides: Mapping[str, Sequence[Any]] | None) -> dict[str, Sequence[Any]]:
        """What the filters ask for, with other values for some of them."""
        changed = self.values | dict(overrides or {})
        return {name: asked for name, asked in changed.items() if asked}

    def _condition(self, name: str, rows: QuerySet, values: Sequence[Any], looks_up: bool) -> Q:
        """Which rows the filter means; kept, since what words name is looked up by itself."""
        asked = self.list.filter_named(name)
        if isinstance(asked, WordsFilter) and not looks_up:
            return asked.condition_within(values)
        key = (name, *values)
        if key not in self._conditions:
            self._conditions[key] = asked.any_of(rows, values)
        return self._conditions[key]

    @cached_property
    def state(self) -> dict[str, list[str]]:
        """What the address says beside the page: filters as typed, and how the list is shown."""
        state = self.texts | {name: [text] for name, text in self.layout.items()}
        state["view"] = [self.opened.parameter]
        return {name: texts for name, texts in state.items() if any(texts)}

    @property
    def layout(self) -> dict[str, str]:
        """How the list is shown: sort, columns, rows a page and their height, where chosen."""
        return {
            "sort": "" if self.sort_key == self.list.default_sort else self.sort_key,
            "columns": self.chosen_columns,
            "per_page": self.size,
            "density": self.density,
        }

    @property
    def everything(self) -> str:
        """The address of all rows, whatever opens by default."""
        return f"{self.list.path}?view={ALL}" if self.opened.is_one_default else self.list.path

    @property
    def is_changed_view(self) -> bool:
        """Whether something else is asked for than the view that was opened asks."""
        return self.opened.is_changed(self.state)

    @property
    def view_values(self) -> dict[str, list[str]]:
        """What a saved view of this keeps: the columns too, so that everybody sees the same."""
        columns = [",".join(column.key for column in self.columns)]
        state = self.state | {"columns": columns}
        return {name: state[name] for name in view_parameters(self.list) if name in state}

    @property
    def address(self) -> str:
        """The address of exactly this page, without what says nothing."""
        return self.same_page()

    @property
    def query_string(self) -> str:
        """The same without the path, for forms that lead back here."""
        return self.same_page().partition("?")[2]

    def same_page(self, **changes: str | Sequence[str]) -> str:
        """The address of this page with these parameters changed."""
        number = str(self.page_number) if self.page_number > 1 else ""
        return self.url("", **{"page": number, "after": self.token} | changes)

    def url(self, path: str = "", **changes: str | Sequence[str]) -> str:
        """The list's address with these parameters changed, from its first page."""
        query = urlencode(self.opened.in_address({**self.state, **changes}), doseq=True)
        return (path or self.list.path) + (f"?{query}" if query else "")
