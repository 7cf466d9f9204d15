"""How much of what a list shows has changed since its page was made."""

from datetime import datetime, timedelta

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from resellers.models import (
    Account,
    AuditEntry,
    Change,
    Operation,
    Package,
    ProductInstance,
    Site,
    SyncRun,
)

from . import csv_file
from .declaration import List
from .query import ListQuery
from .views import read_query

MOST = 99  # counted; more is more
LONGEST = timedelta(days=1)  # of a page that stands open
# By which a change names the record that it is of.
CHANGED = {Account: "account", Package: "package", ProductInstance: "instance", Site: "site"}


@require_safe
def list_changed(request: HttpRequest, list_: List) -> HttpResponse:
    """How many rows of what is asked changed since `made`, and the way to them; 204 for none."""
    query = read_query(request, list_)
    made = _moment(request.GET.get("made", ""))
    if made is None:
        return csv_file.invalid_answer(
            {"made": _("Say when the page was made, as a date and time.")}
        )
    number = 0 if query.errors else count_changed(query, made)
    if not number:
        return HttpResponse(status=204)
    words = _("More than %(number)s changed") if number > MOST else _("%(number)s changed")
    words %= {"number": min(number, MOST)}
    return render(request, "lists/_changed.html", {"words": words, "address": query.same_page()})


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    if moment is None or moment.tzinfo is None:
        return None
    return max(moment, timezone.now() - LONGEST)


def count_changed(query: ListQuery, since: datetime) -> int:
    """How many of the rows that are asked for changed or came after that moment; one query."""
    rows = query.rows()
    since_then = _since(rows.model, since)
    if since_then is None:
        return 0
    return rows.filter(since_then).order_by()[: MOST + 1].count()


def _since(model: type[Model], since: datetime) -> Q | None:
    """What has changed after that moment; None for rows that nobody but a person changes."""
    if column := CHANGED.get(model):
        changes: QuerySet = Change.objects.filter(at__gt=since, **{f"{column}__isnull": False})
        return Q(pk__in=changes.order_by().values(column))
    if model is Operation:
        ended = Q(finished_at__gt=since) | Q(drifted_at__gt=since)
        return Q(requested_at__gt=since) | ended
    if model is SyncRun:
        return Q(requested_at__gt=since) | Q(finished_at__gt=since)
    if model is AuditEntry:
        return Q(at__gt=since)
    return None
