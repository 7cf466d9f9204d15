"""Of a plan that nobody has confirmed yet single changes are left out, and put back."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext

from resellers import audit
from resellers.models import BulkRun, PlannedChange
from resellers.models.bulk_querysets import UNTICKED, UNTICKED_CODE, PlannedChangeQuerySet

from ..requests import NotAllowed
from .deciding import NotNow

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def leave_out(run: BulkRun, among: PlannedChangeQuerySet[PlannedChange], *, by: "User") -> int:
    """Have none of these be released, whatever else is; how many. Raises NotAllowed, NotNow."""
    why = gettext("%(person)s left it out of the plan.") % {"person": by}
    left = {"outcome": PlannedChange.Outcome.SKIPPED, "code": UNTICKED_CODE, "why": why}
    return _choose(run, among.waiting(), "bulk.left_out", by, decided_at=Now(), **left)


def put_back(run: BulkRun, among: PlannedChangeQuerySet[PlannedChange], *, by: "User") -> int:
    """Have those of these that were left out be in the plan again; how many. Raises the same."""
    waits = {"outcome": PlannedChange.Outcome.PLANNED, "code": "", "why": ""}
    return _choose(run, among.filter(UNTICKED), "bulk.put_back", by, decided_at=None, **waits)


def _choose(
    run: BulkRun,
    chosen: PlannedChangeQuerySet[PlannedChange],
    event: str,
    by: "User",
    **values: object,
) -> int:
    with transaction.atomic():
        held = BulkRun.objects.select_for_update(no_key=True).get(pk=run.pk)
        if not held.is_planned:
            raise NotNow(gettext("It was confirmed meanwhile: nothing of it is left out any more."))
        if held.by_id != by.pk:
            raise NotAllowed("Somebody else made this plan. Make one of your own.")
        numbers = list(chosen.order_by("number").values_list("number", flat=True))
        if numbers:
            run.changes.filter(number__in=numbers).update(**values)
            audit.record(event, by=by, body={"run": run.pk, "kind": run.kind, "numbers": numbers})
    return len(numbers)
