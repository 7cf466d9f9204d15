"""Time in the sandbox: real time, moved forward at will."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from functools import lru_cache

SECOND = 1000
HOUR = 60 * 60 * SECOND
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Clock:
    """Milliseconds since 1970, ahead of real time by `offset`, never going back."""

    def __init__(self, offset: int = 0) -> None:
        self.offset = offset
        self._latest = 0

    def now(self) -> int:
        self._latest = max(self._latest, time.time_ns() // 1_000_000 + self.offset)
        return self._latest

    def advance(self, milliseconds: int) -> None:
        self.offset += milliseconds


def start_of_day() -> int:
    """Midnight UTC of today, the anchor of a new world's dates."""
    now = time.time_ns() // 1_000_000
    return now - now % DAY


def text(moment: int, fraction: bool = True) -> str:
    """The moment as RFC 3339 in UTC, with milliseconds unless told otherwise."""
    day, rest = divmod(moment, DAY)
    seconds, milliseconds = divmod(rest, SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    written = f"{_date(day)}T{hour:02d}:{minute:02d}:{second:02d}"
    return f"{written}.{milliseconds:03d}Z" if fraction else f"{written}Z"


@lru_cache(maxsize=4096)
def _date(day: int) -> str:
    """The date so many days after the first of January 1970: what is slow about `text`."""
    return (_EPOCH + timedelta(days=day)).date().isoformat()


def read(written: object) -> int | None:
    """The moment an RFC 3339 text names, with or without fraction; None if it names none."""
    if not isinstance(written, str) or "T" not in written.upper():
        return None
    try:
        moment = datetime.fromisoformat(_six_digits(written))
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * SECOND + since.microseconds // 1000


def _six_digits(written: str) -> str:
    head, dot, rest = written.partition(".")
    if not dot:
        return written
    digits = rest[: len(rest) - len(rest.lstrip("0123456789"))]
    return f"{head}.{digits[:6].ljust(6, '0')}{rest[len(digits) :]}"
