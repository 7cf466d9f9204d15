"""Readings of Wix as a list."""

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboard import lists
from dashboard.components import addresses, ages, ids, values
from dashboard.components.statuses import reading_state
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Column, List, SortOption
from dashboard.lists.filters import ChoiceFilter
from resellers.durations import span
from resellers.models import SyncRun


def run_subject(run: SyncRun) -> str:
    if run.package:
        return f"{run.package} of {run.package.account}"
    return str(run.account or "")


def _kind(run: SyncRun) -> SafeString:
    return format_html(
        '<a id="run-{}" href="{}">{}</a><small>{}</small>',
        run.pk,
        addresses.RUN(run.pk),
        run.get_kind_display(),
        run_subject(run),
    )


def _state(run: SyncRun) -> SafeString:
    html = reading_state(run)
    if not run.error or run.state == SyncRun.State.SUCCEEDED:
        return html
    html = format_html("{}<small>{}</small>", html, run.error_code or run.error[:60])
    if not run.wix_request_id:
        return html
    return format_html("{}<small>request {}</small>", html, ids.short_id(run.wix_request_id))


def _read(run: SyncRun) -> str:
    packages = values.counted(run.packages_seen, "package", "packages")
    return f"{packages}, {values.counted(run.sites_seen, 'site', 'sites')}"


def _took(run: SyncRun) -> str:
    if run.started_at is None:
        return "not begun"
    return span((run.finished_at or timezone.now()) - run.started_at)


RUNS = List(
    noun="mirror",
    url_name="mirror_list",
    title="Mirror",
    one="reading of Wix",
    many="readings of Wix",
    rows=SyncRun.objects.all,
    for_list=lambda rows: rows.select_related("account", "package__account", "requested_by").defer(
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
            lambda row: values.number(row.rows_changed),
            ("rows_changed",),
            kind="number",
        ),
        Column("calls", "Calls", lambda row: values.number(row.calls), ("calls",), kind="number"),
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
        ChoiceFilter("state", "State", dict(SyncRun.State.choices), lambda state: Q(state=state)),
        ChoiceFilter("kind", "Kind", dict(SyncRun.Kind.choices), lambda kind: Q(kind=kind)),
    ),
    sorts={"asked": SortOption("Asked", "requested_at")},
    default_sort="-asked",
    chips=(
        lists.Chip("Everything", {"kind": "full"}),
        lists.Chip("What changed", {"kind": "incremental"}),
        lists.Chip("Failed", {"state": "failed"}),
    ),
    actions="pages/mirror/_actions.html",
    above="pages/mirror/_health.html",
    empty_title="Wix was never read",
)
