"""Readings of Wix: when the mirror was last whole, what runs, and how staff ask for more."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard import lists
from dashboard.frame.context import frame_of
from dashboard.frame.htmx import asks_for_part
from dashboard.frame.staff import StaffRequest
from resellers.durations import span
from resellers.mirror import sync
from resellers.mirror.sync.rolling import round_of, round_of_sites
from resellers.mirror.sync.schedule import next_sync
from resellers.models import Package, SyncRun, Unreadable
from resellers.models.querysets import dated_ahead

from .call_rate import call_rate
from .forms import SyncForm
from .list import RUNS, run_subject

# Kinds that the schedule wants and nobody watches.
PLANNED = (SyncRun.Kind.FULL, SyncRun.Kind.INCREMENTAL, SyncRun.Kind.UNSETTLED)


@require_safe
def mirror_list(request: StaffRequest) -> HttpResponse:
    """How whole the mirror is, and every reading, the newest first."""
    return _mirror_page(request)


def _mirror_page(request: StaffRequest, form: SyncForm | None = None) -> HttpResponse:
    known = frame_of(request).figures
    whole = known.mirror_whole_at
    overdue = timedelta(seconds=settings.MIRROR["OVERDUE_SECONDS"])
    runs = SyncRun.objects.select_related("account", "package__account", "requested_by")
    answer = lists.show(
        request,
        RUNS,
        whole_at=whole,
        round=round_of(known.counts["packages"]),
        round_of_sites=round_of_sites(known.counts["accounts"]),
        ahead_count=Package.objects.filter(dated_ahead()).count(),
        unreadable_count=Unreadable.objects.standing().count(),
        call_rate=call_rate(),
        is_overdue=whole is None or timezone.now() - whole > overdue,
        open_runs=[{"run": run, "about": run_subject(run)} for run in runs.open()[:10]],
        sync_form=form or SyncForm(),
        **_health(),
    )
    if form:
        answer.status_code = 422
    return answer


def _health() -> dict[str, Any]:
    """How the last readings ended, how far behind Wix the mirror is, when the next ones begin."""
    full, incremental = SyncRun.Kind.FULL, SyncRun.Kind.INCREMENTAL
    well = SyncRun.objects.filter(state=SyncRun.State.SUCCEEDED)

    def is_newest(kind: SyncRun.Kind) -> Q:
        return Q(pk=Subquery(well.filter(kind=kind).order_by("-finished_at").values("pk")[:1]))

    last = {
        run.kind: run for run in SyncRun.objects.filter(is_newest(full) | is_newest(incremental))
    }
    begun = [run.started_at for run in last.values() if run.started_at]
    by_itself = SyncRun.objects.filter(kind=incremental, requested_by=None)
    wanted = by_itself.order_by("-requested_at").values_list("requested_at", flat=True).first()
    later = well.filter(kind=OuterRef("kind"), finished_at__gt=OuterRef("finished_at"))
    failed = SyncRun.objects.filter(~Exists(later), state=SyncRun.State.FAILED, kind__in=PLANNED)
    return {
        "whole": {"run": last.get(full), "next": _next(next_sync(full))},
        "changed": {"run": last.get(incremental), "next": _next(next_sync(incremental, wanted))},
        "read_until": max(begun, default=None),
        "last_failed": failed.order_by("-finished_at").first(),
    }


def _next(moment: datetime) -> str:
    ahead = moment - timezone.now()
    return (
        _("The next in %(span)s.") % {"span": span(ahead)}
        if ahead > timedelta(0)
        else _("The next is due.")
    )


@require_safe
def run_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One reading; as a part it polls itself, and has the page around it reloaded at its end.

    With `?stay=1` the page around it stays.
    """
    runs = SyncRun.objects.select_related("account", "package__account", "requested_by")
    run = get_object_or_404(runs, pk=pk)
    part = asks_for_part(request, f"run-now-{pk}")
    stay = "stay" in request.GET
    template = "lists/_run.html" if part else "pages/mirror/run.html"
    context = {"run": run, "about": run_subject(run), "stay": stay}
    answer = render(request, template, context)
    if part and not run.is_open and not stay:
        answer["HX-Refresh"] = "true"
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_POST
@permission_required("resellers.sync", raise_exception=True)
def mirror_sync(request: StaffRequest) -> HttpResponse:
    """Want a reading of everything or of what changed; an open one of that kind is joined."""
    form = SyncForm(request.POST)
    if not form.is_valid():
        return _mirror_page(request, form)
    run = sync.want(form.cleaned_data["kind"], by=request.user)
    return redirect(run)


@require_POST
@permission_required("resellers.sync", raise_exception=True)
def run_stop(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask a reading to end before its next call."""
    run = get_object_or_404(SyncRun, pk=pk)
    if run.is_open:
        sync.stop(run, by=request.user)
        messages.info(request, _("%(reading)s ends before its next call.") % {"reading": run})
    else:
        messages.info(request, _("%(reading)s had ended already.") % {"reading": run})
    return redirect(run)
