"""Where a chart's figures stand: round numbers for its lines, and days along its foot."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from resellers import formats

MOST_LINES = 4


@dataclass(frozen=True, slots=True)
class Point:
    """A figure at the end of a day."""

    day: date
    value: int


@dataclass(frozen=True, slots=True)
class Scale:
    """From the lowest line to the highest, `step` apart, over `top` to `bottom` of a drawing."""

    low: int
    high: int
    step: int
    top: float
    bottom: float

    @classmethod
    def over(cls, low: int, high: int, *, top: float, bottom: float) -> "Scale":
        """A scale of few round numbers that holds both."""
        step = _step((high - low) / (MOST_LINES - 1))
        first = low // step * step
        last = max(-(-high // step) * step, first + step)
        return cls(first, last, step, top, bottom)

    @property
    def lines(self) -> list[tuple[int, float]]:
        """Each number that has a line, and how far down it is drawn."""
        return [(value, self.at(value)) for value in range(self.low, self.high + 1, self.step)]

    def at(self, value: float) -> float:
        """How far down that number is drawn."""
        up = (value - self.low) / (self.high - self.low)
        return round(self.bottom - up * (self.bottom - self.top), 1)


def _step(least: float) -> int:
    """The first of 1, 2, 5, 10, 20, 50 … that is no smaller."""
    power = 1
    while True:
        for factor in (1, 2, 5):
            if factor * power >= least:
                return factor * power
        power *= 10


def day_words(day: date, today: date | None = None) -> str:
    """A day as a chart's foot has it: `14 Nov`, or `today`."""
    return _("today") if day == today else formats.short_day(day)


def full_day(day: date) -> str:
    """A day with its year: `14 Nov 2026`."""
    return formats.day(day)
