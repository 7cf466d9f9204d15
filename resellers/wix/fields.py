"""Reading single values: strict about what is needed, tolerant about how it is written.

What a record cannot do without must be readable, or `Unreadable` names the place. Anything else
that cannot be read becomes empty and is noted, so that a new way to write a date does not hide
a customer's services.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from .types import Raw

T = TypeVar("T")

LARGEST_NUMBER = 2**63
GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
# Before and after these not every zone can write a moment. What lies there is how systems write
# that there is no date, or no end: the first moment of all, and the last.
EARLIEST, LATEST = datetime(1, 1, 3, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
RFC_3339 = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[T ]([0-9]{2}):([0-9]{2}):([0-9]{2})"
    r"(?:\.([0-9]*))?(?:Z|([+-])([0-9]{2}):?([0-9]{2}))?",
    re.IGNORECASE,
)


class Unreadable(ValueError):
    """Something an answer cannot do without is missing or of the wrong kind."""

    def __init__(self, place: str, why: str) -> None:
        super().__init__(f"{place} {why}")
        self.place = place


def read_text(value: object, place: str) -> str | None:
    """Text, also wrapped as {"value": "..."} or written as a number; "" is nothing."""
    if isinstance(value, dict) and set(value) <= {"value"}:
        value = value.get("value")
    if isinstance(value, bool) or not isinstance(value, str | int | float | None):
        raise Unreadable(place, "is not text")
    return None if value is None or value == "" else str(value)


def read_guid(value: object, place: str) -> str | None:
    """A GUID in lower case."""
    text = read_text(value, place)
    if text is not None and not GUID.fullmatch(text):
        raise Unreadable(place, "is not a GUID")
    return text.lower() if text else None


def read_number(value: object, place: str) -> int | None:
    """A whole number, also written as text or as 3.0."""
    if value is None or value == "":
        return None
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= LARGEST_NUMBER:
        raise Unreadable(place, "is not a whole number")
    return value


def read_flag(value: object, place: str) -> bool:
    """True or false; missing is false, as is the habit of proto JSON."""
    if isinstance(value, str):
        value = {"true": True, "false": False, "": False}.get(value.lower(), value)
    if value is None:
        return False
    if not isinstance(value, bool):
        raise Unreadable(place, "is not true or false")
    return value


def read_moment(value: object, place: str) -> datetime | None:
    """A date in UTC: RFC 3339 with any fraction and offset, or {"seconds", "nanos"}.

    None for the ends of the calendar too: they stand for no date.
    """
    moment = _moment(value, place)
    return moment if moment and EARLIEST <= moment <= LATEST else None


def _moment(value: object, place: str) -> datetime | None:
    if value is None or value == "" or value == {}:
        return None
    try:
        if isinstance(value, dict):
            return _moment_from_seconds(value, place)
        match = RFC_3339.fullmatch(value) if isinstance(value, str) else None
        if match is None:
            raise Unreadable(place, "is not a date")
        year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
        fraction, sign, offset_hours, offset_minutes = match.groups()[6:]
        offset = timedelta(hours=int(offset_hours or 0), minutes=int(offset_minutes or 0))
        # A leap second, 23:59:60, is no second of its own to Python: it reads as the next one.
        leap = second == 60
        moment = datetime(year, month, day, hour, minute, second - leap, tzinfo=UTC)
        moment += timedelta(seconds=leap, microseconds=int((fraction or "")[:6].ljust(6, "0")))
        return moment + offset if sign == "-" else moment - offset
    except (OverflowError, ValueError):
        raise Unreadable(place, "is not a date") from None


def _moment_from_seconds(value: dict[Any, Any], place: str) -> datetime:
    seconds = read_number(value.get("seconds"), place)
    nanos = read_number(value.get("nanos"), place) or 0
    if seconds is None or not 0 <= nanos < 1_000_000_000:
        raise Unreadable(place, "is not a date")
    return EPOCH + timedelta(seconds=seconds, microseconds=nanos // 1000)


class Fields:
    """One JSON object of an answer and the place where it stands."""

    def __init__(self, value: object, place: str, unparsed: list[str] | None = None) -> None:
        if not isinstance(value, dict):
            raise Unreadable(place, "is missing" if value is None else "is not an object")
        self.raw: Raw = value
        self.place = place
        self._unparsed = [] if unparsed is None else unparsed

    def at(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def unparsed(self) -> tuple[str, ...]:
        """The fields of this object that were there and could not be read."""
        return tuple(place.removeprefix(f"{self.place}.") for place in self._unparsed)

    # Needed: Unreadable where it is missing, or where it is there and cannot be read.

    def needed(self, read: Callable[[object, str], T | None], key: str) -> T:
        """The value under `key`, as one of the readers above reads it."""
        found = read(self.raw.get(key), self.at(key))
        if found is None:
            raise Unreadable(self.at(key), "is missing")
        return found

    def id(self, key: str) -> str:
        return self.needed(read_guid, key)

    def id_or_none(self, key: str) -> str | None:
        return read_guid(self.raw.get(key), self.at(key))

    def inside(self, key: str) -> Fields:
        """The object under `key`."""
        return Fields(self.raw.get(key), self.at(key), self._unparsed)

    def entries(self, *keys: str) -> list[tuple[str, Any]]:
        """Place and value of each entry of the first of these arrays that is there.

        Wix may leave an empty array out, so none at all is empty too.
        """
        for key in keys:
            values = self.raw.get(key)
            if values is not None:
                if not isinstance(values, list):
                    raise Unreadable(self.at(key), "is not an array")
                return [(f"{self.at(key)}[{n}]", value) for n, value in enumerate(values)]
        return []

    def within(self, value: object, place: str) -> Fields:
        """An entry of an array of this object."""
        return Fields(value, place, self._unparsed)

    # Not needed: empty where it cannot be read, and noted.

    def _leniently(self, read: Callable[[object, str], T], key: str, otherwise: T) -> T:
        try:
            return read(self.raw.get(key), self.at(key))
        except Unreadable:
            self._unparsed.append(self.at(key))
            return otherwise

    def text(self, key: str) -> str | None:
        return self._leniently(read_text, key, None)

    def word(self, key: str) -> str:
        """A word of one of Wix's enums in upper case; UNKNOWN where there is none."""
        return (self.text(key) or "UNKNOWN").strip().upper()

    def reference(self, key: str) -> str | None:
        """The id of something else, in lower case; not used to address a call."""
        return self._leniently(read_guid, key, None)

    def number(self, key: str) -> int | None:
        return self._leniently(read_number, key, None)

    def flag(self, key: str) -> bool:
        return self._leniently(read_flag, key, False)

    def moment(self, key: str) -> datetime | None:
        return self._leniently(read_moment, key, None)

    def link(self, key: str, base: str = "") -> str:
        """A web address, or "": no other scheme reaches a page that makes links of it."""
        address = self.text(key) or ""
        if base and address.startswith("/") and not address.startswith("//"):
            return base + address
        if address and not re.match(r"https?://", address, re.IGNORECASE):
            self._unparsed.append(self.at(key))
            return ""
        return address

    def texts(self, key: str) -> tuple[str, ...]:
        """The texts of an array; what is none of them is left out and noted."""
        values = self.raw.get(key)
        if values is not None and not isinstance(values, list):
            self._unparsed.append(self.at(key))
            return ()
        wrapped = Fields({str(n): value for n, value in enumerate(values or ())}, self.at(key))
        found = tuple(text for n in wrapped.raw if (text := wrapped.text(n)))
        self._unparsed.extend(wrapped._unparsed)
        return found

    def parts(self, key: str) -> list[Fields]:
        """The objects of an array; what is none of them is left out and noted."""
        values = self.raw.get(key)
        if values is None:
            return []
        if not isinstance(values, list):
            self._unparsed.append(self.at(key))
            return []
        numbered = Fields({str(n): value for n, value in enumerate(values)}, self.at(key))
        found = [part for n in numbered.raw if (part := numbered.part(n))]
        self._unparsed.extend(numbered._unparsed)
        return found

    def part(self, key: str) -> Fields | None:
        """An object inside this one, or None where it is missing or empty."""
        value = self.raw.get(key)
        if not isinstance(value, dict):
            if value is not None:
                self._unparsed.append(self.at(key))
            return None
        return Fields(value, self.at(key), self._unparsed) if value else None
