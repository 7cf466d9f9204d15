"""Put a floating service on a site. Source: Resellers, Assign Product Instance To Site."""

from collections.abc import Sequence

from resellers import wix
from resellers.models import Operation, OperationKind, ProductInstance

from ..foresight import own, site_refusals, status_refusal
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
from .reassign import target_of


class Assign(InstanceKind):
    """Wish: `{"site_id": target}`."""

    name = OperationKind.ASSIGN

    def rows(self, instance: ProductInstance, wish: Wish) -> Sequence[PlanRow]:
        return [PlanRow("site", "Site", "Floating", str(target_of(wish)))]

    def steps(self, instance: ProductInstance, wish: Wish) -> dict[str, str]:
        return {"assign": f"Assign to {target_of(wish)}"}

    def calls(self, instance: ProductInstance, wish: Wish, strategy: str) -> Sequence[str]:
        return list(self.steps(instance, wish).values())

    def foresee(self, instance: ProductInstance, wish: Wish) -> Sequence[Foreseen]:
        found = status_refusal(instance)
        if instance.site_id is not None:
            words = f"The service is on {instance.site}."
            found.append(own("", "ASSIGNED", words, "Reassign it instead."))
        return [*found, *site_refusals(instance, wish["site_id"])]

    def dependants(self, instance: ProductInstance, wish: Wish) -> Sequence[Dependant]:
        return ()

    def decide(self, operation: Operation, seen: Seen, refused: Refused | None) -> Decision:
        if seen.site_id == operation.wish["site_id"]:
            return Done()
        if seen.site_id is not None:
            return Stuck("The service is on another site, which nobody here asked for.")
        return Back() if refused else Send("assign")

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> wix.PackageAnswer:
        return client.assign_product_instance(
            account_id=str(operation.account_id),
            instance_id=str(operation.instance_id),
            site_id=operation.wish["site_id"],
            idempotency_key=idempotency_key,
        )

    def undo(self, operation: Operation) -> tuple[OperationKind, Wish] | None:
        return OperationKind.UNASSIGN, {}
