"""How a file keeps text from being calculated by a spreadsheet, and how it is read back.

One apostrophe goes before what would be a formula, and before what would read back as one that had
been guarded so. Not at the beginning of a cell alone: where a spreadsheet divides the file
otherwise than it was written, what follows a separator, a quotation mark or a line break begins a
cell too. `restore` takes exactly those apostrophes off again: a round trip loses nothing.
"""

import re

from resellers.storable import storable

# The last four are full-width = + - @, which a spreadsheet reads as the plain ones.
FORMULAS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
TRIGGERS = (*FORMULAS, "\t", "\r", "\n")  # at the beginning of a cell as it was written
# A spreadsheet skips these before it decides whether a cell is a formula.
SKIPPED = " \u00a0\ufeff\u200b\u200c\u200d\u2060\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
# Behind one of these a cell begins, for whoever reads the file so.
BEGINNERS = ',;|\t"\r\n\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029'

_AT_FIRST = rf"'*[{SKIPPED}]*[{re.escape(''.join(TRIGGERS))}]"
_WITHIN = rf"'*[{SKIPPED}]*[{re.escape(''.join(FORMULAS))}]"
_BEHIND = rf"(?<=[{re.escape(BEGINNERS)}])"
_MAY_BEGIN = re.compile(f"[{re.escape(BEGINNERS)}]")
_RISKY_AT_FIRST = re.compile(_AT_FIRST)
_RISKY = re.compile(rf"\A(?={_AT_FIRST})|{_BEHIND}(?={_WITHIN})")
_GUARDED = re.compile(rf"\A'(?={_AT_FIRST})|{_BEHIND}'(?={_WITHIN})")


def defuse(text: str) -> str:
    """The text as it can be stored, an apostrophe before all that a spreadsheet would calculate."""
    text = storable(text)
    if _MAY_BEGIN.search(text):
        return _RISKY.sub("'", text)
    # Nearly every cell of a file is one: this takes a third of the time.
    return f"'{text}" if _RISKY_AT_FIRST.match(text) else text


def restore(cell: str) -> str:
    """The text that `defuse` made this cell from; any other cell as it is."""
    return _GUARDED.sub("", cell)
