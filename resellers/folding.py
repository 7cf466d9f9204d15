"""Texts as people see them: what looks the same is kept, compared and found as one.

The same word may come in other bytes: an accent as a letter of its own, a blank that does not
break, a character without a width that came along from a page.
"""

import unicodedata

# Characters without a shape that Unicode counts among the letters and marks.
_SHAPELESS = frozenset(
    chr(code)
    for first, last in (
        (0x034F, 0x034F),  # the combining grapheme joiner
        (0x115F, 0x1160),  # fillers of Hangul, as are U+3164 and U+FFA0
        (0x17B4, 0x17B5),
        (0x180B, 0x180F),  # variation selectors, here and below
        (0x2800, 0x2800),  # Braille's blank
        (0x3164, 0x3164),
        (0xFE00, 0xFE0F),
        (0xFFA0, 0xFFA0),
        (0xE0100, 0xE01EF),
    )
    for code in range(first, last + 1)
)
_NO_INK = {"Cc", "Cf", "Cs", "Zs", "Zl", "Zp"}
_BREAKS = {"Cc", "Cs", "Zl", "Zp"}
# What nobody means who leaves it around a text. Other characters without a width have a meaning
# at an end too: in an emoji, or for the direction of what follows.
_AROUND = "\u00ad\u115f\u1160\u180e\u200b\u2060\u2800\u3164\ufeff\uffa0"


def is_visible(text: str) -> bool:
    """Whether anything of the text can be seen."""
    return any(_has_ink(letter) for letter in text)


def is_one_line(text: str) -> bool:
    """Whether the text has no line break, tab or other character that steers where it is shown."""
    return not any(unicodedata.category(letter) in _BREAKS for letter in text)


def tidy(text: str) -> str:
    """The text as it is kept: in composed letters, without blanks around, "" for an invisible one.

    Its line breaks and all within it stay.
    """
    if text.isascii():
        return text.strip(" ") if text.strip() else ""
    if not is_visible(text):
        return ""
    first, last = 0, len(text)
    while _is_around(text[first]):
        first += 1
    while _is_around(text[last - 1]):
        last -= 1
    return unicodedata.normalize("NFC", text[first:last])


def same_text(one: str, other: str) -> bool:
    """Whether both say the same, in whatever bytes."""
    return one == other or tidy(one) == tidy(other)


def plain(text: str) -> str:
    """The text as people compare it: without regard to letter case, runs of blanks, the way an
    accent is written, and characters without a shape."""
    seen = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join("".join(letter for letter in seen if not _is_shapeless(letter)).split())


def _has_ink(letter: str) -> bool:
    category = unicodedata.category(letter)
    return category not in _NO_INK and category[0] != "M" and letter not in _SHAPELESS


def _is_shapeless(letter: str) -> bool:
    return unicodedata.category(letter) == "Cf" or letter in _SHAPELESS


def _is_around(letter: str) -> bool:
    return letter in _AROUND or unicodedata.category(letter) == "Zs"
