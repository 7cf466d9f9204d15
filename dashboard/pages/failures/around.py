"""The parts of what stands around the cases: causes, states, and the playbook of one cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dashboard.components.reorders import WHO_ACTS
from resellers.cases.causes import Cause, CauseGroup
from resellers.cases.worked_before import WorkedBefore
from resellers.models import CauseNote, DeliveryTime
from resellers.refusals.playbooks import Playbook

from .panel import step_words


@dataclass(frozen=True, slots=True)
class Part:
    """One product of a cause."""

    name: str
    number: int
    link: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """One cause at the left; `parts` are its products where it is the chosen one."""

    title: str
    who: str
    number: int
    oldest: datetime | None
    link: str
    is_current: bool
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """Causes of one sort."""

    title: str
    entries: Sequence[Entry]

    @property
    def number(self) -> int:
        return sum(entry.number for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Segment:
    """One of the states by which cases are looked at."""

    label: str
    link: str
    is_current: bool
    count: int | None = None


@dataclass(frozen=True)
class Playing:
    """The chosen cause's playbook, with what is known of it here."""

    cause: Cause
    book: Playbook
    group: CauseGroup
    snoozed: int
    snoozed_link: str
    note: CauseNote | None
    before: WorkedBefore
    delivery: DeliveryTime | None

    @property
    def who(self) -> str:
        return str(WHO_ACTS[self.book.who])

    @property
    def code(self) -> str:
        return self.cause.code

    @property
    def steps(self) -> list[str]:
        return [step_words(step.key, step.words, self.delivery) for step in self.book.steps]
