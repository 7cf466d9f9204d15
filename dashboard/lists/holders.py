"""Records by the words of what they belong to: a service by its product, customer, site, package.

A service has hardly a text of its own, and an OR over four joined tables uses no index of any of
them. So what a word names is looked up first, each kind by itself, and the records of these are
found by their keys. Where it names very many, such as the trade of every tenth customer, they are
no list of keys any more but a question within the question.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any
from uuid import UUID

from django.db.models import IntegerField, Q, QuerySet, Value

MOST_LISTED = 300  # keys of one kind
Named = Mapping[str, QuerySet]  # by kind: all that something typed may name
Ways = Mapping[str, str]  # by kind: a record's way to it


@dataclass(frozen=True, slots=True)
class Holders:
    """What something typed names: at most so many keys of each kind, and the rows themselves."""

    listed: Mapping[str, Sequence[UUID]]
    every: Named

    @classmethod
    def of(cls, every: Named) -> "Holders":
        """Look up what these rows are; one statement."""
        return cls(_keys(every), every)

    @property
    def are_more(self) -> bool:
        """Whether more of a kind is named than is listed."""
        return any(map(self._is_cut, self.every))

    def records(self, ways: Ways) -> Q:
        """The records of all that is named, by these ways to it."""
        return _any(
            {
                path: self.every[kind].order_by().values("pk")
                if self._is_cut(kind)
                else self.listed[kind]
                for kind, path in ways.items()
            }
        )

    def some_records(self, ways: Ways) -> Q:
        """The records of what is listed: all of them unless there is more, and found soon."""
        return _any({path: self.listed[kind] for kind, path in ways.items()})

    def _is_cut(self, kind: str) -> bool:
        return len(self.listed[kind]) > MOST_LISTED


def within(every: Named, ways: Ways) -> Q:
    """The records of all that is named, with nothing looked up: slower, and no statement."""
    return _any({path: every[kind].order_by().values("pk") for kind, path in ways.items()})


def having_all(words: Iterable[Holders]) -> Holders:
    """What has each of several words at once; one statement."""
    every = [one.every for one in words]
    return Holders.of({kind: reduce(and_, (one[kind] for one in every)) for kind in every[0]})


def _any(held: Mapping[str, Any]) -> Q:
    return reduce(or_, (Q(**{f"{path}__in": keys}) for path, keys in held.items()))


def _keys(every: Named) -> dict[str, list[UUID]]:
    parts = []
    for number, rows in enumerate(every.values()):
        # No database but PostgreSQL limits the parts of a union; all limit what stands within.
        first = rows.order_by().values("pk")[: MOST_LISTED + 1]
        which = Value(number, output_field=IntegerField())
        named = rows.model._default_manager.filter(pk__in=first).order_by()
        parts.append(named.annotate(which=which).values_list("which", "pk"))
    kinds = list(every)
    found: dict[str, list[UUID]] = {kind: [] for kind in kinds}
    for number, key in parts[0].union(*parts[1:], all=True):
        found[kinds[number]].append(key)
    return found
