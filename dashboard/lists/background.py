"""A list's file made in the background: asking for it, and what a worker then reads it from."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied
from django.db.models import Max, Min
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.frame.staff import EXPORT, Staff, StaffRequest
from resellers import exports, scopes
from resellers.models import ExportFile, scope

from . import csv_file
from .csv_file import SPREADSHEET_ROWS, Dialect
from .csv_rows import QueryRows, count_soon
from .declaration import List
from .inputs import FilterInput
from .key_set import AmongKeys
from .keyset import sort
from .preferences import saved_dialect
from .query import ListQuery
from .views import file_fields, invalid_form, posted_query, view_name

CHECKED = "checked_at_utc"  # the column of when a row was last read from Wix


# --- asking --------------------------------------------------------------------------------------


@require_POST
def list_background(request: StaffRequest, list_: List) -> HttpResponse:
    """Have the list's rows made a file, and lead to it; more than a spreadsheet shows want a second
    press."""
    if not request.user.has_perm(EXPORT):
        raise PermissionDenied(_("Taking lists away needs the right to export."))
    query, sent = posted_query(request, list_), request.POST
    if query.errors:
        return invalid_form(request, query)
    asked = QueryDict(urlencode({"profile": sent.get("profile", "")} | _saved_dialect(request)))
    if wrong := csv_file.dialect_errors(asked):
        return invalid_form(request, query, trouble=" ".join(wrong.values()))
    try:
        form_id = UUID(sent.get("request_id", ""))
    except ValueError:
        return invalid_form(request, query, trouble=_("This form cannot be read. Here it is anew."))
    dialect = csv_file.dialect_of(asked)
    if dialect.profile == "excel" and "long" not in sent:
        rows = count_soon(query.rows())
        if rows is not None and rows > SPREADSHEET_ROWS:
            return _ask_again(request, query, rows)
    try:
        export = exports.ask(by=request.user, request_id=form_id, **_about(query, dialect))
    except exports.TooMany as error:
        return invalid_form(request, query, trouble=str(error))
    return redirect(export)


def _saved_dialect(request: StaffRequest) -> dict[str, str]:
    return saved_dialect(request.user)


def _ask_again(request: StaffRequest, query: ListQuery, rows: int) -> HttpResponse:
    """The warning before a file that no spreadsheet shows whole."""
    context = {
        "list": query.list,
        "query": query,
        "rows": rows,
        "most": SPREADSHEET_ROWS,
        "beyond": rows - SPREADSHEET_ROWS,
        "request_id": uuid4(),
    }
    return render(request, "lists/too_long.html", context)


def _about(query: ListQuery, dialect: Dialect) -> dict[str, Any]:
    """What the row keeps of what the address asks, with nothing left to what may change."""
    inputs = [FilterInput(item, query) for item in query.list.filters if item.name in query.values]
    columns = ",".join(column.key for column in query.columns)
    parameters = {**query.texts, "sort": [query.sort_key], "columns": [columns]}
    return {
        "noun": query.list.noun,
        "title": str(query.list.title),
        "view": view_name(query),
        "parameters": urlencode(parameters, doseq=True),
        "filters": [[str(one.filter.label), str(one.words)] for one in inputs],
        "columns": [field.header for field in file_fields(query, dialect.profile)],
        "dialect": {name: getattr(dialect, name) for name in csv_file.DIALECT},
        "zone": timezone.get_current_timezone_name(),
    }


# --- making --------------------------------------------------------------------------------------


class ListSource(exports.Source):
    """The rows that the row of a file names, read as the page's own export reads them."""

    def __init__(self, query: ListQuery, dialect: Dialect, view: str) -> None:
        self._query, self._dialect, self._view = query, dialect, view
        self._fields = file_fields(query, dialect.profile)

    @property
    def _rows(self) -> Any:
        return self._query.list.snapshot(self._query.rows())

    def keys(self) -> Iterator[str]:
        list_ = self._query.list
        rows = sort(list_.for_list(self._rows), self._query.order)
        bare = rows.select_related(None).prefetch_related(None)
        for key in bare.values_list("pk", flat=True).iterator(chunk_size=csv_file.ROWS_A_FETCH):
            yield str(key)

    def checked(self) -> tuple[datetime | None, datetime | None]:
        path = next((one.path for one in self._query.list.fields if one.header == CHECKED), None)
        if not isinstance(path, str):
            return None, None
        found = self._rows.order_by().aggregate(first=Min(path), last=Max(path))
        return found["first"], found["last"]

    def head(self) -> bytes:
        return csv_file.head([field.header for field in self._fields], self._dialect)

    def chunk(self, keys: Sequence[str]) -> tuple[bytes, int]:
        # Whatever the filters say by now: the row is one of those that were fixed.
        records = self._query.list.rows().filter(AmongKeys(keys))
        rows = sort(self._query.list.for_list(records), self._query.order)
        written = list(QueryRows(rows, self._fields).chunks(self._dialect))
        return b"".join(chunk for chunk, _ in written), sum(number for _, number in written)

    def name(self, rows: int, at: datetime) -> str:
        return csv_file.file_name(self._query.list.noun, self._view, rows, at)


@contextmanager
def source_of(export: ExportFile) -> Generator[ListSource]:
    """The rows of that file, as the person who asked for it may see them now and by their clock.

    Raises CannotMake where they may take it no more.
    """
    person = Staff().get_user(export.by_id)
    list_ = list_named(export.noun)
    if person is None or list_ is None or not may_take(person, list_):
        raise exports.CannotMake(_("You may not take this list away any more."))
    if scopes.groups_of(person) != export.groups:
        raise exports.CannotMake(
            _("Which customers you may see was changed meanwhile. Ask for it again.")
        )
    with scope.reading_for(person), timezone.override(ZoneInfo(export.zone)):
        query = ListQuery(list_, QueryDict(export.parameters), person=person)
        if query.errors:
            raise exports.CannotMake(" ".join(query.errors.values()))
        yield ListSource(query, Dialect(**export.dialect), export.view)


def list_named(noun: str) -> List | None:
    """The list of that noun; None where there is none any more."""
    try:
        return cast(List, resolve(reverse(f"{noun}_export")).kwargs["list_"])
    except NoReverseMatch:
        return None


def may_take(person: Any, list_: List) -> bool:
    """Whether that person may take this list away."""
    may_see = not list_.permission or person.has_perm(list_.permission)
    return bool(may_see and person.has_perm(EXPORT))
