"""How days and whole numbers are written for the person who reads.

What a person prefers is in force for the request in hand. Files, logs and whatever no person asked
for are written in the standard way.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from django.utils import timezone

# The same day in each way, whole and without its year; the first of each is the standard.
DAYS: Final = {
    "words": ("{d.day} {d:%b %Y}", "{d.day} {d:%b}"),
    "american": ("{d:%b} {d.day}, {d:%Y}", "{d:%b} {d.day}"),
    "iso": ("{d:%Y-%m-%d}", "{d:%m-%d}"),
    "dots": ("{d:%d.%m.%Y}", "{d:%d.%m.}"),
}
# What stands between thousands; the spaces do not break.
THOUSANDS: Final = {"comma": ",", "point": ".", "space": "\u202f", "none": ""}


@dataclass(frozen=True, slots=True)
class Formats:
    """A way of writing, by the names of its parts."""

    days: str = "words"
    thousands: str = "comma"


STANDARD = Formats()
_in_force: ContextVar[Formats] = ContextVar("formats", default=STANDARD)


def use(formats: Formats) -> None:
    """Have days and numbers written so from now on, in this thread."""
    _in_force.set(formats)


@contextmanager
def written(formats: Formats) -> Iterator[None]:
    """Have days and numbers written so within this block, in this thread."""
    token = _in_force.set(formats)
    try:
        yield
    finally:
        _in_force.reset(token)


def day(value: date | datetime, formats: Formats | None = None) -> str:
    """The day, of a moment in the reader's zone: `9 Dec 2026`."""
    return _day(value, formats, short=False)


def short_day(value: date | datetime, formats: Formats | None = None) -> str:
    """The same without its year: `9 Dec`."""
    return _day(value, formats, short=True)


def number(value: int, formats: Formats | None = None) -> str:
    """A whole number with its thousands apart: `1,004`."""
    between = THOUSANDS[(formats or _in_force.get()).thousands]
    return f"{value:,}".replace(",", between)


def _day(value: date | datetime, formats: Formats | None, *, short: bool) -> str:
    local = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return _written((formats or _in_force.get()).days, local, short)


@lru_cache(maxsize=4096)  # the rows of a page have few days, and write them often
def _written(days: str, local: date, short: bool) -> str:
    return DAYS[days][short].format(d=local)
