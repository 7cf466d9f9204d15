"""What the words of changes that wait mean: as in `operation_querysets`."""

from typing import Any, Self, TypeVar

from django.db.models import Exists, Model, OuterRef, Q

from .scope import Scope, ScopedQuerySet
from .states import REPEATABLE_STATES, UNDER_WAY_STATES, OperationState

ModelT = TypeVar("ModelT", bound=Model)

# --- changes -------------------------------------------------------------------------------------

WAITING = Q(outcome="planned")
RELEASED = Q(outcome="released")
# How the operation stands that a change was released into.
UNDER_WAY = RELEASED & Q(operation__state__in=UNDER_WAY_STATES)
CARRIED_OUT = RELEASED & Q(operation__state=OperationState.SUCCEEDED)
NEEDING_A_PERSON = RELEASED & Q(operation__state=OperationState.NEEDS_ATTENTION)
IN_VAIN = RELEASED & Q(operation__state__in=REPEATABLE_STATES)
# Nothing was asked for it: the plan would not have it, or it came too late.
UNCHANGED = Q(outcome="unchanged")
REFUSED = Q(outcome="refused")
# Left out of its plan by a person; anything else that was skipped came too late.
UNTICKED_CODE = "left_out"
UNTICKED = Q(outcome="skipped", code=UNTICKED_CODE)
SKIPPED = Q(outcome="skipped") & ~Q(code=UNTICKED_CODE)
STOPPED = Q(outcome="stopped")
REPEATABLE = REFUSED | SKIPPED | STOPPED | IN_VAIN


class PlannedChangeQuerySet(ScopedQuerySet[ModelT]):
    """Changes that were planned and wait, or waited."""

    def waiting(self) -> Self:
        """Those that are still to be released."""
        return self.filter(WAITING)

    def under_way(self) -> Self:
        """Those whose operation the engine is at."""
        return self.filter(UNDER_WAY)

    def repeatable(self) -> Self:
        """Those of which nothing came: refused, skipped, stopped, or their operation in vain."""
        return self.filter(REPEATABLE)


# --- runs ----------------------------------------------------------------------------------------


class BulkRunQuerySet(ScopedQuerySet[ModelT]):
    """Plans of many changes, and the runs that they became."""

    def within(self, scope: Scope) -> Q:
        """Those of which no change is of a customer elsewhere."""
        changes: Any = self.model._meta.get_field("changes").related_model
        of_run = changes._base_manager.filter(run=OuterRef("pk"))
        mine = Q(by=scope.person_id) | Q(Exists(of_run))
        return mine & ~Q(Exists(of_run.exclude(account__in=scope.customers)))

    def running(self) -> Self:
        """Those of which changes are being released, or have not all ended."""
        return self.filter(state="running")

    def confirmed(self) -> Self:
        """Those that somebody has confirmed, whatever became of them."""
        return self.exclude(state="planned")

    def at_work(self) -> Self:
        """Those that go on by themselves: running, or ended early with operations under way."""
        changes = self.model._meta.get_field("changes").related_model._default_manager  # type: ignore[union-attr]
        left = Exists(changes.filter(UNDER_WAY, run=OuterRef("pk")))
        return self.filter(Q(state="running") | ~Q(state="planned") & left)
