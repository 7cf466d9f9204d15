"""What came of one try to send something."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether it arrived, None where that cannot be said, and what was answered.

    `is_final` says that no further try helps, `is_everybodys` that whatever goes the same way fares
    the same now.
    """

    arrived: bool | None
    answer: str
    status: int | None = None
    is_final: bool = False
    is_everybodys: bool = False
