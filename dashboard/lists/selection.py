"""Rows that were ticked, or all that match: what is done with them, and their file."""

import re

from django.db.models import Model, QuerySet, UUIDField
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.frame.staff import StaffRequest
from resellers.wix_ids import as_wix_id

from . import csv_file
from .csv_rows import QueryRows, count_soon
from .declaration import List
from .filters import InvalidQuery
from .keyset import sort
from .query import ListQuery
from .views import file_fields, invalid_form, posted_query, view_name

MOST = 1_000  # rows that a form names one by one, and where nothing else is said at once
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


def means_all(request: HttpRequest) -> bool:
    """Whether a form means all rows that match."""
    return bool(request.POST.get("all"))


def selected(request: HttpRequest, query: ListQuery, *, most: int | None = MOST) -> QuerySet:
    """The records that a form means: those whose ids it sends, or all that match by now.

    Raises InvalidQuery where it means none, and where `most` are not enough.
    """
    if means_all(request):
        if query.errors:
            raise InvalidQuery(_("The address makes no sense, so nothing matches it."))
        rows = query.rows().order_by()
        if most is not None and rows[: most + 1].count() > most:
            raise InvalidQuery(
                _("At most %(most)s at once, and more match: narrow them first.")
                % {"most": f"{most:,}"}
            )
        return rows
    model = query.list.rows().model
    ids = selected_ids(request, model)
    # Among all records: one that has left the list since it was shown is meant all the same.
    records: QuerySet = model._default_manager.filter(pk__in=ids)
    return records.order_by()


def selected_ids(request: HttpRequest, of: type[Model]) -> set[str]:
    """The ids of such records that were sent, a thousand at most. Raises InvalidQuery."""
    texts = {text for given in request.POST.getlist("id") for text in given.split(",") if text}
    if not texts:
        raise InvalidQuery(_("Nothing is selected: tick the rows first."))
    if len(texts) > MOST:
        raise InvalidQuery(
            _("At most %(most)s at once; these are %(count)s.")
            % {"most": f"{MOST:,}", "count": f"{len(texts):,}"}
        )
    if not isinstance(of._meta.pk, UUIDField):
        if not all(_NUMBER.fullmatch(text) for text in texts):
            raise InvalidQuery(_("What was sent holds something that is no number of a row."))
        return texts
    ids = {as_wix_id(text) for text in texts}
    if None in ids:
        raise InvalidQuery(_("What was sent holds something that is no id of Wix."))
    return {str(id_) for id_ in ids}


@require_POST
def list_selection(request: StaffRequest, list_: List) -> HttpResponseBase:
    """The file of these rows, in the list's order and with its columns."""
    query = posted_query(request, list_)
    try:
        rows = selected(request, query, most=None)
    except InvalidQuery as error:
        return invalid_form(request, query, trouble=str(error))
    fields = file_fields(query, csv_file.dialect_of(request.GET).profile)
    is_all = means_all(request)
    return csv_file.csv_answer(
        request,
        grain=list_.noun,
        view=view_name(query) if is_all else "selected",
        headers=[item.header for item in fields],
        rows=QueryRows(sort(list_.for_list(rows), query.order), fields),
        count=count_soon(rows),
        query=query.query_string if is_all else "selected rows",  # kept with the audit's entry
    )
