"""A list's page, its file, and the figures of its filters, each from what the address asks."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dashboard.frame.context import frame_of
from dashboard.frame.htmx import asks_for_part
from dashboard.frame.named_run import named_run
from dashboard.frame.staff import StaffRequest
from resellers.models import SyncRun

from . import csv_file, facets
from .csv_file import Field
from .declaration import List
from .keyset import sort
from .page import ListPage
from .preferences import saved_columns, saved_dialect
from .query import ListQuery


def read_query(request: HttpRequest, list_: List, query: QueryDict | None = None) -> ListQuery:
    """What the address asks of the list, or what `query` does. Raises PermissionDenied."""
    if list_.permission and not request.user.has_perm(list_.permission):
        raise PermissionDenied("Your role may not see this list.")
    saved = saved_columns(request.user.pk, list_.noun)
    return ListQuery(list_, request.GET if query is None else query, saved)


def show(
    request: HttpRequest, list_: List, *, query: ListQuery | None = None, **context: Any
) -> HttpResponse:
    """The list's page, or its region alone for htmx; 422 where the address makes no sense."""
    query = query or read_query(request, list_)
    dialect = saved_dialect(request.user.pk) if request.user.has_perm("resellers.export") else {}
    frame = frame_of(request)
    page = ListPage(
        list_,
        query,
        frame.figures.counts,
        preflight=frame.preflight,
        may_refresh=request.user.has_perm("resellers.sync"),
        dialect=dialect,
    )
    as_part = asks_for_part(request, "list")
    template = "lists/_list.html" if as_part else "lists/page.html"
    context |= {"page": page, "list": list_, "chosen_run": _run_to_show(request)}
    answer = render(request, template, context, status=422 if query.errors else 200)
    patch_vary_headers(answer, ["HX-Request"])
    if as_part:
        answer["HX-Push-Url"] = query.address
    return answer


def _run_to_show(request: HttpRequest) -> SyncRun | None:
    """The reading of some records that the address names."""
    return named_run(request.GET, SyncRun.objects.filter(kind__in=SyncRun.AWAITED))


def export(request: HttpRequest, list_: List) -> HttpResponseBase:
    """Exactly the list's rows as CSV, all pages; 422 in plain words for a nonsense address."""
    query = read_query(request, list_)
    if query.errors:
        return csv_file.invalid_answer(query.errors)
    rows = list_.snapshot(query.rows())
    fields = chosen_fields(query)
    if csv_file.dialect_of(request.GET).profile == "excel":
        fields = [*fields, *csv_file.local_fields(fields)]
    return csv_file.csv_answer(
        request,
        grain=list_.noun,
        view=view_name(query),
        headers=[item.header for item in fields],
        rows=csv_file.values(sort(list_.for_list(rows), query.order), fields),
        count=rows.order_by().count(),
    )


def chosen_fields(query: ListQuery) -> Sequence[Field]:
    """The file's columns: all of them, or what the chosen columns carry and every id beside it."""
    if query.has_default_columns:
        return query.list.fields
    wanted = {header for column in query.columns for header in column.fields}
    return [
        item
        for item in query.list.fields
        if item.header in wanted or item.is_id or item.header.endswith("_id")
    ]


def view_name(query: ListQuery) -> str:
    """The filters as a word for a file name: `all`, a status in lower case, or `filtered`."""
    if not query.values:
        return "all"
    if len(query.values) == 1:
        [(name, value)] = query.values.items()
        if name in ("status", "state", "kind") and str(value).replace("_", "").isascii():
            word = "".join(letter for letter in str(value).lower() if letter.isalnum())
            return word[:40] or "filtered"
        if value is True:
            return name
    return "filtered"


@require_safe
def list_export(request: HttpRequest, list_: List) -> HttpResponseBase:
    """The list's rows as CSV."""
    return export(request, list_)


@require_safe
def list_facets(request: HttpRequest, list_: List) -> HttpResponse:
    """The chips and the fields of the filters again, each with its figure."""
    query = read_query(request, list_)
    if query.errors:
        return csv_file.invalid_answer(query.errors)
    counts = frame_of(request).figures.counts
    page = ListPage(list_, query, counts, facets=facets.count(query))
    return render(request, "lists/_facets.html", {"page": page, "list": list_})


def posted_query(request: HttpRequest, list_: List) -> ListQuery:
    """What the page asked on which the form stood."""
    return read_query(request, list_, QueryDict(request.POST.get("query", "")))


def invalid_form(request: StaffRequest, query: ListQuery, **context: str) -> HttpResponse:
    """The list again, with what was wrong with the form: `trouble` above, `name_error` within."""
    answer = show(request, query.list, query=query, **context)
    answer.status_code = 422
    return answer
