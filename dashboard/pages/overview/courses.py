"""The two charts of the overview, and what they say as numbers."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.components import chart_columns, chart_lines
from dashboard.components.chart_columns import Series
from dashboard.components.chart_lines import Remark
from dashboard.components.chart_scale import Point
from dashboard.lists.filters import WordFilter
from resellers import formats
from resellers.models import Change, InstanceStatus, ProductInstance
from resellers.refusals import explain_failure

COURSE_DAYS = 90
FAILURE_DAYS = 14
NUMBERS_DAYS = 14
LEAST_DIP = 2  # services fewer from one day to the next that are worth a remark
TONES = ("bad", "look", "ended")  # of the causes, the most frequent first
NAMED = len(TONES) - 1


def usable(points: Sequence[Point]) -> SafeString:
    """The course of the usable services, with a remark where it fell most."""
    link = reverse("instance_list", query={"accessible": "1"})
    return chart_lines.line(_("Usable services"), points, link=link, remark=_dip(points))


def _dip(points: Sequence[Point]) -> Remark | None:
    """How many ended where it fell most, and whose they were where it was one customer's."""
    falls = [(a.value - b.value, b) for a, b in pairwise(points)]
    fall, point = max(falls, key=lambda one: one[0], default=(0, None))
    if point is None or fall < LEAST_DIP:
        return None
    canceled = Change.objects.filter(
        field="status", new=InstanceStatus.CANCELED, at__date=point.day
    ).order_by()
    whose = list(canceled.values("account", "account__name").annotate(n=Count("pk"))[:2])
    if len(whose) == 1:
        name = whose[0]["account__name"] or _("customer %(whose)s") % {
            "whose": str(whose[0]["account"])[:8]
        }
        return Remark(
            point.day,
            _("%(whose)s canceled, %(name)s") % {"whose": whose[0]["n"], "name": name[:24]},
        )
    return Remark(point.day, _("%(fall)s fewer") % {"fall": formats.number(fall)})


@dataclass(frozen=True, slots=True)
class Failures:
    """The failures of the last days by their cause."""

    days: tuple[date, ...]
    series: tuple[Series, ...]
    codes: dict[str, str]  # by the name of a series, as the list's filter has it

    @property
    def chart(self) -> SafeString:
        """A column a day, each part leading to its rows."""
        return chart_columns.columns(_("Failures a day"), self.days, self.series, self.link)

    @property
    def points(self) -> list[Point]:
        """How many failed on each day, whatever the cause."""
        sums = zip(*(one.values for one in self.series), strict=True) if self.series else ()
        totals = [sum(values) for values in sums] or [0] * len(self.days)
        return [Point(day, total) for day, total in zip(self.days, totals, strict=True)]

    @property
    def table(self) -> list[tuple[date, list[tuple[int, str]]]]:
        """The same as numbers, each with the address of its rows, newest day first."""
        rows = [
            (day, [(one.values[at], self.link(one, day)) for one in self.series])
            for at, day in enumerate(self.days)
        ]
        return rows[::-1]

    def link(self, series: Series, day: date) -> str:
        """Where what failed on that day by that cause is listed."""
        query = {"from": str(day), "to": str(day)}
        if code := self.codes[series.name]:
            query["failure_code"] = code
        return reverse("failed_service_list", query=query)


def failures_a_day(today: date) -> Failures:
    """How many services failed on each of the last 14 days, by since when they have."""
    first = today - timedelta(days=FAILURE_DAYS - 1)
    rows: Any = ProductInstance.objects.present().failed().order_by()
    lately = rows.filter(status_since__gte=timezone.now() - timedelta(days=FAILURE_DAYS + 1))
    found: dict[str, dict[date, int]] = defaultdict(dict)
    by_day = lately.annotate(day=TruncDate("status_since")).values("failure_code", "day")
    for row in by_day.annotate(n=Count("pk")):
        if row["day"] >= first:
            found[row["failure_code"]][row["day"]] = row["n"]
    days = tuple(first + timedelta(days=at) for at in range(FAILURE_DAYS))
    names: dict[str, str] = {}
    series = []
    by_number = sorted(found, key=lambda code: (-sum(found[code].values()), code))
    for at, code in enumerate(by_number):
        name = explain_failure(code).name
        names[name] = WordFilter.written(code)
        values = tuple(found[code].get(day, 0) for day in days)
        series.append(Series(name, TONES[min(at, NAMED)], values))
    return Failures(days, tuple(series), names)
