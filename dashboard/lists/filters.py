"""What a list may be asked for: one class a kind of question, each refusing nonsense in words."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.auth.models import User
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from resellers import formats
from resellers.folding import is_one_line, is_visible, tidy
from resellers.storable import storable
from resellers.texts import Text

from .matching import Matcher

LONGEST = 200


class InvalidQuery(ValueError):
    """What was asked makes no sense; the words say what would."""


class Absence(Enum):
    """What is asked for where rows without a value are meant; no value can be taken for it."""

    OF_A_WORD = 1


@dataclass(frozen=True, slots=True)
class Choice:
    """A value that some rows have, as an address has it and as people read it, and how many."""

    value: str
    words: str
    count: int


@dataclass(frozen=True, slots=True)
class Filter(ABC):
    """One question: the name of its query parameter and the words people read."""

    name: str
    label: Text

    kind = "text"
    takes_several = False  # whether its parameter may be repeated; then any of the values will do
    is_discovered = False  # whether its values are looked for among the rows, and only when wanted
    MOST_FOUND = 30

    def tone(self, value: str) -> str:
        """How that value is coloured wherever it stands; empty where it is not."""
        return ""

    @abstractmethod
    def clean(self, text: str) -> Any:
        """The value this text means. Raises InvalidQuery."""

    def clean_for(self, text: str, person: User | None) -> Any:
        """The same where it may depend on who asks: that of nobody is as good as nobody's."""
        return self.clean(text)

    @abstractmethod
    def condition(self, rows: QuerySet, value: Any) -> Q:
        """Which of the rows answer to the value."""

    def any_of(self, rows: QuerySet, values: Sequence[Any]) -> Q:
        """Which of the rows answer to any of the values."""
        return reduce(or_, (self.condition(rows, value) for value in values))

    def words(self, value: Any) -> str:
        """The value as people read it."""
        return str(value)

    def words_of(self, values: Sequence[Any]) -> list[str]:
        """Each of the values as people read it; one query at most."""
        return [self.words(value) for value in values]

    def discover(self, rows: QuerySet, typed: str) -> list[Choice]:
        """The values that most of the rows have, of those that hold what was typed.

        At most MOST_FOUND of them, in two queries.
        """
        return []

    @property
    def options(self) -> Sequence[tuple[str, Text]]:
        """Values and words to choose from; empty where any text may be typed."""
        return []


@dataclass(frozen=True, slots=True)
class WordsFilter(Filter):
    """Typed words, found as the search box finds them."""

    matcher: Matcher

    def clean(self, text: str) -> str:
        return clean_text(text)

    def condition(self, rows: QuerySet, value: str) -> Q:
        return self.matcher.condition(value)

    def condition_within(self, values: Sequence[str]) -> Q:
        """Which rows answer to any of the values, with nothing looked up before."""
        return reduce(or_, map(self.matcher.condition_within, values))


@dataclass(frozen=True, slots=True)
class WordFilter(Filter):
    """Exactly one of the words that a column has, whatever it is: also one that is unknown, since
    Wix may invent it tomorrow. `absent` says how the rows without any are called. `among` are the
    only rows of which the column says that.

    What stands for these in an address is no word of a column: see `written`.
    """

    field: str
    known: Mapping[str, Text]
    absent: Text = ""
    among: Q | None = None

    kind = "select"
    takes_several = True
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

    def condition(self, rows: QuerySet, value: str | Absence) -> Q:
        among = Q() if self.among is None else self.among
        if isinstance(value, Absence):
            return among & Q(**{self.field: ""})
        # As it is asked for, and as it would have been kept.
        asked = Q(**{f"{self.field}__in": {value, tidy(value), value.strip()}})
        if self.absent and value == self.ONCE_NONE:
            named_so = rows.model._default_manager.filter(asked)
            asked |= Q(**{self.field: ""}) & ~Q(Exists(named_so))
        return among & asked

    def words(self, value: str | Absence) -> str:
        return str(self.absent if isinstance(value, Absence) else self.known.get(value, value))

    @property
    def options(self) -> Sequence[tuple[str, Text]]:
        known = [(self.written(word), words) for word, words in self.offered.items()]
        return [*known, (self.NONE, self.absent)] if self.absent else known

    @property
    def offered(self) -> Mapping[str, Text]:
        """The words to choose from, with how people read them."""
        return self.known


@dataclass(frozen=True, slots=True)
class TypedFilter(WordFilter):
    """Exactly one word of ours, such as a username: typed, since there may be very many."""

    kind = "text"
    takes_several = False


@dataclass(frozen=True, slots=True)
class ChoiceFilter(Filter):
    """One of our own words; `pick` says which rows it means."""

    choices: Mapping[str, Text]
    pick: Callable[[str], Q]

    kind = "select"
    takes_several = True

    def clean(self, text: str) -> str:
        if text not in self.choices:
            raise InvalidQuery(
                _("Choose one of: %(choices)s.") % {"choices": ", ".join(self.choices)}
            )
        return text

    def condition(self, rows: QuerySet, value: str) -> Q:
        return self.pick(value)

    def words(self, value: str) -> str:
        return str(self.choices[value])

    @property
    def options(self) -> Sequence[tuple[str, Text]]:
        return list(self.choices.items())


@dataclass(frozen=True, slots=True)
class FlagFilter(Filter):
    """Asked for or not: `1` or nothing. What depends on the time of day is a function."""

    pick: Q | Callable[[], Q]

    kind = "flag"

    def clean(self, text: str) -> bool:
        if text != "1":
            raise InvalidQuery(_("Write 1, or leave it out."))
        return True

    def condition(self, rows: QuerySet, value: bool) -> Q:
        return self.pick() if callable(self.pick) else self.pick

    def words(self, value: bool) -> str:
        return _("yes")

    @property
    def options(self) -> Sequence[tuple[str, Text]]:
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
            raise InvalidQuery(_("Write a day as 2026-11-20.")) from None
        if not 1970 <= found.year <= 9000:
            raise InvalidQuery(_("Choose a day between 1970 and 9000."))
        return found

    def condition(self, rows: QuerySet, value: date) -> Q:
        if self.is_last:
            return Q(**{f"{self.field}__lt": midnight(value + timedelta(days=1))})
        return Q(**{f"{self.field}__gte": midnight(value)})

    def words(self, value: date) -> str:
        return formats.day(value)


def midnight(day: date) -> datetime:
    """When this day begins where the site's clocks are."""
    return timezone.make_aware(datetime.combine(day, time.min))


def clean_text(text: str) -> str:
    """The text trimmed.

    Raises InvalidQuery for control characters and for more than 200 characters.
    """
    text = storable_text(text).strip()
    if not is_one_line(text):
        raise InvalidQuery(_("Only visible characters can be searched for."))
    return text if is_visible(text) else ""


def storable_text(text: str) -> str:
    """The text as it is.

    Raises InvalidQuery where no row can hold it, and for more than 200 characters.
    """
    if len(text.strip()) > LONGEST:
        raise InvalidQuery(_("Too long: at most %(longest)s characters.") % {"longest": LONGEST})
    if text != storable(text):
        raise InvalidQuery(_("Only visible characters can be searched for."))
    return text
