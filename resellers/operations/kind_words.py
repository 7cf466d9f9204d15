"""What a kind of operation is called, and what it says of what it does, wherever it is told."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic

from resellers.models import Operation
from resellers.texts import Text

from .sentences import Sentences, general
from .wish import ThingT

LONGEST_NAME = 80  # letters of a name within a sentence, which still has to be read to its end


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


class KindWords(ABC, Generic[ThingT]):
    """The words of one kind. Those that speak of an operation take them from its own plan."""

    name: ClassVar[str]  # as rows, addresses and settings have it
    label: ClassVar[Text]  # as people read it: `Cancel package`
    doing: ClassVar[str]  # what somebody is at who has asked for it: `canceling`
    noun: ClassVar[str]  # what its thing is: `package`
    # By its steps, the verb that tells them done: `Canceled` for `Cancel order-17`.
    done: ClassVar[Mapping[str, str]]
    reads: ClassVar[str] = "the package"  # what a reading asks Wix for
    # Of a plan's rows: the keys by which wish, values before and readings name the same thing.
    keys: ClassVar[Mapping[str, str]] = {}
    # Of what is seen, and so of what a plan's fingerprint covers: the names that people know it by.
    seen_as: ClassVar[Mapping[str, str]] = {}
    touches: ClassVar[str] = "Changed"  # what heads the records that it made or changed
    cannot_be_undone: ClassVar[str] = "Wix offers no way back."
    way_back_refused: ClassVar[str] = "Wix refused it, and then the way back too."
    # What was so between two steps of which the second makes up for the first.
    gap: ClassVar[str] = ""

    @abstractmethod
    def thing_of(self, operation: Operation) -> ThingT | None:
        """The thing that an operation is about, as the mirror has it now."""

    def called(self, thing: ThingT) -> str:
        """What people call the thing."""
        return str(thing)

    def heading(self, thing: ThingT) -> str:
        """The head of the page that asks for it: `Reassign Business Elite`."""
        return f"{self.label} {self.called(thing)}"

    def title(self, operation: Operation) -> str:
        """The operation by what it does to what: `Reassign Business Elite`."""
        thing = self.thing_of(operation)
        return f"{self.label} {self.called(thing)}" if thing else str(self.label)

    def sentences(self, operation: Operation) -> Sentences:
        """What heads the operation's page, however it stands."""
        return general(self.title(operation))

    def meant(self, operation: Operation) -> list[str]:
        """What the operation, which has ended, meant for the customer, beside its gap."""
        return []

    def name_of(self, operation: Operation) -> str:
        """What people call the operation's thing, short enough for a sentence; its noun where the
        mirror has it no more."""
        thing = self.thing_of(operation)
        return _short(self.called(thing)) if thing else f"The {self.noun}"

    def sides(self, operation: Operation, field: str) -> tuple[str, str]:
        """The plan's words for that field before and after; empty where it has none."""
        rows = operation.plan.get("rows", [])
        return next(
            ((_short(old), _short(new)) for name, _, old, new in rows if name == field), ("", "")
        )

    def gap_ahead(self, thing: ThingT) -> str:
        """What will be so between the two steps, as a sentence goes on with it."""
        return self.gap

    def step_words(self, operation: Operation, step: str) -> str:
        """The step as a person would tell it, such as `Unassign from bakery.example`."""
        words: dict[str, str] = operation.plan.get("steps", {})
        return words.get(step, step.replace("_", " ").capitalize())

    def step_done(self, operation: Operation, step: str) -> str:
        """The step once Wix has taken it, such as `Unassigned from bakery.example`."""
        verb, space, rest = self.step_words(operation, step).partition(" ")
        return f"{self.done.get(step, verb)}{space}{rest}"

    def describe_reading(self, operation: Operation, seen: dict[str, Any]) -> str:
        """What a reading showed, as it was kept, in the words of the plan."""
        parts = [
            self.describe_field(operation, seen, *row) for row in operation.plan.get("rows", [])
        ]
        return ", ".join(filter(None, parts)) or "it as it is"

    def describe_field(
        self, operation: Operation, seen: dict[str, Any], field: str, label: str, *sides: str
    ) -> str:
        """What it showed of one row of the plan; its `sides` are the words before and after."""
        key = self.keys.get(field, field)
        value, before, wished = seen.get(key), operation.before.get(key), operation.wish.get(key)
        if value == before:
            return f"{label} {sides[0]}"
        if value == wished:
            return f"{label} {sides[1]}"
        if not value:
            return f"{label} none"
        return f"{label} {str(value)[:8]}, which nobody here asked for"

    def changed_by_others(self, operation: Operation, seen: dict[str, Any]) -> str:
        """What a reading showed that no call of ours has done."""
        own = {self.keys.get(row[0], row[0]) for row in operation.plan.get("rows", [])}
        changed = [
            label.lower()
            for key, label in self.seen_as.items()
            if key not in own and key in operation.before and key in seen
            if seen[key] != operation.before[key] and key != "status"
        ]
        besides = f", and another {' and '.join(changed)} than before" if changed else ""
        described = self.describe_reading(operation, seen)
        return f"Changed by others meanwhile: Wix shows {described}{besides}."

    def plan_moved(self) -> str:
        """Why nothing was sent where Wix shows something else than was confirmed."""
        return (
            f"The {self.noun} had changed at Wix since the plan was shown, so nothing was sent."
            " Look at it and ask anew."
        )

    def put_back(self, operation: Operation) -> str:
        """What to know after Wix refused half-way and the thing is as it was before."""
        return "It was put back, and Wix shows it as it was."
