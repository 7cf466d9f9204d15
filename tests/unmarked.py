"""Finds what people read in a template and no translator would see.

A text is marked by `translate` or `blocktranslate`, or as `_("…")` where it is a tag's argument.
"""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from django.template.base import Lexer, TokenType

READ = {"title", "alt", "placeholder", "label", "aria-label", "aria-description"}
PRESSED = {"submit", "button", "reset"}
# What is marked by these, what is Wix's own word, what nobody reads.
NO_TEXT = {"translate", "trans", "service_icon", "comment"}
UNREAD = {name: f"end{name}" for name in ("blocktranslate", "blocktrans", "comment")}
# Two letters in a row: a single one is a unit, or a key to press.
_WORD = re.compile(r"[^\W\d_]{2}")
_QUOTED = re.compile(r"""(?P<before>\S*?)(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')""")
# Of what stands quoted in a tag, a sentence or a name; others are ids, names of icons and files.
_SENTENCE = re.compile(r"[^\W\d_]{2}\S*,? +\S*[^\W\d_]|^[A-Z][a-z]")
_SHOWN_BY = re.compile(r"\|(?:default|default_if_none|yesno|add|join|pluralize):$")
# How dates are written, and nouns with their plural, which tests.messages reads.
_KEY = re.compile(r"_\($|\|(?:date|time|counted):$")


def unmarked(source: str) -> Iterator[str]:
    """Each text that people would read and that is not marked for translation."""
    page = _Page()
    html = ends_at = ""
    for token in Lexer(source).tokenize():
        tag = token.split_contents()[0] if token.token_type is TokenType.BLOCK else ""
        if ends_at:
            ends_at = "" if tag == ends_at else ends_at
        elif token.token_type is TokenType.TEXT:
            page.feed(token.contents)
            html += token.contents
        else:
            page.feed("0" if token.token_type is TokenType.VAR else " ")
            ends_at = UNREAD.get(tag, "")
            is_comment = token.token_type is TokenType.COMMENT
            if not is_comment and tag not in NO_TEXT and _is_read_at(html):
                page.found += _arguments(token.contents)
    page.close()
    yield from page.found


def _is_read_at(html: str) -> bool:
    """Whether what stands after this much of a page is text, or in an attribute that is read."""
    inside = html[html.rfind("<") :]
    attribute = re.search(r"""([\w-]+)=["'][^"']*$""", inside) if ">" not in inside else None
    return not attribute or attribute[1] in READ or attribute[1].startswith("data-")


def _arguments(contents: str) -> Iterator[str]:
    for match in _QUOTED.finditer(contents):
        text, before = match["double"] or match["single"] or "", match["before"]
        shown = _SHOWN_BY.search(before) and _WORD.search(text)
        if (shown or _SENTENCE.search(text)) and not _KEY.search(before):
            yield text


# What a block hands to a tag of the page that it extends.
_ATTRIBUTE = re.compile(r"""^[\w-]+=["'][^"']*["']$""")


class _Page(HTMLParser):
    """The page around the tags, with a blank or a figure for each of them."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.in_code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_code += tag == "code"
        kind = dict(attrs).get("type")
        for name, value in attrs:
            read = name in READ or (name == "value" and tag == "input" and kind in PRESSED)
            said = name.startswith("data-") and _SENTENCE.search(value or "")
            if said or (read and _WORD.search(value or "")):
                self.found.append(f"{name}: {value}")

    def handle_endtag(self, tag: str) -> None:
        self.in_code -= tag == "code"

    def handle_data(self, data: str) -> None:
        if not self.in_code and _WORD.search(data) and not _ATTRIBUTE.search(data.strip()):
            self.found.append(data.strip())
