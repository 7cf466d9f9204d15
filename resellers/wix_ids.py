"""Wix's ids as people write them: pasted from anywhere, or only begun."""

import re
import unicodedata
from uuid import UUID

from resellers.wix.fields import GUID

ID_WITHIN = re.compile(rf"\b({GUID.pattern})\b", re.IGNORECASE)  # anywhere in a text
SHORTEST_ID = 4  # letters of an id's beginning that are taken for one
# Kinds of letters that come along when an id is copied: invisible ones, spaces, dashes, brackets,
# and the dots with which a page cuts one short.
_AROUND = {"Cf", "Zs", "Pd", "Ps", "Pe", "Pi", "Pf"}
_CUT = "…"
_HEX = frozenset("0123456789abcdef")


def as_wix_id(text: str) -> UUID | None:
    """The id that this text is as Wix writes it, in any case; None for any other text.

    `UUID` alone takes braces, underscores, signs and blanks for parts of an id: a mistyped one
    would be the id of something that never was.
    """
    return UUID(text) if GUID.fullmatch(text) else None


def pasted_id(text: str) -> UUID | None:
    """The whole id that this text is, whatever came along with it."""
    digits = _digits(text)
    return UUID(digits) if len(digits) == 32 else None


def id_range(word: str) -> tuple[UUID, UUID] | None:
    """The lowest and highest id that begin so; None for less than four hexadecimal digits."""
    digits = _digits(word)
    if not SHORTEST_ID <= len(digits) <= 32 or (len(word.split()) > 1 and len(digits) < 32):
        return None
    return UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))


def _digits(text: str) -> str:
    """Its hexadecimal digits; empty where it has other letters too."""
    left = [
        letter
        for letter in text.lower().rstrip(_CUT)
        if unicodedata.category(letter) not in _AROUND
    ]
    return "".join(left) if _HEX.issuperset(left) else ""
