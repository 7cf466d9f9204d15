"""Filters by time: how long ago something was, or how soon it will be.

Beside the steps to choose from, any span may be asked for: `>3d` is more than three days, `<12h`
less than twelve hours.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

from resellers.texts import Text

from .filters import ChoiceFilter, InvalidQuery

UNITS = {
    "min": ("minute", timedelta(minutes=1)),
    "h": ("hour", timedelta(hours=1)),
    "d": ("day", timedelta(days=1)),
    "w": ("week", timedelta(weeks=1)),
}
SPANS = {
    "min": ngettext_lazy("minute", "minutes"),
    "h": ngettext_lazy("hour", "hours"),
    "d": ngettext_lazy("day", "days"),
    "w": ngettext_lazy("week", "weeks"),
}
LONGEST = timedelta(days=36_500)
_SPAN = re.compile(r"([<>])\s*([0-9]{1,7})\s*([a-z]+)")
_SPELT = {
    spelt: unit
    for unit, (word, _) in UNITS.items()
    for spelt in (unit, word, f"{word}s", f"{unit}s")
}


class Span(NamedTuple):
    """More or less than so much time."""

    is_more: bool
    number: int
    unit: str

    @property
    def length(self) -> timedelta:
        return self.number * UNITS[self.unit][1]

    @property
    def text(self) -> str:
        return f"{'>' if self.is_more else '<'}{self.number}{self.unit}"

    @property
    def words(self) -> str:
        of_them = SPANS[self.unit] % self.number
        return f"{self.number} {of_them}"


def read_span(text: str) -> Span | None:
    """The span that the text means; None where it means none, or more than a hundred years."""
    found = _SPAN.fullmatch(text.strip().lower())
    if not found or found[3] not in _SPELT:
        return None
    span = Span(found[1] == ">", int(found[2]), _SPELT[found[3]])
    return span if timedelta() < span.length <= LONGEST else None


@dataclass(frozen=True, slots=True)
class SpanFilter(ChoiceFilter):
    """One of the choices, or any span; `span` says which rows that means, `more` and `less` how it
    is called."""

    span: Callable[[Span], Q]
    more: Text
    less: Text

    def clean(self, text: str) -> str:
        """A choice, or the span as `>3d`; a span that a choice is called by is that choice."""
        if text in self.choices:
            return text
        span = read_span(text)
        if span is None:
            steps = ", ".join(self.choices)
            raise InvalidQuery(
                _("Choose one of: %(steps)s; or write a time such as >3d, <12h, >2w.")
                % {"steps": steps}
            )
        named = {str(words): value for value, words in self.choices.items()}
        return named.get(self._called(span), span.text)

    def condition(self, rows: QuerySet, value: str) -> Q:
        span = read_span(value)
        return self.span(span) if span else self.pick(value)

    def words(self, value: str) -> str:
        span = read_span(value)
        return self._called(span) if span else str(self.choices[value])

    def _called(self, span: Span) -> str:
        return str(self.more if span.is_more else self.less).format(span.words)


AGES = {
    "day": gettext_lazy("Less than a day"),
    "week": gettext_lazy("1 to 7 days"),
    "month": gettext_lazy("7 to 30 days"),
    "older": gettext_lazy("Over 30 days"),
}
OLDEST = "older"


def recently(field: str) -> Q:
    """What is in any of the steps but the oldest, which is all the rest."""
    return Q(**{f"{field}__gt": timezone.now() - timedelta(days=30)})


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


# How any span is called that is no step.
BEYOND = (gettext_lazy("Over {}"), gettext_lazy("Less than {}"))


def age_filter(name: str, label: Text, field: str) -> SpanFilter:
    """How long ago `field` was: a step of AGES, or any span."""
    return SpanFilter(
        name,
        label,
        AGES,
        aged(field),
        past(field),
        gettext_lazy("Over {}"),
        gettext_lazy("Less than {}"),
    )


def past(field: str) -> Callable[[Span], Q]:
    """Picks rows by whether `field` was more or less than a span ago."""

    def pick(span: Span) -> Q:
        moment = timezone.now() - span.length
        return Q(**{f"{field}__lt" if span.is_more else f"{field}__gt": moment})

    return pick
