"""What the words of flows mean: as in `operation_querysets`."""

from typing import Self, TypeVar

from django.db.models import Exists, Model, OuterRef, Q

from .scope import Scope, ScopedQuerySet
from .states import OPEN_STATES, OperationState

ModelT = TypeVar("ModelT", bound=Model)

UNFINISHED_STATES = ("open", "waiting", "paused", "stopped")
UNFINISHED = Q(state__in=UNFINISHED_STATES)
# What waits for somebody: a choice or a confirmation, or something that went otherwise.
OF_A_PERSON = Q(state__in=["open", "stopped"])


class FlowQuerySet(ScopedQuerySet[ModelT]):
    """Pieces of guided work."""

    def within(self, scope: Scope) -> Q:
        """Those of their customers whose site is not another customer's, and the person's own."""
        mine = Q(owner=scope.person_id)
        theirs = Q(site__account__in=scope.customers) | Q(site__account__is_main=True)
        named = super().within(scope) & (Q(site=None) | theirs | mine)
        return named | Q(account=None) & mine

    def unfinished(self) -> Self:
        """Those that are neither done nor given up."""
        return self.filter(UNFINISHED)

    def under_way(self) -> Self:
        """Those that go on by themselves: they wait, or what they stopped at may yet end well. An
        operation that came to nothing may not."""
        steps = self.model._meta.get_field("steps").related_model._default_manager  # type: ignore[union-attr]
        hopeful = [*OPEN_STATES, OperationState.SUCCEEDED]
        may_end_well = Q(operation=None) | Q(operation__state__in=hopeful)
        alive = Exists(steps.filter(may_end_well, flow=OuterRef("pk"), state="current"))
        return self.filter(Q(state="waiting") | Q(state="stopped") & alive)

    def needing_a_person(self) -> Self:
        """Those that wait for somebody to choose, to confirm or to decide."""
        return self.filter(OF_A_PERSON)


class FlowPartQuerySet(ScopedQuerySet[ModelT]):
    """Steps of flows, and what happened in these."""

    def within(self, scope: Scope) -> Q:
        """Those of flows that are in the scope."""
        return Q(flow__in=scope.visible("Flow"))
