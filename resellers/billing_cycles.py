"""How often a service is paid for: one value, however a catalogue, a person or Wix writes it."""

import re
from dataclasses import dataclass
from functools import total_ordering

# Wix's units and about how many days each has: enough to tell which cycle is the longer one.
DAYS = {"DAY": 1, "WEEK": 7, "MONTH": 30, "YEAR": 365}
TYPED = re.compile(r"([0-9]{1,4}) ([A-Z_]{1,30})")
LARGEST = 2**31 - 1  # what the mirror keeps of a count


@total_ordering
@dataclass(frozen=True, slots=True)
class BillingCycle:
    """Every `count` units, the unit in Wix's word; `ONCE`, which is false, for none.

    Cycles are in order of their length; `str()` is the catalogue's spelling, such as `1 YEAR`.
    """

    count: int
    unit: str

    @classmethod
    def parse(cls, text: str) -> "BillingCycle":
        """A cycle as somebody wrote it: `1 YEAR`, in capitals or not; nothing for ONCE.

        Raises ValueError for anything else.
        """
        plain = text.strip().upper()
        if not plain:
            return ONCE
        found = TYPED.fullmatch(plain)
        if found is None or not int(found[1]):
            raise ValueError(f"not a billing cycle: {text[:40]!r}")
        return cls(int(found[1]), found[2])

    @classmethod
    def of_wix(cls, unit: str | None, count: int | None) -> "BillingCycle":
        """The cycle that Wix shows. A unit without a count that makes sense counts once."""
        if not unit:
            return ONCE
        return cls(count if count and 0 < count <= LARGEST else 1, unit)

    @classmethod
    def from_json(cls, stored: str) -> "BillingCycle":
        """What `as_json` wrote, whatever Wix's unit was. Raises ValueError for anything else."""
        if not stored:
            return ONCE
        count, _, unit = stored.partition(" ")
        if not (count.isascii() and count.isdecimal() and unit):
            raise ValueError(f"not a billing cycle: {stored[:40]!r}")
        return cls(int(count), unit)

    def as_json(self) -> str:
        return str(self)

    def as_billing_info(self) -> tuple[str, str | None, int | None]:
        """Type, unit and count as Wix takes them: `RECURRING`, or `ONE_TIME` without the others."""
        return ("RECURRING", self.unit, self.count) if self else ("ONE_TIME", None, None)

    @property
    def words(self) -> str:
        """As people read it: `1 year`, `2 months`, `once`."""
        if not self:
            return "once"
        unit = self.unit.lower().removesuffix("s")
        return f"{self.count} {unit}{'' if self.count == 1 else 's'}"

    @property
    def is_known(self) -> bool:
        """Whether Wix documents its unit."""
        return self.unit in DAYS

    def __bool__(self) -> bool:
        return bool(self.unit)

    def __str__(self) -> str:
        return f"{self.count} {self.unit}" if self else ""

    def __lt__(self, other: "BillingCycle") -> bool:
        return self._length < other._length

    @property
    def _length(self) -> tuple[int, str]:
        return self.count * DAYS.get(self.unit, 0), str(self)


ONCE = BillingCycle(0, "")
