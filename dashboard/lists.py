"""The one way to filter, sort, page, choose columns and export a list.

A list is declared once, as a `List`; its page is `show(request, LIST)` and its file is
`export(request, LIST)`. The address is the whole state: what it asks is read into an `Asked`, and
the page and the file take their rows from the same queryset. What else every list has under its
address (counts, columns, refresh) is in `list_parts`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString

from resellers.models import SyncRun

from . import exports
from .exports import Field
from .filters import Filter
from .frame import frame_of
from .models import kept_columns, kept_dialect
from .table.asked import Asked
from .table.page import Page
from .table.paging import sort


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
    shown: bool = True  # unless somebody chooses otherwise
    shown_with: str = ""  # a filter: where it is asked for, the column is shown too

    @property
    def opening(self) -> str:
        told = (
            format_html(' data-label="{}"', self.label)
            if self.kind in ("number", "time", "age")
            else ""
        )
        return format_html('<td class="{}"{}>', self.kind or "plain", told)


@dataclass(frozen=True, slots=True)
class Sort:
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

    noun: str  # its address /<noun>/ and the grain of its file
    title: str
    one: str
    many: str
    rows: Callable[[], QuerySet]  # everything it may ever show
    dress: Callable[
        [QuerySet], QuerySet
    ]  # with all that the cells need, in a fixed number of queries
    columns: tuple[Column, ...]
    fields: tuple[Field, ...]  # of the file, in pinned order; `*_id` go with every choice
    filters: tuple[Filter, ...]
    sorts: Mapping[str, Sort]
    default_sort: str
    chips: tuple[Chip, ...] = ()
    # Narrows where none of these parameters is asked for, such as to what is still at Wix.
    unless: Mapping[str, Q] = field(default_factory=dict)
    summary: Callable[[str, Mapping[str, Any]], str] | None = None  # the sentence of the whole list
    actions: str = ""  # a template at the right of the page's head
    above: str = ""  # a template between head and table
    nothing: str = ""  # said when there is nothing at all yet
    nothing_template: str = "partials/_nothing_yet.html"
    permission: str = ""  # that one needs beside the right to see anything at all
    is_mirrored: bool = False  # its rows have `last_confirmed_at`, and the page says how old it is
    package_path: str = ""  # from a row to the id of its package; then rows can be read again
    account_path: str = ""  # else to the id of its account, which a row's Refresh then reads
    bulk: str = ""  # a template: more buttons for the bar of picked rows, each with a `formaction`
    # This list for a person whose cells lead to what not everybody may do.
    seen_by: Callable[[User], "List | None"] = lambda person: None
    # Fixes what a file holds, where taking one adds a row to this very list.
    as_of_now: Callable[[QuerySet], QuerySet] = lambda rows: rows

    @property
    def default_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.shown)

    @property
    def can_refresh_rows(self) -> bool:
        return bool(self.package_path or self.account_path)

    def as_seen_by(self, person: User) -> "List":
        """The list with what this person's role may do from its rows."""
        return self.seen_by(person) or self

    @property
    def path(self) -> str:
        return f"/{self.noun}/"

    def with_cells(self, **cells: Callable[[Any], str | SafeString]) -> "List":
        """The same list with other cells in these columns, for who may do more."""
        columns = (replace(one, cell=cells.get(one.key, one.cell)) for one in self.columns)
        return replace(self, columns=tuple(columns))

    def filter_named(self, name: str) -> Filter:
        return next(item for item in self.filters if item.name == name)


def asks_for_part(request: HttpRequest, target: str) -> bool:
    """Whether htmx wants this part alone; a history restore gets the whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request and htmx.target == target


def ask(request: HttpRequest, list_: List, query: QueryDict | None = None) -> Asked:
    """What the address asks of the list, or what `query` does. Raises PermissionDenied."""
    if list_.permission and not request.user.has_perm(list_.permission):
        raise PermissionDenied("Your role may not see this list.")
    kept = kept_columns(request.user.pk, list_.noun)
    return Asked(list_, request.GET if query is None else query, kept)


def show(
    request: HttpRequest, list_: List, *, asked: Asked | None = None, **context: Any
) -> HttpResponse:
    """The list's page, or its region alone for htmx; 422 where the address makes no sense."""
    asked = asked or ask(request, list_)
    may_pick = bool(list_.package_path) and request.user.has_perm("resellers.sync")
    dialect = kept_dialect(request.user.pk) if request.user.has_perm("resellers.export") else {}
    counts = frame_of(request).figures.counts
    page = Page(list_, asked, counts, may_pick=may_pick, dialect=dialect)
    as_part = asks_for_part(request, "list")
    template = "partials/_list.html" if as_part else "list.html"
    context |= {"page": page, "list": list_, "chosen_run": chosen_run(request)}
    answer = render(request, template, context, status=422 if asked.errors else 200)
    patch_vary_headers(answer, ["HX-Request"])
    if as_part:
        answer["HX-Push-Url"] = asked.address
    return answer


def chosen_run(request: HttpRequest) -> SyncRun | None:
    """The reading of some records that `?run=` names."""
    number = request.GET.get("run", "")
    if not (number.isascii() and number.isdecimal() and len(number) < 18):
        return None
    return SyncRun.objects.filter(pk=int(number), kind__in=SyncRun.AWAITED).first()


def export(request: HttpRequest, list_: List) -> HttpResponseBase:
    """Exactly the list's rows as CSV, all pages; 422 in plain words for a nonsense address."""
    asked = ask(request, list_)
    if asked.errors:
        return exports.nonsense(asked.errors)
    rows = list_.as_of_now(asked.rows())
    fields = chosen_fields(asked)
    if exports.dialect_of(request.GET).profile == "excel":
        fields = [*fields, *exports.local_fields(fields)]
    return exports.csv_answer(
        request,
        grain=list_.noun,
        view=view_name(asked),
        headers=[item.header for item in fields],
        rows=exports.values(sort(list_.dress(rows), asked.order), fields),
        count=rows.order_by().count(),
    )


def chosen_fields(asked: Asked) -> Sequence[Field]:
    """The file's columns: all of them, or what the chosen columns carry and every id beside it."""
    if asked.has_default_columns:
        return asked.list.fields
    wanted = {header for column in asked.columns for header in column.fields}
    return [
        item
        for item in asked.list.fields
        if item.header in wanted or item.is_id or item.header.endswith("_id")
    ]


def view_name(asked: Asked) -> str:
    """The filters as a word for a file name: `all`, a status in lower case, or `filtered`."""
    if not asked.values:
        return "all"
    if len(asked.values) == 1:
        [(name, value)] = asked.values.items()
        if name in ("status", "state", "kind") and str(value).replace("_", "").isascii():
            word = "".join(letter for letter in str(value).lower() if letter.isalnum())
            return word[:40] or "filtered"
        if value is True:
            return name
    return "filtered"
