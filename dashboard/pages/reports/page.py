"""Reports: all of them on one page, each to be taken away as a file."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from dashboard.frame.staff import StaffRequest
from dashboard.lists.csv_file import csv_answer
from dashboard.lists.preferences import saved_dialect

from .all_reports import REPORTS


@require_safe
def report_list(request: StaffRequest) -> HttpResponse:
    """All reports on one page."""
    dialect = urlencode(saved_dialect(request.user))
    context = {
        "reports": [make() for make in REPORTS.values()],
        "now": timezone.now(),
        "dialect": f"?{dialect}" if dialect else "",
    }
    return render(request, "pages/reports/list.html", context)


@require_safe
def report_export(request: HttpRequest, name: str) -> HttpResponseBase:
    """One report's table as CSV."""
    if name not in REPORTS:
        raise Http404
    report = REPORTS[name]()
    return csv_answer(
        request,
        grain="report",
        view=report.name,
        headers=report.headers,
        rows=report.rows,
        count=len(report.rows),
    )
