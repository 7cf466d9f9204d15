"""The one order in which the mirror's rows are locked: accounts, products, sites, packages,
services, each by id. So two who meet the same rows wait for each other, and never each for the
other.

The locks leave keys alone: what only refers to a row does not wait for it.

People wait for these rows too, as they confirm a wish. So nobody waits for a batch for longer than
a second, be its process frozen: the database itself then ends its transaction. And a batch that
waits for others lets go of all it has, before it takes its turn again.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import Q, QuerySet

from resellers.database_faults import Trouble, trouble_of
from resellers.models import Account, Operation, Package, ProductInstance, Site
from resellers.transactions import briefly

RowT = TypeVar("RowT", Account, Site, Package, ProductInstance)
Arguments = ParamSpec("Arguments")
ResultT = TypeVar("ResultT")

# Seconds: for which its process may stand still in the midst of a batch, and for which it waits for
# what others hold.
STANDING_STILL, WAITING = 0.9, 0.5
TURNS = 6


def in_turn(work: Callable[Arguments, ResultT]) -> Callable[Arguments, ResultT]:
    """The same work as one such transaction, begun anew where another one holds its rows for long,
    or where its process was too slow, which then is given twice the time.

    It must do nothing that outlives the transaction.
    """

    @wraps(work)
    def carry_out(*arguments: Arguments.args, **options: Arguments.kwargs) -> ResultT:
        still = STANDING_STILL
        for turns_left in reversed(range(TURNS)):
            is_outermost = not connection.in_atomic_block
            try:
                with briefly(still=still, waiting=WAITING):
                    return work(*arguments, **options)
            except DatabaseError as error:
                # SQLite has waited long enough by itself.
                if not turns_left or connection.vendor == "sqlite":
                    raise
                trouble = trouble_of(error)
                if trouble is Trouble.STOOD_STILL and is_outermost:
                    connection.close()
                    still *= 2
                elif trouble is not Trouble.HELD:
                    raise
        raise AssertionError("the last turn returns or raises")

    return carry_out


def locked(model: type[RowT], wanted: Q) -> QuerySet[RowT]:
    """The rows so wanted, by id, held until the transaction ends."""
    manager: Any = model._default_manager
    rows: QuerySet[RowT] = manager.select_for_update(no_key=True).filter(wanted).order_by("id")
    return rows


def busy(package_ids: Iterable[UUID], operation: Operation | None = None) -> set[UUID | None]:
    """Those of which a call of an operation other than this one may be on its way."""
    moving = Operation.objects.moving().filter(package_id__in=package_ids)
    if operation:
        moving = moving.exclude(pk=operation.pk)
    return set(moving.values_list("package_id", flat=True))
