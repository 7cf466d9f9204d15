"""What kinds share whose thing is one product instance."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, ClassVar
from uuid import UUID

from resellers import wix
from resellers.billing_cycles import ONCE, BillingCycle
from resellers.mirror.learned_refusals import OF_A_SITE
from resellers.models import InstanceStatus, Operation, ProductInstance, Site, SyncRun
from resellers.models.states import has_ended, without_site

from .conflicts import Conflicts
from .facts import Facts
from .foreseen import Foreseen, learned_warnings, premium_awaited, service_refusals
from .kind import Effect, WishT
from .package_kind import ReadByPackage
from .planned import About, Freshness
from .steps import Decision, Lesson, Refused, Stuck
from .wish import JsonObject, Thing


@dataclass(frozen=True, slots=True)
class InstanceSeen:
    """What was seen of one instance. Ids are lower-case GUIDs."""

    found: bool
    site_id: str | None = None
    product_id: str = ""
    cycle: BillingCycle = ONCE
    status: str = ""

    @classmethod
    def in_package(cls, package: wix.Package, instance_id: str) -> "InstanceSeen":
        """The instance as this package shows it."""
        for instance in package.instances:
            if instance.id == instance_id:
                billing = instance.billing
                return cls(
                    found=True,
                    site_id=instance.site_id or None,
                    product_id=instance.catalog_product_id,
                    cycle=BillingCycle.of_wix(billing.unit, billing.count) if billing else ONCE,
                    status=instance.status,
                )
        return cls(found=False)

    @classmethod
    def in_mirror(cls, instance: ProductInstance) -> "InstanceSeen":
        """The instance as the mirror holds it."""
        return cls(
            found=instance.gone_at is None,
            site_id=str(instance.site_id) if instance.site_id else None,
            product_id=str(instance.product_id),
            cycle=instance.cycle,
            status=instance.status,
        )

    def as_json(self) -> JsonObject:
        return asdict(self) | {"cycle": self.cycle.as_json()}


ENDED = "This can no longer be undone: the service has ended, and what has ended is final at Wix."


def domain_left_behind(operation: Operation, site: str) -> list[str]:
    """That the domain of the site that was left stays there. Nothing where it had none, and where
    a Premium plan left: the plan of the operation has told what rested on that."""
    thing = operation.instance
    is_plan = thing is None or thing.product.is_premium_plan
    if is_plan or not operation.before.get("domain_connected"):
        return []
    return [f"The domain connected to {site} stays with that site."]


class InstanceKind(ReadByPackage[ProductInstance, WishT, InstanceSeen]):
    """A kind whose thing is one product instance."""

    noun = "service"
    keys = {"site": "site_id", "product": "product_id"}
    seen_as = {
        "site_id": "Site",
        "product_id": "Product",
        "cycle": "Billing cycle",
        "status": "Status",
    }
    # Whether the plan rests on the account's sites too, and not on the service alone.
    looks_at_sites: ClassVar[bool] = False

    def load(self, pk: UUID) -> ProductInstance:
        related = ("package", "account", "product", "site")
        return ProductInstance.objects.select_related(*related).get(pk=pk)

    def called(self, thing: ProductInstance) -> str:
        return str(thing.product)

    def guard(self, thing: ProductInstance) -> Thing:
        return thing.package

    def about(self, thing: ProductInstance, wish: WishT) -> About:
        site_id = self.site_wished(wish)
        return About(f"instance:{thing.pk}", thing.account, thing.package, thing, site_id)

    def site_wished(self, wish: WishT) -> UUID | None:
        """The site that the service shall be on, where the wish is for one."""
        return None

    def thing_of(self, operation: Operation) -> ProductInstance | None:
        return operation.instance

    def conflicts(self, about: About | Operation) -> Conflicts:
        return Conflicts(package_id=about.package_id, instance_id=about.instance_id)

    def holders(self, thing: ProductInstance) -> Conflicts:
        return Conflicts(package_id=thing.package_id, instance_id=thing.pk)

    def obstacles(self, thing: ProductInstance, facts: Facts) -> Sequence[Foreseen]:
        return service_refusals(thing) or self.refused_as_it_is(thing, facts)

    def refused_as_it_is(self, thing: ProductInstance, facts: Facts) -> Sequence[Foreseen]:
        """`obstacles` for a service that is alive."""
        return ()

    def freshness(self, thing: ProductInstance) -> Freshness:
        package, account = thing.package, thing.account
        of_package = Freshness(package.last_confirmed_at, SyncRun.Kind.PACKAGE, account, package)
        of_account = Freshness(account.sites_checked_at, SyncRun.Kind.ACCOUNT, account)
        if self.looks_at_sites and not of_account.is_fresh:
            return of_account
        return of_package

    def in_mirror(self, thing: ProductInstance, wish: WishT) -> InstanceSeen:
        return InstanceSeen.in_mirror(thing)

    def in_package(self, operation: Operation, package: wix.Package) -> InstanceSeen:
        return InstanceSeen.in_package(package, str(operation.instance_id))

    def nothing(self) -> InstanceSeen:
        return InstanceSeen(found=False)

    def before(self, thing: ProductInstance, wish: WishT) -> JsonObject:
        connected = bool(thing.site and thing.site.domain_connected)
        return super().before(thing, wish) | {"domain_connected": connected}

    def warnings(self, thing: ProductInstance, wish: WishT) -> Sequence[str]:
        warnings = [*self.awaited(thing, wish), *self.learned(thing, wish)]
        if thing.status != InstanceStatus.ENABLED and not thing.is_ended:
            warnings.insert(0, f"The service is {thing.status}, so the customer cannot use it yet.")
        return warnings

    def awaited(self, thing: ProductInstance, wish: WishT) -> Sequence[str]:
        """What Wix has yet to deliver before the wish can be had."""
        site_id = self.site_wished(wish)
        site = Site.objects.filter(pk=site_id).first() if site_id else None
        return premium_awaited(thing, thing.product, site)

    def learned(self, thing: ProductInstance, wish: WishT) -> Sequence[str]:
        """What past answers of Wix make doubtful about the wish."""
        site_id = self.site_wished(wish)
        return learned_warnings(thing.product, site_id) if site_id else ()

    def taught_by(self, operation: Operation, refused: Refused) -> Sequence[Lesson]:
        site_id = self.site_wished(self.wish_of(operation))
        return [Lesson(UUID(operation.before["product_id"]), site_id)] if site_id else ()

    def disproves(self, operation: Operation) -> Collection[tuple[str, UUID, UUID | None]]:
        site_id = self.site_wished(self.wish_of(operation))
        return [(OF_A_SITE, UUID(operation.before["product_id"]), site_id)] if site_id else ()

    def has_moved(self, operation: Operation, seen: InstanceSeen) -> bool:
        before = operation.before
        return (
            not seen.found
            or (seen.site_id, seen.product_id, seen.cycle.as_json())
            != (before["site_id"], before["product_id"], before["cycle"])
            or has_ended(seen.status) != has_ended(before["status"])
        )

    def decide(self, operation: Operation, seen: InstanceSeen, refused: Refused | None) -> Decision:
        if not seen.found:
            return Stuck("Wix no longer shows this service in its package.")
        return self.judge(operation, seen, refused)

    def describe_reading(self, operation: Operation, seen: dict[str, Any]) -> str:
        if not seen.get("found", True):
            return "the service is not in its package"
        parts = [super().describe_reading(operation, seen)] if self.changes else []
        status = str(seen.get("status") or "").replace("_", " ").lower()
        return ", ".join(filter(None, [*parts, status])) or "the service as it is"

    def describe_field(
        self, operation: Operation, seen: dict[str, Any], field: str, label: str, *sides: str
    ) -> str:
        if field == "site" and not seen.get("site_id"):
            return without_site(seen.get("status", ""))
        return super().describe_field(operation, seen, field, label, *sides)

    def put_back(self, operation: Operation) -> str:
        words = "It was put back, and Wix shows it where it was."
        if operation.before.get("domain_connected"):
            words += " A domain that was connected to the site may have to be connected again."
        return words

    def why_not_undone(self, thing: ProductInstance) -> str:
        return ENDED if thing.is_ended else ""

    def effect(self, operation: Operation, step: str) -> Effect:
        # What rests on a plan falls off the site with it, as the plan of the operation has told.
        resting = () if step in self.ways_back else operation.plan.get("dependant_ids", ())
        fallen: Effect = {instance_id: {"site": [""]} for instance_id in resting}
        return fallen | {str(operation.instance_id): self.makes(operation, step)}

    @abstractmethod
    def makes(self, operation: Operation, step: str) -> dict[str, list[str]]:
        """What the step makes of the service: `effect` for it alone."""

    @abstractmethod
    def judge(self, operation: Operation, seen: InstanceSeen, refused: Refused | None) -> Decision:
        """`decide` for a service that Wix shows."""
