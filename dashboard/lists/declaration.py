"""What a list is: its rows and columns, what it may be asked, its orders, what its file holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from .csv_file import Field
from .filters import Filter


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table. `cell` makes a row's HTML; `fields` are its headers in the file.

    `kind` decides how it is set and where it goes on a narrow screen: `main` `status` `number`
    `time` `age`, or nothing.
    """

    key: str
    label: str
    cell: Callable[[Any], str | SafeString]
    fields: tuple[str, ...] = ()
    kind: str = ""
    sort: str = ""
    is_default: bool = True  # unless somebody chooses otherwise
    with_filter: str = ""  # a filter: where it is asked for, the column is shown too

    @property
    def opening(self) -> str:
        attribute = (
            format_html(' data-label="{}"', self.label)
            if self.kind in ("number", "time", "age")
            else ""
        )
        return format_html('<td class="{}"{}>', self.kind or "plain", attribute)


@dataclass(frozen=True, slots=True)
class SortOption:
    """A field rows may be sorted by. `sparse`: mostly empty, so rows without it come last."""

    label: str
    path: str
    sparse: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter one press away; `count` finds its number in the figures."""

    label: str
    query: Mapping[str, str]
    count: Callable[[Mapping[str, Any]], int | None] = lambda counts: None


@dataclass(frozen=True)
class List:
    """A list: what it shows, what it may be asked, how it is sorted, what its file holds."""

    noun: str  # of its address and of those below it, and the grain of its file
    url_name: str  # of its page
    title: str
    one: str
    many: str
    rows: Callable[[], QuerySet]  # everything it may ever show
    # The rows with all that the cells need, in a fixed number of queries.
    for_list: Callable[[Any], QuerySet]
    columns: tuple[Column, ...]
    fields: tuple[Field, ...]  # of the file, in pinned order; `*_id` go with every choice
    filters: tuple[Filter, ...]
    sorts: Mapping[str, SortOption]
    default_sort: str
    chips: tuple[Chip, ...] = ()
    # Narrows where none of these parameters is asked for, such as to what is still at Wix.
    default_filters: Mapping[str, Q] = field(default_factory=dict)
    summary: Callable[[str, Mapping[str, Any]], str] | None = None  # the sentence of the whole list
    actions: str = ""  # a template at the right of the page's head
    above: str = ""  # a template between head and table
    empty_title: str = ""  # said when there is nothing at all yet
    empty_template: str = "lists/_nothing_yet.html"
    permission: str = ""  # that one needs beside the right to see anything at all
    is_mirrored: bool = False  # its rows have `last_confirmed_at`, and the page says how old it is
    package_path: str = ""  # from a row to the id of its package; then rows can be read again
    account_path: str = ""  # else to the id of its account, which a row's Refresh then reads
    bulk: str = (
        ""  # a template: more buttons for the bar of selected rows, each with a `formaction`
    )
    # Kinds of operation that its cells offer: each row has `answers`, whether that may be done.
    offers: tuple[str, ...] = ()
    # Gives each of a page's rows what its cells tell beside its own columns, in a fixed number of
    # queries.
    prepare: Callable[[Sequence[Any]], None] = lambda rows: None
    # This list for a person whose cells lead to what not everybody may do.
    variant_for: Callable[[User], "List | None"] = lambda person: None
    # Fixes what a file holds, where taking one adds a row to this very list.
    snapshot: Callable[[QuerySet], QuerySet] = lambda rows: rows

    @property
    def default_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_default)

    @property
    def can_refresh_rows(self) -> bool:
        return bool(self.package_path or self.account_path)

    def for_user(self, person: User) -> "List":
        """The list with what this person's role may do from its rows."""
        return self.variant_for(person) or self

    @property
    def path(self) -> str:
        return reverse(self.url_name)

    @property
    def export_path(self) -> str:
        return reverse(f"{self.noun}_export")

    @property
    def facets_path(self) -> str:
        return reverse(f"{self.noun}_facets")

    @property
    def columns_path(self) -> str:
        return reverse(f"{self.noun}_columns")

    @property
    def dialect_path(self) -> str:
        return reverse(f"{self.noun}_dialect")

    @property
    def refresh_path(self) -> str:
        return reverse(f"{self.noun}_refresh")

    def with_cells(self, **cells: Callable[[Any], str | SafeString]) -> "List":
        """The same list with other cells in these columns, for who may do more."""
        columns = (replace(one, cell=cells.get(one.key, one.cell)) for one in self.columns)
        return replace(self, columns=tuple(columns))

    def filter_named(self, name: str) -> Filter:
        return next(item for item in self.filters if item.name == name)
