"""What the doctor says of one part of the system."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a part does. Only `WRONG` makes the whole system ill."""

    OK = "ok"
    NOTE = "note"  # worth knowing, and no fault
    UNTRIED = "not tried"  # nothing can be said of it
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: the part, how it does, what was seen, and what to do where something is to do."""

    part: str
    verdict: Verdict
    words: str
    next_step: str = ""

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def ok(part: str, words: str) -> Finding:
    return Finding(part, Verdict.OK, words)


def note(part: str, words: str, next_step: str = "") -> Finding:
    return Finding(part, Verdict.NOTE, words, next_step)


def untried(part: str, words: str) -> Finding:
    return Finding(part, Verdict.UNTRIED, words)


def wrong(part: str, words: str, next_step: str) -> Finding:
    return Finding(part, Verdict.WRONG, words, next_step)
