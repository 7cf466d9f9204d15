"""Who carries an operation out: leases by the database's clock, and the fence that guards them."""

import os
import socket
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Now

from resellers.clock import database_now, in_seconds
from resellers.constraints import violates
from resellers.models import Operation, OperationState

# How long an operation waits for another one of its package to end.
BUSY_SECONDS = 5


class LostLease(Exception):
    """Another worker has claimed the operation: stop at once and write nothing."""


def due() -> QuerySet[Operation]:
    """The operations whose time has come and that nobody carries out."""
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    due_now = Operation.objects.under_way().filter(free, next_run_at__lte=Now())
    return due_now.order_by("next_run_at", "id")


def next_lease_end() -> float | None:
    """In how many seconds the first of the leases there are runs out; None where there is none."""
    held = Operation.objects.under_way().filter(lease_until__gt=Now())
    ends = held.aggregate(first=Min("lease_until"))
    return (ends["first"] - database_now()).total_seconds() if ends["first"] else None


def claim(operation_id: int) -> Operation | None:
    """Lease the operation to this process; None if it is not due, or its package is busy."""
    try:
        with transaction.atomic():
            won = (
                due()
                .filter(pk=operation_id)
                .order_by()
                .update(
                    state=Case(
                        When(state=OperationState.CONFIRMING, then=F("state")),
                        default=Value(OperationState.RUNNING.value),
                    ),
                    lease_until=in_seconds(settings.OPERATIONS["LEASE_SECONDS"]),
                    lease_owner=f"{socket.gethostname()}:{os.getpid()}",
                    fence=F("fence") + 1,
                )
            )
    except IntegrityError as error:
        if not violates(error, "one_moving_operation_per_package"):
            raise
        Operation.objects.filter(pk=operation_id, state=OperationState.QUEUED).update(
            next_run_at=in_seconds(BUSY_SECONDS),
            waiting_for="Another operation on this package has to end first.",
        )
        return None
    if not won:
        return None
    return Operation.objects.select_related(
        "account", "package", "instance", "site", "requested_by"
    ).get(pk=operation_id)


def save(operation: Operation, **values: Any) -> None:
    """Write these fields if the operation is still ours; raises LostLease if it is not."""
    ours = Operation.objects.filter(pk=operation.pk, fence=operation.fence)
    if not ours.update(**values):
        raise LostLease


def renew(operation: Operation) -> None:
    """Hold the lease for another full term; raises LostLease."""
    save(operation, lease_until=in_seconds(settings.OPERATIONS["LEASE_SECONDS"]))
