"""The fault tour: every fault on the first write of a move, with every fault on the second."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import override_settings

from tests import practice

from . import turns, verdict
from .ground import Ground
from .report import Report
from .wishes import Wishes

LATE = 1.5  # seconds; by then the engine has looked and has sent once more
FAULTS = (
    "ok",
    "reset_before",
    "reset_after",
    "500_before",
    "500_after",
    "429",
    "hang_before",
    "hang_after",
    f"late:{LATE * 1000:.0f}",
    "bad_json",
)
# These end the call; the others spoil the answer of one that was carried out.
ENDING = ("reset_before", "500_before", "429", "hang_before", "late")
MODES = ("honoured", "ignored", "sticky")


@dataclass(frozen=True)
class Pair:
    """What happens to the two writes, and what Wix makes of a key that it knows.

    `ignored`: it carries the write out again. `sticky`: it answers 500 to every repeat.
    """

    mode: str
    first: str
    second: str

    @property
    def label(self) -> str:
        return f"faults.{self.mode} {self.first} + {self.second}"

    def rules(self) -> Iterator[dict[str, Any]]:
        for match, fault in (("unassign", self.first), ("assign", self.second)):
            if self.mode == "ignored":
                # First: a rule behind one that ends the call does not meet that call.
                yield {"match": match, "effect": "ignore_idempotency"}
            if fault == "ok":
                continue
            yield {"match": match, "effect": fault, "times": 1}
            if self.mode == "sticky":
                ends = fault.partition(":")[0] in ENDING
                yield {"match": match, "effect": "sticky_500", "after": int(not ends)}


def tour(ground: Ground, report: Report) -> None:
    """All pairs of faults, in the three ways in which Wix may treat a key."""
    wishes = Wishes(ground.by)
    with override_settings(OPERATIONS=settings.OPERATIONS | turns.NUMBERS):
        for pair in _pairs(report.seed):
            if report.wants(pair.label):
                _run(ground, report, wishes, pair)
    practice.faults(ground.sandbox)


def _pairs(seed: int) -> Iterator[Pair]:
    """First those of a Wix that honours keys; the others by chance, since time may be short."""
    pairs = [Pair(m, first, second) for m in MODES for first in FAULTS for second in FAULTS]
    usual = len(FAULTS) ** 2
    yield from pairs[:usual]
    yield from random.Random(f"{seed}:faults").sample(pairs[usual:], len(pairs) - usual)


def _run(ground: Ground, report: Report, wishes: Wishes, pair: Pair) -> None:
    since, started = ground.mark(), time.monotonic()
    practice.faults(ground.sandbox, *pair.rules())
    operation = wishes.ask("reassign", "two_step")
    turns.finish(ground, [operation])
    if any(fault.startswith("late") for fault in (pair.first, pair.second)):
        # What is still on its way arrives now.
        time.sleep(LATE + 0.1)
    practice.faults(ground.sandbox)
    turns.settle_now([operation])
    honoured = pair.mode == "honoured"
    wrongs = verdict.wrongs(ground, operation, since=since, keys_honoured=honoured)
    drifted = " drifted, and noticed" if operation.drifted_at else ""
    end = f"{operation.state:<16}{time.monotonic() - started:5.1f} s{drifted}"
    report.note(pair.label, end, wrongs, verdict.story(operation))
    wishes.free()
