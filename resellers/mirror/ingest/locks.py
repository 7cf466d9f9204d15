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

from django.db import OperationalError, connection
from django.db.models import Q, QuerySet

from resellers.database_faults import Trouble, trouble_of
from resellers.models import Account, Operation, Package, ProductInstance, Site
from resellers.transactions import briefly

RowT = TypeVar("RowT", Account, Site, Package, ProductInstance)
Arguments = ParamSpec("Arguments")
ResultT = TypeVar("ResultT")

WAITING = "500ms"
TURNS = 6


def in_turn(work: Callable[Arguments, ResultT]) -> Callable[Arguments, ResultT]:
    """The same work as one such transaction, begun anew where another one holds its rows for long.

    It must do nothing that outlives the transaction.
    """

    @wraps(work)
    def carry_out(*arguments: Arguments.args, **options: Arguments.kwargs) -> ResultT:
        for turns_left in reversed(range(TURNS)):
            try:
                with briefly(waiting=WAITING):
                    return work(*arguments, **options)
            except OperationalError as error:
                # SQLite has waited long enough by itself.
                is_held = connection.vendor == "postgresql" and trouble_of(error) is Trouble.HELD
                if not (is_held and turns_left):
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
