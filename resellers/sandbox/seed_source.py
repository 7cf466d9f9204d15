"""What the invented world is made from: ids, chance, a day to count from, and who lives in it."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from .clock import start_of_day
from .entities import Account, Site
from .ids import guid


@dataclass
class Source:
    """Where everything invented comes from: ids, chance, and the day the world is built on."""

    seed: int
    anchor: int = field(default_factory=start_of_day)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"{self.seed}:world")
        self._numbers: dict[str, int] = {}

    def id(self, kind: str) -> str:
        self._numbers[kind] = self._numbers.get(kind, 0) + 1
        return guid(self.seed, kind, self._numbers[kind])

    def before(self, least: int, most: int) -> int:
        """A moment between so many milliseconds before the anchor."""
        return self.anchor - self.chance.randrange(least, most)


@dataclass
class Household:
    """An account with its usable sites; on those of `plan_sites` a Premium plan is to stand.

    Where there is more than one site, the last stays free of plans, so that one can be moved.
    """

    account: Account
    sites: list[Site]
    plan_sites: list[Site]
