"""Reading what a call brought along, and saying of every field what is wrong with it.

All fields of a body are read before the call is refused, so that one answer names them all.
"""

from __future__ import annotations

import json
from typing import Any

from .errors import Refusal, invalid, violation


class BadRequest(ValueError):
    """A control call that makes no sense: `field` is the place of what is wrong."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field


def parse(raw: bytes) -> dict[str, Any]:
    """The JSON object of a body; nothing at all counts as {}. Raises a 400 Refusal."""
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise invalid("", "the body is not valid JSON") from None
    if not isinstance(body, dict):
        raise invalid("", "the body must be a JSON object")
    return body


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is not JSON")


class Fields:
    """The fields of one JSON object; `path` is its place, such as `products[0]`."""

    def __init__(
        self, values: dict[str, Any], path: str = "", found: list[dict[str, Any]] | None = None
    ) -> None:
        self.values = values
        self.path = path
        self.violations: list[dict[str, Any]] = [] if found is None else found

    def add_violation(self, name: str, description: str, rule: str = "FORMAT") -> None:
        """Note that a field is wrong."""
        place = ".".join(filter(None, (self.path, name)))
        self.violations.append(violation(place, description, rule))

    def check(self) -> None:
        """Refuse with 400 if anything was wrong."""
        if self.violations:
            words = "; ".join(f"{one['field']} {one['description']}" for one in self.violations)
            raise Refusal(400, None, words, self.violations)

    def given(self, name: str) -> bool:
        return self.values.get(name) is not None

    def text(
        self, name: str, required: bool = False, longest: int | None = None, shortest: int = 0
    ) -> str | None:
        """A text, or None where it is absent, null or wrong."""
        value = self.values.get(name)
        if value is None or (required and value == ""):
            if required:
                self.add_violation(name, "must not be empty", "REQUIRED_FIELD")
            return None
        if not isinstance(value, str):
            self.add_violation(name, "must be a string")
            return None
        if longest is not None and len(value) > longest:
            self.add_violation(name, f"must not have more than {longest} characters", "MAX")
            return None
        if len(value) < shortest:
            self.add_violation(name, f"must have at least {shortest} characters", "MIN")
            return None
        return value

    def enum(self, name: str, words: tuple[str, ...], required: bool = False) -> str | None:
        """One of an enum's values."""
        value = self.text(name, required)
        if value is not None and value not in words:
            self.add_violation(name, f"must be one of {', '.join(words)}")
            return None
        return value

    def integer(self, name: str, least: int, most: int, default: int) -> int:
        """A whole number, as a number or as text; the default where it is absent."""
        value = self.values.get(name)
        if value is None:
            return default
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10:
            value = int(value)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            self.add_violation(name, "must be a whole number")
        elif value > most:
            self.add_violation(name, f"must not be greater than {most}", "MAX")
        elif value < least:
            self.add_violation(name, f"must not be less than {least}", "MIN")
        else:
            return value
        return default

    def boolean(self, name: str) -> bool:
        """A boolean; absent is false."""
        value = self.values.get(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        self.add_violation(name, "must be true or false")
        return False

    def object(self, name: str, required: bool = False) -> Fields | None:
        """The fields of an object inside this one."""
        value = self.values.get(name)
        if value is None:
            if required:
                self.add_violation(name, "must not be empty", "REQUIRED_FIELD")
            return None
        if not isinstance(value, dict):
            self.add_violation(name, "must be an object")
            return None
        return Fields(value, ".".join(filter(None, (self.path, name))), self.violations)

    def objects(self, name: str, least: int, most: int) -> list[Fields]:
        """The fields of each object of a list of so many."""
        value = self.values.get(name)
        if not isinstance(value, list):
            if value is None:
                self.add_violation(name, "must not be empty", "REQUIRED_FIELD")
            else:
                self.add_violation(name, "must be a list")
            return []
        if not least <= len(value) <= most:
            rule = "MIN" if len(value) < least else "MAX"
            self.add_violation(name, f"must have between {least} and {most} entries", rule)
            return []
        read = []
        for number, one in enumerate(value):
            if isinstance(one, dict):
                place = ".".join(filter(None, (self.path, f"{name}[{number}]")))
                read.append(Fields(one, place, self.violations))
            else:
                self.add_violation(f"{name}[{number}]", "must be an object")
        return read
