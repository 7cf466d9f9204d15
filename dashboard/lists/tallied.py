"""Which of a list's figures are kept with the changes, so that nothing has to be counted."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from resellers.models import Tally
from resellers.models.instance_querysets import FAILED
from resellers.models.querysets import PRESENT
from resellers.models.tallies import number


@dataclass(frozen=True, slots=True)
class Tallied:
    """Tallies that say how many rows answer, whatever these filters ask for and while no other asks
    for anything.

    A filter some values of which alone are kept stands there with each, as `reference=free`.
    `among` are the only records that the list is of.
    """

    of: str
    filters: frozenset[str]
    among: Q = field(default_factory=Q)

    def covers(self, asked: Mapping[str, Sequence[Any]]) -> bool:
        """Whether these can tell how many rows answer to all of that."""
        return all(
            name in self.filters or {f"{name}={value}" for value in values} <= self.filters
            for name, values in asked.items()
        )

    def count(self, conditions: Iterable[Q]) -> list[int]:
        """How many rows answer to each of the conditions; one statement."""
        counting = {f"n{place}": number(q or None) for place, q in enumerate(conditions)}
        figures = Tally.objects.of(self.of).filter(self.among).aggregate(**counting)
        return [figures[name] for name in counting]


OF_SERVICES = {"status", "floating", "no_site", "accessible", "ended", "gone"}
# The fewest tallies first: so figures are looked for.
SERVICES = (
    Tallied(
        Tally.Of.SERVICES, frozenset({*OF_SERVICES, "cycle", "failure_code", "reference=free"})
    ),
    Tallied(Tally.Of.PRODUCTS, frozenset({*OF_SERVICES, "product", "type", "beyond=products"})),
    Tallied(Tally.Of.CUSTOMERS, frozenset({"account", "gone", "beyond=accounts"})),
)
FAILED_SERVICES = (
    Tallied(Tally.Of.SERVICES, frozenset({"failure_code"}), among=PRESENT & FAILED),
    Tallied(Tally.Of.PRODUCTS, frozenset({"product"}), among=PRESENT & FAILED),
)
PACKAGES = (Tallied(Tally.Of.PACKAGES, frozenset({"gone"})),)
SITES = (Tallied(Tally.Of.SITES, frozenset({"state", "gone"})),)
ACCOUNTS = (Tallied(Tally.Of.ACCOUNTS, frozenset({"group", "gone", "state=unnamed"})),)
