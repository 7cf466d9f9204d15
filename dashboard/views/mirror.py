"""Readings of Wix: when the mirror was last whole, what runs, and how staff ask for more."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from dashboard import ages, cells, lists
from dashboard.badges import reading_state
from dashboard.celery import next_sync
from dashboard.exports import Field
from dashboard.filters import Choice
from dashboard.forms import SyncForm
from dashboard.lists import Column, List, Sort
from dashboard.pace import pace
from dashboard.staff import StaffRequest
from resellers.mirror import figures, sync
from resellers.models import SyncRun
from resellers.times import span

# Kinds that the schedule wants and nobody watches.
PLANNED = (SyncRun.Kind.FULL, SyncRun.Kind.INCREMENTAL, SyncRun.Kind.UNSETTLED)


def _about(run: SyncRun) -> str:
    if run.package:
        return f"{run.package} of {run.package.account}"
    return str(run.account or "")


def _kind(run: SyncRun) -> SafeString:
    return format_html(
        '<a id="run-{0}" href="/mirror/runs/{0}/">{1}</a><small>{2}</small>',
        run.pk,
        run.get_kind_display(),
        _about(run),
    )


def _state(run: SyncRun) -> SafeString:
    shown = reading_state(run)
    if not run.error or run.state == SyncRun.State.SUCCEEDED:
        return shown
    shown = format_html("{}<small>{}</small>", shown, run.error_code or run.error[:60])
    if not run.wix_request_id:
        return shown
    return format_html("{}<small>request {}</small>", shown, cells.short_id(run.wix_request_id))


def _read(run: SyncRun) -> str:
    packages = cells.counted(run.packages_seen, "package", "packages")
    return f"{packages}, {cells.counted(run.sites_seen, 'site', 'sites')}"


def _took(run: SyncRun) -> str:
    if run.started_at is None:
        return "not begun"
    return span((run.finished_at or timezone.now()) - run.started_at)


RUNS = List(
    noun="mirror",
    title="Mirror",
    one="reading of Wix",
    many="readings of Wix",
    rows=SyncRun.objects.all,
    dress=lambda rows: rows.select_related("account", "package__account", "requested_by").defer(
        "position", "account__raw", "package__raw", "package__account__raw"
    ),
    columns=(
        Column("kind", "Reading", _kind, ("kind", "account_id", "package_id"), kind="main"),
        Column(
            "state",
            "State",
            _state,
            ("state", "error_code", "error", "wix_request_id"),
            kind="status",
        ),
        Column("read", "Read", _read, ("packages_seen", "packages_expected", "sites_seen")),
        Column(
            "changed",
            "Changed",
            lambda row: cells.number(row.rows_changed),
            ("rows_changed",),
            kind="number",
        ),
        Column("calls", "Calls", lambda row: cells.number(row.calls), ("calls",), kind="number"),
        Column("took", "Took", _took, ("started_at_utc", "finished_at_utc"), kind="time"),
        Column(
            "by",
            "Asked by",
            lambda row: row.requested_by.get_username() if row.requested_by else "the schedule",
            ("requested_by",),
        ),
        Column(
            "asked",
            "Asked",
            lambda row: ages.age(row.requested_at),
            ("requested_at_utc",),
            kind="time",
            sort="asked",
        ),
    ),
    fields=(
        Field("run_id", "pk"),
        Field("kind", "kind"),
        Field("state", "state"),
        Field("account_id", "account_id"),
        Field("package_id", "package_id"),
        Field("requested_by", "requested_by__username"),
        Field("requested_at_utc", "requested_at"),
        Field("started_at_utc", "started_at"),
        Field("finished_at_utc", "finished_at"),
        Field("packages_seen", "packages_seen"),
        Field("packages_expected", "packages_expected"),
        Field("sites_seen", "sites_seen"),
        Field("rows_changed", "rows_changed"),
        Field("rejected", "rejected"),
        Field("pages", "pages"),
        Field("calls", "calls"),
        Field("error_code", "error_code"),
        Field("error", "error"),
        Field("wix_request_id", "wix_request_id"),
    ),
    filters=(
        Choice("state", "State", dict(SyncRun.State.choices), lambda state: Q(state=state)),
        Choice("kind", "Kind", dict(SyncRun.Kind.choices), lambda kind: Q(kind=kind)),
    ),
    sorts={"asked": Sort("Asked", "requested_at")},
    default_sort="-asked",
    chips=(
        lists.Chip("Everything", {"kind": "full"}),
        lists.Chip("What changed", {"kind": "incremental"}),
        lists.Chip("Failed", {"state": "failed"}),
    ),
    actions="mirror/_actions.html",
    above="mirror/_health.html",
    nothing="Wix was never read",
)


@require_safe
def mirror_list(request: StaffRequest) -> HttpResponse:
    """How whole the mirror is, and every reading, the newest first."""
    return _mirror_page(request)


def _mirror_page(request: StaffRequest, form: SyncForm | None = None) -> HttpResponse:
    whole = figures.read().mirror_whole_at
    overdue = timedelta(seconds=settings.MIRROR["OVERDUE_SECONDS"])
    runs = SyncRun.objects.select_related("account", "package__account", "requested_by")
    answer = lists.show(
        request,
        RUNS,
        whole_at=whole,
        pace=pace(),
        is_overdue=whole is None or timezone.now() - whole > overdue,
        open_runs=[
            {"run": run, "about": _about(run)}
            for run in runs.filter(state__in=SyncRun.OPEN_STATES)[:10]
        ],
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
        "lag": timezone.now() - max(begun) if begun else None,
        "last_failed": failed.order_by("-finished_at").first(),
    }


def _next(moment: datetime) -> str:
    ahead = moment - timezone.now()
    return f"The next in {span(ahead)}." if ahead > timedelta(0) else "The next is due."


@require_safe
def mirror_export(request: StaffRequest) -> HttpResponseBase:
    return lists.export(request, RUNS)


@require_safe
def run_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One reading; as a part it polls itself, and has the page around it reloaded at its end.

    With `?stay=1` the page around it stays.
    """
    runs = SyncRun.objects.select_related("account", "package__account", "requested_by")
    run = get_object_or_404(runs, pk=pk)
    part = lists.asks_for_part(request, f"run-now-{pk}")
    stay = "stay" in request.GET
    template = "partials/_run.html" if part else "mirror/run.html"
    context = {"run": run, "about": _about(run), "stay": stay}
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
        messages.info(request, f"{run} ends before its next call.")
    else:
        messages.info(request, f"{run} had ended already.")
    return redirect(run)
