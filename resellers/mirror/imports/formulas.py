"""How a file keeps text from being calculated by a spreadsheet, and how it is read back.

One apostrophe goes before what would be a formula, and before what would read back as one that had
been guarded so. `restore` takes exactly that one off again: a round trip loses nothing.
"""

from resellers.storable import storable

# The last four are full-width = + - @, which a spreadsheet reads as the plain ones.
TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
# A spreadsheet skips these before it decides whether a cell is a formula.
SKIPPED = " \u00a0\ufeff\u200b\u200c\u200d\u2060\u200e\u200f\u202a\u202b\u202c\u202d\u202e"


def defuse(text: str) -> str:
    """The text as it can be stored, an apostrophe before what a spreadsheet would calculate."""
    text = storable(text)
    return f"'{text}" if _is_risky(text.lstrip("'")) else text


def restore(cell: str) -> str:
    """The text that `defuse` made this cell from; any other cell as it is."""
    return cell[1:] if cell.startswith("'") and _is_risky(cell.lstrip("'")) else cell


def _is_risky(text: str) -> bool:
    return text.startswith(TRIGGERS) or text.lstrip(SKIPPED).startswith(TRIGGERS)
