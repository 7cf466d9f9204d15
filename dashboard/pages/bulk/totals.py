"""How many of each, as one bar: SVG from figures, attributes only."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .words import Part

WIDTH = 1000
GAP = 3
LEAST = 6  # of a part that is there at all, however few


def totals_bar(title: str, parts: Sequence[Part]) -> SafeString:
    """The parts side by side, each as wide as it is many; the figures below say the same."""
    present = [part for part in parts if part.count]
    every = sum(part.count for part in present) or 1
    room = WIDTH - GAP * (len(present) - 1) - LEAST * len(present)
    rects, left = [], 0.0
    for part in present:
        width = LEAST + room * part.count / every
        rects.append((part.tone, f"{left:.1f}", f"{width:.1f}"))
        left += width + GAP
    return format_html(
        '<svg class="totals-bar" viewBox="0 0 {} 14" preserveAspectRatio="none" role="img"'
        ' aria-label="{}: {}">{}</svg>',
        WIDTH,
        title,
        ", ".join(f"{part.count:,} {part.label}" for part in present),
        format_html_join("", '<rect class="part {}" x="{}" width="{}" height="14"/>', rects),
    )
