"""Bars beside a table, as SVG from figures: attributes only, so that nothing inline is needed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from resellers import formats


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
    """Bars lying one under another, each with its number and leading to its rows; the table beside
    them says the same."""
    if not entries:
        return mark_safe("")
    highest = max((entry.value for entry in entries), default=0) or 1
    room = WIDTH - LABELS - 60
    drawn = []
    for place, entry in enumerate(entries):
        y, name = place * ROW, f"{slugify(title)}-{place}"
        length = max(2, round(room * entry.value / highest)) if entry.value else 0
        label = format_html(
            # Cut by the browser, which alone knows how wide the letters of a name are.
            '<foreignObject y="{}" width="{}" height="{}"><div class="label" id="{}">{}</div>'
            "</foreignObject>",
            y,
            LABELS - 10,
            ROW,
            name,
            entry.label,
        )
        bar = format_html(
            '<rect class="bar {}" x="{}" y="{}" width="{}" height="16" rx="2"/>'
            '<text id="{}-n" x="{}" y="{}">{}</text>',
            entry.tone,
            LABELS,
            y + 5,
            length,
            name,
            LABELS + length + 8,
            y + 17,
            formats.number(entry.value),
        )
        if entry.link and entry.value:
            link = '<a href="{0}" aria-labelledby="{1} {1}-n">{2}</a>'
            bar = format_html(link, entry.link, name, bar)
        drawn.append((label, bar))
    summary = ", ".join(f"{entry.label} {formats.number(entry.value)}" for entry in entries)
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}: {}">{}</svg>',
        WIDTH,
        len(entries) * ROW,
        title,
        summary,
        format_html_join("", "{}{}", drawn),
    )
