"""What flows are about: customers of their own, and sites of these that each carry one plan."""

from dataclasses import dataclass
from uuid import UUID

from resellers.connection import wix_client
from resellers.models import CatalogProduct, Flow, Site
from resellers.wix import BillingInfo, NewProduct
from tests import practice
from tests.chaos.ground import Ground
from tests.mirrors import read, read_on

CUSTOMERS, SITES = 3, 15  # a few more than flows go on beside each other


@dataclass(frozen=True, slots=True)
class Supplies:
    """Their ids. A site that was handed over has its plan again, and may be handed on."""

    customers: tuple[UUID, ...]
    sites: tuple[UUID, ...]

    def free_sites(self) -> list[Site]:
        """Those that no unfinished flow is about; what was longest left alone comes first."""
        busy = Flow.objects.unfinished().filter(site__isnull=False).values("site")
        found = Site.objects.usable().premium().filter(pk__in=self.sites).exclude(pk__in=busy)
        flows = dict.fromkeys(self.sites, 0)
        for pk, site_id in Flow.objects.filter(site__in=self.sites).values_list("pk", "site"):
            flows[site_id] = max(flows[site_id], pk)
        return sorted(found.select_related("account"), key=lambda site: flows[site.pk])


def make_supplies(ground: Ground) -> Supplies:
    """Have Wix make them and deliver the plans, and read them."""
    plan = CatalogProduct.objects.named().premium_plans().order_by("sort_name").first()
    assert plan is not None
    yearly = BillingInfo("RECURRING", "YEAR", 1)
    with wix_client("people") as wix:
        customers = [
            wix.create_account(email=f"flows-{place}@customer.example").account.id
            for place in range(CUSTOMERS)
        ]
        sites = []
        for place in range(SITES):
            owner = customers[place % CUSTOMERS]
            site = wix.create_project(account_id=owner, name=f"Flow site {place}").site_id
            line = NewProduct(str(plan.pk), "DE", site_id=site, billing=yearly)
            wix.create_package(account_id=owner, products=[line], external_id=f"flows-{place}")
            sites.append(site)
    practice.clock(ground.sandbox, deliver_now=True)
    read_on(read("full"))
    return Supplies(tuple(map(UUID, customers)), tuple(map(UUID, sites)))
