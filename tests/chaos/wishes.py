"""Things to ask for that Wix would not refuse, each on a package and on sites of its own."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db.models import F, Max
from django.test import override_settings

from resellers.models import CatalogProduct, InstanceStatus, Operation, ProductInstance
from resellers.operations.plan import Plan, make_plan
from resellers.operations.requests import request_operation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from resellers.operations.kind import Wish


class Wishes:
    """Asks for operations in one person's name. What it has asked for stays apart until `free`."""

    def __init__(self, by: "User") -> None:
        self.by = by
        self._packages: set[UUID] = set()
        self._sites: set[UUID | None] = set()
        self._hopeless: set[tuple[str, UUID]] = set()  # looked at once, not worth another look

    def ask(self, kind: str, strategy: str = "") -> Operation:
        """Ask for such an operation as a person does with two clicks. LookupError if there is none."""
        with override_settings(WIX_REASSIGN=strategy or "two_step"):
            plan = self._plan(kind)
            operation = request_operation(
                kind,
                plan.instance,
                plan.wish,
                by=self.by,
                request_id=uuid4(),
                fingerprint=plan.fingerprint,
            )
        self._packages.add(operation.package_id)
        self._sites |= {plan.instance.site_id, operation.site_id} - {None}
        return operation

    def free(self) -> None:
        """What was asked for has ended: its packages and sites may be asked about again."""
        self._packages.clear()
        self._sites.clear()
        self._hopeless.clear()

    def _plan(self, kind: str) -> Plan:
        candidates = (
            ProductInstance.objects.filter(
                status=InstanceStatus.ENABLED, gone_at=None, site__isnull=kind == "assign"
            )
            .exclude(package_id__in=self._packages)
            .exclude(site_id__in=self._sites - {None})
            .exclude(package__operations__state__in=["queued", "running", "confirming"])
            .exclude(package__operations__state="needs_attention")
            .select_related("package", "account", "product", "site")
        )
        longest_ago = F("asked_last").asc(nulls_first=True)
        candidates = candidates.annotate(asked_last=Max("package__operations__id"))
        for instance in candidates.order_by(longest_ago, "id"):
            if (kind, instance.pk) in self._hopeless:
                continue
            for wish in self._wishes(kind, instance):
                plan = make_plan(kind, instance, wish)
                if plan.possible and not plan.dependants:
                    return plan
            self._hopeless.add((kind, instance.pk))
        raise LookupError(f"this world has nothing left to {kind}")

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
