"""Things to ask for that Wix would not refuse, each on a package and on sites of its own."""

import time
from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.test import override_settings

from resellers.models import (
    OPEN_STATES,
    CatalogProduct,
    InstanceStatus,
    Operation,
    ProductInstance,
)
from resellers.operations.plan import Plan, make_plan
from resellers.operations.requests import request_operation

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models import QuerySet

    from resellers.operations.kind import Wish


class Wishes:
    """Asks for operations in one person's name. What it has asked for stays apart until `free`."""

    def __init__(self, by: "User") -> None:
        self.by = by
        self.slowest = 0.0  # seconds that a click took
        self._packages: set[UUID | None] = set()
        self._sites: set[UUID] = set()
        self._queues: dict[str, deque[UUID]] = {}

    def ask(self, kind: str, strategy: str = "") -> Operation:
        """Ask for such an operation, as a person does with two clicks. Raises LookupError."""
        with override_settings(WIX_REASSIGN=strategy or "two_step"):
            plan = self._plan(kind)
            started = time.monotonic()
            operation = request_operation(
                kind,
                plan.instance,
                plan.wish,
                by=self.by,
                request_id=uuid4(),
                fingerprint=plan.fingerprint,
            )
        self.slowest = max(self.slowest, time.monotonic() - started)
        self._packages.add(operation.package_id)
        self._sites |= {s for s in (plan.instance.site_id, operation.site_id) if s}
        return operation

    def free(self) -> None:
        """What was asked for has ended: its packages and sites may be asked about again."""
        self._packages.clear()
        self._sites.clear()

    def _plan(self, kind: str) -> Plan:
        """The first plan that is possible; who was asked for goes to the end of the queue."""
        queue = self._queues.setdefault(kind, deque(_everything()))
        for _ in range(len(queue)):
            instance_id = queue.popleft()
            queue.append(instance_id)
            instance = self._free_instance(instance_id)
            if instance is None:
                continue
            for wish in self._wishes(kind, instance):
                plan = make_plan(kind, instance, wish)
                if plan.possible and not plan.dependants:
                    return plan
        raise LookupError(f"this world has nothing left to {kind}")

    def _free_instance(self, instance_id: UUID) -> ProductInstance | None:
        """The instance, unless it or what it would touch is spoken for."""
        instance = ProductInstance.objects.select_related(
            "package", "account", "product", "site"
        ).get(pk=instance_id)
        if instance.package_id in self._packages or instance.site_id in self._sites:
            return None
        open_ones = Operation.objects.filter(package=instance.package_id, state__in=OPEN_STATES)
        return None if open_ones.exists() else instance

    def _wishes(self, kind: str, instance: ProductInstance) -> "Iterator[Wish]":
        if kind == "unassign":
            yield {}
        elif kind == "adjust":
            similar = CatalogProduct.objects.filter(
                service_type=instance.product.service_type, adjustable=True
            )
            for product in similar.order_by("id"):
                for cycle in product.cycles:
                    yield {"product_id": str(product.pk), "cycle": cycle}
        else:
            for site in instance.account.sites.exclude(pk__in=self._sites).order_by("id"):
                yield {"site_id": str(site.pk)}


def _everything() -> "QuerySet[ProductInstance, UUID]":
    """Every service that works, whether it stands on a site or floats."""
    working = ProductInstance.objects.filter(status=InstanceStatus.ENABLED, gone_at=None)
    return working.order_by("id").values_list("id", flat=True)
