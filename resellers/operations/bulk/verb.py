"""What every verb says that people do with many records at once."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic
from uuid import UUID

from django.utils.functional import Promise

from resellers.models import Account, Operation, PlannedChange, ProductInstance

from ..planned import PlanRow
from ..wish import JsonObject, ThingT, Wish

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Draft(Generic[ThingT]):
    """What a plan says of one of many records: what would be asked for, or why nothing is.

    `before` is what it rests on: a record that shows something else by then is left out.
    """

    subject: str
    account: Account
    instance: ProductInstance | None
    outcome: PlannedChange.Outcome
    before: JsonObject
    wish: Wish[ThingT] | None = None
    rows: Sequence[PlanRow] = ()
    fingerprint: str = ""
    code: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class VerbWords:
    """What people read of a verb: `label` on its button, the others in sentences and columns."""

    label: Words
    title: Words  # of a plan, with `count`
    running: Words  # of a run, with `count`
    will: Words  # of those that a run would release
    done: Words  # of those whose operation succeeded
    now: Words  # of those under way
    before: Words  # heads the column of what is now
    after: Words  # heads the column of what will be
    unchanged: Words  # why nothing is to be done, in a few words


class Verb(ABC, Generic[ThingT]):
    """One thing that people do with many records at once. It is stateless."""

    name: ClassVar[str]  # as rows and addresses have it
    kind: ClassVar[str]  # of the operations that it comes to
    # Of each change about how many calls its operation makes: to read, to write, to read back.
    calls: ClassVar[int] = 3
    words: ClassVar[VerbWords]

    @abstractmethod
    def load(self, ids: Collection[UUID]) -> Sequence[Any]:
        """The records of these ids with all that the verb looks at, in the order of their ids."""

    @abstractmethod
    def draft(self, records: Sequence[Any]) -> Sequence[Draft[ThingT]]:
        """The plan of all of these, in as many queries for one as for a thousand."""

    @abstractmethod
    def before(self, record: Any) -> JsonObject:
        """What the plan of this record rests on, as it is now; no query."""

    @abstractmethod
    def moved(self, record: Any, before: JsonObject) -> str:
        """In words, what is otherwise by now than `before` says; no query."""

    @abstractmethod
    def thing_of(self, record: Any) -> ThingT:
        """What the operation is asked for of."""

    @abstractmethod
    def record_id(self, change: PlannedChange) -> UUID:
        """The id of the record that this change is about."""

    @abstractmethod
    def sides(self, change: PlannedChange) -> tuple[str, str]:
        """What is now and what will be, each in a line."""


AnyVerb = Verb[Any]


@dataclass(frozen=True, slots=True)
class Selection:
    """What somebody wants a plan of: the records, where they were found, and what they were.

    `retries` are the operations that came to nothing before, by the record's id.
    """

    ids: frozenset[UUID]
    source: JsonObject = field(default_factory=dict)
    retries: dict[UUID, Operation] = field(default_factory=dict)
