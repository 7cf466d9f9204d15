"""The places where a process can die: every named point of the engine, step by step, per kind."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from resellers.operations.engine.failpoints import ACTIONS, POINTS

from .kinds import STEPS

READING = ("reading", "read", "noted", "mirrored")
# Who dies at one of these leaves it in doubt whether the write was carried out.
IN_DOUBT = ("sending", "answered")
WRITING = ("deciding", "sending", "answered", "recorded", "confirming")


@dataclass(frozen=True)
class Plan:
    """One run: what is asked for, and where which process dies or freezes."""

    kind: str
    strategy: str
    place: str
    action: str
    second: str = ""  # where the process dies that goes on after the first has died
    refused: bool = False  # whether Wix refuses the new site, so that the service goes back

    @property
    def label(self) -> str:
        """What the run is called in the report and after `--only`."""
        part = "double" if self.second else ""
        back = "refused" if self.refused else ""
        what = ".".join(filter(None, (part, self.kind, self.strategy, back)))
        then = f" then {self.second}" if self.second else ""
        return f"{what} {self.action} at {self.place}{then}"


def places(steps: Sequence[str]) -> list[str]:
    """Every place on the way through these steps, in order; `#2` is a later reading's."""
    found = ["claimed", *READING]
    for number, step in enumerate(steps, start=2):
        found += [f"{name}:{step}" for name in WRITING]
        found += [f"{name}#{number}" for name in READING]
    found += ["ending", "ended"]
    passed = {name.partition(":")[0].partition("#")[0] for name in found}
    assert passed == set(POINTS), "a point of the engine is missing here"
    return found


def way_back() -> Iterator[Plan]:
    """Every place of a move's way back after Wix has refused the new site, killed and frozen."""
    on_the_way = places(("unassign", "assign", "assign_back"))
    for action in ACTIONS:
        for place in on_the_way[on_the_way.index("deciding:assign_back") :]:
            yield Plan("reassign", "two_step", place, action, refused=True)


def matrix() -> Iterator[Plan]:
    """Every kind and strategy, every place, killed and frozen."""
    for (kind, strategy), steps in STEPS.items():
        for action in ACTIONS:
            for place in places(steps):
                yield Plan(kind, strategy, place, action)
