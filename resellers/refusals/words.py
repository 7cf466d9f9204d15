"""The forms in which the catalogue says what an answer, a status or a state means."""

from dataclasses import dataclass, replace
from typing import Literal

Who = Literal["we", "customer", "wix", "dashboard", "nobody"]
Remedy = Literal["form", "first", "read", "wix"]
Tone = Literal["good", "look", "bad", "under-way", "ended"]

REMEDY_WORDS: dict[Remedy, str] = {
    "form": "fix the form",
    "first": "change something first",
    "read": "read it again from Wix",
    "wix": "only Wix can help",
}


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a refusal means to staff: plain words, what to do next, and who has to do it.

    `retry` says whether the same call may succeed later without anything being changed, `field`
    names the form field the refusal belongs to and is empty where it belongs to none. `remedies`
    say what helps, the likeliest first: another wish, a change of something else, another reading
    of what Wix has, or Wix alone. Empty where nobody can tell. `unasked_words` and `unasked_step`
    take the place of the words and the step where we tell it ourselves and Wix was not asked; empty
    where they would be the same.
    """

    code: str
    words: str
    next_step: str
    who: Who = "we"
    retry: bool = False
    field: str = ""
    remedies: tuple[Remedy, ...] = ("form",)
    unasked_words: str = ""
    unasked_step: str = ""

    @property
    def unasked(self) -> "Explanation":
        """The same as our own word, before Wix is asked: it speaks of no answer of Wix."""
        return replace(
            self,
            words=self.unasked_words or self.words,
            next_step=self.unasked_step or self.next_step,
        )

    @property
    def remedy_words(self) -> str:
        """What helps, in a few words; empty for what passes by itself."""
        if self.retry:
            return ""
        words = " or ".join(REMEDY_WORDS[remedy] for remedy in self.remedies) or "not known"
        return words[0].upper() + words[1:]


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
