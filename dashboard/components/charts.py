"""Charts as SVG from figures: attributes only, so that nothing inline is needed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it counts, how many, its tone, and where its rows are."""

    label: str
    value: int
    tone: str = ""
    link: str = ""


ROW = 26
LABELS = 126
WIDTH = 340


def bars(title: str, entries: Sequence[Bar]) -> SafeString:
    """Bars lying one under another, each with its number; the table beside them says the same."""
    if not entries:
        return mark_safe("")
    highest = max((entry.value for entry in entries), default=0) or 1
    room = WIDTH - LABELS - 60
    drawn = []
    for place, entry in enumerate(entries):
        y = place * ROW
        length = max(2, round(room * entry.value / highest)) if entry.value else 0
        bar = format_html(
            # Cut by the browser, which alone knows how wide the letters of a name are.
            '<foreignObject y="{}" width="{}" height="{}"><div class="label">{}</div>'
            "</foreignObject>"
            '<rect class="bar {}" x="{}" y="{}" width="{}" height="16" rx="2"/>'
            '<text x="{}" y="{}">{}</text>',
            y,
            LABELS - 10,
            ROW,
            entry.label,
            entry.tone,
            LABELS,
            y + 5,
            length,
            LABELS + length + 8,
            y + 17,
            f"{entry.value:,}",
        )
        drawn.append((bar,))
    summary = ", ".join(f"{entry.label} {entry.value:,}" for entry in entries)
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="img" aria-label="{}: {}">{}</svg>',
        WIDTH,
        len(entries) * ROW,
        title,
        summary,
        format_html_join("", "{}", drawn),
    )


@dataclass(frozen=True, slots=True)
class Point:
    """A figure at the end of a day."""

    day: date
    value: int


def line(title: str, points: Sequence[Point], *, width: int = 320, height: int = 96) -> SafeString:
    """The course of a figure from its first day to its last; needs two points."""
    if len(points) < 2:
        return mark_safe("")
    low, high = min(p.value for p in points), max(p.value for p in points)
    span = (high - low) or 1
    first, last = points[0].day.toordinal(), points[-1].day.toordinal()
    top, bottom = 18, height - 18

    def place(point: Point) -> tuple[float, float]:
        along = (point.day.toordinal() - first) / (last - first or 1)
        up = (point.value - low) / span if high > low else 0.5
        return round(4 + along * (width - 12), 1), round(bottom - up * (bottom - top) * 0.8, 1)

    places = [place(point) for point in points]
    path = " ".join(f"{x},{y}" for x, y in places)
    end_x, end_y = places[-1]
    return format_html(
        '<svg class="chart" viewBox="0 0 {w} {h}" role="img" aria-label="{title}: {a} on {da},'
        ' {b} on {db}"><polygon class="area" points="{x0},{bottom} {path} {x1},{bottom}"/>'
        '<polyline class="line" points="{path}"/><circle class="point" cx="{x1}" cy="{y1}" r="3"/>'
        '<text x="{x1}" y="{label}" text-anchor="end">{b}</text>'
        '<text x="4" y="{foot}">{da}</text><text x="{x1}" y="{foot}" text-anchor="end">{db}</text>'
        "</svg>",
        w=width,
        h=height,
        title=title,
        a=f"{points[0].value:,}",
        b=f"{points[-1].value:,}",
        da=points[0].day.strftime("%d %b"),
        db=points[-1].day.strftime("%d %b"),
        path=path,
        bottom=bottom,
        x0=places[0][0],
        x1=end_x,
        y1=end_y,
        label=end_y - 8,
        foot=height - 3,
    )


def columns(
    title: str, points: Sequence[Point], *, tone: str = "", width: int = 320, height: int = 96
) -> SafeString:
    """A bar a day, for counts that start anew each day."""
    if not points:
        return mark_safe("")
    highest = max(point.value for point in points) or 1
    step = (width - 8) / len(points)
    bottom, room = height - 18, height - 36
    drawn = [
        (
            tone,
            round(4 + place * step + step * 0.15, 1),
            round(bottom - room * point.value / highest, 1),
            round(step * 0.7, 1),
            round(room * point.value / highest, 1),
            f"{point.day:%d %b}: {point.value:,}",
        )
        for place, point in enumerate(points)
    ]
    rects = format_html_join(
        "",
        '<rect class="bar {}" x="{}" y="{}" width="{}" height="{}" rx="2"><title>{}</title></rect>',
        drawn,
    )
    counts = ", ".join(f"{point.day:%d %b} {point.value:,}" for point in points if point.value)
    return format_html(
        '<svg class="chart" viewBox="0 0 {w} {h}" role="img" aria-label="{title}: {counts}">{rects}'
        '<line class="axis" x1="4" x2="{end}" y1="{bottom}" y2="{bottom}"/>'
        '<text x="4" y="{foot}">{first}</text>'
        '<text x="{end}" y="{foot}" text-anchor="end">{last}</text></svg>',
        w=width,
        h=height,
        title=title,
        counts=counts or "none",
        rects=rects,
        end=width - 4,
        bottom=bottom,
        foot=height - 3,
        first=points[0].day.strftime("%d %b"),
        last=points[-1].day.strftime("%d %b"),
    )
