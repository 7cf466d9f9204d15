"""Take a service off its site and leave it floating.

Source: Resellers, Unassign Product Instance From Site.
"""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import wix
from resellers.models import InstanceStatus, Operation, ProductInstance
from resellers.models.states import FLOATING

from ..dependants import Dependant, leaving_site
from ..facts import Facts
from ..foreseen import Foreseen, foreseen
from ..instance_kind import InstanceKind, InstanceSeen, domain_left_behind
from ..planned import PlanRow
from ..sentences import Sentences
from ..site_wishes import AssignWish, UnassignWish
from ..steps import Back, Decision, Done, Refused, Send, Sent, Stuck


class Unassign(InstanceKind[UnassignWish]):
    name = "unassign"
    label = gettext_lazy("Unassign")
    doing = "unassigning"
    done = {"unassign": "Unassigned"}
    wish_class = UnassignWish
    changes = ("site_id",)

    def rows(self, thing: ProductInstance, wish: UnassignWish) -> Sequence[PlanRow]:
        return [PlanRow("site", "Site", thing.place, FLOATING)]

    def sentences(self, operation: Operation) -> Sentences:
        name, (old, _new) = self.name_of(operation), self.sides(operation, "site")
        return Sentences(
            waits=_("%(name)s waits to be taken off %(old)s") % {"name": name, "old": old},
            under_way=_("%(name)s is being taken off %(old)s") % {"name": name, "old": old},
            done=_("%(name)s now stands on no site") % {"name": name},
            was_done=_("%(name)s was taken off %(old)s") % {"name": name, "old": old},
            no_more=_("%(name)s stands on a site again") % {"name": name},
            not_done=_("%(name)s was not taken off %(old)s") % {"name": name, "old": old},
            as_before=_("%(name)s still stands on %(old)s") % {"name": name, "old": old},
            in_doubt=_("We cannot say where %(name)s stands") % {"name": name},
            neither=_("%(name)s stands on a site that nobody here asked for") % {"name": name},
        )

    def meant(self, operation: Operation) -> list[str]:
        old, _ = self.sides(operation, "site")
        words = f"{old} is without {self.name_of(operation)}. It stays paid for while it floats."
        return [words, *domain_left_behind(operation, old)]

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
