"""Change a service's product within its type, its billing cycle, or both.

Source: Resellers, Adjust Product Instance Specifications.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import wix
from resellers.billing_cycles import BillingCycle
from resellers.mirror.learned_refusals import OF_A_LIMIT, OF_A_SITE, standing
from resellers.mirror.learned_refusals import OF_AN_ADJUSTMENT as FIXED
from resellers.models import (
    CatalogProduct,
    InstanceStatus,
    Operation,
    ProductInstance,
)

from ..dependants import Dependant, changing_plan
from ..facts import Facts
from ..foreseen import (
    NOT_SOLD,
    ONLY_MET,
    Foreseen,
    foreseen,
    learned_refusals,
    learned_warnings,
    limit_refusals,
    live_on,
    neighbour_refusals,
    own,
    premium_awaited,
    product_of,
)
from ..instance_kind import InstanceKind, InstanceSeen
from ..order_preflight import cycle_refusals
from ..planned import PlanRow
from ..sentences import Sentences
from ..steps import Back, Decision, Done, Lesson, Refused, Send, Sent, Stuck
from ..wish import Wish


@dataclass(frozen=True)
class AdjustWish(Wish[ProductInstance]):
    """That product with that cycle, which is ONCE for a product that is paid once."""

    product_id: UUID
    cycle: BillingCycle


class Adjust(InstanceKind[AdjustWish]):
    name = "adjust"
    label = gettext_lazy("Adjust")
    doing = "adjusting"
    done = {"adjust": "Adjusted"}
    wish_class = AdjustWish
    changes = ("product_id", "cycle")

    def rows(self, thing: ProductInstance, wish: AdjustWish) -> Sequence[PlanRow]:
        target = product_of(wish.product_id)
        return [
            PlanRow("product", "Product", str(thing.product), str(target or wish.product_id)),
            PlanRow("cycle", "Billing cycle", thing.cycle.words, wish.cycle.words),
        ]

    def sentences(self, operation: Operation) -> Sentences:
        (old, new), (was, cycle) = (self.sides(operation, f) for f in ("product", "cycle"))
        name = self.name_of(operation)
        before, after = (old, new) if old != new else (was, cycle)
        subject, becomes = (old, new) if old != new else (name, f"paid {cycle}")
        wished = new if old != new else becomes
        return Sentences(
            waits=_("%(subject)s waits to become %(wished)s")
            % {"subject": subject, "wished": wished},
            under_way=_("%(subject)s is becoming %(wished)s")
            % {"subject": subject, "wished": wished},
            done=_("%(wished)s now runs in place of %(old)s") % {"wished": wished, "old": old}
            if old != new
            else _("%(name)s is now %(wished)s") % {"name": name, "wished": wished},
            was_done=_("%(subject)s became %(wished)s") % {"subject": subject, "wished": wished},
            no_more=_("%(subject)s is no longer %(wished)s")
            % {"subject": subject, "wished": wished},
            not_done=_("%(subject)s did not become %(wished)s")
            % {"subject": subject, "wished": wished},
            as_before=_("%(subject)s still is as it was: %(before)s")
            % {"subject": subject, "before": before},
            in_doubt=_("We cannot say whether %(subject)s became %(wished)s")
            % {"subject": subject, "wished": wished},
            neither=_("%(subject)s is neither %(after)s nor %(before)s")
            % {"subject": subject, "after": after, "before": before},
        )

    def steps(self, thing: ProductInstance, wish: AdjustWish) -> dict[str, str]:
        target = product_of(wish.product_id) or wish.product_id
        return {"adjust": f"Adjust to {target}, {wish.cycle.words}"}

    def refused_as_it_is(self, thing: ProductInstance, facts: Facts) -> Sequence[Foreseen]:
        if thing.status != InstanceStatus.ENABLED:
            detail = f"It is {thing.status}, and Wix changes the plan of enabled services only."
            return [foreseen("INCOMPATIBLE_PRODUCT_INSTANCE_STATUS", detail=detail)]
        found = []
        if thing.site and thing.site.account_id != thing.account_id:
            found.append(
                foreseen(
                    "SITE_NOT_FOUND", field="", detail=_("It is %(site)s.") % {"site": thing.site}
                )
            )
        if not thing.product.adjustable:
            detail = f"{thing.product} cannot be adjusted."
            found.append(foreseen(FIXED, field="", detail=detail))
        else:
            fixed = learned_refusals(thing.product, FIXED, known=facts.learned)
            found += [replace(r, field="") for r in fixed]
        return found

    def foresee(self, thing: ProductInstance, wish: AdjustWish) -> Sequence[Foreseen]:
        found = []
        target, cycle = product_of(wish.product_id), wish.cycle
        if target is None:
            return [foreseen("PRODUCT_NOT_FOUND")]
        if not target.is_named:
            found.append(foreseen("INVALID_PRODUCTS", detail=ONLY_MET))
        known = standing([target])
        found += learned_refusals(target, *NOT_SOLD, known=known)
        if target.service_type != thing.product.service_type:
            detail = f"{target} is a {target.service_type or 'service of unknown type'}."
            found.append(foreseen("INCOMPATIBLE_PRODUCT", detail=detail))
        elif target.pk != thing.product_id and not target.adjustable:
            found.append(foreseen(FIXED))
        elif target.pk != thing.product_id:
            found += learned_refusals(target, FIXED, as_target=True, known=known)
        found += cycle_refusals(target, cycle)
        if target.pk == thing.product_id and cycle == thing.cycle:
            words = "That is what the service is already."
            found.append(own("target_product", "NO_CHANGE", words, _("Choose something else.")))
        if target.pk != thing.product_id:
            found += limit_refusals(target)
            found += [replace(r, field="target_product") for r in _beside(thing, target)]
        return found

    def dependants(self, thing: ProductInstance, wish: AdjustWish) -> Sequence[Dependant]:
        if wish.product_id == thing.product_id:
            return ()
        return changing_plan(thing, product_of(wish.product_id))

    def awaited(self, thing: ProductInstance, wish: AdjustWish) -> Sequence[str]:
        target = product_of(wish.product_id)
        return premium_awaited(thing, target, thing.site) if target else ()

    def learned(self, thing: ProductInstance, wish: AdjustWish) -> Sequence[str]:
        target = product_of(wish.product_id)
        return learned_warnings(target, thing.site_id) if target else ()

    def taught_by(self, operation: Operation, refused: Refused) -> Sequence[Lesson]:
        target, own = self.wish_of(operation).product_id, UUID(operation.before["product_id"])
        named = [id_ for id_ in {target, own} if refused.names(id_)]
        # Where Wix names none, it is the service as it is that cannot be adjusted.
        unnamed = own if refused.code == FIXED else target
        site_id = operation.before["site_id"]
        return [Lesson(id_, UUID(site_id) if site_id else None) for id_ in named or [unnamed]]

    def disproves(self, operation: Operation) -> Collection[tuple[str, UUID, UUID | None]]:
        target, site_id = self.wish_of(operation).product_id, operation.before["site_id"]
        at_all = (OF_A_LIMIT, target, None)
        return [at_all, (OF_A_SITE, target, UUID(site_id))] if site_id else [at_all]

    def judge(self, operation: Operation, seen: InstanceSeen, refused: Refused | None) -> Decision:
        wish, before = self.wish_of(operation), operation.before
        if (seen.product_id, seen.cycle) == (str(wish.product_id), wish.cycle):
            return Done()
        if (seen.product_id, seen.cycle.as_json()) != (before["product_id"], before["cycle"]):
            return Stuck("The service has a product or cycle that nobody here asked for.")
        return Back() if refused else Send("adjust")

    def makes(self, operation: Operation, step: str) -> dict[str, list[str]]:
        wish = self.wish_of(operation)
        return {
            "product": [str(wish.product_id)],
            "cycle_unit": [wish.cycle.unit],
            "cycle_count": [str(wish.cycle.count) if wish.cycle else ""],
            "status": [InstanceStatus.PENDING],
        }

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        wish = self.wish_of(operation)
        answer = client.adjust_product_instance(
            account_id=str(operation.account_id),
            instance_id=str(operation.instance_id),
            catalog_product_id=str(wish.product_id),
            billing_info=wix.BillingInfo(*wish.cycle.as_billing_info()) if wish.cycle else None,
            idempotency_key=idempotency_key,
        )
        return Sent(answer.call)

    def undo(self, operation: Operation) -> AdjustWish | None:
        return AdjustWish.from_json(operation.before)


def _beside(thing: ProductInstance, target: CatalogProduct) -> list[Foreseen]:
    """Why the target cannot stand where the service stands."""
    if thing.site is None:
        return []
    others = [other for other in live_on([thing.site])[thing.site.pk] if other.pk != thing.pk]
    return neighbour_refusals(target, thing.site, others)
