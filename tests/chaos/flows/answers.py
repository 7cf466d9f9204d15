"""What Wix answers to a flow's steps is spoilt, fault by fault: it is done, or stops in true words.

Where it has stopped, staff do what its page offers, and it must be done then.
"""

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from resellers.flows import deciding
from resellers.models import Flow, OperationState
from resellers.operations import decisions
from tests import practice
from tests.chaos.faults import FAULTS, LATE, MODES
from tests.chaos.ground import Ground
from tests.chaos.kinds import KINDS
from tests.chaos.report import Report

from . import judge
from .journeys import Journey, at_work, attend
from .routes import ROUTES
from .supplies import Supplies

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Flow.State
# To a write: what the other parts spoil, an order told twice, a refusal, and a gateway's own words.
OF_WRITES = (
    *FAULTS[1:],
    *("drop_before", "drop_after", "bare:503", "bare:409", "bare:404", "empty_403"),
)
# Met by a reading again and again, for longer than its client tries.
OF_READS = ("500_before", "429", "hang_before", "bad_json", "bare:404", "bare:403", "bare:401")
TIMES_READ = 4
END_SECONDS, TRIES = 60, 3


@dataclass(frozen=True, slots=True)
class Spoilt:
    """Which route, the answer to which of its steps, how, and what Wix makes of a known key."""

    route: str
    step: str
    fault: str
    mode: str = MODES[0]

    @property
    def label(self) -> str:
        return f"flows.{self.route} {self.step} {self.mode} {self.fault}"

    @property
    def armed_at(self) -> str:
        """The step at which a person acts last before the call goes out; none is the beginning."""
        if self.step == "suggest_1":
            return ""
        earlier = {"setup": "connect", "found": "records", "active": "register"}
        return "agree" if self.route == "chain" else earlier.get(self.step, self.step)

    def rules(self) -> Iterator[dict[str, Any]]:
        route = ROUTES[self.route]
        if self.step in route.reads:
            # Behind the reading, the write and the reading of the operation before.
            after = 3 if self.step in ("setup", "active") else 0
            match = route.reads[self.step]
            yield {"match": match, "effect": self.fault, "times": TIMES_READ, "after": after}
            return
        match = route.writes[self.step][2]
        if self.mode == "ignored":
            yield {"match": match, "effect": "ignore_idempotency"}
        first = {"after": 1} if match == "domains" else {}
        yield {"match": match, "effect": self.fault, "times": 1} | first
        if self.mode == "sticky":
            yield {"match": match, "effect": "sticky_500", "times": 3}


def tour(ground: Ground, report: Report, supplies: Supplies, *, full: bool) -> list[Journey]:
    """Each fault on each step that asks Wix, one flow after the other; those that are done."""
    asked = _spoilt(report.seed, full=full or bool(report.only))
    with at_work(ground):
        done = [_run(ground, report, supplies, one) for one in asked if report.wants(one.label)]
    practice.faults(ground.sandbox)
    return done


def _spoilt(seed: int, *, full: bool) -> list[Spoilt]:
    """All; or of each step that writes two and of each that reads one, by chance."""
    chance, found = random.Random(f"{seed}:flow answers"), []
    for name, route in ROUTES.items():
        for step, (kind, _, _) in route.writes.items():
            modes = MODES if KINDS[kind].has_key else MODES[:1]
            each = [Spoilt(name, step, fault, mode) for mode in modes for fault in OF_WRITES]
            found += each if full else chance.sample(each, 1)
        for step in route.reads:
            each = [Spoilt(name, step, fault) for fault in OF_READS]
            found += each if full else chance.sample(each, 1)
    chance.shuffle(found)
    return found


def _run(ground: Ground, report: Report, supplies: Supplies, spoilt: Spoilt) -> Journey:
    started, armed = time.monotonic(), False

    def arm(step: str) -> "User":
        nonlocal armed
        if not armed and step == spoilt.armed_at:
            practice.faults(ground.sandbox, *spoilt.rules())
            armed = True
        return ground.by

    if not spoilt.armed_at:
        practice.faults(ground.sandbox, *spoilt.rules())
        armed = True
    journey = Journey.begun(ground, supplies, spoilt.route)
    came = attend([journey], END_SECONDS, by=arm)
    fired = sum(rule.fired for rule in ground.sandbox.gateway.rules)
    if spoilt.fault.startswith("late"):
        time.sleep(LATE + 0.1)  # what is still on its way arrives now
    practice.faults(ground.sandbox)
    keys_honoured = spoilt.mode == MODES[0]
    wrongs = [] if came else [f"it neither ended nor stopped: {journey.told}"]
    wrongs += [] if fired else ["nothing of it was spoilt"]
    stops = []
    while journey.flow.state == State.STOPPED and len(stops) < TRIES:
        stops.append(journey.told)
        wrongs += judge.stop_wrongs(journey, keys_honoured=keys_honoured)
        decide(journey)
        attend([journey], END_SECONDS)
    wrongs += judge.wrongs(journey, keys_honoured=keys_honoured)
    if keys_honoured:
        wrongs += judge.stray_writes([journey], ground.calls(journey.since))
    told = f" after {len(stops)} stops" if stops else ""
    end = f"{journey.flow.state:<8}{time.monotonic() - started:5.1f} s{told}"
    report.note(spoilt.label, end, wrongs, [*stops, *judge.story(journey)])
    return journey


def decide(journey: Journey) -> None:
    """What somebody does who finds it stopped: decide about its operation, or try again."""
    row = journey.row
    operation = row.operation if row else None
    if operation is not None and operation.state == OperationState.NEEDS_ATTENTION:
        decisions.try_again(operation, by=journey.flow.owner)
        deciding.look_now(journey.flow, by=journey.flow.owner)
    else:
        deciding.try_again(journey.flow, by=journey.flow.owner)
