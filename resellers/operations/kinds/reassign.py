"""Move a service from one site to another.

Wix documents two calls, Unassign then Assign, between which the service is on no site. Assign may
also move it straight over (strategy `direct`); if that fails it may be on the old site or on none.
Source: Resellers, Sample Flows, Reassign a paid service; Assign Product Instance To Site.
"""

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import wix
from resellers.models import InstanceStatus, Operation, ProductInstance

from ..dependants import Dependant, leaving_site
from ..facts import Facts
from ..foreseen import Foreseen, own, site_refusals
from ..instance_kind import InstanceKind, InstanceSeen, domain_left_behind
from ..planned import PlanRow
from ..sentences import Sentences
from ..site_wishes import ReassignWish, target_of
from ..steps import Back, Decision, Done, Refused, Send, Sent, Stuck


class Reassign(InstanceKind[ReassignWish]):
    name = "reassign"
    label = gettext_lazy("Reassign")
    doing = "moving"
    done = {
        "unassign": "Unassigned",
        "assign": "Assigned",
        "move": "Moved",
        "assign_back": "Assigned",
    }
    wish_class = ReassignWish
    changes = ("site_id",)
    looks_at_sites = True
    ways_back = ("assign_back",)
    done_by_halves = ("move",)
    way_back_refused = "Wix refused the new site, and then the way back too."
    gap = "the service was on no site"
    opens_gap = "unassign"
    close_gap = ("assign", "assign_back")

    def site_wished(self, wish: ReassignWish) -> UUID | None:
        return wish.site_id

    def gap_ahead(self, thing: ProductInstance) -> str:
        return f"{thing.site or 'the old site'} is without {thing.product}, and so is the new one"

    def sentences(self, operation: Operation) -> Sentences:
        name, (old, new) = self.name_of(operation), self.sides(operation, "site")
        return Sentences(
            waits=_("%(name)s waits to move to %(new)s") % {"name": name, "new": new},
            under_way=_("%(name)s is moving to %(new)s") % {"name": name, "new": new},
            done=_("%(name)s now stands on %(new)s") % {"name": name, "new": new},
            was_done=_("%(name)s was moved to %(new)s") % {"name": name, "new": new},
            no_more=_("%(name)s no longer stands on %(new)s") % {"name": name, "new": new},
            not_done=_("%(name)s was not moved to %(new)s") % {"name": name, "new": new},
            as_before=_("%(name)s still stands on %(old)s") % {"name": name, "old": old},
            in_doubt=_("We cannot say where %(name)s stands") % {"name": name},
            neither=_("%(name)s stands neither on %(new)s nor on %(old)s")
            % {"name": name, "new": new, "old": old},
        )

    def meant(self, operation: Operation) -> list[str]:
        return domain_left_behind(operation, self.sides(operation, "site")[0])

    def strategy(self) -> str:
        return str(settings.WIX_REASSIGN)

    def rows(self, thing: ProductInstance, wish: ReassignWish) -> Sequence[PlanRow]:
        return [PlanRow("site", "Site", thing.place, str(target_of(wish.site_id)))]

    def steps(self, thing: ProductInstance, wish: ReassignWish) -> dict[str, str]:
        target = target_of(wish.site_id)
        return {
            "unassign": f"Unassign from {thing.site}",
            "assign": f"Assign to {target}",
            "move": f"Move straight to {target}",
            "assign_back": f"Assign back to {thing.site}",
        }

    def calls(self, thing: ProductInstance, wish: ReassignWish, strategy: str) -> Sequence[str]:
        steps = self.steps(thing, wish)
        return [steps["move"]] if strategy == "direct" else [steps["unassign"], steps["assign"]]

    def refused_as_it_is(self, thing: ProductInstance, facts: Facts) -> Sequence[Foreseen]:
        if not thing.is_floating:
            return ()
        words = "The service is floating, so there is nothing to move it from."
        return [own("", "FLOATING", words, _("Assign it to a site instead."))]

    def foresee(self, thing: ProductInstance, wish: ReassignWish) -> Sequence[Foreseen]:
        return site_refusals(thing, wish.site_id)

    def dependants(self, thing: ProductInstance, wish: ReassignWish) -> Sequence[Dependant]:
        return leaving_site(thing)

    def judge(self, operation: Operation, seen: InstanceSeen, refused: Refused | None) -> Decision:
        source, target = operation.before["site_id"], str(self.wish_of(operation).site_id)
        if seen.site_id == target:
            return Done()
        if seen.site_id not in (source, None):
            return Stuck("The service is on a third site, which nobody here asked for.")
        if refused is None:
            if seen.site_id is None:
                return Send("assign")
            return Send("move" if operation.strategy == "direct" else "unassign")
        if seen.site_id == source or not self._may_have_taken_it_off(operation):
            return Back()
        if refused.step == "assign_back":
            return Stuck("Wix refused the new site and then the old one: the service is floating.")
        return Send("assign_back", is_way_back=True)

    def _may_have_taken_it_off(self, operation: Operation) -> bool:
        """Whether a call of ours may be why it is on no site: then it is ours to put back."""
        leaving = operation.attempts.filter(writes=True, step__in=("unassign", "move"))
        return any(self.may_have_acted(write) for write in leaving)

    def makes(self, operation: Operation, step: str) -> dict[str, list[str]]:
        source, target = operation.before["site_id"], str(self.wish_of(operation).site_id)
        sites = {"unassign": [""], "move": [target, ""], "assign_back": [source]}
        return {"site": sites.get(step, [target]), "status": [InstanceStatus.PENDING]}

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        account_id, instance_id = str(operation.account_id), str(operation.instance_id)
        if step == "unassign":
            answer = client.unassign_product_instance(
                account_id=account_id, instance_id=instance_id, idempotency_key=idempotency_key
            )
            return Sent(answer.call)
        back = step == "assign_back"
        answer = client.assign_product_instance(
            account_id=account_id,
            instance_id=instance_id,
            site_id=operation.before["site_id"] if back else str(self.wish_of(operation).site_id),
            idempotency_key=idempotency_key,
        )
        return Sent(answer.call)

    def undo(self, operation: Operation) -> ReassignWish | None:
        source = operation.before["site_id"]
        return ReassignWish(UUID(source)) if source else None
