"""Where a flow's process can die: every point of both engines, at every step of every route."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from resellers.operations.engine.failpoints import ACTIONS, FLOW_POINTS
from tests.chaos.places import places

from .journeys import ASKED, FIRST, LAST
from .routes import ROUTES

LOOKED_AT_ONCE = {"suggest_1", "setup", "package"}
OPERATION = ASKED  # what dies is who carries out the step's operation


@dataclass(frozen=True, slots=True)
class Plan:
    """One flow: which way it goes, at which step who dies or freezes, and where."""

    route: str
    step: str
    phase: str
    point: str
    action: str

    @property
    def label(self) -> str:
        """What the run is called in the report and after `--only`."""
        return f"flows.{self.route} {self.action} at {self.point}, {self.step} {self.phase}"


def matrix() -> Iterator[Plan]:
    """Every place of every step of every route, killed and frozen."""
    for name, route in ROUTES.items():
        for step in route.steps:
            for action in ACTIONS:
                for phase in _phases(name, step):
                    for point in FLOW_POINTS:
                        yield Plan(name, step, phase, point, action)
                if step in route.writes:
                    for point in places(route.writes[step][1:2]):
                        yield Plan(name, step, OPERATION, point, action)


def some(seed: int, *, rounds: int) -> list[Plan]:
    """Of each step of each route so many, chosen by chance: its flow's places, its operation's."""
    chance = random.Random(f"{seed}:flows")
    of_steps: dict[tuple[str, str, bool], list[Plan]] = defaultdict(list)
    for plan in matrix():
        of_steps[plan.route, plan.step, plan.phase == OPERATION].append(plan)
    chosen = [plan for plans in of_steps.values() for plan in chance.sample(plans, rounds)]
    chance.shuffle(chosen)
    return chosen


def _phases(route: str, step: str) -> tuple[str, ...]:
    """What is looked at once ends with that look; what is waited for, with a later one."""
    is_question = step in ROUTES[route].people and step not in ROUTES[route].writes
    return (FIRST,) if is_question or step in LOOKED_AT_ONCE else (FIRST, LAST)
