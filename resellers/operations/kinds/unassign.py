"""Take a service off its site and leave it floating.

Source: Resellers, Unassign Product Instance From Site.
"""

from collections.abc import Sequence
from uuid import UUID

from resellers import wix
from resellers.models import InstanceStatus, Operation, ProductInstance
from resellers.models.states import FLOATING

from ..dependants import Dependant, leaving_site
from ..facts import Facts
from ..foreseen import Foreseen, foreseen
from ..instance_kind import InstanceKind, InstanceSeen
from ..kind import Back, Decision, Done, PlanRow, Refused, Send, Sent, Stuck
from ..site_wishes import AssignWish, UnassignWish


class Unassign(InstanceKind[UnassignWish]):
    name = "unassign"
    label = "Unassign"
    doing = "unassigning"
    done = {"unassign": "Unassigned"}
    wish_class = UnassignWish
    changes = ("site_id",)

    def rows(self, thing: ProductInstance, wish: UnassignWish) -> Sequence[PlanRow]:
        return [PlanRow("site", "Site", thing.place, FLOATING)]

    def steps(self, thing: ProductInstance, wish: UnassignWish) -> dict[str, str]:
        return {"unassign": f"Unassign from {thing.site}"}

    def refused_as_it_is(self, thing: ProductInstance, facts: Facts) -> Sequence[Foreseen]:
        return [foreseen("MISSING_SITE_ID", field="")] if thing.is_floating else ()

    def dependants(self, thing: ProductInstance, wish: UnassignWish) -> Sequence[Dependant]:
        return leaving_site(thing)

    def judge(self, operation: Operation, seen: InstanceSeen, refused: Refused | None) -> Decision:
        if seen.site_id is None:
            return Done()
        if seen.site_id != operation.before["site_id"]:
            return Stuck("The service is on another site, which nobody here asked for.")
        return Back() if refused else Send("unassign")

    def makes(self, operation: Operation, step: str) -> dict[str, list[str]]:
        return {"site": [""], "status": [InstanceStatus.PENDING]}

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        answer = client.unassign_product_instance(
            account_id=str(operation.account_id),
            instance_id=str(operation.instance_id),
            idempotency_key=idempotency_key,
        )
        return Sent(answer.call)

    def undo(self, operation: Operation) -> AssignWish | None:
        source = operation.before["site_id"]
        return AssignWish(UUID(source)) if source else None
