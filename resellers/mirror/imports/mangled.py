"""Numbers that a spreadsheet has rewritten: `007` comes back as `7`, twenty digits come rounded.

Nobody can tell such a value from a wish with certainty, so it is never refused: it is shown with
what is held beside it before anything is written.
"""

import re
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, DecimalException

SPREADSHEET_DIGITS = 15  # as many digits of a number a spreadsheet keeps
LONGEST = 60
_NUMBER = re.compile(r"[+-]?([0-9]*[.,]?[0-9]*)(E[+-]?[0-9]{1,3})?", re.IGNORECASE)
_SHORTENED = re.compile(r"[+-]?[0-9]([.,][0-9]+)?E[+-][0-9]{2,3}")


def is_mangled(old: object, new: object) -> bool:
    """Whether the new text is what a spreadsheet makes of the old one; without an old one, whether
    it is written as only a spreadsheet writes a number."""
    if not isinstance(new, str) or len(new) > LONGEST:
        return False
    if not isinstance(old, str) or not old:
        return bool(_SHORTENED.fullmatch(new)) or _is_cut(new)
    held, read = _number(old), _number(new)
    if held is None or read is None:
        return False
    if held == read:
        return True
    digits = _significant_digits(new)
    return any(
        Context(prec=digits, rounding=rounding).plus(held) == read
        for rounding in (ROUND_HALF_UP, ROUND_DOWN)
    )


def _number(text: str) -> Decimal | None:
    found = _NUMBER.fullmatch(text) if len(text) <= LONGEST else None
    if not found or not found[1].strip(".,"):
        return None
    try:
        return Decimal(text.replace(",", "."))
    except DecimalException:
        return None


def _significant_digits(text: str) -> int:
    """To how many digits a number was rounded that is written so; at least as many as it shows."""
    digits = re.sub(r"[^0-9]", "", text.upper().partition("E")[0])
    return len(digits) if "E" in text.upper() else max(SPREADSHEET_DIGITS, len(digits.rstrip("0")))


def _is_cut(text: str) -> bool:
    is_long = text.isascii() and text.isdecimal() and len(text) > SPREADSHEET_DIGITS
    return is_long and not text[SPREADSHEET_DIGITS:].strip("0")
