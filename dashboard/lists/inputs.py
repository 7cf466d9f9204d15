"""A list's filters as its form shows them, with the figures once they are counted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .facets import capped
from .filters import Filter


@dataclass(frozen=True, slots=True)
class FilterOption:
    """One value of a filter; `count` is said once it is known."""

    value: str
    words: str
    is_chosen: bool
    count: int | None = None

    @property
    def label(self) -> str:
        return self.words if self.count is None else f"{self.words} ({capped(self.count)})"

    @property
    def is_empty(self) -> bool:
        """Whether choosing it would show nothing."""
        return self.count == 0 and not self.is_chosen


@dataclass
class FilterInput:
    """A filter as its form shows it: what was typed, and what is wrong with it."""

    filter: Filter
    text: str
    error: str = ""
    counts: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @cached_property
    def _known(self) -> list[tuple[str, str]]:
        return self.filter.options

    @property
    def is_unlisted(self) -> bool:
        """Whether a select must offer the text beside its known options."""
        return bool(self.text) and self.text not in dict(self._known)

    @property
    def options(self) -> list[FilterOption]:
        name = self.filter.name
        return [
            FilterOption(value, words, value == self.text, self.counts.get((name, value)))
            for value, words in self._known
        ]
