"""The plan of a change: what will be different, what rests on it, what Wix would refuse.

Made from mirror and catalogue alone, with no call to Wix.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from resellers.models import InstanceStatus, Operation, OperationState, ProductInstance

from .kind import Dependant, Foreseen, PlanRow, Seen, Wish
from .kinds import kind_of

OUTAGE_SAMPLE = 20


@dataclass(frozen=True, slots=True)
class Outage:
    """How long the last two-step moves left the service on no site."""

    count: int
    median_seconds: float
    longest_seconds: float


@dataclass(frozen=True, slots=True)
class Plan:
    """What a person confirms. `fingerprint` covers wish, values before and dependants, no times."""

    kind: str
    subject: str
    instance: ProductInstance
    wish: Wish
    before: dict[str, Any]
    rows: tuple[PlanRow, ...]
    dependants: tuple[Dependant, ...]
    refusals: tuple[Foreseen, ...]
    warnings: tuple[str, ...]
    calls: tuple[str, ...]
    steps: dict[str, str]
    strategy: str
    checked_at: datetime | None
    is_fresh: bool
    outage: Outage | None
    fingerprint: str

    @property
    def possible(self) -> bool:
        return not self.refusals

    def as_json(self) -> dict[str, Any]:
        """The plan as it is kept with the operation."""
        return {
            "rows": [[row.field, row.label, row.before, row.after] for row in self.rows],
            "dependants": [dependant.words for dependant in self.dependants],
            "warnings": list(self.warnings),
            "calls": list(self.calls),
            "steps": self.steps,
            "checked_at": self.checked_at.isoformat() if self.checked_at else None,
        }


def make_plan(kind_name: str, instance: ProductInstance, wish: Wish) -> Plan:
    """The plan of this wish as the mirror stands. KeyError for an unknown kind."""
    kind = kind_of(kind_name)
    seen = Seen.in_mirror(instance)
    before = seen.as_json() | {
        "domain_connected": bool(instance.site and instance.site.domain_connected)
    }
    dependants = tuple(kind.dependants(instance, wish))
    strategy = kind.strategy()
    calls = tuple(kind.calls(instance, wish, strategy))
    return Plan(
        kind=kind_name,
        subject=kind.subject(instance),
        instance=instance,
        wish=wish,
        before=before,
        rows=tuple(kind.rows(instance, wish)),
        dependants=dependants,
        refusals=tuple(kind.foresee(instance, wish)),
        warnings=tuple(_warnings(instance)),
        calls=calls,
        steps=kind.steps(instance, wish),
        strategy=strategy,
        checked_at=instance.package.last_confirmed_at,
        is_fresh=instance.package.is_fresh,
        outage=_outage() if len(calls) > 1 else None,
        fingerprint=_fingerprint(kind_name, instance, wish, seen, strategy, dependants),
    )


def _fingerprint(
    kind: str,
    instance: ProductInstance,
    wish: Wish,
    seen: Seen,
    strategy: str,
    dependants: tuple[Dependant, ...],
) -> str:
    content = [
        kind,
        str(instance.pk),
        wish,
        seen.as_json(),
        strategy,
        sorted(d.words + str(d.instance.pk if d.instance else "") for d in dependants),
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _warnings(instance: ProductInstance) -> list[str]:
    if instance.status == InstanceStatus.ENABLED or instance.is_ended:
        return []
    return [f"The service is {instance.status}, so the customer cannot use it yet."]


def _outage() -> Outage | None:
    past: list[float] = list(
        Operation.objects.filter(state=OperationState.SUCCEEDED, outage_seconds__isnull=False)
        .order_by("-id")
        .values_list("outage_seconds", flat=True)[:OUTAGE_SAMPLE]  # type: ignore[arg-type]
    )
    return Outage(len(past), median(past), max(past)) if past else None
