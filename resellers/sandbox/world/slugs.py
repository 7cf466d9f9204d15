"""Names as they stand in addresses."""

from __future__ import annotations

_ASCII = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue", "ß": "ss", "é": "e"}
)


def slug(name: str) -> str:
    """The name as small ASCII letters, digits and hyphens."""
    ascii_name = name.translate(_ASCII).lower()
    words = "".join(one if one.isascii() and one.isalnum() else " " for one in ascii_name).split()
    return "-".join(words)
