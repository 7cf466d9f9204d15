"""What of a text somebody has typed."""

import re
from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def marked(text: str, words: Iterable[str]) -> SafeString:
    """The text as safe HTML, with each of the words marked wherever it stands in it."""
    wanted = sorted({word for word in words if word}, key=len, reverse=True)
    if not wanted:
        return format_html("{}", text)
    # What is matched is every second part.
    parts = re.split(f"({'|'.join(map(re.escape, wanted))})", text, flags=re.IGNORECASE)
    return format_html_join(
        "",
        "{}{}",
        (
            (before, format_html("<mark>{}</mark>", found) if found else "")
            for before, found in zip(parts[::2], [*parts[1::2], ""], strict=True)
        ),
    )
