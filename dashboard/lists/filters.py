"""What a list may be asked for: one class a kind of question, each refusing nonsense in words."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.utils import timezone

from resellers.wix_ids import as_wix_id

from .matching import Matcher

LONGEST = 200


class InvalidQuery(ValueError):
    """What was asked makes no sense; the words say what would."""


@dataclass(frozen=True, slots=True)
class Filter(ABC):
    """One question: the name of its query parameter and the words people read."""

    name: str
    label: str

    kind = "text"

    @abstractmethod
    def clean(self, text: str) -> Any:
        """The value this text means. Raises InvalidQuery."""

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
class WordsFilter(Filter):
    """Typed words, found as the search box finds them."""

    matcher: Matcher

    def clean(self, text: str) -> str:
        return clean_text(text)

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        return self.matcher.narrow(rows, value)


@dataclass(frozen=True, slots=True)
class WordFilter(Filter):
    """Exactly one of Wix's words. An unknown one is no nonsense: Wix may invent it tomorrow."""

    field: str
    known: Mapping[str, str]

    kind = "select"
    NONE = "none"  # asks for rows that have no word at all

    def clean(self, text: str) -> str:
        return clean_text(text)

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(**{self.field: "" if value == self.NONE else value})

    def words(self, value: str) -> str:
        return self.known.get(value, value)

    @property
    def options(self) -> list[tuple[str, str]]:
        return list(self.known.items())


@dataclass(frozen=True, slots=True)
class TypedFilter(WordFilter):
    """Exactly one word of ours, such as a username: typed, since there may be very many."""

    kind = "text"
    NONE = ""


@dataclass(frozen=True, slots=True)
class ChoiceFilter(Filter):
    """One of our own words; `pick` says which rows it means."""

    choices: Mapping[str, str]
    pick: Callable[[str], Q]

    kind = "select"

    def clean(self, text: str) -> str:
        if text not in self.choices:
            raise InvalidQuery(f"Choose one of: {', '.join(self.choices)}.")
        return text

    def narrow(self, rows: QuerySet, value: str) -> QuerySet:
        return rows.filter(self.pick(value))

    def words(self, value: str) -> str:
        return self.choices[value]

    @property
    def options(self) -> list[tuple[str, str]]:
        return list(self.choices.items())


@dataclass(frozen=True, slots=True)
class IdFilter(Filter):
    """One record of another kind, by its Wix id."""

    field: str
    model: type[Model]

    kind = "id"

    def clean(self, text: str) -> UUID:
        found = as_wix_id(text.strip())
        if found is None:
            raise InvalidQuery("This is not an id of Wix: 32 letters and digits with four hyphens.")
        return found

    def narrow(self, rows: QuerySet, value: UUID) -> QuerySet:
        return rows.filter(**{self.field: value})

    def words(self, value: UUID) -> str:
        """The record's name; one query."""
        record = self.model._default_manager.filter(pk=value).first()
        return str(record) if record else f"{str(value)[:8]}…, not in the mirror"


@dataclass(frozen=True, slots=True)
class FlagFilter(Filter):
    """Asked for or not: `1` or nothing."""

    pick: Q

    kind = "flag"

    def clean(self, text: str) -> bool:
        if text != "1":
            raise InvalidQuery("Write 1, or leave it out.")
        return True

    def narrow(self, rows: QuerySet, value: bool) -> QuerySet:
        return rows.filter(self.pick)

    def words(self, value: bool) -> str:
        return "yes"

    @property
    def options(self) -> list[tuple[str, str]]:
        return [("1", self.label)]


@dataclass(frozen=True, slots=True)
class DayFilter(Filter):
    """The first or, with `is_last`, the last day of a range, itself included, in local time."""

    field: str
    is_last: bool = False

    kind = "day"

    def clean(self, text: str) -> date:
        try:
            found = date.fromisoformat(text.strip())
        except ValueError:
            raise InvalidQuery("Write a day as 2026-11-20.") from None
        if not 1970 <= found.year <= 9000:
            raise InvalidQuery("Choose a day between 1970 and 9000.")
        return found

    def narrow(self, rows: QuerySet, value: date) -> QuerySet:
        if self.is_last:
            return rows.filter(**{f"{self.field}__lt": midnight(value + timedelta(days=1))})
        return rows.filter(**{f"{self.field}__gte": midnight(value)})

    def words(self, value: date) -> str:
        return value.strftime("%d %b %Y")


def midnight(day: date) -> datetime:
    """When this day begins where the site's clocks are."""
    return timezone.make_aware(datetime.combine(day, time.min))


def clean_text(text: str) -> str:
    """The text trimmed.

    Raises InvalidQuery for control characters and for more than 200 characters.
    """
    text = text.strip()
    if len(text) > LONGEST:
        raise InvalidQuery(f"Too long: at most {LONGEST} characters.")
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise InvalidQuery("Only visible characters can be searched for.")
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
