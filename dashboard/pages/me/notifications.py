"""All that concerns a person, the newest first, and what is new of it marked as read."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from dashboard.frame import preferences
from dashboard.frame.notices import CaseNotice, notice_of, noticed_by
from dashboard.frame.notifications import Notification, concerning, mark_all_read, notification
from dashboard.frame.referrer import path_to_return_to
from dashboard.frame.staff import StaffRequest

ROWS = 50
VIEWS = {"": gettext_lazy("All"), "new": gettext_lazy("New"), "needs": gettext_lazy("Needs you")}


Row = Notification | CaseNotice


@dataclass(frozen=True, slots=True)
class Page:
    """Some of them, and where the newer and the older ones are; empty where there are none."""

    rows: list[Row]
    newer: str
    older: str


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where one stands among all: by its time, and where several have the same, by what it is."""

    at: datetime
    rank: int
    pk: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.rank}~{self.pk}"


# Of two at one moment an operation is the newer.
NOTICE, OPERATION = range(2)


@require_safe
def notification_list(request: StaffRequest) -> HttpResponse:
    """What one asked for and how it ended, and what one was told; all, new, or what needs one."""
    view = request.GET.get("show", "")
    view = view if view in VIEWS else ""
    page = _page(request, view)
    views = [(reverse_with(show=key), word, key == view) for key, word in VIEWS.items()]
    context = {"page": page, "views": views, "view": view}
    return render(request, "pages/me/notifications.html", context)


def _page(request: StaffRequest, view: str) -> Page:
    before, after = (_place(request.GET.get(name, "")) for name in ("before", "after"))
    if after:
        rows = _rows(request, view, after, newer=True)
        is_first, is_last = len(rows) <= ROWS, False
        rows = rows[:ROWS][::-1]
    else:
        rows = _rows(request, view, before, newer=False)
        is_first, is_last = not before, len(rows) <= ROWS
        rows = rows[:ROWS]
    newer = "" if is_first or not rows else reverse_with(show=view, after=str(_place_of(rows[0])))
    older = "" if is_last or not rows else reverse_with(show=view, before=str(_place_of(rows[-1])))
    return Page(rows, newer, older)


def _rows(request: StaffRequest, view: str, mark: Place | None, *, newer: bool) -> list[Row]:
    """One more than a page has of those beyond the mark, the nearest first: two statements."""
    ended = Coalesce("drifted_at", "finished_at", "requested_at")
    operations = concerning(request.user, preferences.of(request)).annotate(happened=ended)
    notices = noticed_by(request.user).annotate(happened=F("at"))
    if view == "new":
        operations, notices = operations.filter(is_new=True), notices.filter(is_new=True)
    elif view == "needs":
        operations, notices = operations.filter(needs_you=True), notices.none()
    found: list[Row] = [
        *map(notification, _beyond(operations, OPERATION, mark, newer=newer)),
        *map(notice_of, _beyond(notices, NOTICE, mark, newer=newer)),
    ]
    return sorted(found, key=_place_of, reverse=not newer)[: ROWS + 1]


def _beyond(rows: QuerySet[Any], rank: int, mark: Place | None, *, newer: bool) -> QuerySet[Any]:
    side, order = ("gt", ("happened", "pk")) if newer else ("lt", ("-happened", "-pk"))
    if mark is not None:
        beyond = Q(**{f"happened__{side}": mark.at})
        if rank == mark.rank:
            beyond |= Q(happened=mark.at, **{f"pk__{side}": mark.pk})
        elif (rank > mark.rank) == newer:
            beyond |= Q(happened=mark.at)
        rows = rows.filter(beyond)
    return rows.order_by(*order)[: ROWS + 1]


def _place_of(row: Row) -> Place:
    return Place(row.at, OPERATION if isinstance(row, Notification) else NOTICE, row.pk)


def _place(text: str) -> Place | None:
    """The place that an address names; None for what is none."""
    at, _, rest = text.partition("~")
    rank, _, pk = rest.partition("~")
    moment = _moment(at)
    if moment is None or rank not in ("0", "1"):
        return None
    return Place(moment, int(rank), int(pk)) if re.fullmatch("[0-9]{1,18}", pk) else None


def reverse_with(**query: str) -> str:
    """The address of these, with what of the query says something."""
    given = {name: value for name, value in query.items() if value}
    return reverse("notification_list", query=given or None)


@require_POST
def notifications_read(request: StaffRequest) -> HttpResponse:
    """Have nothing be new any more of what was shown, and lead back to where one was."""
    mark_all_read(request.user, _moment(request.POST.get("until", "")))
    messages.success(request, _("All notifications are marked as read."))
    return redirect(path_to_return_to(request) or "notification_list")


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return moment if moment and moment.tzinfo else None
