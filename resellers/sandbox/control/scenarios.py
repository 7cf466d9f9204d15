"""Scenarios to rehearse: what may go wrong at Wix, each as the faults that bring it about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Scenario:
    """What it is to the person who rehearses it, and the rules of faults."""

    meaning: str
    rules: list[dict[str, Any]]


SCENARIOS = {
    "lost_answers": Scenario(
        "Every third write is carried out and its answer lost",
        [
            {"match": name, "effect": "drop_after", "probability": 0.34}
            for name in ("assign", "unassign", "adjust", "create")
        ],
    ),
    "refusals": Scenario(
        "Wix refuses every move to another site",
        [{"match": "assign", "effect": "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED"}],
    ),
    "half_moves": Scenario(
        "Moves fail half-way and leave the service floating",
        [{"match": "assign", "effect": "half_move"}],
    ),
    "slow": Scenario("Every call takes three seconds", [{"match": "any", "effect": "delay:3000"}]),
    "throttled": Scenario(
        "Wix answers half of all calls with 429",
        [{"match": "any", "effect": "429", "probability": 0.5}],
    ),
    "away": Scenario("Wix is away", [{"match": "any", "effect": "drop_before"}]),
    "closed": Scenario("Wix refuses the key", [{"match": "any", "effect": "html_403"}]),
}
