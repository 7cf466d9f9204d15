"""Rehearsals from the practice page: what its forms ask for, and the bad days it offers."""

from __future__ import annotations

from typing import Any, Protocol

from .bodies import BadRequest
from .faults import read_rules
from .gateway import Gateway
from .state import World
from .switches import SWITCHES, Switch

BAD_DAYS: dict[str, tuple[str, list[dict[str, Any]]]] = {
    "lost_answers": (
        "Every third write is carried out and its answer lost",
        [
            {"match": name, "effect": "drop_after", "probability": 0.34}
            for name in ("assign", "unassign", "adjust", "create")
        ],
    ),
    "refusals": (
        "Wix refuses every move to another site",
        [{"match": "assign", "effect": "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED"}],
    ),
    "half_moves": (
        "Moves fail half-way and leave the service floating",
        [{"match": "assign", "effect": "half_move"}],
    ),
    "slow": ("Every call takes three seconds", [{"match": "any", "effect": "delay:3000"}]),
    "throttled": (
        "Wix answers half of all calls with 429",
        [{"match": "any", "effect": "429", "probability": 0.5}],
    ),
    "away": ("Wix is away", [{"match": "any", "effect": "drop_before"}]),
    "closed": ("Wix refuses the key", [{"match": "any", "effect": "html_403"}]),
}


class Controls(Protocol):
    """What the page's forms may do to a world and to the gateway before it."""

    @property
    def world(self) -> World: ...

    gateway: Gateway

    def advance(self, seconds: float) -> None: ...

    def turn(self, positions: dict[str, Any]) -> None: ...


def carry_out(control: Controls, form: dict[str, str]) -> None:
    """Do what the page's form asks for. Raises BadRequest."""
    action = form.get("action")
    gateway, seed = control.gateway, control.world.seed
    if action == "clock":
        control.advance(_number(form, "advance_seconds") or 0)
    elif action == "deliver":
        control.world.deliver_now()
    elif action == "clear":
        gateway.rules = []
    elif action == "bad_day":
        _, rules = BAD_DAYS.get(form.get("day", ""), ("", None))
        if rules is None:
            raise BadRequest("day", "is no bad day of this page")
        gateway.rules = read_rules(rules, seed)
    elif action == "fault":
        gateway.rules = [*gateway.rules, *read_rules([_rule(form)], seed + len(gateway.rules))]
    elif action == "switch":
        name, value = form.get("name", ""), form.get("value", "")
        switch = SWITCHES.get(name)
        control.turn({name: position(switch, value) if switch else value})
    else:
        raise BadRequest("action", "is none of this page's")


def word(value: Any) -> str:
    """A switch's position as it is written in a form."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def position(switch: Switch, written: str) -> Any:
    """What a form's word means for that switch; a word it does not know stays a word."""
    if switch.many:
        return [one.strip() for one in written.split(",") if one.strip()]
    if switch.choices is None:
        return int(written) if written.isascii() and written.isdigit() else written
    return next((one for one in switch.choices if word(one) == written), written)


def _rule(form: dict[str, str]) -> dict[str, Any]:
    return {
        "match": form.get("match"),
        "effect": ":".join(filter(None, (form.get("effect"), form.get("argument")))),
        "times": _number(form, "times"),
        "after": _number(form, "after"),
    }


def _number(form: dict[str, str], name: str) -> int | None:
    """A form's whole number, None where it was left empty."""
    written = form.get(name, "").strip()
    if not written:
        return None
    if not (written.isascii() and written.isdigit() and len(written) < 12):
        raise BadRequest(name, "must be a whole number from 0 up")
    return int(written)
