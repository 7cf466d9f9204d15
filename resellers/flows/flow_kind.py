"""What every sort of flow says of itself: its steps, its words, what it is about."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from resellers.models import Flow
from resellers.texts import Text

from .steps import QuestionStep, Step


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of what a flow is about; with `about`, a record that has a page, it leads there."""

    label: Text
    words: str
    about: Any = None


class FlowKind(ABC):
    """A sort of guided work. It is stateless; a new one is a file, and a line in `kinds`."""

    name: ClassVar[str]  # as rows and addresses have it
    label: ClassVar[Text]  # on what begins it
    caption: ClassVar[Text] = ""  # what it does, in a line
    icon: ClassVar[str] = "flow"

    @abstractmethod
    def first(self) -> QuestionStep:
        """What is asked before there is a flow; its answers begin one."""

    @abstractmethod
    def steps(self, flow: Flow) -> Sequence[Step]:
        """All its steps in order, the first one too, as far as what was chosen tells them.

        Steps that were begun stay what they are, and stay in their order.
        """

    @abstractmethod
    def title(self, flow: Flow) -> str:
        """What heads its page: `Hand over north-bakery.example`."""

    def under(self, flow: Flow) -> str:
        """The sentence beneath its title."""
        return ""

    def facts(self, flow: Flow) -> Sequence[Fact]:
        """What it is about, line by line."""
        return ()

    def done_words(self, flow: Flow) -> str:
        """What is so now that it is done."""
        return ""

    def left_words(self, flow: Flow) -> str:
        """What somebody who gives it up now should know of what stays as it is."""
        return ""

    def step(self, flow: Flow, name: str) -> Step:
        """Its step of that name. Raises KeyError."""
        return {step.name: step for step in self.steps(flow)}[name]
