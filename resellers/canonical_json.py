"""JSON that every database gives back as it was written, so that a hash over it still holds."""

import math
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Any

from django.utils.functional import Promise

from resellers.storable import storable

# From here on PostgreSQL writes out what Python writes as a power of ten.
FIRST_POWER = 1e16
MOST_BITS = 10_000  # of a whole number; Python reads none of more than 4,300 digits


def canonical(value: Any) -> Any:
    """The value as JSON that PostgreSQL and SQLite read back equal, whatever it is made of.

    Keys become text, dates ISO 8601, whatever JSON has no word for its `str`.
    """
    match value:
        case None | bool():
            return value
        case str():
            return storable(str(value))
        case int():
            return int(value) if value.bit_length() < MOST_BITS else hex(value)
        case float():
            return _number(value)
        case date() | time():
            return value.isoformat()
        case bytes():
            return value.hex()
        case Mapping():
            return {_key(key): canonical(item) for key, item in value.items()}
        case set() | frozenset():
            return sorted((canonical(item) for item in value), key=repr)
        case Promise():
            return storable(str(value))
        case Iterable():
            return [canonical(item) for item in value]
    return storable(str(value))


def _number(value: float) -> float | int | str:
    if not math.isfinite(value):
        return str(value)
    if value.is_integer() and abs(value) >= FIRST_POWER:
        return int(value)
    return value or 0.0  # PostgreSQL knows no -0.0


def _key(key: Any) -> str:
    return str(canonical(key))
