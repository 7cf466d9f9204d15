"""Whether two values are the same, however Wix spells them: a new spelling is no change."""

import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from resellers.folding import same_text
from resellers.wix.fields import RFC_3339, Unreadable, read_moment

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")


def same(old: Any, new: Any) -> bool:
    """Whether these are one value of a column, in whatever bytes; moments are one as far as both
    are written out."""
    if isinstance(old, datetime) and isinstance(new, datetime):
        return same_moment(old, new)
    if isinstance(old, str) and isinstance(new, str):
        return same_text(old, new)
    return bool(old == new)


def same_moment(one: datetime, other: datetime) -> bool:
    """Whether these name one instant: `09:14:02` and `09:14:02.118` do, to the second."""
    if one == other:
        return True
    grain = max(_grain(one), _grain(other))
    return grain > 1 and _cut(one, grain) == _cut(other, grain)


def same_json(one: Any, other: Any) -> bool:
    """Whether these say the same.

    Regardless of key order, of `1`, `1.0` and `"1"`, of how dates are written, of `{"value": x}`
    around a text, and of whether what is empty or false is written, null or left out.
    """
    one, other = _plain(one), _plain(other)
    if isinstance(one, datetime) and isinstance(other, datetime):
        return same_moment(one, other)
    if isinstance(one, dict) and isinstance(other, dict):
        return all(same_json(one.get(key), other.get(key)) for key in one.keys() | other.keys())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_json, one, other))
    # True is 1 to Python, and not to JSON.
    return type(one) is type(other) and bool(one == other)


def _grain(moment: datetime) -> int:
    """In how many microseconds the moment is spelt: one that is written out to the second may
    stand for any within it."""
    if moment.microsecond == 0:
        return 1_000_000
    return 1 if moment.microsecond % 1000 else 1000


def _cut(moment: datetime, grain: int) -> datetime:
    moment = moment.astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // grain * grain)


def _plain(value: Any) -> Any:
    """The value in one of the spellings it may have; None for what is empty."""
    if isinstance(value, dict) and set(value) == {"value"}:
        return _plain(value["value"])
    if isinstance(value, dict) and value and set(value) <= {"seconds", "nanos"}:
        return _moment(value)
    if isinstance(value, dict):
        plain = {key: item for key, item in value.items() if _plain(item) is not None}
        return plain or None
    if isinstance(value, str) and NUMBER.fullmatch(value):
        return Decimal(value)
    if isinstance(value, str) and RFC_3339.fullmatch(value):
        return _moment(value)
    if isinstance(value, bool):
        return value or None
    if isinstance(value, int | float):
        return Decimal(str(value))
    return None if value in ("", []) else value


def _moment(value: Any) -> Any:
    try:
        return read_moment(value, "")
    except Unreadable:
        return value
