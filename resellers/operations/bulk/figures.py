"""How a run stands, counted from its changes and their operations."""

from dataclasses import dataclass

from django.db.models import Count, Q

from resellers.models import BulkRun
from resellers.models.bulk_querysets import (
    CARRIED_OUT,
    IN_VAIN,
    NEEDING_A_PERSON,
    REFUSED,
    REPEATABLE,
    SKIPPED,
    STOPPED,
    UNCHANGED,
    UNDER_WAY,
    UNTICKED,
    WAITING,
)


@dataclass(frozen=True, slots=True)
class RunFigures:
    """The changes of a run, each counted once, and beside them those that may be tried again."""

    every: int
    waiting: int
    under_way: int
    carried_out: int
    in_vain: int
    needing_a_person: int
    unchanged: int
    refused: int
    unticked: int
    skipped: int
    stopped: int
    repeatable: int

    @property
    def released(self) -> int:
        return self.under_way + self.carried_out + self.in_vain + self.needing_a_person

    @property
    def wanted(self) -> int:
        """How many the plan would release."""
        return self.waiting + self.released + self.skipped + self.stopped

    @property
    def settled(self) -> int:
        """How many of these have come to an end, or to a person."""
        return self.wanted - self.waiting - self.under_way

    @property
    def left_out(self) -> int:
        """How many the plan had nothing to do for, or would not have, or somebody left out."""
        return self.unchanged + self.refused + self.unticked


# Each change is in one of these, whatever its run's state; the names are those of RunFigures.
PARTS: dict[str, Q] = {
    "waiting": WAITING,
    "under_way": UNDER_WAY,
    "carried_out": CARRIED_OUT,
    "in_vain": IN_VAIN,
    "needing_a_person": NEEDING_A_PERSON,
    "unchanged": UNCHANGED,
    "refused": REFUSED,
    "unticked": UNTICKED,
    "skipped": SKIPPED,
    "stopped": STOPPED,
}


def figures_of(run: BulkRun) -> RunFigures:
    """The run's figures as they are now; one query."""
    counts = {name: Count("pk", filter=part) for name, part in PARTS.items()}
    every = Count("pk")
    return RunFigures(
        **run.changes.aggregate(every=every, repeatable=Count("pk", filter=REPEATABLE), **counts)
    )
