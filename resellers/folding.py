"""Texts as people see them: what looks the same is kept, compared and found as one.

The same word may come in other bytes: an accent as a letter of its own, a blank that does not
break, a character without a width that came along from a page.
"""

import re
import unicodedata
from functools import lru_cache

LONGEST_KEY = 200  # characters by which texts are sorted; their ids settle the rest

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
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)  # in front of a site's address
# Letters that people who lack them spell otherwise; the last one is the i without a dot.
_SPELT_OUT = {"æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "\u0131": "i"}
# Signs of print, as a keyboard has them: quotation marks for apostrophes, and dashes.
_TYPED = str.maketrans(
    dict.fromkeys("\u2018\u2019\u02bc", "'") | dict.fromkeys("\u2010\u2013\u2014\u2212", "-")
)


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


def fold(text: str) -> str:
    """The text as words are looked for in it: as people compare it, and letters without marks."""
    if text.isascii():
        return " ".join(text.lower().split())
    characters = unicodedata.normalize("NFKD", plain(text)).translate(_TYPED)
    bare = "".join(_bare(letter) for letter in characters if not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", bare)


def sort_key(text: str) -> str:
    """A key by whose code points texts come in the order in which people look for them.

    Regardless of case and of marks, numbers before letters, and whatever is neither counts as a
    blank: Äpfel stands beside Apfelhof, and apple before Zoo.
    """
    folded = fold(_SCHEME.sub("", text)).replace("'", "")
    words = "".join(letter if _is_of_a_word(letter) else " " for letter in folded).split()
    return " ".join(words)[:LONGEST_KEY].rstrip()


@lru_cache(maxsize=4096)
def _bare(letter: str) -> str:
    """The letter without a stroke, hook or tail, of which Unicode makes no mark of its own."""
    if letter.isascii() or not letter.isalpha():
        return letter
    if letter in _SPELT_OUT:
        return _SPELT_OUT[letter]
    name, is_marked, _ = unicodedata.name(letter, "").partition(" WITH ")
    try:
        return unicodedata.lookup(name) if is_marked else letter
    except KeyError:
        return letter


@lru_cache(maxsize=4096)
def _is_of_a_word(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNM"
