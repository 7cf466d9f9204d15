"""What a list may be asked for: one class a kind of question, each refusing nonsense in words."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.db.models import Exists, Model, Q, QuerySet
from django.utils import timezone

from resellers.folding import is_one_line, is_visible, tidy
from resellers.storable import storable
from resellers.wix_ids import as_wix_id

from .matching import Matcher

LONGEST = 200


class InvalidQuery(ValueError):
    """What was asked makes no sense; the words say what would."""


class Absence(Enum):
    """What is asked for where rows without a value are meant; no value can be taken for it."""

    OF_A_WORD = 1


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
    """Exactly one of the words that a column has, whatever it is: also one that is unknown, since
    Wix may invent it tomorrow. `absent` says how the rows without any are called. `among` are the
    only rows of which the column says that.

    What stands for these in an address is no word of a column: see `written`.
    """

    field: str
    known: Mapping[str, str]
    absent: str = ""
    among: Q | None = None

    kind = "select"
    NONE = "~none"
    # In addresses of before; understood for as long as no row has this word.
    ONCE_NONE = "none"

    @staticmethod
    def written(word: str) -> str:
        """The word as an address has it; without a word, what asks for the rows that have none."""
        if not word:
            return WordFilter.NONE
        return f"~{word}" if word == WordFilter.NONE or word.startswith("~~") else word

    def clean(self, text: str) -> str | Absence:
        if self.absent and text == self.NONE:
            return Absence.OF_A_WORD
        word = text[1:] if text == f"~{self.NONE}" or text.startswith("~~~") else text
        return storable_text(word)

    def narrow(self, rows: QuerySet, value: str | Absence) -> QuerySet:
        rows = rows if self.among is None else rows.filter(self.among)
        if isinstance(value, Absence):
            return rows.filter(**{self.field: ""})
        # As it is asked for, and as it would have been kept.
        asked = Q(**{f"{self.field}__in": {value, tidy(value), value.strip()}})
        if self.absent and value == self.ONCE_NONE:
            named_so = rows.model._default_manager.filter(asked)
            asked |= Q(**{self.field: ""}) & ~Q(Exists(named_so))
        return rows.filter(asked)

    def words(self, value: str | Absence) -> str:
        return self.absent if isinstance(value, Absence) else self.known.get(value, value)

    @property
    def options(self) -> list[tuple[str, str]]:
        known = [(self.written(word), words) for word, words in self.offered.items()]
        return [*known, (self.NONE, self.absent)] if self.absent else known

    @property
    def offered(self) -> Mapping[str, str]:
        """The words to choose from, with how people read them."""
        return self.known


@dataclass(frozen=True, slots=True)
class TypedFilter(WordFilter):
    """Exactly one word of ours, such as a username: typed, since there may be very many."""

    kind = "text"


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
    """Asked for or not: `1` or nothing. What depends on the time of day is a function."""

    pick: Q | Callable[[], Q]

    kind = "flag"

    def clean(self, text: str) -> bool:
        if text != "1":
            raise InvalidQuery("Write 1, or leave it out.")
        return True

    def narrow(self, rows: QuerySet, value: bool) -> QuerySet:
        return rows.filter(self.pick() if callable(self.pick) else self.pick)

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
    text = storable_text(text).strip()
    if not is_one_line(text):
        raise InvalidQuery("Only visible characters can be searched for.")
    return text if is_visible(text) else ""


def storable_text(text: str) -> str:
    """The text as it is.

    Raises InvalidQuery where no row can hold it, and for more than 200 characters.
    """
    if len(text.strip()) > LONGEST:
        raise InvalidQuery(f"Too long: at most {LONGEST} characters.")
    if text != storable(text):
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
