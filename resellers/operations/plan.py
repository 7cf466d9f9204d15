"""The plan of a change: what will be different, what rests on it, what Wix would refuse.

Made from mirror and catalogue alone, with no call to Wix.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any, Generic

from resellers.models import Operation, OperationState, ProductInstance

from .dependants import Dependant
from .facts import Facts
from .foreseen import Foreseen
from .kinds import kind_of_wish
from .planned import About, Freshness, PlanRow
from .steps import Seen
from .wish import JsonObject, ThingT, Wish

OUTAGE_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Outage:
    """How long the gap lasted in the last operations of the kind."""

    count: int
    median_seconds: float
    longest_seconds: float


@dataclass(frozen=True, slots=True)
class Plan(Generic[ThingT]):
    """What a person confirms. `fingerprint` covers wish, values before and dependants, no times."""

    kind: str
    thing: ThingT
    about: About
    wish: Wish[ThingT]
    before: JsonObject
    rows: tuple[PlanRow, ...]
    dependants: tuple[Dependant, ...]
    refusals: tuple[Foreseen, ...]
    warnings: tuple[str, ...]
    calls: tuple[str, ...]
    steps: dict[str, str]
    strategy: str
    freshness: Freshness
    gap: str  # what will be so between its steps; empty where nothing is
    outage: Outage | None
    request: dict[str, Any] | None
    fingerprint: str

    @property
    def instance(self) -> ProductInstance | None:
        """The service it is about, if it is about one."""
        return self.about.instance

    @property
    def checked_at(self) -> datetime | None:
        return self.freshness.checked_at

    @property
    def is_fresh(self) -> bool:
        return self.freshness.is_fresh

    @property
    def possible(self) -> bool:
        return not self.refusals

    def as_json(self) -> JsonObject:
        """The plan as it is kept with the operation."""
        return {
            "rows": [[row.field, row.label, row.before, row.after] for row in self.rows],
            "dependants": [dependant.words for dependant in self.dependants],
            "dependant_ids": [str(d.instance.pk) for d in self.dependants if d.instance],
            "warnings": list(self.warnings),
            "calls": list(self.calls),
            "steps": {**self.steps},
            "checked_at": self.checked_at.isoformat() if self.checked_at else None,
        }


def make_plan(
    thing: ThingT, wish: Wish[ThingT], *, retry_of: Operation | None = None
) -> Plan[ThingT]:
    """The plan of this wish about the thing, as the mirror stands.

    `retry_of` is the ended operation that it asks for again.
    """
    kind = kind_of_wish(wish)
    refusals = [*kind.obstacles(thing, Facts([thing])), *kind.foresee(thing, wish)]
    if retry_of and not refusals:
        refusals += kind.foresee_retry(thing, wish, retry_of)
    about = kind.about(thing, wish)
    dependants = tuple(kind.dependants(thing, wish))
    strategy = kind.strategy()
    calls = tuple(kind.calls(thing, wish, strategy))
    seen = kind.in_mirror(thing, wish)
    has_gap = bool(kind.gap) and len(calls) > 1
    return Plan(
        kind=kind.name,
        thing=thing,
        about=about,
        wish=wish,
        before=kind.before(thing, wish),
        rows=tuple(kind.rows(thing, wish)),
        dependants=dependants,
        refusals=tuple(refusals),
        warnings=tuple(kind.warnings(thing, wish)),
        calls=calls,
        steps=kind.steps(thing, wish),
        strategy=strategy,
        freshness=kind.freshness(thing),
        gap=kind.gap_ahead(thing) if has_gap else "",
        outage=_outage(kind.name) if has_gap else None,
        request=kind.request(thing, wish),
        fingerprint=_fingerprint(kind.name, about.subject, wish, seen, strategy, dependants),
    )


@dataclass(frozen=True, slots=True)
class Outline(Generic[ThingT]):
    """A plan as far as it is told of one wish among many; its fingerprint is the plan's."""

    about: About
    wish: Wish[ThingT]
    rows: tuple[PlanRow, ...]
    refusals: tuple[Foreseen, ...]
    calls: int
    fingerprint: str


def make_outlines(wished: Sequence[tuple[ThingT, Wish[ThingT]]]) -> list[Outline[ThingT]]:
    """The plans of these wishes, all of one kind; the kind says in how many queries."""
    if not wished:
        return []
    kind = kind_of_wish(wished[0][1])
    facts, strategy = Facts([thing for thing, _ in wished]), kind.strategy()
    return [
        Outline(
            about=basis.about,
            wish=wish,
            rows=tuple(basis.rows),
            refusals=(*kind.obstacles(thing, facts), *basis.refusals),
            calls=len(kind.calls(thing, wish, strategy)),
            fingerprint=_fingerprint(
                kind.name,
                basis.about.subject,
                wish,
                basis.seen,
                strategy,
                tuple(basis.dependants),
            ),
        )
        for (thing, wish), basis in zip(wished, kind.plan_bases(wished), strict=True)
    ]


def _fingerprint(
    kind: str,
    subject: str,
    wish: Wish[Any],
    seen: Seen,
    strategy: str,
    dependants: tuple[Dependant, ...],
) -> str:
    content = [
        kind,
        subject,
        wish.as_json(),
        seen.as_json(),
        strategy,
        sorted(d.words + str(d.instance.pk if d.instance else "") for d in dependants),
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _outage(kind_name: str) -> Outage | None:
    past: list[float] = list(
        Operation.objects.filter(
            kind=kind_name, state=OperationState.SUCCEEDED, outage_seconds__isnull=False
        )
        .order_by("-id")
        .values_list("outage_seconds", flat=True)[:OUTAGE_SAMPLE]  # type: ignore[arg-type]
    )
    return Outage(len(past), median(past), max(past)) if past else None
