"""The figures that stand first: how many, what changed since last week, and their course."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.components.chart_columns import spark_columns
from dashboard.components.chart_lines import spark
from dashboard.components.chart_scale import Point, day_words
from dashboard.lists.filters import midnight
from resellers import formats
from resellers.models import DailyCount, InstanceStatus, Operation
from resellers.models.operation_querysets import SUCCEEDED
from resellers.models.states import OperationState

WEEK = timedelta(days=7)
SPARK_DAYS = 14
USABLE, FAILED, FLOATING = "accessible", f"status:{InstanceStatus.FAILED.value}", "floating"

Courses = Mapping[str, Sequence[Point]]


@dataclass(frozen=True, slots=True)
class Card:
    """A figure that leads to its rows, and by how many it changed since last week."""

    label: str
    value: int
    link: str
    under: str
    change: int = 0
    tone: str = ""
    drawing: SafeString | str = ""

    @property
    def changed_by(self) -> int:
        """How many more or fewer they are."""
        return abs(self.change)


def courses(since: date, now: Mapping[str, Any]) -> Courses:
    """The kept values of the figures, day by day from then on, and today's as they are now."""
    today = timezone.localdate()
    rows = DailyCount.objects.filter(
        figure__in=(USABLE, FAILED, FLOATING), day__gte=since, day__lt=today
    )
    found: dict[str, list[Point]] = {USABLE: [], FAILED: [], FLOATING: []}
    for figure, day, value in rows.order_by("day").values_list("figure", "day", "value"):
        found[figure].append(Point(day, value))
    for figure, name in ((USABLE, "accessible"), (FAILED, "failed"), (FLOATING, "floating")):
        found[figure].append(Point(today, now.get(name, 0)))
    return found


def cards(counts: Mapping[str, Any], known: Courses) -> list[Card]:
    """The figures of the panel."""
    floating, long_ = counts.get("floating", 0), counts.get("floating_long", 0)
    return [
        _card(
            _("Usable services"),
            counts.get("accessible", 0),
            reverse("instance_list", query={"accessible": "1"}),
            known[USABLE],
            "",
            more_is_good=True,
        ),
        _card(
            _("Failed"),
            counts.get("failed", 0),
            reverse("failed_service_list"),
            known[FAILED],
            "bad",
            more_is_good=False,
        ),
        _card(
            _("Floating"),
            floating,
            reverse("instance_list", query={"floating": "1"}),
            known[FLOATING],
            "look",
            more_is_good=False,
            besides=_("%(long)s over 14 days") % {"long": formats.number(long_)} if long_ else "",
        ),
        _of_operations(),
    ]


def _card(
    label: str,
    value: int,
    link: str,
    course: Sequence[Point],
    tone: str,
    *,
    more_is_good: bool,
    besides: str = "",
) -> Card:
    today = timezone.localdate()
    earlier = [point for point in course if point.day <= today - WEEK]
    change = value - earlier[-1].value if earlier else 0
    words = [_since(earlier[-1].day, today, change) if earlier else "", besides]
    return Card(
        label,
        value,
        link,
        ", ".join(filter(None, words)),
        change,
        ("good" if (change > 0) == more_is_good else "bad") if change else "",
        spark([point for point in course if point.day > today - timedelta(SPARK_DAYS)], tone),
    )


def _since(day: date, today: date, change: int) -> str:
    words = f"last {day:%A}" if today - day == WEEK else day_words(day)
    return (
        _("since %(words)s") % {"words": words}
        if change
        else _("as many as %(words)s") % {"words": words}
    )


def _of_operations() -> Card:
    """What was asked for in seven days, and how much of it went as asked."""
    today = timezone.localdate()
    first = today - WEEK + timedelta(days=1)
    rows: Any = Operation.objects.filter(requested_at__gte=midnight(first)).order_by()
    by_day = {
        row["day"]: row
        for row in rows.annotate(day=TruncDate("requested_at"))
        .values("day")
        .annotate(
            n=Count("pk"),
            succeeded=Count("pk", filter=SUCCEEDED),
            failed=Count("pk", filter=Q(state=OperationState.FAILED)),
            rolled_back=Count("pk", filter=Q(state=OperationState.ROLLED_BACK)),
        )
    }
    total, succeeded, failed, back = (
        sum(row[name] for row in by_day.values())
        for name in ("n", "succeeded", "failed", "rolled_back")
    )
    ended = succeeded + failed + back
    words = [
        _("%(number)s %% as asked") % {"number": 100 * succeeded // ended} if ended else "",
        _("%(failed)s failed") % {"failed": formats.number(failed)} if failed else "",
        _("%(back)s rolled back") % {"back": formats.number(back)} if back else "",
    ]
    days = [by_day.get(first + timedelta(days=at), {"n": 0})["n"] for at in range(WEEK.days)]
    return Card(
        _("Operations in 7 days"),
        total,
        reverse("operation_list", query={"from": str(first)}),
        ", ".join(filter(None, words)),
        drawing=spark_columns(days),
    )
