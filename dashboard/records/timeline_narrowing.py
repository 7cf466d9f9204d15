"""What a timeline may be narrowed by: a kind of line, who did it, and until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from dashboard.lists.filters import DayFilter, clean_text
from resellers.models import Note, Operation

# The person of each source's rows; behind the rows of other sources stands nobody of ours.
PERSONS = {
    "ends": "requested_by",
    "operations": "requested_by",
    "notes": "by",
    "readings": "requested_by",
    "events": "by",
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What was asked for, as it was asked."""

    kind: str = ""
    by: str = ""
    until: str = ""

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        return cls(*(query.get(name, "").strip() for name in ("kind", "by", "until")))

    @property
    def as_query(self) -> dict[str, str]:
        """It as parameters of an address, those left out that ask for nothing."""
        asked = {"kind": self.kind, "by": self.by, "until": self.until}
        return {name: text for name, text in asked.items() if text}

    def takes(self, source: str) -> bool:
        """Whether rows of that source can be among what is asked for."""
        return not self.by or source in PERSONS

    def narrowed(self, source: str, rows: QuerySet, at: str) -> QuerySet:
        """The source's rows that are meant. Raises InvalidQuery for what makes no sense."""
        if self.by:
            rows = rows.filter(**{f"{PERSONS[source]}__username": clean_text(self.by)})
        if self.until:
            until = DayFilter("until", _("Until"), at, is_last=True)
            rows = rows.filter(until.condition(rows, until.clean(self.until)))
        return rows


def people_in(operations: QuerySet[Operation], notes: QuerySet[Note]) -> list[str]:
    """Who has asked for one of these operations or written one of these notes; one query."""
    asked = operations.order_by().values("requested_by")
    wrote = notes.order_by().values("by")
    people = User.objects.filter(pk__in=asked) | User.objects.filter(pk__in=wrote)
    return list(people.order_by("username").values_list("username", flat=True))
