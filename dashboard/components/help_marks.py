"""A small question mark where a word may want explaining: it leads to that word's place in help."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from . import addresses


def help_mark(key: str, words: str) -> SafeString:
    """The mark beside a word; `words` say what is explained, to who points at it or hears it."""
    link = '<a class="help-mark" href="{}" title="{}" aria-label="Help: {}">?</a>'
    return format_html(link, addresses.HELP_ANCHOR(key), words, words)
