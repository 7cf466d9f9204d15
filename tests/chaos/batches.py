"""Runs carried out beside each other, so many at once."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

BATCH = 8
PlanT = TypeVar("PlanT")


def batches(plans: Iterable[PlanT], is_alone: Callable[[PlanT], bool]) -> Iterator[list[PlanT]]:
    """The plans in their order, so many at once and one at most of those that go alone.

    Each is asked for as late as can be, since time may run out.
    """
    remaining = iter(plans)
    held: list[PlanT] = []
    while True:
        batch, held = held[:1], held[1:]
        for plan in remaining:
            if is_alone(plan) and any(map(is_alone, batch)):
                held.append(plan)
            else:
                batch.append(plan)
            if len(batch) == BATCH:
                break
        if not batch:
            return
        yield batch
