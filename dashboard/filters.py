"""What a list may be asked for: one class a kind of question, each refusing nonsense in words."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from .addresses import as_wix_id

LONGEST = 200


class Nonsense(ValueError):
    """What was asked makes no sense; the words say what would."""


@dataclass(frozen=True, slots=True)
class Filter(ABC):
    """One question: the name of its query parameter and the words people read."""

    name: str
    label: str

    kind = "text"

    @abstractmethod
    def clean(self, text: str) -> Any:
        """The value this text means. Raises Nonsense."""

    @abstractmethod
    def narrow(self, rows: QuerySet, value: Any) -> QuerySet:
        """The rows that answer to the value."""

    def words(self, value: Any) -> str:
        """The value as people read it."""
        return str(value)

    @property
    def options(self) -> list[tuple[str, str]]:
        """Values and words to choose from; empty where any text may be typed."""
        return []


@dataclass(frozen=True, slots=True)
class Words(Filter):
    """Typed words; `find` says which rows have them, and a whole id is looked for in `ids`."""

    find: Callable[[str], Q]
    ids: tuple[str, ...] = ("pk",)

    def clean(self, text: str) -> str:
        return plain(text)

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        for word in value.split()[:8]:
            if id_ := as_wix_id(word):
                rows = rows.filter(reduce(or_, (Q(**{field: id_}) for field in self.ids)))
            else:
                rows = rows.filter(self.find(word))
        return rows


@dataclass(frozen=True, slots=True)
class Word(Filter):
    """Exactly one of Wix's words. An unknown one is no nonsense: Wix may invent it tomorrow."""

    field: str
    known: Mapping[str, str]

    kind = "select"
    NONE = "none"  # asks for rows that have no word at all

    def clean(self, text: str) -> str:
        return plain(text)

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(**{self.field: "" if value == self.NONE else value})

    def words(self, value: str) -> str:
        return self.known.get(value, value)

    @property
    def options(self) -> list[tuple[str, str]]:
        return list(self.known.items())


@dataclass(frozen=True, slots=True)
class Choice(Filter):
    """One of our own words; `pick` says which rows it means."""

    choices: Mapping[str, str]
    pick: Callable[[str], Q]

    kind = "select"

    def clean(self, text: str) -> str:
        if text not in self.choices:
            raise Nonsense(f"Choose one of: {', '.join(self.choices)}.")
        return text

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(self.pick(value))

    def words(self, value: str) -> str:
        return self.choices[value]

    @property
    def options(self) -> list[tuple[str, str]]:
        return list(self.choices.items())


@dataclass(frozen=True, slots=True)
class Id(Filter):
    """One record of another kind, by its Wix id."""

    field: str
    model: type[Model]

    kind = "id"

    def clean(self, text: str) -> UUID:
        found = as_wix_id(text.strip())
        if found is None:
            raise Nonsense("This is not an id of Wix: 32 letters and digits with four hyphens.")
        return found

    def narrow(self, rows: QuerySet, value: UUID) -> QuerySet:
        return rows.filter(**{self.field: value})

    def words(self, value: UUID) -> str:
        """The record's name; one query."""
        record = self.model._default_manager.filter(pk=value).first()
        return str(record) if record else f"{str(value)[:8]}…, not in the mirror"


@dataclass(frozen=True, slots=True)
class Flag(Filter):
    """Asked for or not: `1` or nothing."""

    pick: Q

    kind = "flag"

    def clean(self, text: str) -> bool:
        if text != "1":
            raise Nonsense("Write 1, or leave it out.")
        return True

    def narrow(self, rows: QuerySet, value: bool) -> QuerySet:
        return rows.filter(self.pick)

    def words(self, value: bool) -> str:
        return "yes"


def plain(text: str) -> str:
    """The text trimmed. Raises Nonsense for control characters and for more than 200 characters."""
    text = text.strip()
    if len(text) > LONGEST:
        raise Nonsense(f"Too long: at most {LONGEST} characters.")
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise Nonsense("Only visible characters can be searched for.")
    return text


AGES = {
    "day": "Less than a day",
    "week": "1 to 7 days",
    "month": "7 to 30 days",
    "older": "Over 30 days",
}


def aged(field: str) -> Callable[[str], Q]:
    """Picks rows by how long ago `field` was, in the steps of AGES."""

    def pick(step: str) -> Q:
        now = timezone.now()
        day, week, month = (now - timedelta(days=days) for days in (1, 7, 30))
        return {
            "day": Q(**{f"{field}__gt": day}),
            "week": Q(**{f"{field}__lte": day, f"{field}__gt": week}),
            "month": Q(**{f"{field}__lte": week, f"{field}__gt": month}),
            "older": Q(**{f"{field}__lte": month}) | Q(**{f"{field}__isnull": True}),
        }[step]

    return pick


def within_days(field: str) -> Callable[[str], Q]:
    """Picks rows whose `field` lies between now and so many days from now."""

    def pick(days: str) -> Q:
        now = timezone.now()
        return Q(**{f"{field}__gte": now, f"{field}__lt": now + timedelta(days=int(days))})

    return pick
