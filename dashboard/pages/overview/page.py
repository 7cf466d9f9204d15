"""The overview: what needs a person, how much there is, how fresh it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from dashboard.components import charts
from dashboard.components.ages import age, elapsed
from dashboard.components.charts import Point
from dashboard.components.values import counted
from dashboard.frame.context import frame_of
from dashboard.lists.filters import midnight
from resellers.durations import span
from resellers.mirror import figures
from resellers.models import (
    Account,
    DailyCount,
    Figures,
    Operation,
    OperationState,
    ProductInstance,
    SyncRun,
)
from resellers.models.operation_querysets import CONFIRMING, REFUSED, SUCCEEDED
from resellers.operations.titles import kind_label
from resellers.refusals import explain_failure

COURSE_DAYS = 90
FAILURE_DAYS = 14
WEEK = timedelta(days=7)
FLOATING = {"floating": "1"}


@dataclass(frozen=True, slots=True)
class Need:
    """Something that waits for a person: how it stands, what it is, where to go on."""

    tone: str
    word: str
    title: str
    words: str | SafeString
    action: str
    link: str


@dataclass(frozen=True, slots=True)
class Card:
    """A figure with a line under it; it leads to its rows."""

    label: str
    value: int
    under: str
    link: str


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """What needs me, and how the whole stands."""
    current = frame_of(request).figures
    now = timezone.localtime()
    context: dict[str, Any] = {
        "now": now,
        "figures": current,
        "is_empty": not Account.objects.exists(),
    }
    context["reading"] = SyncRun.objects.open().filter(account=None, package=None).first()
    if context["is_empty"]:
        return render(request, "pages/overview/empty.html", context)
    # The other figures are counted anew at each change; to these time itself is one.
    current.counts = current.counts | figures.of_the_hour()
    course = daily("accessible", now.date() - timedelta(days=COURSE_DAYS))
    failures = failures_a_day(now.date())
    context |= {
        "needs": needs(current),
        "cards": cards(current.counts, course),
        "course": charts.line("Usable services", course),
        "course_points": course[-14:],
        "failures": charts.columns("Failures a day", failures, tone="bad"),
        "failure_points": failures,
    }
    return render(request, "pages/overview/page.html", context)


def needs(current: Figures) -> list[Need]:
    """What waits for a person, the most pressing first."""
    found = [
        *_mirror(current),
        *_of_operations(current.counts),
        *_failed(),
        *_running(),
        *_expiring(current.counts),
    ]
    return found + _quiet_needs(current.counts)


def _mirror(current: Figures) -> list[Need]:
    whole, overdue = current.mirror_whole_at, timedelta(seconds=settings.MIRROR["OVERDUE_SECONDS"])
    if whole is None:
        words = "What is shown may be a part only. A full reading takes some minutes."
        return [
            Need(
                "look", "Look", "Wix was never read in full", words, "Open", reverse("mirror_list")
            )
        ]
    if timezone.now() - whole <= overdue:
        return []
    title = f"The mirror was last whole {span(timezone.now() - whole)} ago"
    words = "A full reading is overdue. Until it ends, records that left Wix may still be shown."
    return [Need("bad", "Overdue", title, words, "Open", reverse("mirror_list"))]


def _of_operations(counts: Mapping[str, Any]) -> list[Need]:
    """What `needing_a_person` finds, by why it does."""
    operations = Operation.objects.all()
    attention = OperationState.NEEDS_ATTENTION.value
    found = _operations(
        operations.needing_attention(),
        ("operation needs a decision", "operations need a decision"),
        attention,
        "The dashboard cannot say how it ended.",
    )
    # These are counted at each change, so that a page on which nothing is amiss asks nothing.
    if counts.get("operations_amiss"):
        found += _operations(
            operations.ended_badly_lately(),
            ("change did not end as asked", "changes did not end as asked"),
            "amiss",
        )
    if counts.get("operations_drifted"):
        found += _operations(
            operations.drifted_lately(),
            ("change is true no more", "changes are true no more"),
            "drifted",
            tone="bad",
        )
    return found


def _operations(
    waiting: QuerySet[Operation],
    nouns: tuple[str, str],
    state: str,
    words: str = "",
    *,
    tone: str = "look",
) -> list[Need]:
    found = list(waiting.select_related("account", "instance__product")[:3])
    if not found:
        return []
    number = waiting.count() if len(found) == 3 else len(found)
    first = found[0]
    about = f"{first.instance.product} of {first.account}" if first.instance else str(first.account)
    link = reverse("operation_list", query={"state": state})
    words = f"{kind_label(first.kind)}, {about}. {words or first.outcome_now}"
    return [Need(tone, "Look", counted(number, *nouns), words, "Review", link)]


def _failed() -> list[Need]:
    failed = ProductInstance.objects.present().failed()
    causes = list(
        failed.order_by()
        .values("failure_code")
        .annotate(n=Count("pk"), oldest=Min("status_since"))
        .order_by("-n")
    )
    total = sum(cause["n"] for cause in causes)
    if not total:
        return []
    reason = explain_failure(causes[0]["failure_code"]).words.split(". ")[0].rstrip(".")
    reason = reason if reason.startswith("Wix") else reason[0].lower() + reason[1:]
    times = [cause["oldest"] for cause in causes if cause["oldest"]]
    oldest = format_html(" Oldest {}.", elapsed(min(times))) if times else ""
    words = format_html("{} with one cause: {}.{}", causes[0]["n"], reason, oldest)
    title = counted(total, "delivery failed", "deliveries failed")
    return [Need("bad", "Failed", title, words, "Review", reverse("failure_list"))]


def _running() -> list[Need]:
    found = Operation.objects.under_way().aggregate(
        n=Count("pk"),
        oldest=Min("requested_at"),
        confirming=Count("pk", filter=CONFIRMING),
    )
    if not found["n"]:
        return []
    number = found["n"]
    title = counted(number, "operation is under way", "operations are under way")
    waits = f" {found['confirming']} wait for Wix to confirm." if found["confirming"] else ""
    words = format_html("The oldest was asked for {}.{}", age(found["oldest"]), waits)
    link = reverse("operation_list", query={"state": "under_way"})
    return [Need("under-way", "Running", title, words, "Watch", link)]


def _expiring(counts: Mapping[str, Any]) -> list[Need]:
    number = counts.get("expiring_30_days", 0)
    if not number:
        return []
    words = "Wix offers no extension by API: ask the customer, then order anew or let them end."
    title = counted(number, "service expires within 30 days", "services expire within 30 days")
    link = reverse("instance_list", query={"expiring": "30", "sort": "expires"})
    return [Need("look", "Look", title, words, "List", link)]


def _quiet_needs(counts: Mapping[str, Any]) -> list[Need]:
    found = []
    if number := counts.get("floating_long", 0):
        words = "On no site: paid for, and used by nobody."
        title = f"{counted(number, 'service has', 'services have')} been floating for over 14 days"
        query = FLOATING | {"floating_for": "long", "sort": "floating"}
        link = reverse("instance_list", query=query)
        found.append(Need("look", "Look", title, words, "List", link))
    if number := counts.get("unnamed_products", 0):
        words = "Wix tells no names: name them in the catalogue, or import it."
        title = counted(number, "product has no name", "products have no name")
        link = reverse("product_list", query={"state": "unnamed"})
        found.append(Need("ended", "To do", title, words, "List", link))
    return found


def cards(counts: Mapping[str, Any], course: list[Point]) -> list[Card]:
    """The figures that stand first."""
    usable = counts.get("accessible", 0)
    first = timezone.localdate() - WEEK + timedelta(days=1)
    week = Operation.objects.filter(requested_at__gte=midnight(first)).aggregate(
        n=Count("pk"),
        succeeded=Count("pk", filter=SUCCEEDED),
        refused=Count("pk", filter=REFUSED),
    )
    floating, long_ = counts.get("floating", 0), counts.get("floating_long", 0)
    return [
        Card(
            "Usable services",
            usable,
            _since_last_week(usable, course),
            reverse("instance_list", query={"accessible": "1"}),
        ),
        Card("Failed", counts.get("failed", 0), "never became usable", reverse("failure_list")),
        Card(
            "Floating",
            floating,
            f"{long_:,} for over 14 days",
            reverse("instance_list", query=FLOATING),
        ),
        Card(
            "Operations in 7 days",
            week["n"],
            f"{week['succeeded']:,} succeeded, {week['refused']:,} refused by Wix",
            reverse("operation_list", query={"from": str(first)}),
        ),
    ]


def _since_last_week(now: int, course: list[Point]) -> str:
    earlier = [point for point in course if point.day <= timezone.localdate() - WEEK]
    return f"{now - earlier[-1].value:+,} in a week" if earlier else "enabled and on a site"


def daily(figure: str, since: date) -> list[Point]:
    """A figure's kept values from that day on."""
    rows = DailyCount.objects.filter(figure=figure, day__gte=since).order_by("day")
    return [Point(day, value) for day, value in rows.values_list("day", "value")]


def failures_a_day(today: date) -> list[Point]:
    """How many services failed on each of the last 14 days, by since when they have."""
    first = today - timedelta(days=FAILURE_DAYS - 1)
    rows = (
        ProductInstance.objects.present()
        .failed()
        .filter(status_since__gte=timezone.now() - timedelta(days=FAILURE_DAYS + 1))
        .order_by()
        .annotate(day=TruncDate("status_since"))
        .values_list("day")
        .annotate(n=Count("pk"))
    )
    found = dict(rows)
    days = [first + timedelta(days=offset) for offset in range(FAILURE_DAYS)]
    return [Point(day, found.get(day, 0)) for day in days]
