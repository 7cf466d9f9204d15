"""Change a service's product within its type, its billing cycle, or both.

Source: Resellers, Adjust Product Instance Specifications.
"""

from collections.abc import Sequence
from uuid import UUID

from resellers import wix
from resellers.models import (
    CatalogProduct,
    InstanceStatus,
    Operation,
    OperationKind,
    ProductInstance,
)

from ..foresight import ENDED, foreseen, own, status_refusal
from ..kind import (
    Back,
    Decision,
    Dependant,
    Done,
    Foreseen,
    InstanceKind,
    PlanRow,
    Refused,
    Seen,
    Send,
    Stuck,
    Wish,
)


class Adjust(InstanceKind):
    """Wish: `{"product_id": target, "cycle": "1 YEAR"}`; an empty cycle for a one-time product."""

    name = OperationKind.ADJUST

    def rows(self, instance: ProductInstance, wish: Wish) -> Sequence[PlanRow]:
        target = _product(wish)
        return [
            PlanRow("product", "Product", str(instance.product), str(target or wish["product_id"])),
            PlanRow("cycle", "Billing cycle", in_words(instance.cycle), in_words(wish["cycle"])),
        ]

    def steps(self, instance: ProductInstance, wish: Wish) -> dict[str, str]:
        target = _product(wish) or wish["product_id"]
        cycle = in_words(wish["cycle"])
        return {"adjust": f"Adjust to {target}, {cycle}"}

    def calls(self, instance: ProductInstance, wish: Wish, strategy: str) -> Sequence[str]:
        return list(self.steps(instance, wish).values())

    def foresee(self, instance: ProductInstance, wish: Wish) -> Sequence[Foreseen]:
        found = status_refusal(instance, wanted=[InstanceStatus.ENABLED])
        target, cycle = _product(wish), wish["cycle"]
        if target is None:
            return [*found, foreseen("PRODUCT_NOT_FOUND", detail="It is not in the catalogue.")]
        if not instance.product.adjustable:
            detail = f"{instance.product} cannot be adjusted."
            found.append(foreseen("OPERATION_NOT_SUPPORTED_FOR_PRODUCT", field="", detail=detail))
        if target.service_type != instance.product.service_type:
            detail = f"{target} is a {target.service_type or 'service of unknown type'}."
            found.append(foreseen("INCOMPATIBLE_PRODUCT", detail=detail))
        elif target.pk != instance.product_id and not target.adjustable:
            found.append(foreseen("OPERATION_NOT_SUPPORTED_FOR_PRODUCT"))
        if target.cycles and not cycle:
            found.append(foreseen("MISSING_BILLING_CYCLE"))
        elif cycle and cycle not in target.cycles:
            offered = ", ".join(in_words(c) for c in target.cycles) or "no cycle at all"
            found.append(foreseen("INCOMPATIBLE_BILLING_CYCLE", detail=f"It has: {offered}."))
        if target.pk == instance.product_id and cycle == instance.cycle:
            words = "That is what the service is already."
            found.append(own("target_product", "NO_CHANGE", words, "Choose something else."))
        if target.pk != instance.product_id and target.limit is not None:
            used = target.instances.exclude(status__in=ENDED).filter(gone_at=None).count()
            if used >= target.limit:
                detail = f"{used} of {target.limit} are in use."
                found.append(foreseen("PRODUCT_LIMIT_EXCEEDED", detail=detail))
        return found

    def dependants(self, instance: ProductInstance, wish: Wish) -> Sequence[Dependant]:
        return ()

    def decide(self, operation: Operation, seen: Seen, refused: Refused | None) -> Decision:
        wish, before = operation.wish, operation.before
        if (seen.product_id, seen.cycle) == (wish["product_id"], wish["cycle"]):
            return Done()
        if (seen.product_id, seen.cycle) != (before["product_id"], before["cycle"]):
            return Stuck("The service has a product or cycle that nobody here asked for.")
        return Back() if refused else Send("adjust")

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> wix.PackageAnswer:
        count, _, unit = operation.wish["cycle"].partition(" ")
        return client.adjust_product_instance(
            account_id=str(operation.account_id),
            instance_id=str(operation.instance_id),
            catalog_product_id=operation.wish["product_id"],
            billing_info=wix.BillingInfo(type="RECURRING", unit=unit, count=int(count))
            if unit
            else None,
            idempotency_key=idempotency_key,
        )

    def undo(self, operation: Operation) -> tuple[OperationKind, Wish] | None:
        before = operation.before
        return OperationKind.ADJUST, {
            "product_id": before["product_id"],
            "cycle": before["cycle"],
        }


def in_words(cycle: str) -> str:
    """`1 YEAR` as `1 year`, `2 MONTH` as `2 months`, none as `once`."""
    count, _, unit = cycle.partition(" ")
    if not unit:
        return "once"
    return f"{count} {unit.lower()}{'' if count == '1' else 's'}"


def _product(wish: Wish) -> CatalogProduct | None:
    try:
        return CatalogProduct.objects.filter(pk=UUID(wish["product_id"])).first()
    except ValueError:
        return None
