"""A list's page, its file, and the figures of its filters, each from what the address asks."""

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from dashboard.frame.context import frame_of
from dashboard.frame.htmx import asks_for_part
from dashboard.frame.named_run import named_run
from dashboard.frame.staff import StaffRequest
from resellers.models import SyncRun

from . import csv_file, facets
from .csv_file import Field
from .csv_rows import QueryRows, count_soon
from .declaration import List
from .filters import InvalidQuery, clean_text
from .inputs import FilterInput
from .keyset import sort
from .page import ListPage
from .preferences import saved_columns, saved_dialect
from .query import ListQuery
from .query_words import plain_parameters
from .saved_views import Views, open_view
from .view_tabs import queries_of_tabs


def read_query(
    request: HttpRequest,
    list_: List,
    query: QueryDict | None = None,
    *,
    opens_default: bool = False,
) -> ListQuery:
    """What the address asks of the list, or what `query` does. Raises PermissionDenied.

    A bare address asks for all rows, or with `opens_default` for the person's own default view.
    """
    if list_.permission and not request.user.has_perm(list_.permission):
        raise PermissionDenied(_("Your role may not see this list."))
    saved = saved_columns(request.user.pk, list_.noun)
    asked = request.GET if query is None else query
    plain, trouble = plain_parameters(list_, asked)
    views = Views(cast(User, request.user), list_.noun)
    parameters, opened, gone = open_view(list_, views, plain, opens_default=opens_default)
    wrong = {name: words for name, words in (("q", trouble), ("view", gone)) if words}
    is_typed = plain is not asked
    read = ListQuery(
        list_,
        parameters,
        saved,
        is_typed=is_typed,
        trouble=wrong,
        opened=opened,
        person=views.person,
    )
    read.views = views
    return read


def show(
    request: HttpRequest, list_: List, *, query: ListQuery | None = None, **context: Any
) -> HttpResponse:
    """The list's page, or its region alone for htmx; 422 where the address makes no sense.

    Query words in the address lead to the one that has them as plain parameters.
    """
    as_part, is_refused = asks_for_part(request, "list"), query is not None
    query = query or read_query(request, list_, opens_default=True)
    if query.is_typed and not query.errors and not as_part:
        return redirect(query.address)
    dialect = saved_dialect(request.user) if request.user.has_perm("resellers.export") else {}
    frame = frame_of(request)
    page = ListPage(
        list_,
        query,
        frame.counts,
        preflight=frame.preflight,
        may_refresh=request.user.has_perm("resellers.sync"),
        may_select=may_select(request, list_),
        density=frame.preferences.density,
        dialect=dialect,
    )
    template = "lists/_list.html" if as_part else "lists/page.html"
    context |= {"page": page, "list": list_, "chosen_run": _run_to_show(request)}
    # What the page itself adds above the list is not at hand where a form was refused.
    context["is_refused"] = is_refused
    context["around"] = list_.around(request, page)
    answer = render(request, template, context, status=422 if query.errors else 200)
    patch_vary_headers(answer, ["HX-Request"])
    if as_part:
        answer["HX-Push-Url"] = query.address
    return answer


def may_select(request: HttpRequest, list_: List) -> bool:
    """Whether this person may do anything with rows that are ticked."""
    may_refresh = request.user.has_perm("resellers.sync") and bool(list_.package_path)
    may_work = bool(list_.bulk_permission) and request.user.has_perm(list_.bulk_permission)
    may_take = list_.has_menu and request.user.has_perm("resellers.export")
    return may_refresh or may_work or may_take


def _run_to_show(request: HttpRequest) -> SyncRun | None:
    """The reading of some records that the address names."""
    return named_run(request.GET, SyncRun.objects.filter(kind__in=SyncRun.AWAITED))


def export(request: HttpRequest, list_: List) -> HttpResponseBase:
    """Exactly the list's rows as CSV, all pages; 422 in plain words for a nonsense address."""
    query = read_query(request, list_)
    if query.errors:
        return csv_file.invalid_answer(query.errors)
    rows = list_.snapshot(query.rows())
    fields = file_fields(query, csv_file.dialect_of(request.GET).profile)
    return csv_file.csv_answer(
        request,
        grain=list_.noun,
        view=view_name(query),
        headers=[item.header for item in fields],
        rows=QueryRows(sort(list_.for_list(rows), query.order), fields),
        count=count_soon(rows),
    )


def chosen_fields(query: ListQuery) -> Sequence[Field]:
    """The file's columns: all of them, or what the chosen columns carry and every id beside it."""
    if query.columns_in_force.are_usual:
        return query.list.fields
    wanted = {header for column in query.columns for header in column.fields}
    return [
        item
        for item in query.list.fields
        if item.header in wanted or item.is_id or item.header.endswith("_id")
    ]


def file_fields(query: ListQuery, profile: str) -> Sequence[Field]:
    """The same, with the local times that stand at the end for spreadsheets."""
    fields = chosen_fields(query)
    return [*fields, *csv_file.local_fields(fields)] if profile == "excel" else fields


def view_name(query: ListQuery) -> str:
    """The filters as a word for a file name: `all`, a status in lower case, or `filtered`."""
    if not query.values:
        return "all"
    if len(query.values) == 1:
        [(name, values)] = query.values.items()
        if len(values) > 1:
            return "filtered"
        [value] = values
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
    """The tabs and the fields of the filters again, each with its figure."""
    query = read_query(request, list_)
    if query.errors:
        return csv_file.invalid_answer(query.errors)
    counts = frame_of(request).counts
    if asks_for_part(request, "matching"):
        context = {"page": ListPage(list_, query, counts), "list": list_}
        return render(request, "lists/_matching.html", context)
    page = ListPage(list_, query, counts, facets=facets.count(query, list(queries_of_tabs(query))))
    return render(request, "lists/_facets.html", {"page": page, "list": list_})


@require_safe
def list_facet(request: HttpRequest, list_: List, name: str) -> HttpResponse:
    """The values of one filter that are found among the rows, to choose from: as part or page."""
    item = next((one for one in list_.filters if one.name == name and one.is_discovered), None)
    if item is None:
        raise Http404
    query = read_query(request, list_)
    try:
        find = clean_text(request.GET.get("find", ""))
    except InvalidQuery as error:
        return csv_file.invalid_answer({"find": str(error)})
    if query.errors:
        return csv_file.invalid_answer(query.errors)
    found = item.discover(query.rows({name: []}), find)
    page = ListPage(list_, query, frame_of(request).counts)
    context = {"input": FilterInput(item, query, found=found), "page": page, "list": list_}
    template = "lists/_facet_list.html" if request.htmx else "lists/facet.html"  # type: ignore[attr-defined]
    answer = render(request, template, context | {"find": find})
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def posted_query(request: HttpRequest, list_: List) -> ListQuery:
    """What the page asked on which the form stood."""
    return read_query(request, list_, QueryDict(request.POST.get("query", "")))


def invalid_form(request: StaffRequest, query: ListQuery, **context: str) -> HttpResponse:
    """The list again, with what was wrong with the form: `trouble` above, `name_error` within."""
    answer = show(request, query.list, query=query, **context)
    answer.status_code = 422
    return answer
