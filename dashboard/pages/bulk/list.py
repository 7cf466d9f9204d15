"""Runs of many changes as a list."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, Q
from django.http import HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from dashboard import lists
from dashboard.components import addresses, ages, values
from dashboard.components.people import person_name
from dashboard.frame.staff import StaffRequest
from dashboard.lists.csv_file import Field
from dashboard.lists.declaration import Chip, Column, List, SortOption
from dashboard.lists.filters import ChoiceFilter, TypedFilter
from dashboard.lists.spans import age_filter
from resellers.models import BulkRun, PlannedChange
from resellers.models.bulk_querysets import CARRIED_OUT, REFUSED, UNCHANGED, UNTICKED
from resellers.operations.bulk import VERBS

from .words import run_title, state_words

CONFIRMED = ~Q(state=BulkRun.State.PLANNED)


def _prepare(runs: Sequence[BulkRun]) -> None:
    """Give each run as `counts` how many of its changes are wanted and carried out; one query."""
    counts = (
        PlannedChange.objects.filter(run__in=runs)
        .order_by()
        .values("run")
        .annotate(
            wanted=Count("pk", filter=~(UNCHANGED | REFUSED | UNTICKED)),
            done=Count("pk", filter=CARRIED_OUT),
        )
    )
    found = {one["run"]: one for one in counts}
    for run in runs:
        run.counts = found.get(run.pk, {"wanted": 0, "done": 0})  # type: ignore[attr-defined]


def _name(run: Any) -> SafeString:
    address, title = addresses.BULK_RUN(run.pk), run_title(run, run.counts["wanted"])
    return format_html('<a class="name" href="{}">{}</a>', address, title)


def _done(run: Any) -> str:
    counts = {
        "done": values.number(run.counts["done"]),
        "wanted": values.number(run.counts["wanted"]),
    }
    return gettext("%(done)s of %(wanted)s") % counts


def _state(run: BulkRun) -> SafeString:
    word, tone = state_words(run)
    return format_html('<span class="status {}">{}</span>', tone, word)


BULK = List(
    noun="bulk",
    url_name="bulk_list",
    title=gettext_lazy("Bulk changes"),
    one="bulk change",
    many="bulk changes",
    rows=BulkRun.objects.all,
    for_list=lambda rows: rows.select_related("by"),
    columns=(
        Column(
            "name", gettext_lazy("What"), _name, ("kind",), "main", second=lambda run: f"#{run.pk}"
        ),
        Column(
            "state",
            gettext_lazy("State"),
            _state,
            ("state",),
            "status",
            second=lambda run: run.waiting_for,
        ),
        Column("done", gettext_lazy("Carried out"), _done, (), "short"),
        Column(
            "by",
            gettext_lazy("By"),
            lambda run: person_name(run.by),
            ("by", "reason"),
            second=lambda run: run.reason,
        ),
        Column(
            "planned",
            gettext_lazy("Planned"),
            lambda run: ages.age(run.planned_at),
            ("planned_at_utc", "confirmed_at_utc"),
            kind="time",
            sort="planned",
        ),
        Column(
            "ended",
            gettext_lazy("Ended"),
            lambda run: ages.age(run.finished_at) if run.finished_at else values.NOTHING,
            ("finished_at_utc",),
            kind="time",
        ),
    ),
    fields=(
        Field("bulk_id", "pk"),
        Field("kind", "kind"),
        Field("state", "state"),
        Field("by", "by__username"),
        Field("reason", "reason"),
        Field("planned_at_utc", "planned_at"),
        Field("confirmed_at_utc", "confirmed_at"),
        Field("finished_at_utc", "finished_at"),
        Field("retry_of_id", "retry_of_id"),
    ),
    filters=(
        ChoiceFilter(
            "state",
            gettext_lazy("State"),
            {state.value: str(state.label) for state in BulkRun.State},
            lambda word: Q(state=word),
        ),
        ChoiceFilter(
            "kind",
            gettext_lazy("What"),
            {name: str(verb.words.label) for name, verb in VERBS.items()},
            lambda name: Q(kind=name),
        ),
        TypedFilter("by", gettext_lazy("By"), "by__username", {}),
        age_filter("age", gettext_lazy("Planned"), "planned_at"),
    ),
    default_filters={"state": CONFIRMED},
    sorts={"planned": SortOption(gettext_lazy("Planned"), "planned_at")},
    default_sort="-planned",
    chips=(
        Chip(gettext_lazy("Running"), {"state": ["running", "paused"]}),
        Chip(gettext_lazy("Not confirmed"), {"state": "planned"}),
    ),
    has_menu=False,
    prepare=_prepare,
    empty_title=gettext_lazy("Nothing was changed in bulk yet"),
    empty_template="pages/bulk/_nothing.html",
)


@require_safe
def bulk_list(request: StaffRequest) -> HttpResponse:
    """Every run, the newest first; plans that nobody confirmed when they are asked for."""
    return lists.show(request, BULK)
