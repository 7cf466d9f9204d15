"""What happened day by day, as SVG: columns of parts with axes, and small ones beside a number."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from resellers import formats

from .chart_lines import BOTTOM, HEIGHT, LEFT, SPARK_HEIGHT, SPARK_WIDTH, TOP, WIDTH, grid
from .chart_scale import Scale, day_words, full_day

RIGHT = WIDTH - 8
GAP = 1.5  # between two parts of one column
LABELLED = 5  # so many days are named at the foot at most


@dataclass(frozen=True, slots=True)
class Series:
    """One part of each column: its name, its tone, and how many on each day."""

    name: str
    tone: str
    values: tuple[int, ...]


def columns(
    title: str,
    days: Sequence[date],
    series: Sequence[Series],
    link: Callable[[Series, date], str] | None = None,
) -> SafeString:
    """A column a day of counts that start anew each day, part upon part, each leading to its
    rows."""
    totals = [sum(one.values[at] for one in series) for at in range(len(days))]
    scale = Scale.over(0, max(totals, default=0), top=TOP, bottom=BOTTOM)
    step = (RIGHT - LEFT) / len(days)
    drawn = []
    for at, day in enumerate(days):
        so_far = 0
        for one in series:
            if value := one.values[at]:
                top, foot = scale.at(so_far + value), scale.at(so_far)
                so_far += value
                x = round(LEFT + at * step + step * 0.22, 1)
                box = (x, top, round(step * 0.56, 1), round(foot - top - GAP, 1))
                drawn.append((_part(one, day, value, box, link),))
    counts = ", ".join(
        f"{full_day(day)} {formats.number(total)}"
        for day, total in zip(days, totals, strict=True)
        if total
    )
    return format_html(
        '<svg class="chart columns" viewBox="0 0 {} {}" role="group" aria-label="{}: {}">'
        "{}{}{}{}</svg>",
        WIDTH,
        HEIGHT,
        title,
        counts or "none",
        grid(scale, RIGHT),
        format_html_join("", "{}", drawn),
        _foot(days, step),
        _last(totals, scale, step),
    )


def spark_columns(values: Sequence[int]) -> SafeString:
    """The same beside a number, too small to be read by itself; the last one is today's."""
    highest = max(values, default=0)
    if not highest:
        return mark_safe("")
    step = SPARK_WIDTH / len(values)
    room = SPARK_HEIGHT - 2
    boxes = []
    for at, value in enumerate(values):
        tall = max(2, round(room * value / highest, 1))
        place = "now" if at == len(values) - 1 else ""
        boxes.append(
            (place, round(at * step + 1.5, 1), SPARK_HEIGHT - tall, round(step - 3, 1), tall)
        )
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" aria-hidden="true">{}</svg>',
        SPARK_WIDTH,
        SPARK_HEIGHT,
        format_html_join(
            "",
            '<rect class="bar {}" x="{}" y="{}" width="{}" height="{}" rx="1.5"/>',
            boxes,
        ),
    )


def _part(
    one: Series,
    day: date,
    value: int,
    box: tuple[float, float, float, float],
    link: Callable[[Series, date], str] | None,
) -> SafeString:
    words = f"{full_day(day)}, {one.name}: {formats.number(value)}"
    rect = format_html(
        '<rect class="bar {}" x="{}" y="{}" width="{}" height="{}" rx="1.5"><title>{}</title>'
        "</rect>",
        one.tone,
        *box,
        words,
    )
    if link is None:
        return rect
    return format_html('<a href="{}" aria-label="{}">{}</a>', link(one, day), words, rect)


def _foot(days: Sequence[date], step: float) -> SafeString:
    every = -(-len(days) // LABELLED)
    last = len(days) - 1
    named = [at for at in range(0, len(days), every) if last - at >= every] + [last]
    return format_html_join(
        "",
        '<text x="{}" y="{}" text-anchor="middle">{}</text>',
        (
            (round(LEFT + (at + 0.5) * step, 1), HEIGHT - 8, day_words(days[at], days[-1]))
            for at in named
        ),
    )


def _last(totals: Sequence[int], scale: Scale, step: float) -> SafeString:
    """The number over the last column; none over an empty one."""
    if not totals or not totals[-1]:
        return mark_safe("")
    x = round(LEFT + (len(totals) - 0.5) * step, 1)
    return format_html(
        '<text class="last" x="{}" y="{}" text-anchor="middle">{}</text>',
        x,
        scale.at(totals[-1]) - 6,
        formats.number(totals[-1]),
    )
