"""One measured figure and its goal."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, in milliseconds, beside its yardstick; `limit` is the goal in ms."""

    what: str
    milliseconds: float
    yardstick: float
    limit: float

    @property
    def met(self) -> bool:
        return self.milliseconds <= self.limit

    def __str__(self) -> str:
        ratio = self.milliseconds / self.yardstick if self.yardstick else 0.0
        verdict = "met" if self.met else "MISSED"
        return (
            f"{self.what:<44} {self.milliseconds:8.1f} ms   yardstick {self.yardstick:7.1f} ms"
            f"   ratio {ratio:5.1f}   goal {self.limit:g} ms: {verdict}"
        )


def timed(call: Callable[[], object], *, times: int) -> float:
    """The median of so many calls in milliseconds, after one that warms up."""
    call()
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        call()
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken)
