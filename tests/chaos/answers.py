"""Every fault on the one write of each kind that has one, and orders whose answers are lost."""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.test import override_settings

from resellers.models import Operation
from tests import practice

from . import turns, verdict
from .faults import ENDING, FAULTS, LATE, MODES
from .ground import Ground
from .kinds import KINDS
from .report import Report
from .wishes import Wishes

# How an order's answer is lost: before Wix, after Wix, on its way, in pieces, with Wix's reads
# lagging behind.
LOST = ("drop_before", "drop_after", "reset_before", "reset_after", "500_before", "500_after")
LOST += ("hang_after", "bad_json", f"late:{LATE * 1000:.0f}")
LAGS = (0, 0, 200, 600)  # milliseconds


@dataclass(frozen=True)
class Answer:
    """What happens to a kind's write, and what Wix makes of a key that it knows."""

    kind: str
    mode: str
    fault: str

    @property
    def label(self) -> str:
        return f"answers.{self.kind} {self.mode} {self.fault}"

    def rules(self) -> Iterator[dict[str, Any]]:
        match = KINDS[self.kind].match or KINDS[self.kind].steps[""][0]
        # A domain is asked for by calls of the same sort: the first of them is a reading.
        first = {"after": 1} if match == "domains" else {}
        if self.mode == "ignored":
            yield {"match": match, "effect": "ignore_idempotency"}
        yield {"match": match, "effect": self.fault, "times": 1} | first
        if self.mode == "sticky":
            ends = self.fault.partition(":")[0] in ENDING
            yield {"match": match, "effect": "sticky_500", "after": int(not ends)}


def tour(ground: Ground, report: Report) -> None:
    """Each fault on each kind, in each way in which Wix may treat a key."""
    wishes = Wishes(ground.by)
    answers = list(_answers())
    random.Random(f"{report.seed}:answers").shuffle(answers)
    with override_settings(OPERATIONS=settings.OPERATIONS | turns.NUMBERS):
        for answer in answers:
            if report.wants(answer.label):
                operation, wrongs, end = _run(
                    ground, wishes, answer.kind, list(answer.rules()), answer.mode == "honoured"
                )
                report.note(answer.label, end, wrongs, verdict.story(operation))
    practice.faults(ground.sandbox)


def lost_orders(ground: Ground, report: Report, *, count: int) -> None:
    """So many orders whose answer is lost: each becomes one package."""
    wishes, orders, made = Wishes(ground.by), 0, 0
    with override_settings(OPERATIONS=settings.OPERATIONS | turns.NUMBERS):
        for number in range(count):
            label = f"orders.lost {number}"
            if not report.wants(label):
                continue
            chance = random.Random(f"{report.seed}:order:{number}")
            rules = [{"match": "create", "effect": chance.choice(LOST), "times": 1}]
            if lag := chance.choice(LAGS):
                rules.append({"match": "query", "effect": f"stale:{lag}"})
            operation, wrongs, end = _run(ground, wishes, "create_package", rules, True)
            (packages,) = KINDS["create_package"].at_wix(ground, operation)
            if packages != 1:
                wrongs.append(f"it has become {packages} packages")
            report.note(label, end, wrongs, verdict.story(operation))
            orders, made = orders + 1, made + packages
    report.tell("orders.lost", f"{orders} lost answers, {made} packages")
    practice.faults(ground.sandbox)


def _answers() -> Iterator[Answer]:
    for name, kind in KINDS.items():
        if "" not in kind.steps:
            continue
        for mode in MODES if kind.has_key else MODES[:1]:
            for fault in FAULTS[1:]:
                yield Answer(name, mode, fault)


def _run(
    ground: Ground, wishes: Wishes, kind: str, rules: list[dict[str, Any]], keys_honoured: bool
) -> tuple[Operation, list[str], str]:
    """Ask for such an operation under these rules: it, what is wrong with its end, and its end."""
    since, started = ground.mark(), time.monotonic()
    practice.faults(ground.sandbox, *rules)
    operation = wishes.ask(kind)
    turns.finish(ground, [operation])
    if any(rule["effect"].startswith("late") for rule in rules):
        time.sleep(LATE + 0.1)  # what is still on its way arrives now
    practice.faults(ground.sandbox)
    turns.settle_now([operation])
    wrongs = verdict.wrongs(ground, operation, since=since, keys_honoured=keys_honoured)
    drifted = " drifted, and noticed" if operation.drifted_at else ""
    end = f"{operation.state:<16}{time.monotonic() - started:5.1f} s{drifted}"
    wishes.free()
    return operation, wrongs, end
