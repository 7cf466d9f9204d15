"""The one order in which the mirror's rows are locked: accounts, products, sites, packages,
services, each by id. So two who meet the same rows wait for each other, and never each for the
other.

The locks leave keys alone: what only refers to a row does not wait for it.
"""

from collections.abc import Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q, QuerySet

from resellers.models import Account, Operation, Package, ProductInstance, Site

RowT = TypeVar("RowT", Account, Site, Package, ProductInstance)


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
