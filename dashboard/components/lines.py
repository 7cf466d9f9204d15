"""One line of text that ends in dots where it has no room, and says all of it on hover."""

import re
from html import unescape

from django.utils.safestring import SafeString

from .markup import format_html

_TAGS = re.compile(r"<[^>]*>")  # of HTML of ours, in which no attribute has a bare `>`
FITS = 8  # so many letters always have room


def plain(html: str | SafeString) -> str:
    """The text that people read of this: of safe HTML without its tags, else as it is."""
    return unescape(_TAGS.sub("", html)).strip() if isinstance(html, SafeString) else html


def line(html: str | SafeString) -> SafeString:
    """A cell's first line."""
    return format_html('<span class="line"{}>{}</span>', _title(html), html)


def second_line(html: str | SafeString) -> SafeString:
    """A cell's second line."""
    return format_html('<small class="line"{}>{}</small>', _title(html), html)


def _title(html: str | SafeString) -> SafeString | str:
    text = plain(html)
    return format_html(' title="{}"', text) if len(text) > FITS else ""
