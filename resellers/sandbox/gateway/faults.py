"""Fault injection: rules that break calls, by call, by count and by probability.

A call may meet several rules. They take effect in their order, and one that ends the call keeps
those after it from counting it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random
from typing import Any

from ..wire.validation import BadRequest

MATCHES = (
    "query",
    "get",
    "create",
    "cancel_package",
    "cancel_instance",
    "assign",
    "unassign",
    "adjust",
    "external_id",
    "sites",
    "transfer",
    "accounts",
    "new_account",
    "domains",
    "projects",
    "any",
)


@dataclass(frozen=True, slots=True)
class Effect:
    """What an effect needs after its colon, whether it ends the call, and what it does."""

    meaning: str
    argument: str = ""
    ends: bool = False


EFFECTS: dict[str, Effect] = {
    "delay": Effect("answers after so many milliseconds", "ms"),
    "drop_before": Effect("closes the connection, nothing carried out", ends=True),
    "drop_after": Effect("carries the call out, then closes the connection"),
    "reset_before": Effect("resets the connection, nothing carried out", ends=True),
    "reset_after": Effect("carries the call out, then resets the connection"),
    "hang_before": Effect("holds the connection for a minute, nothing carried out", ends=True),
    "hang_after": Effect("carries the call out, then holds the connection for a minute"),
    "late": Effect("cuts the connection, carries the call out so many ms later", "ms", True),
    "500_before": Effect("answers 500, nothing carried out", ends=True),
    "500_after": Effect("carries the call out, then answers 500"),
    "sticky_500": Effect("answers 500, and again for every repeat of that key", ends=True),
    "429": Effect("answers 429", ends=True),
    "bare": Effect("answers that status without a code", "status", True),
    "html_403": Effect("answers 403 as an HTML page", ends=True),
    "empty_403": Effect("answers 403 without a body", ends=True),
    "refuse": Effect(
        "refuses with that code, and the status and words written after it, if any", "code"
    ),
    "half_move": Effect("a move to another site fails and leaves the instance floating"),
    "bad_json": Effect("cuts the answer's JSON short"),
    "unknown_enum": Effect("shows a status, a unit and a type no document names"),
    "unknown_field": Effect("adds fields no document names"),
    "paging_metadata": Effect("gives the paging object its other name"),
    "no_cursors": Effect("leaves the cursors out"),
    "expired_cursor": Effect("refuses the cursor of a call that carries one", ends=True),
    "duplicate_rows": Effect("shows a row of the page before once more"),
    "empty_page": Effect("shows an empty page that is not the last"),
    "repeat_page": Effect("shows the first page again, and that more follows"),
    "repeat_cursor": Effect("gives the cursor of a call that carries one back as the next"),
    "cursor_loop": Effect("leads from the second page of a list back to the first"),
    "stale": Effect("reads show the world of so many milliseconds ago", "ms"),
    "ignore_idempotency": Effect("carries a call out although its key was used"),
    "no_date": Effect("leaves the answer's Date header out"),
    "deliver": Effect("what is ordered gets that status or failure code", "code"),
    "deliver_after": Effect("what is ordered is delivered after so many seconds", "seconds"),
}


@dataclass
class Rule:
    """One rule: which calls, what happens to them, and how often. `seen` counts the calls it
    met, `fired` those it took effect on."""

    match: str
    effect: str
    argument: str = ""
    times: int | None = None
    after: int = 0
    probability: float = 1.0
    seed: int = 0
    seen: int = 0
    fired: int = 0
    random: Random = field(default_factory=Random, repr=False)

    def __post_init__(self) -> None:
        self.random.seed(self.seed)

    def fires(self) -> bool:
        """Whether it takes effect on this call, which it was asked about because it matches."""
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.fired >= self.times):
            return False
        if self.probability < 1 and self.random.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def as_dict(self) -> dict[str, Any]:
        effect = f"{self.effect}:{self.argument}" if self.argument else self.effect
        return {
            "match": self.match,
            "effect": effect,
            "times": self.times,
            "after": self.after,
            "probability": self.probability,
            "seed": self.seed,
            "seen": self.seen,
            "fired": self.fired,
        }


@dataclass
class ActiveFaults:
    """The faults that met one call: effect names with what stands after their colon."""

    effects: list[tuple[str, str]] = field(default_factory=list)

    def __contains__(self, name: object) -> bool:
        return any(effect == name for effect, _ in self.effects)

    def argument(self, name: str) -> str:
        """What stands after the colon of the first effect of that name."""
        return next(argument for effect, argument in self.effects if effect == name)

    def sum(self, name: str) -> int:
        """The numbers after the colons of all effects of that name, added up."""
        return sum(int(argument) for effect, argument in self.effects if effect == name)

    def as_dict(self) -> dict[str, Any]:
        """Each effect with its argument, True where it takes none."""
        return {name: argument or True for name, argument in self.effects}

    @property
    def ending(self) -> str | None:
        """The effect that ends the call before it is executed, if one does."""
        return next((name for name, _ in self.effects if EFFECTS[name].ends), None)


def read_rules(payload: Any, seed: int = 0) -> list[Rule]:
    """The rules of `{"rules": [...]}` or of a bare list. Raises BadRequest."""
    if isinstance(payload, dict):
        for name in payload:
            if name != "rules":
                raise BadRequest(name, "is not a field of this call")
        payload = payload.get("rules")
    if not isinstance(payload, list):
        raise BadRequest("rules", "must be a list")
    return [_rule(one, f"rules[{number}]", seed + number) for number, one in enumerate(payload)]


def _rule(given: Any, place: str, seed: int) -> Rule:
    if not isinstance(given, dict):
        raise BadRequest(place, "must be an object")
    for name in given:
        if name not in ("match", "effect", "times", "after", "probability", "seed"):
            raise BadRequest(f"{place}.{name}", "is not a field of a rule")
    match = given.get("match", "any")
    if match not in MATCHES:
        raise BadRequest(f"{place}.match", f"must be one of {', '.join(MATCHES)}")
    name, argument = _effect(given.get("effect"), f"{place}.effect")
    probability = given.get("probability")
    if probability is None:
        probability = 1.0
    if isinstance(probability, bool) or not isinstance(probability, int | float):
        raise BadRequest(f"{place}.probability", "must be a number")
    if not 0 <= probability <= 1:
        raise BadRequest(f"{place}.probability", "must be between 0 and 1")
    return Rule(
        match=match,
        effect=name,
        argument=argument,
        times=_whole(given, "times", place),
        after=_whole(given, "after", place) or 0,
        probability=float(probability),
        seed=seed if given.get("seed") is None else _seed(given["seed"], place),
    )


def _effect(given: Any, place: str) -> tuple[str, str]:
    if not isinstance(given, str):
        raise BadRequest(place, "must be a string")
    name, colon, argument = given.partition(":")
    effect = EFFECTS.get(name)
    if effect is None:
        raise BadRequest(place, f"must be one of {', '.join(EFFECTS)}")
    if not effect.argument and colon:
        raise BadRequest(place, f"{name} takes nothing after a colon")
    if effect.argument and not argument:
        raise BadRequest(place, f"must be {name}:<{effect.argument}>")
    if effect.argument in ("ms", "seconds", "status") and not _is_number(argument):
        raise BadRequest(place, f"must be {name}:<{effect.argument}> with a whole number")
    if effect.argument == "status" and not 400 <= int(argument) <= 599:
        raise BadRequest(place, "takes a status between 400 and 599")
    if name == "refuse":
        _check_code(argument, place)
    return name, argument


def _check_code(argument: str, place: str) -> None:
    code, colon, rest = argument.partition(":")
    status = rest.partition(":")[0]
    if not code:
        raise BadRequest(place, "must be refuse:<CODE>, or with :<status> or :<status>:<words>")
    if colon and not (_is_number(status) and 400 <= int(status) <= 499):
        raise BadRequest(place, "takes a status between 400 and 499")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


def _whole(given: dict[str, Any], name: str, place: str) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise BadRequest(f"{place}.{name}", "must be a whole number from 0 up")
    return value


def _seed(value: Any, place: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadRequest(f"{place}.seed", "must be a whole number")
    return value
