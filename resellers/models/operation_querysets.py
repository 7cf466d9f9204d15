"""What the words of operations, of orders in place of what failed, and of readings mean.

As in `querysets`: a word in capitals is a condition, the method of the same name narrows by it.
"""

from datetime import timedelta
from typing import Any, Self, TypeVar

from django.db.models import (
    Case,
    Exists,
    Model,
    OuterRef,
    Q,
    When,
)
from django.utils import timezone

from .scope import Scope, ScopedQuerySet
from .states import (
    ENDED_STATUSES,
    MOVING_STATES,
    OPEN_STATES,
    REFUSED_STATES,
    REPEATABLE_STATES,
    UNDER_WAY_STATES,
    InstanceStatus,
    OperationState,
)

ModelT = TypeVar("ModelT", bound=Model)

# --- operations ----------------------------------------------------------------------------------

OPEN = Q(state__in=OPEN_STATES)
UNDER_WAY = Q(state__in=UNDER_WAY_STATES)
CONFIRMING = Q(state=OperationState.CONFIRMING)
NEEDING_ATTENTION = Q(state=OperationState.NEEDS_ATTENTION)
SUCCEEDED = Q(state=OperationState.SUCCEEDED)
REFUSED = Q(state__in=REFUSED_STATES)
DRIFTED = SUCCEEDED & Q(drifted_at__isnull=False, drift_ended_at=None)
# So long what has ended is told among what needs a person; after that on the operation alone.
CONCERNS = timedelta(days=7)


def drifted_lately() -> Q:
    """The successes found true no more within a week, and not changed by us since."""
    since = timezone.now() - CONCERNS
    return DRIFTED & Q(drifted_at__gte=since)


class OperationQuerySet(ScopedQuerySet[ModelT]):
    """Operations."""

    def within(self, scope: Scope) -> Q:
        """Of those that name a second customer, the ones that the person asked for."""
        of_one = ~Q(wish__has_key="account_id") | Q(requested_by=scope.person_id)
        return super().within(scope) & of_one

    def open(self) -> Self:
        """Those that have not ended."""
        return self.filter(OPEN)

    def under_way(self) -> Self:
        """The open ones that need nobody: the engine carries them on."""
        return self.filter(UNDER_WAY)

    def moving(self) -> Self:
        """Those of which a write may be on its way to Wix."""
        return self.filter(state__in=MOVING_STATES)

    def needing_attention(self) -> Self:
        """The open ones that only a person can carry on."""
        return self.filter(NEEDING_ATTENTION)

    def succeeded(self) -> Self:
        return self.filter(SUCCEEDED)

    def drifted(self) -> Self:
        """The successes found true no more, and not changed by us since."""
        return self.filter(DRIFTED)

    def drifted_lately(self) -> Self:
        """The successes found true no more within a week, and not changed by us since."""
        return self.filter(drifted_lately())

    def ended_badly_lately(self) -> Self:
        """Those that ended within a week and left something to look at: rolled back half-way, or
        refused while others changed the thing. Not those after which somebody asked for something
        of the same service."""
        return self.filter(self._ended_badly_lately())

    def needing_a_person(self) -> Self:
        """All that somebody has to look at: the one answer of the overview, the list and the menu.

        They need attention, ended badly lately, or were found true no more lately.
        """
        return self.filter(NEEDING_ATTENTION | self._ended_badly_lately() | drifted_lately())

    def most_pressing_first(self) -> Self:
        """Those that have not ended before the others, and of each the ones that wait longest."""
        has_ended = Case(When(NEEDING_ATTENTION, then=0), default=1)
        return self.order_by(has_ended, "requested_at", "id")

    def _ended_badly_lately(self) -> Q:
        unwanted = Q(state=OperationState.ROLLED_BACK) | REFUSED & Q(changed_by_others=True)
        later: Any = self.model._default_manager
        asked_since = later.filter(instance=OuterRef("instance"), pk__gt=OuterRef("pk"))
        return unwanted & Q(finished_at__gte=timezone.now() - CONCERNS) & ~Q(Exists(asked_since))

    def refused(self) -> Self:
        """Those that Wix would not have, at once or half-way."""
        return self.filter(REFUSED)

    def gone_wrong(self) -> Self:
        """Those that were refused, and those that need a person."""
        return self.filter(REFUSED | NEEDING_ATTENTION)

    def repeatable(self) -> Self:
        """Those that ended without being carried out."""
        return self.filter(state__in=REPEATABLE_STATES)


# --- what was ordered in place of what had failed ------------------------------------------------


class AttemptQuerySet(ScopedQuerySet[ModelT]):
    """Calls to Wix for operations."""

    CUSTOMER = "operation__account"


class ReorderQuerySet(ScopedQuerySet[ModelT]):
    """Lines of orders that were made in place of failed services."""

    CUSTOMER = "operation__account"

    def in_effect(self) -> Self:
        """Those by which the service was had, or may be yet.

        Neither what was refused or withdrawn, nor what failed, was canceled or left in its turn.
        Of an order whose services cannot be told apart, any that lives counts.
        """
        services: Any = self.model._meta.get_field("service").related_model
        held = services.objects.live().filter(package=OuterRef("operation__package"))
        is_one = Q(service__gone_at=None) & ~Q(service__status__in=ENDED_STATUSES)
        is_any = Q(service=None) & (Q(operation__package=None) | Exists(held))
        had = Q(service__isnull=False) & is_one | is_any
        open_ = Q(operation__state__in=OPEN_STATES)
        return self.filter(open_ | Q(operation__state=OperationState.SUCCEEDED) & had)

    def delivered(self) -> Self:
        """Those by which the service was had: Wix has delivered it, and it lives."""
        enabled = Q(service__status=InstanceStatus.ENABLED, service__gone_at=None)
        return self.filter(enabled, operation__state=OperationState.SUCCEEDED)

    def since_outer_failed(self) -> Self:
        """In a subquery: those in place of the outer service, or made for the same since it failed.

        What is ordered in place of it may fail too and be ordered again, and it may itself have
        been ordered so: all of them are for one thing.
        """
        made: Any = self.model._default_manager.filter(service=OuterRef(OuterRef("pk")))
        of_same = Q(origin=OuterRef("pk")) | Q(origin__in=made.values("origin"))
        since = Q(operation__requested_at__gte=OuterRef("status_since"))
        return self.filter(Q(failed=OuterRef("pk")) | of_same & since)


# --- readings of Wix -----------------------------------------------------------------------------


class SyncRunQuerySet(ScopedQuerySet[ModelT]):
    """Readings of Wix."""

    def within(self, scope: Scope) -> Q:
        """Those of their customers, those of nobody in particular, and the person's own."""
        mine = scope.customers
        named = Q(account__in=mine) | Q(package__account__in=mine)
        by_whom = ~Q(kind=self.model.Kind.CHOSEN) | Q(requested_by=scope.person_id)  # type: ignore[attr-defined]
        return named | Q(account=None, package=None) & by_whom

    def open(self) -> Self:
        """Those that have not ended."""
        return self.filter(state__in=self.model.OPEN_STATES)  # type: ignore[attr-defined]


# --- what Wix does not let us read ---------------------------------------------------------------


class UnreadableQuerySet(ScopedQuerySet[ModelT]):
    """Refusals to let us read a record."""

    def standing(self) -> Self:
        """Those that no later reading has ended."""
        return self.filter(ended_at=None)
