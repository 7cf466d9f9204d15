"""What a seeded world is made from: ids, a random source, the day to count back from."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from ..world.clock import start_of_day
from ..world.entities import Account, Site
from ..world.ids import guid


@dataclass
class SeedContext:
    """Where everything invented comes from. `random` is one source for all: order matters."""

    seed: int
    anchor: int = field(default_factory=start_of_day)

    def __post_init__(self) -> None:
        self.random = random.Random(f"{self.seed}:world")
        self._numbers: dict[str, int] = {}

    def id(self, kind: str) -> str:
        """The next id of that kind."""
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return guid(self.seed, kind, self._numbers[kind])

    def random_past(self, least: int, most: int) -> int:
        """A moment between so many milliseconds before the anchor."""
        return self.anchor - self.random.randrange(least, most)


@dataclass
class AccountSites:
    """An account with its usable sites; on those of `plan_sites` a Premium plan is to stand.

    Where there is more than one site, the last stays free of plans, so that one can be moved.
    """

    account: Account
    sites: list[Site]
    plan_sites: list[Site]
