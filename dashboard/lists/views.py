"""The one way to filter, sort, page, choose columns and export a list.

A list is declared once, as a `List`; its page is `show(request, LIST)` and its file is
`export(request, LIST)`. The address is the whole state: what it asks is read into an `Asked`, and
the page and the file take their rows from the same queryset. What else every list has under its
address (counts, columns, refresh) is in `list_parts`.
"""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from dashboard.frame.context import frame_of
from dashboard.frame.htmx import asks_for_part
from resellers.models import SyncRun

from . import csv_file
from .asked import Asked
from .csv_file import Field
from .declaration import List
from .keyset import sort
from .page import ListPage
from .preferences import kept_columns, kept_dialect


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
    page = ListPage(list_, asked, counts, may_pick=may_pick, dialect=dialect)
    as_part = asks_for_part(request, "list")
    template = "lists/_list.html" if as_part else "lists/page.html"
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
        return csv_file.invalid_answer(asked.errors)
    rows = list_.as_of_now(asked.rows())
    fields = chosen_fields(asked)
    if csv_file.dialect_of(request.GET).profile == "excel":
        fields = [*fields, *csv_file.local_fields(fields)]
    return csv_file.csv_answer(
        request,
        grain=list_.noun,
        view=view_name(asked),
        headers=[item.header for item in fields],
        rows=csv_file.values(sort(list_.for_list(rows), asked.order), fields),
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
