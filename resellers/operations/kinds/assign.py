"""Put a floating service on a site. Source: Resellers, Assign Product Instance To Site."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import wix
from resellers.models import InstanceStatus, Operation, ProductInstance

from ..facts import Facts
from ..foreseen import Foreseen, own, site_refusals
from ..instance_kind import InstanceKind, InstanceSeen
from ..planned import PlanRow
from ..sentences import Sentences
from ..site_wishes import AssignWish, UnassignWish, target_of
from ..steps import Back, Decision, Done, Refused, Send, Sent, Stuck


class Assign(InstanceKind[AssignWish]):
    name = "assign"
    label = gettext_lazy("Assign")
    doing = "assigning"
    done = {"assign": "Assigned"}
    wish_class = AssignWish
    changes = ("site_id",)
    looks_at_sites = True

    def site_wished(self, wish: AssignWish) -> UUID | None:
        return wish.site_id

    def rows(self, thing: ProductInstance, wish: AssignWish) -> Sequence[PlanRow]:
        return [PlanRow("site", "Site", thing.place, str(target_of(wish.site_id)))]

    def sentences(self, operation: Operation) -> Sentences:
        name, (_old, new) = self.name_of(operation), self.sides(operation, "site")
        return Sentences(
            waits=_("%(name)s waits to be put on %(new)s") % {"name": name, "new": new},
            under_way=_("%(name)s is being put on %(new)s") % {"name": name, "new": new},
            done=_("%(name)s now stands on %(new)s") % {"name": name, "new": new},
            was_done=_("%(name)s was put on %(new)s") % {"name": name, "new": new},
            no_more=_("%(name)s no longer stands on %(new)s") % {"name": name, "new": new},
            not_done=_("%(name)s was not put on %(new)s") % {"name": name, "new": new},
            as_before=_("%(name)s still floats") % {"name": name},
            in_doubt=_("We cannot say where %(name)s stands") % {"name": name},
            neither=_("%(name)s stands on a site that nobody here asked for") % {"name": name},
        )

    def steps(self, thing: ProductInstance, wish: AssignWish) -> dict[str, str]:
        return {"assign": f"Assign to {target_of(wish.site_id)}"}

    def refused_as_it_is(self, thing: ProductInstance, facts: Facts) -> Sequence[Foreseen]:
        if thing.is_floating:
            return ()
        words = f"The service is on {thing.site}."
        return [own("", "ASSIGNED", words, _("Reassign it instead."))]

    def foresee(self, thing: ProductInstance, wish: AssignWish) -> Sequence[Foreseen]:
        return site_refusals(thing, wish.site_id)

    def judge(self, operation: Operation, seen: InstanceSeen, refused: Refused | None) -> Decision:
        if seen.site_id == str(self.wish_of(operation).site_id):
            return Done()
        if seen.site_id is not None:
            return Stuck("The service is on another site, which nobody here asked for.")
        return Back() if refused else Send("assign")

    def makes(self, operation: Operation, step: str) -> dict[str, list[str]]:
        return {"site": [str(self.wish_of(operation).site_id)], "status": [InstanceStatus.PENDING]}

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        answer = client.assign_product_instance(
            account_id=str(operation.account_id),
            instance_id=str(operation.instance_id),
            site_id=str(self.wish_of(operation).site_id),
            idempotency_key=idempotency_key,
        )
        return Sent(answer.call)

    def undo(self, operation: Operation) -> UnassignWish | None:
        return UnassignWish()
