"""One measured figure and its goal."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

HEAD = f"{'':<64} {'measured':>12} {'yardstick':>12} {'ratio':>7}  goal"
SECONDS = 2.5  # at most, for one row of the table
FEWEST, MOST = 3, 15  # times that each is asked for


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, beside its yardstick; `limit` is the goal, the most that it may be."""

    what: str
    value: float
    yardstick: float
    limit: float
    unit: str = "ms"
    digits: int = 1

    @property
    def met(self) -> bool:
        return self.value <= self.limit

    @property
    def cells(self) -> tuple[str, ...]:
        """The figure as a row of a table."""
        ratio = f"{self.value / self.yardstick:.2f}" if self.yardstick else "–"
        goal = f"{self.limit:g} {self.unit}".rstrip()
        return self.what, self._words(self.value), self._words(self.yardstick), ratio, goal

    def __str__(self) -> str:
        return _line(self.cells, "met" if self.met else "MISSED")

    def _words(self, value: float) -> str:
        return f"{value:.{self.digits}f} {self.unit}".rstrip()


@dataclass(frozen=True, slots=True)
class Ratio:
    """What was measured, beside a yardstick of the same run and rows.

    The goal is either how many times better than its yardstick it must be, or how many times it may
    be as much. Where it is `of` full size alone, it is shown and not judged over fewer rows.
    """

    what: str
    value: float
    yardstick: float
    times_better: float = 0.0
    at_most: float = 0.0
    unit: str = "ms"
    more_is_better: bool = False
    judged: bool = True

    @property
    def ratio(self) -> float:
        """How many times better it is, or how many times as much."""
        if not (self.value and self.yardstick):
            return 0.0
        as_much = self.value / self.yardstick
        return as_much if self.at_most or self.more_is_better else 1 / as_much

    @property
    def met(self) -> bool:
        if not self.judged:
            return True
        return self.ratio <= self.at_most if self.at_most else self.ratio >= self.times_better

    @property
    def cells(self) -> tuple[str, ...]:
        """The figure as a row of a table."""
        goal = f"≤ {self.at_most:g} ×" if self.at_most else f"≥ {self.times_better:g} ×"
        return (
            self.what,
            _number(self.value, self.unit),
            _number(self.yardstick, self.unit),
            f"{self.ratio:.2f}",
            goal,
        )

    def __str__(self) -> str:
        verdict = "met" if self.met else "MISSED"
        return _line(self.cells, verdict if self.judged else "at full size")


def _line(cells: Sequence[str], verdict: str) -> str:
    what, value, yardstick, ratio, goal = cells
    return f"{what:<64} {value:>12} {yardstick:>12} {ratio:>7}  {goal}: {verdict}"


def _number(value: float, unit: str) -> str:
    return f"{value:,.{0 if value >= 1000 else 1}f} {unit}".rstrip()


def timed(call: Callable[[], object], *, times: int) -> float:
    """The median of so many calls in milliseconds, after one that warms up."""
    call()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken)


def in_turns(*calls: Callable[[], object]) -> list[float]:
    """The medians of these calls in milliseconds, asked for by turns after each has warmed up, so
    that all of them meet the same machine."""
    for call in calls:
        call()
    taken: list[list[float]] = [[] for _ in calls]
    begun = time.perf_counter()
    for done in range(MOST):
        if done >= FEWEST and time.perf_counter() - begun > SECONDS:
            break
        for call, of_one in zip(calls, taken, strict=True):
            at = time.perf_counter()
            call()
            of_one.append((time.perf_counter() - at) * 1000)
    return [median(of_one) for of_one in taken]
