"""What a list is: its rows and columns, what it may be asked, its orders, what its file holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy, ngettext

from dashboard.components import ages
from dashboard.components.addresses import page_address
from dashboard.components.lines import line, second_line
from resellers.texts import Text

from .csv_file import Field
from .filters import Filter
from .row_actions import RowAction
from .tallied import Tallied

Cell = Callable[[Any], str | SafeString]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table. `cell` and `second` make the two lines of a row's cell, and `mark`
    a shape in front of them; `fields` are its headers in the file.

    `kind` decides how wide it is and where it goes on a narrow screen: `main` `status` `place`
    `number` `time` `day` `age` `short`, or nothing.
    """

    key: str
    label: Text
    cell: Cell
    fields: tuple[str, ...] = ()
    kind: str = ""
    sort: str = ""
    is_default: bool = True  # unless somebody chooses otherwise
    with_filter: str = ""  # a filter: where it is asked for, the column is shown too
    second: Cell | None = None
    mark: Cell | None = None

    def render(self, row: Any) -> str:
        """The row's cell: lines that end in dots where they have no room, and never break."""
        first = line(self.cell(row))
        below = self.second(row) if self.second else ""
        lines = f"{first}{second_line(below)}" if below else first
        if not self.mark:
            return f'<td class="{self.css}">{lines}</td>'
        return f'<td class="{self.css} marked">{self.mark(row)}{lines}</td>'

    @property
    def css(self) -> str:
        return self.kind or "plain"


def checked_column(*fields: str) -> Column:
    """How old is what the row shows of a record of Wix's; `fields` are its headers in the file."""
    return Column(
        "checked",
        gettext_lazy("Checked"),
        lambda row: ages.checked(row.last_confirmed_at),
        fields,
        kind="age",
    )


@dataclass(frozen=True, slots=True)
class SortOption:
    """A field rows may be sorted by. `sparse`: mostly empty, so rows without it come last."""

    label: Text
    path: str
    sparse: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A view that the list declares, as a tab; `count` finds its number in the figures."""

    label: Text
    query: Mapping[str, str | Sequence[str]]
    count: Callable[[Mapping[str, Any]], int | None] = lambda counts: None


@dataclass(frozen=True)
class List:
    """A list: what it shows, what it may be asked, how it is sorted, what its file holds."""

    noun: str  # of its address and of those below it, and the grain of its file
    url_name: str  # of its page
    title: Text
    one: str  # one row, and several: `make messages` finds both here
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
    # Where its figures are kept: the first that covers what is asked for tells it.
    tallied: tuple[Tallied, ...] = ()
    # Narrows where none of these parameters is asked for, such as to what is still at Wix.
    default_filters: Mapping[str, Q] = field(default_factory=dict)
    summary: Callable[[str, Mapping[str, Any]], str] | None = None  # the sentence of the whole list
    actions: str = ""  # a template at the right of the page's head
    above: str = ""  # a template between head and table
    empty_title: Text = ""  # said when there is nothing at all yet
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
    # What may be done with a row, from its end and its menu.
    row_actions: Callable[[Any], Sequence[RowAction]] = lambda row: ()
    # Every id of a row, each with what it is of, to be copied.
    row_ids: Callable[[Any], Sequence[tuple[str, object]]] = lambda row: ()
    # Whether its rows are records with ids of Wix, which have a menu and can be ticked.
    has_menu: bool = True
    # Whether they have a menu all the same where they cannot be ticked.
    has_menu_alone: bool = False
    # Gives each of a page's rows what its cells tell beside its own columns, in a fixed number of
    # queries.
    prepare: Callable[[Sequence[Any]], None] = lambda rows: None
    # This list for a person whose cells lead to what not everybody may do.
    variant_for: Callable[[User], "List | None"] = lambda person: None
    # Fixes what a file holds, where taking one adds a row to this very list.
    snapshot: Callable[[QuerySet], QuerySet] = lambda rows: rows
    folder: str = ""  # before the noun in its address, where it is a part of something else
    # Where a row has the id of Wix by which somebody may ask for it, whatever the list leaves out.
    id_path: str = "pk"
    facets_in_row: int = 7  # of its filters; the others stand behind "More"
    # The right to do with ticked rows what `bulk` offers.
    bulk_permission: str = ""
    # A list of two or three parts: a template beside its rows, one in the place of its heading, and
    # one for what is open over them. `around` gives these, as `around`, what they tell.
    beside: str = ""
    heading: str = "lists/_heading.html"
    panel: str = ""
    around: Callable[[Any, Any], Any] = lambda request, page: None
    # The moment of a row, where a heading stands before the rows of each day.
    day_of: Callable[[Any], datetime] | None = None
    # What stands folded below a row, in the place of a menu.
    below: Callable[[Any], SafeString] | None = None
    # Other lists that stand among its views: what they are called, and the names of their pages.
    further: tuple[tuple[Text, str], ...] = ()

    @property
    def default_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.is_default)

    def noun_for(self, number: int) -> str:
        """What so many rows are called, in the language of the page."""
        return ngettext(self.one, self.many, number)

    @property
    def plural(self) -> str:
        """What several rows are called, in the language of the page."""
        return self.noun_for(2)

    @property
    def address(self) -> str:
        """Where the addresses of its parts are, below the site's."""
        return f"{self.folder}{self.noun}"

    @property
    def has_menus(self) -> bool:
        return self.has_menu or self.has_menu_alone

    @property
    def folds(self) -> bool:
        """Whether its rows open, each to what stands folded below it."""
        return self.below is not None

    @property
    def can_refresh_rows(self) -> bool:
        return bool(self.package_path or self.account_path)

    def for_user(self, person: User) -> "List":
        """The list with what this person's role may do from its rows."""
        return self.variant_for(person) or self

    @property
    def path(self) -> str:
        return page_address(self.url_name)

    @property
    def export_path(self) -> str:
        return page_address(f"{self.noun}_export")

    @property
    def background_path(self) -> str:
        return page_address(f"{self.noun}_background")

    @property
    def selection_path(self) -> str:
        return page_address(f"{self.noun}_selection")

    @property
    def facets_path(self) -> str:
        return page_address(f"{self.noun}_facets")

    @property
    def changed_path(self) -> str:
        return page_address(f"{self.noun}_changed")

    @property
    def columns_path(self) -> str:
        return page_address(f"{self.noun}_columns")

    @property
    def density_path(self) -> str:
        return page_address(f"{self.noun}_density")

    @property
    def dialect_path(self) -> str:
        return page_address(f"{self.noun}_dialect")

    @property
    def refresh_path(self) -> str:
        return page_address(f"{self.noun}_refresh")

    def with_second_lines(self, **lines: Cell) -> "List":
        """The same list with other second lines in these columns, for who may do more."""
        columns = (replace(one, second=lines.get(one.key, one.second)) for one in self.columns)
        return replace(self, columns=tuple(columns))

    def filter_named(self, name: str) -> Filter:
        return next(item for item in self.filters if item.name == name)
