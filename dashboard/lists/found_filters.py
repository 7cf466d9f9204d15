"""Filters whose values are very many: those to choose from are looked for among the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Model, Q, QuerySet
from django.utils.translation import gettext as _

from resellers.wix_ids import as_wix_id

from .filters import Choice, Filter, InvalidQuery, WordFilter
from .matching import of_model

MOST_COUNTED = 10_000


@dataclass(frozen=True, slots=True)
class FoundWordFilter(WordFilter):
    """Words of which there may be very many: those to choose from are found among the rows."""

    is_discovered = True

    def discover(self, rows: QuerySet, typed: str) -> list[Choice]:
        rows = rows.filter(**{f"{self.field}__icontains": typed}) if typed else rows
        return [
            Choice(self.written(word), self.read(word), number)
            for word, number in most_frequent(rows, self.field, self.MOST_FOUND)
            if word or self.absent
        ]

    def read(self, word: str) -> str:
        """The word as people read it."""
        return str(self.known.get(word, word) if word else self.absent)


@dataclass(frozen=True, slots=True)
class IdFilter(Filter):
    """One record of another kind, by its Wix id."""

    field: str
    model: type[Model]

    kind = "id"
    takes_several = True
    is_discovered = True

    def clean(self, text: str) -> UUID:
        found = as_wix_id(text.strip())
        if found is None:
            raise InvalidQuery(
                _("This is not an id of Wix: 32 letters and digits with four hyphens.")
            )
        return found

    def condition(self, rows: QuerySet, value: UUID) -> Q:
        return Q(**{self.field: value})

    def words(self, value: UUID) -> str:
        """The record's name; one query."""
        return self.words_of([value])[0]

    def words_of(self, values: Sequence[UUID]) -> list[str]:
        named = self._named(values)
        return [
            str(named.get(value) or _("%(id)s…, not known here") % {"id": str(value)[:8]})
            for value in values
        ]

    def discover(self, rows: QuerySet, typed: str) -> list[Choice]:
        if typed:
            records = of_model(self.model).narrow(self.model._default_manager.all(), typed)
            rows = rows.filter(**{f"{self.field}__in": records.order_by().values("pk")})
        else:
            rows = rows.filter(**{f"{self.field}__isnull": False})
        counts = dict(most_frequent(rows, self.field, self.MOST_FOUND))
        named = self._named(list(counts))
        return [Choice(str(id_), str(named[id_]), counts[id_]) for id_ in counts]

    @property
    def records(self) -> QuerySet:
        """All that may be asked for, with what their names need."""
        records = self.model._default_manager.all()
        has_raw = any(one.name == "raw" for one in self.model._meta.get_fields())
        return records.defer("raw") if has_raw else records

    def _named(self, ids: Sequence[UUID]) -> dict[UUID, Model]:
        return self.records.in_bulk(ids)


def most_frequent(rows: QuerySet, field: str, most: int) -> list[tuple[Any, int]]:
    """The values of the field that most of the first ten thousand rows have, with how many do."""
    some = rows.order_by().values("pk")[:MOST_COUNTED]
    among = rows.model._default_manager.filter(pk__in=some).order_by().values_list(field)
    return list(among.annotate(number=Count("pk")).order_by("-number", field)[:most])
