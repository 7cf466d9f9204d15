"""One plan of many changes, and the run that it becomes: how it stands, and what may be decided."""

import re
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from dashboard.frame.context import frame_of
from dashboard.frame.htmx import asks_for_part
from dashboard.frame.notices import mark_run_read
from dashboard.frame.staff import StaffRequest
from dashboard.lists import csv_file
from resellers import audit
from resellers.models import BulkRun
from resellers.operations import bulk
from resellers.operations.reasons import wanting_reasons
from resellers.operations.requests import NotAllowed, WritesPaused

from .forms import ConfirmForm
from .summary import RunPage
from .table import HEADERS, changes_of, csv_row, rows_of

LONGEST = 200  # of what is searched for
_NUMBER = re.compile(r"[0-9]{1,9}", re.ASCII)


@require_safe
def bulk_run(request: StaffRequest, pk: int) -> HttpResponse:
    """The plan, or the run; it looks at itself again while something goes on."""
    run = _get(pk)
    if run.by_id == request.user.pk:
        mark_run_read(request.user, run.pk)
    return _page(request, run)


def _get(pk: int) -> BulkRun:
    return get_object_or_404(BulkRun.objects.select_related("by"), pk=pk)


def _summary(request: StaffRequest, run: BulkRun, given: QueryDict) -> RunPage:
    return RunPage(
        run,
        frame_of(request).preflight,
        part=given.get("part", ""),
        page=given.get("page", ""),
        search=given.get("q", "")[:LONGEST],
        person=request.user,
    )


def _page(
    request: StaffRequest,
    run: BulkRun,
    *,
    form: ConfirmForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    frame = frame_of(request)
    given = request.POST if request.method == "POST" else request.GET
    summary = _summary(request, run, given)
    context = {
        "run": run,
        "summary": summary,
        "form": form or ConfirmForm(auto_id="%s"),
        "wants_reason": run.is_planned and summary.verb.kind in wanting_reasons(frame.policy),
        "may_decide": not run.is_planned and summary.answer.is_allowed,
        "request_id": uuid4(),
        "trouble": trouble,
    }
    as_part = asks_for_part(request, "bulk-run")
    template = "pages/bulk/_run.html" if as_part else "pages/bulk/run.html"
    answer = render(request, template, context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_POST
def bulk_confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Let the plan become a run, once; 422 with what is wrong beside its field."""
    run = _get(pk)
    _check_right(request, run)
    form = ConfirmForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return _page(request, run, form=form, status=422)
    data = form.cleaned_data
    try:
        confirmed = bulk.confirm(run, by=request.user, count=data["count"], reason=data["reason"])
    except bulk.ReasonWanted as error:
        form.add_error("reason", str(error))
    except bulk.WrongCount as error:
        form.add_error("count", str(error))
    except (WritesPaused, NotAllowed, bulk.NotNow) as error:
        _note_refusal(request, run, str(error))
        return _page(request, run, form=form, trouble=str(error), status=409)
    else:
        return redirect(confirmed)
    _note_refusal(request, run, form.errors.as_text())
    return _page(request, run, form=form, status=422)


@require_POST
def bulk_choose(request: StaffRequest, pk: int) -> HttpResponse:
    """Leave out of the plan, or put back, one change or all that are shown; lead back to them."""
    run = _get(pk)
    _check_right(request, run)
    summary = _summary(request, run, request.POST)
    among = changes_of(run, summary.part, summary.search)
    verb = bulk.put_back if "back" in request.POST else bulk.leave_out
    if (number := request.POST.get("back") or request.POST.get("out", "")) != "all":
        if not _NUMBER.fullmatch(number):
            words = gettext("This form cannot be read. Here it is anew.")
            return _page(request, run, trouble=words, status=422)
        among = run.changes.filter(number=number)
    try:
        verb(run, among, by=request.user)
    except (bulk.NotNow, NotAllowed) as error:
        _note_refusal(request, run, str(error))
        return _page(request, _get(pk), trouble=str(error), status=409)
    return redirect(summary.here)


@require_POST
def bulk_pause(request: StaffRequest, pk: int) -> HttpResponse:
    """Release nothing more until somebody resumes it."""
    return _decide(request, pk, bulk.pause)


@require_POST
def bulk_resume(request: StaffRequest, pk: int) -> HttpResponse:
    """Go on with what is left."""
    return _decide(request, pk, bulk.resume)


@require_POST
def bulk_stop(request: StaffRequest, pk: int) -> HttpResponse:
    """Release nothing more, for good."""
    return _decide(request, pk, bulk.stop)


@require_POST
def bulk_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Plan anew what came to nothing, or with `everything` all of it; 422 where nothing did."""
    run = _get(pk)
    _check_right(request, run)
    try:
        form_id = UUID(request.POST.get("request_id", ""))
    except ValueError:
        words = gettext("This form cannot be read. Here it is anew.")
        return _page(request, run, trouble=words, status=422)
    everything = bool(request.POST.get("everything"))
    try:
        again = bulk.plan_again(run, by=request.user, request_id=form_id, everything=everything)
    except (bulk.NothingToPlan, NotAllowed) as error:
        return _page(request, run, trouble=str(error), status=422)
    return redirect(again)


@require_safe
def bulk_rows(request: StaffRequest, pk: int) -> HttpResponseBase:
    """The run's changes as CSV, or those of the part that the address names."""
    run = _get(pk)
    summary = _summary(request, run, request.GET)
    rows = rows_of(run, summary.part, summary.search)
    return csv_file.csv_answer(
        request,
        grain="bulk",
        view=summary.part.key if summary.part else "all",
        headers=HEADERS,
        rows=(csv_row(change, run) for change in rows.iterator(chunk_size=500)),
        count=rows.count(),
    )


def _check_right(request: StaffRequest, run: BulkRun) -> None:
    """Raise PermissionDenied for who may not ask for such changes."""
    if barred := frame_of(request).preflight.barred(bulk.verb_of(run.kind).kind):
        raise PermissionDenied(barred.words)


def _decide(request: StaffRequest, pk: int, decide: Callable[..., Any]) -> HttpResponse:
    """Do it and show the run; 409 with the reason where it stands otherwise by now."""
    run = _get(pk)
    _check_right(request, run)
    try:
        decide(run, by=request.user)
    except (bulk.NotNow, WritesPaused) as error:
        _note_refusal(request, run, str(error))
        return _page(request, _get(pk), trouble=str(error), status=409)
    return redirect(run)


def _note_refusal(request: StaffRequest, run: BulkRun, why: str) -> None:
    audit.record(
        "bulk.not_confirmed" if run.is_planned else "bulk.not_decided",
        by=request.user,
        body={"run": run.pk, "kind": run.kind, "why": why},
    )
