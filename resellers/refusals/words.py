"""The forms in which the catalogue says what an answer, a status or a state means."""

from dataclasses import dataclass
from typing import Literal

Who = Literal["we", "customer", "wix"]
Tone = Literal["good", "look", "bad", "under-way", "ended"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a refusal means to staff: plain words, what to do next, and who has to do it.

    `retry` says whether the same call may succeed later without anything being changed, `field`
    names the form field the refusal belongs to and is empty where it belongs to none.
    """

    code: str
    words: str
    next_step: str
    who: Who = "we"
    retry: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class StatusWords:
    """What a status or a state means to staff."""

    word: str
    meaning: str
    who: str
    next_step: str
    tone: Tone


def catalogue(*entries: Explanation) -> dict[str, Explanation]:
    """The entries by their codes."""
    return {entry.code: entry for entry in entries}
