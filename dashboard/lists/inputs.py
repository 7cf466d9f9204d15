"""A list's filters as its form shows them, with the figures once they are counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.urls import reverse

from .facets import capped
from .filters import Choice, Filter
from .query import ListQuery


@dataclass(frozen=True, slots=True)
class FilterOption:
    """One value of a filter; `count` is said once it is known, `link` asks for it alone."""

    value: str
    words: str
    is_chosen: bool
    count: int | None = None
    link: str = ""
    tone: str = ""

    @property
    def figure(self) -> str:
        return "" if self.count is None else capped(self.count)

    @property
    def is_empty(self) -> bool:
        """Whether choosing it would show nothing."""
        return self.count == 0 and not self.is_chosen


@dataclass
class FilterInput:
    """A filter as its form shows it: what is asked, and what is wrong with it.

    `found` are the values it is offered with where they are looked for among the rows.
    """

    filter: Filter
    query: ListQuery
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)
    found: Sequence[Choice] = ()

    @property
    def texts(self) -> Sequence[str]:
        return self.query.texts.get(self.filter.name, ())

    @property
    def values(self) -> Sequence[Any]:
        return self.query.values.get(self.filter.name, ())

    @property
    def error(self) -> str:
        return self.query.errors.get(self.filter.name, "")

    @property
    def text(self) -> str:
        """What was typed, where one text can be."""
        return self.texts[0] if self.texts else ""

    @property
    def is_set(self) -> bool:
        return bool(self.texts)

    @property
    def link(self) -> str:
        """The list without this filter."""
        return self.query.url(**{self.filter.name: ""})

    @property
    def found_link(self) -> str:
        """Where the values are that are looked for among the rows."""
        return self.query.url(self.facet_path)

    @property
    def facet_path(self) -> str:
        return reverse(f"{self.query.list.noun}_facet", args=[self.filter.name])

    @cached_property
    def _words(self) -> Sequence[str]:
        return self.filter.words_of(self.values) if self.values else ()

    @property
    def named(self) -> dict[str, str]:
        """Each text that is asked for, with how people read it."""
        return dict(zip(self.texts, self._words, strict=False))

    @property
    def words(self) -> str:
        """All that is asked, as people read it."""
        return ", ".join(self._words)

    @property
    def said(self) -> str:
        """The one value asked for in words, or how many they are."""
        if len(self.values) > 1:
            return str(len(self.values))
        return self.words or self.text

    @cached_property
    def options(self) -> list[FilterOption]:
        """What there is to choose from, and what is chosen beside it."""
        name = self.filter.name
        known = {value: (words, self.counts.get((name, value))) for value, words in self._known}
        chosen = {text: (text, None) for text in self.texts if text not in known}
        if chosen and not self.error:
            chosen = {
                text: (words, None)
                for text, words in zip(self.texts, self._words, strict=False)
                if text in chosen
            }
        found = {one.value: (one.words, one.count) for one in self.found}
        offered = chosen | known | found
        return [
            FilterOption(
                value,
                words,
                value in self.texts,
                count,
                self.query.url(**{name: value}),
                self.filter.tone(value),
            )
            for value, (words, count) in offered.items()
        ]

    @property
    def is_ticked(self) -> bool:
        """Whether the form lists its values to be ticked: what is typed or looked for is not."""
        listed = self.filter.kind not in ("text", "day") and not self.filter.is_discovered
        return listed and bool(self.options)

    @property
    def _known(self) -> list[tuple[str, str]]:
        if self.filter.is_discovered:
            return []
        return [(value, str(words)) for value, words in self.filter.options]

    @property
    def has_more(self) -> bool:
        return len(self.found) >= self.filter.MOST_FOUND
