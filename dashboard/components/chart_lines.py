"""The course of a figure, as SVG: a line with axes for a card, a spark beside a number."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from resellers import formats

from .chart_scale import Point, Scale, day_words, full_day

WIDTH, HEIGHT = 520, 208
LEFT, RIGHT, TOP, BOTTOM = 40, 470, 22, 180
APART = 44  # of two days named at the foot
SPARK_WIDTH, SPARK_HEIGHT = 92, 30


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said at one day of the course."""

    day: date
    words: str


def line(
    title: str, points: Sequence[Point], *, link: str = "", remark: Remark | None = None
) -> SafeString:
    """The course of a figure from its first day to its last; needs two points.

    `link` leads to the rows of the last one, of which alone there are rows.
    """
    if len(points) < 2:
        return mark_safe("")
    values = [point.value for point in points]
    scale = Scale.over(min(values), max(values), top=TOP, bottom=BOTTOM)
    places = [(_along(point.day, points), scale.at(point.value)) for point in points]
    path = " ".join(f"{x},{y}" for x, y in places)
    first, last, (end_x, end_y) = points[0], points[-1], places[-1]
    return format_html(
        '<svg class="chart course" viewBox="0 0 {} {}" role="group"'
        ' aria-label="{}">{}<polygon class="area" points="{},{} {} {},{}"/><polyline'
        ' class="line" points="{}"/>{}{}{}{}</svg>',
        WIDTH,
        HEIGHT,
        _("%(title)s: %(first)s on %(first_day)s, %(last)s on %(last_day)s")
        % {
            "title": title,
            "first": formats.number(first.value),
            "first_day": full_day(first.day),
            "last": formats.number(last.value),
            "last_day": full_day(last.day),
        },
        grid(scale, RIGHT),
        LEFT,
        BOTTOM,
        path,
        end_x,
        BOTTOM,
        path,
        _days(points, places),
        _foot(points),
        _remark(remark, points, scale),
        _end(title, last, end_x, end_y, link),
    )


def grid(scale: Scale, right: float) -> SafeString:
    """A line across for each round number, with the number at its left."""
    return format_html_join(
        "",
        '<line class="axis" x1="{}" x2="{}" y1="{}" y2="{}"/>'
        '<text x="{}" y="{}" text-anchor="end">{}</text>',
        ((LEFT, right, y, y, LEFT - 8, y + 4, formats.number(value)) for value, y in scale.lines),
    )


def spark(points: Sequence[Point], tone: str) -> SafeString:
    """A figure's course beside its number, too small to be read by itself; needs two points."""
    if len(points) < 2:
        return mark_safe("")
    low, high = min(p.value for p in points), max(p.value for p in points)
    step = (SPARK_WIDTH - 6) / (len(points) - 1)
    room = SPARK_HEIGHT - 8
    places = [
        (round(2 + step * at, 1), round(4 + room * (high - point.value) / ((high - low) or 1), 1))
        for at, point in enumerate(points)
    ]
    path = " ".join(f"{x},{y}" for x, y in places)
    return format_html(
        '<svg class="spark {}" viewBox="0 0 {} {}" aria-hidden="true"><polygon class="area"'
        ' points="2,{} {} {},{}"/><polyline class="line" points="{}"/>'
        '<circle class="point" cx="{}" cy="{}" r="2.5"/></svg>',
        tone,
        SPARK_WIDTH,
        SPARK_HEIGHT,
        SPARK_HEIGHT,
        path,
        places[-1][0],
        SPARK_HEIGHT,
        path,
        *places[-1],
    )


def _along(day: date, points: Sequence[Point]) -> float:
    first, last = points[0].day.toordinal(), points[-1].day.toordinal()
    return round(LEFT + (day.toordinal() - first) / (last - first) * (RIGHT - LEFT), 1)


def _days(points: Sequence[Point], places: Sequence[tuple[float, float]]) -> SafeString:
    """What each day has, said where a pointer rests on it."""
    wide = round((RIGHT - LEFT) / len(points), 1)
    return format_html_join(
        "",
        '<rect class="day" x="{}" y="{}" width="{}" height="{}"><title>{}: {}</title></rect>',
        (
            (round(x - wide / 2, 1), TOP, wide, BOTTOM - TOP, full_day(point.day), point.value)
            for point, (x, _y) in zip(points, places, strict=True)
        ),
    )


def _foot(points: Sequence[Point]) -> SafeString:
    return format_html_join(
        "", '<text x="{}" y="{}" text-anchor="middle">{}</text>', _named_days(points)
    )


def _named_days(points: Sequence[Point]) -> Iterator[tuple[float, int, str]]:
    """The first of each month, and the ends where nothing is in their way."""
    last = points[-1].day
    months = {p.day.replace(day=1) for p in points if p.day.replace(day=1) >= points[0].day}
    days = [last, *sorted(months), points[0].day]
    taken: list[float] = []
    for day in days:
        x = _along(day, points)
        if all(abs(x - other) >= APART for other in taken):
            taken.append(x)
            yield x, HEIGHT - 8, day_words(day, last)


def _remark(remark: Remark | None, points: Sequence[Point], scale: Scale) -> SafeString:
    point = next((p for p in points if remark and p.day == remark.day), None)
    if remark is None or point is None:
        return mark_safe("")
    x, y = _along(point.day, points), scale.at(point.value)
    is_late = x > (LEFT + RIGHT) / 2
    above = max(TOP - 8, y - 34)
    return format_html(
        '<line class="leader" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>'
        '<text class="remark" x="{3}" y="{4}" text-anchor="{5}">{6}</text>',
        x,
        above + 4,
        y - 4,
        x + (4 if is_late else -4),
        above,
        "end" if is_late else "start",
        remark.words,
    )


def _end(title: str, last: Point, x: float, y: float, link: str) -> SafeString:
    """The last value, leading to its rows."""
    mark = format_html(
        '<circle class="point" cx="{}" cy="{}" r="3.5"/><text class="last" x="{}" y="{}">{}</text>',
        x,
        y,
        x + 9,
        y + 4,
        formats.number(last.value),
    )
    if not link:
        return mark
    words = _("%(title)s on %(day)s: %(value)s") % {
        "title": title,
        "day": full_day(last.day),
        "value": formats.number(last.value),
    }
    return format_html('<a href="{}" aria-label="{}">{}</a>', link, words, mark)
