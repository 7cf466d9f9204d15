"""Which kinds of operation are asked for with a reason only."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction

from resellers import audit, policy
from resellers.models import Policy

from .kinds import KINDS

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def wanting_reasons(row: Policy | None = None) -> list[str]:
    """The kinds that want one: as an admin has decided of each, else as the kind itself says.

    One query, and none where the policy's row was read already.
    """
    row = row or policy.current()
    return [
        name
        for name, kind in KINDS.items()
        if (name in row.reason_wanted_for if name in row.reason_decided_for else kind.wants_reason)
    ]


def want_reasons_for(kinds: Iterable[str], *, by: "User") -> None:
    """Decide of every kind there is: these want a reason, the others none."""
    new = sorted(kinds)
    with transaction.atomic():
        old = sorted(wanting_reasons())
        if old == new:
            return
        decided = {"reason_wanted_for": new, "reason_decided_for": sorted(KINDS)}
        Policy.objects.update_or_create(pk=1, defaults=decided)
        audit.record("policy.reasons_wanted", by=by, body={"old": old, "new": new})
