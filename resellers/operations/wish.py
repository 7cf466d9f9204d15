"""What a person wants of one thing: a frozen dataclass a kind, JSON only at the operation's row.

A wish is made of ids, text, numbers, billing cycles, and dataclasses of these. In JSON an id is its
text and what is not there is empty text: so rows store it, and so a plan's fingerprint covers it.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Generic, Self, TypeVar, get_args, get_origin, get_type_hints
from uuid import UUID

from resellers.billing_cycles import BillingCycle
from resellers.models import Account, Package, ProductInstance, Site

# What can be changed at Wix, and so what a wish may be about.
Thing = Account | Package | ProductInstance | Site
ThingT = TypeVar("ThingT", bound=Thing)

JsonValue = str | int | float | bool | None | list["JsonValue"] | dict[str, "JsonValue"]
JsonObject = dict[str, JsonValue]

# Of a field that wishes did not have at first: it is written only where it is not as it is by
# default, so that rows and fingerprints of before stay as they were.
ADDED = {"is_added": True}


class UnreadableWish(ValueError):
    """What is stored is no wish of its kind."""


class Wish(Generic[ThingT]):
    """What is wanted of a `ThingT`; each kind has a subclass of its own, a frozen dataclass."""

    def as_json(self) -> JsonObject:
        """The wish as an operation's row stores it."""
        return _written_fields(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, object]) -> Self:
        """The wish that was stored. What it lacks is as the class has it by default.

        Raises UnreadableWish.
        """
        try:
            return cls(**_read_fields(cls, stored))
        except (AttributeError, TypeError, ValueError) as error:
            raise UnreadableWish(f"no {cls.__name__}: {error}") from error


def _written(value: object) -> JsonValue:
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    if isinstance(value, str | UUID | BillingCycle):
        return str(value)
    if isinstance(value, tuple):
        return [_written(item) for item in value]
    return _written_fields(value)


def _written_fields(record: Any) -> JsonObject:
    values: JsonObject = {}
    for field in fields(record):
        value = getattr(record, field.name)
        if value != field.default or "is_added" not in field.metadata:
            values[field.name] = _written(value)
    return values


def _read(type_: Any, stored: Any) -> Any:
    if type_ == UUID | None:
        return UUID(stored) if stored else None
    if type_ is UUID:
        return UUID(stored)
    if type_ == int | None and isinstance(stored, int | None):
        return stored
    if type_ in (int, bool) and type(stored) is type_:
        return stored
    if type_ is BillingCycle:
        return BillingCycle.from_json(stored)
    if type_ in (str, str | None) and isinstance(stored, str):
        return stored
    if get_origin(type_) is tuple:
        return tuple(_read(get_args(type_)[0], item) for item in stored)
    if isinstance(type_, type) and is_dataclass(type_):
        return type_(**_read_fields(type_, stored))
    raise TypeError(f"{stored!r} is no {type_}")


def _read_fields(record: type, stored: Mapping[str, object]) -> dict[str, Any]:
    types = _types_of(record)
    return {name: _read(type_, stored[name]) for name, type_ in types.items() if name in stored}


@cache
def _types_of(record: Any) -> dict[str, Any]:
    hints = get_type_hints(record)
    return {field.name: hints[field.name] for field in fields(record)}
