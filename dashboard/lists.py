"""The one way to filter, sort, page, choose columns and export a list.

A list is declared once, as a `List`; its page is `show(request, LIST)` and its file is
`export(request, LIST)`. The address is the whole state: what it asks is read into an `Asked`, and
the page and the file take their rows from the same queryset.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import exports
from .asked import Asked
from .exports import Field
from .filters import Filter
from .frame import frame_of
from .page import Page
from .paging import sort


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
    unless: Mapping[str, Callable[[QuerySet], QuerySet]] = field(default_factory=dict)
    summary: Callable[[str, Mapping[str, Any]], str] | None = None  # the sentence of the whole list
    actions: str = ""  # a template at the right of the page's head
    above: str = ""  # a template between head and table
    nothing: str = ""  # said when there is nothing at all yet
    nothing_template: str = "partials/_nothing_yet.html"

    @property
    def default_columns(self) -> tuple[Column, ...]:
        return tuple(column for column in self.columns if column.shown)

    @property
    def path(self) -> str:
        return f"/{self.noun}/"

    def filter_named(self, name: str) -> Filter:
        return next(item for item in self.filters if item.name == name)


def asks_for_part(request: HttpRequest, target: str) -> bool:
    """Whether htmx wants this part alone; a history restore gets the whole page."""
    htmx = request.htmx  # type: ignore[attr-defined]
    return bool(htmx) and not htmx.history_restore_request and htmx.target == target


def show(request: HttpRequest, list_: List, **context: Any) -> HttpResponse:
    """The list's page, or its region alone for htmx; 422 where the address makes no sense."""
    page = Page(list_, Asked(list_, request.GET), frame_of(request).figures.counts)
    as_part = asks_for_part(request, "list")
    template = "partials/_list.html" if as_part else "list.html"
    status = 422 if page.asked.errors else 200
    answer = render(request, template, {"page": page, "list": list_, **context}, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    if as_part:
        answer["HX-Push-Url"] = page.asked.address
    return answer


def export(request: HttpRequest, list_: List) -> HttpResponseBase:
    """Exactly the list's rows as CSV, all pages; 422 in plain words for a nonsense address."""
    asked = Asked(list_, request.GET)
    if asked.errors:
        words = "".join(f"{name}: {error}\n" for name, error in asked.errors.items())
        return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")
    rows = list_.dress(asked.rows())
    fields = chosen_fields(asked)
    return exports.csv_answer(
        request,
        grain=list_.noun,
        view=view_name(asked),
        headers=[item.header for item in fields],
        rows=exports.values(sort(rows, asked.order), fields),
        count=asked.rows().order_by().count(),
    )


def chosen_fields(asked: Asked) -> Sequence[Field]:
    """The file's columns: all of them, or what the chosen columns carry and every id beside it."""
    if not asked.chosen_columns:
        return asked.list.fields
    wanted = {header for column in asked.columns for header in column.fields}
    return [
        item
        for item in asked.list.fields
        if item.header in wanted or item.header == "id" or item.header.endswith("_id")
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
