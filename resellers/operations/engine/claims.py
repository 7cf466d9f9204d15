"""Which operation is carried out next: what is half done first, and one of a package at a time."""

from django.db import IntegrityError, transaction
from django.db.models import Case, F, QuerySet, Value, When

from resellers import leases
from resellers.clock import in_seconds
from resellers.constraints import violates
from resellers.models import Operation, OperationState

# How long an operation waits for another one of its package to end.
BUSY_SECONDS = 5


def due() -> QuerySet[Operation]:
    """The operations whose time has come and that nobody carries out, in their order.

    A wish that is carried out too late is late; a service that is left between two writes is missed
    by a customer. So what is half done goes first, and what is new last, by age.
    """
    return leases.due(Operation.objects.under_way()).order_by("priority", "id")


def claim(operation_id: int) -> Operation | None:
    """Lease the operation to this process; None if it is not due, or its package is busy."""
    operations = Operation.objects.under_way().select_related(
        "account", "package", "instance", "site", "requested_by"
    )
    state = Case(
        When(state=OperationState.CONFIRMING, then=F("state")),
        default=Value(OperationState.RUNNING.value),
    )
    try:
        with transaction.atomic():
            return leases.claim(operations, operation_id, state=state)
    except IntegrityError as error:
        if not violates(error, "one_moving_operation_per_package"):
            raise
    Operation.objects.filter(pk=operation_id, state=OperationState.QUEUED).update(
        next_run_at=in_seconds(BUSY_SECONDS),
        waiting_for="Another operation on this package has to end first.",
    )
    return None
