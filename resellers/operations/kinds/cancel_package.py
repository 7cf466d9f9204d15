"""End every service of a package at once. Source: Resellers, Cancel Package.

Services that had failed stay so; it is true once Wix shows each of the others as `CANCELED`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import wix
from resellers.models import Operation, Package, ProductInstance

from ..dependants import Dependant, given_with, leaving_sites
from ..facts import Facts
from ..foreseen import Foreseen, own, words_of_ending
from ..kind import Effect
from ..namesakes import names_of
from ..package_kind import PackageKind, PackageSeen, may_have_gone_out, what_ending_makes
from ..planned import PlanRow
from ..sentences import Sentences, of_ending
from ..steps import Back, Decision, Done, Refused, Send, Sent, Stuck, Wait
from ..wish import Thing, Wish


@dataclass(frozen=True)
class CancelPackageWish(Wish[Package]):
    """Every service of the package canceled, but those that had failed."""


class CancelPackage(PackageKind[CancelPackageWish]):
    name = "cancel_package"
    label = gettext_lazy("Cancel package")
    doing = "canceling"
    done = {"cancel": "Canceled"}
    wish_class = CancelPackageWish
    permission = "resellers.cancel"
    wants_reason = True

    def rows(self, thing: Package, wish: CancelPackageWish) -> Sequence[PlanRow]:
        ending = living(thing)
        names = names_of(ending)
        return [
            PlanRow("status", names[service.pk], *words_of_ending(service)) for service in ending
        ]

    def sentences(self, operation: Operation) -> Sentences:
        return of_ending(self.name_of(operation), _(", with all its services"))

    def meant(self, operation: Operation) -> list[str]:
        ended = [label for field, label, *_ in operation.plan.get("rows", []) if field == "status"]
        names = ", ".join(ended) or "its services"
        return [f"The customer has these no more, and Wix cannot bring them back: {names}."]

    def steps(self, thing: Package, wish: CancelPackageWish) -> dict[str, str]:
        return {"cancel": f"Cancel {thing} with all its services"}

    def obstacles(self, thing: Package, facts: Facts) -> Sequence[Foreseen]:
        if found := super().obstacles(thing, facts):
            return found
        if thing.pk in facts.with_living:
            return ()
        words = "Every service of this package has ended already."
        return [own("", "ALL_ENDED", words, _("There is nothing left to cancel."))]

    def dependants(self, thing: Package, wish: CancelPackageWish) -> Sequence[Dependant]:
        ending = living(thing)
        return [*leaving_sites(ending), *given_with(ending)]

    def has_moved(self, operation: Operation, seen: PackageSeen) -> bool:
        return not seen.found or list(seen.live) != operation.before["live"]

    def decide(self, operation: Operation, seen: PackageSeen, refused: Refused | None) -> Decision:
        if not seen.found:
            return Stuck("Wix no longer shows this package.")
        ending = set(operation.before["live"])
        if missing := ending.difference(seen.live, seen.ended):
            words = f"Wix no longer shows {len(missing)} of the {len(ending)} services to end."
            return Stuck(words)
        if not seen.live:
            if ending <= set(seen.canceled):
                return Done()
            return Stuck(
                "A delivery failed in the meantime: all have ended, and Wix cancels no failed one."
            )
        if not refused:
            if self._is_on_its_way(operation, seen):
                return Wait("Wix has taken it, and shows the services as pending.")
            return Send("cancel")
        if list(seen.live) == operation.before["live"]:
            return Back()
        return Stuck("Wix refused, and yet some of its services have ended.")

    def _is_on_its_way(self, operation: Operation, seen: PackageSeen) -> bool:
        """Whether all that is left has become pending, as Wix shows what it is ending."""
        was_pending = operation.before.get("pending", [])
        left = set(seen.live)
        return (
            left <= set(seen.pending)
            and left.isdisjoint(was_pending)
            and may_have_gone_out(operation, "cancel")
        )

    def touched(self, operation: Operation) -> Sequence[Thing]:
        ended = ProductInstance.objects.filter(pk__in=operation.before.get("live", []))
        services = ended.select_related("product", "site").order_by("id")
        return [*super().touched(operation), *services]

    def effect(self, operation: Operation, step: str) -> Effect:
        fallen: Effect = {id_: {"site": [""]} for id_ in operation.plan.get("dependant_ids", ())}
        return fallen | {id_: what_ending_makes() for id_ in operation.before["live"]}

    def send(
        self, operation: Operation, step: str, client: wix.WixClient, idempotency_key: str
    ) -> Sent:
        answer = client.cancel_package(
            account_id=str(operation.account_id),
            package_id=str(operation.package_id),
            idempotency_key=idempotency_key,
        )
        return Sent(answer.call)


def living(package: Package) -> list[ProductInstance]:
    """The package's services that have not ended."""
    related = ("product", "site", "package", "account")
    return list(package.instances.live().select_related(*related).order_by("id"))
