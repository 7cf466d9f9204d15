"""The forms in which the catalogue says what an answer, a status or a state means."""

from dataclasses import dataclass, replace
from typing import Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.texts import Text

Who = Literal["we", "customer", "wix", "dashboard", "nobody"]
Remedy = Literal["form", "first", "read", "wix"]
Tone = Literal["good", "look", "bad", "under-way", "ended"]

REMEDY_WORDS: dict[Remedy, Text] = {
    "form": gettext_lazy("fix the form"),
    "first": gettext_lazy("change something first"),
    "read": gettext_lazy("read it again from Wix"),
    "wix": gettext_lazy("only Wix can help"),
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
    words: Text
    next_step: Text
    who: Who = "we"
    retry: bool = False
    field: str = ""
    remedies: tuple[Remedy, ...] = ("form",)
    unasked_words: Text = ""
    unasked_step: Text = ""
    title: Text = ""

    @property
    def name(self) -> str:
        """The cause in a few words: its title, else its code as words."""
        return str(self.title) or self.code.replace("_", " ").capitalize()

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
        either = [str(REMEDY_WORDS[remedy]) for remedy in self.remedies]
        words = _(" or ").join(either) or _("not known")
        return words[0].upper() + words[1:]


@dataclass(frozen=True, slots=True)
class StatusWords:
    """What a status or a state means to staff."""

    word: Text
    meaning: Text
    who: Text
    next_step: Text
    tone: Tone

    @property
    def word_within(self) -> str:
        """The word as it stands within a sentence."""
        word = str(self.word)
        return word[:1].lower() + word[1:]


def catalogue(*entries: Explanation) -> dict[str, Explanation]:
    """The entries by their codes."""
    return {entry.code: entry for entry in entries}
