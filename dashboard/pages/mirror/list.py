"""Readings of Wix as a list."""

from django.db.models import Q
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard import lists
from dashboard.components import addresses, ages, ids, values
from dashboard.components.people import person_name
from dashboard.components.statuses import reading_state
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Column, List, SortOption
from dashboard.lists.filters import ChoiceFilter
from resellers.durations import span
from resellers.models import SyncRun


def run_subject(run: SyncRun) -> str:
    if run.package:
        return _("%(package)s of %(account)s") % {
            "package": run.package,
            "account": run.package.account,
        }
    return str(run.account or "")


def _kind(run: SyncRun) -> SafeString:
    return format_html(
        '<a class="name" id="run-{}" href="{}">{}</a>',
        run.pk,
        addresses.RUN(run.pk),
        run.get_kind_display(),
    )


def _error(run: SyncRun) -> SafeString | str:
    """Why it ended as it did, and Wix's id of the call."""
    if not run.error or run.state == SyncRun.State.SUCCEEDED:
        return ""
    if not run.wix_request_id:
        return run.error
    return format_html(_("{} Request {}."), run.error, ids.short_id(run.wix_request_id))


def _read(run: SyncRun) -> str:
    packages = values.counted(run.packages_seen, "package", "packages")
    return f"{packages}, {values.counted(run.sites_seen, 'site', 'sites')}"


def _took(run: SyncRun) -> str:
    if run.started_at is None:
        return _("not begun")
    return span((run.finished_at or timezone.now()) - run.started_at)


RUNS = List(
    noun="mirror",
    url_name="mirror_list",
    title=gettext_lazy("Sync"),
    one="reading of Wix",
    many="readings of Wix",
    rows=SyncRun.objects.all,
    for_list=lambda rows: rows.select_related("account", "package__account", "requested_by").defer(
        "position", "account__raw", "package__raw", "package__account__raw"
    ),
    columns=(
        Column(
            "kind",
            gettext_lazy("Reading"),
            _kind,
            ("kind", "account_id", "package_id"),
            "main",
            second=run_subject,
        ),
        Column(
            "state",
            gettext_lazy("State"),
            reading_state,
            ("state", "error_code", "error", "wix_request_id"),
            kind="status",
            second=_error,
        ),
        Column(
            "read",
            gettext_lazy("Read"),
            _read,
            ("packages_seen", "packages_expected", "sites_seen"),
        ),
        Column(
            "changed",
            gettext_lazy("Changed"),
            lambda row: values.number(row.rows_changed),
            ("rows_changed",),
            kind="number",
        ),
        Column(
            "calls",
            gettext_lazy("Calls"),
            lambda row: values.number(row.calls),
            ("calls",),
            kind="number",
        ),
        Column(
            "took", gettext_lazy("Took"), _took, ("started_at_utc", "finished_at_utc"), kind="time"
        ),
        Column(
            "by",
            gettext_lazy("Asked by"),
            lambda row: person_name(row.requested_by) if row.requested_by else _("the schedule"),
            ("requested_by",),
        ),
        Column(
            "asked",
            gettext_lazy("Asked"),
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
        ChoiceFilter(
            "state",
            gettext_lazy("State"),
            dict(SyncRun.State.choices),
            lambda state: Q(state=state),
        ),
        ChoiceFilter(
            "kind", gettext_lazy("Kind"), dict(SyncRun.Kind.choices), lambda kind: Q(kind=kind)
        ),
    ),
    sorts={"asked": SortOption(gettext_lazy("Asked"), "requested_at")},
    default_sort="-asked",
    chips=(
        lists.Chip(gettext_lazy("Everything"), {"kind": "full"}),
        lists.Chip(gettext_lazy("What changed"), {"kind": "incremental"}),
        lists.Chip(gettext_lazy("Failed"), {"state": "failed"}),
    ),
    actions="pages/mirror/_actions.html",
    above="pages/mirror/_health.html",
    has_menu=False,
    empty_title=gettext_lazy("Wix was never read"),
)
