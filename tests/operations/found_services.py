"""Services of a world that are fit for what a test wants to do with them."""

from collections.abc import Iterator
from uuid import UUID

from resellers.models import CatalogProduct, InstanceStatus, ProductInstance
from resellers.operations.kinds.adjust import AdjustWish
from resellers.operations.plan import make_plan
from resellers.operations.site_wishes import ReassignWish


def adjustable_and_movable() -> tuple[ProductInstance, AdjustWish, UUID]:
    """A service on a site, what it can be adjusted to, and another site of its account."""
    for service in _placed():
        elsewhere = service.account.sites.exclude(pk=service.site_id).first()
        same = CatalogProduct.objects.filter(service_type=service.product.service_type)
        for other in same.exclude(pk=service.product_id):
            for cycle in other.billing_cycles:
                wish = AdjustWish(other.pk, cycle)
                if elsewhere and make_plan(service, wish).possible:
                    return service, wish, elsewhere.pk
    raise LookupError("this world has nothing to adjust")


def plan_with_what_rests_on_it() -> tuple[ProductInstance, UUID, ProductInstance]:
    """A service that can be moved, where to, and one that falls off the site with it."""
    for service in _placed():
        for site in service.account.sites.exclude(pk=service.site_id):
            made = make_plan(service, ReassignWish(site.pk))
            resting = [d.instance for d in made.dependants if d.instance]
            if made.possible and resting:
                return service, site.pk, resting[0]
    raise LookupError("nothing rests on any plan of this world")


def _placed() -> Iterator[ProductInstance]:
    placed = ProductInstance.objects.filter(status=InstanceStatus.ENABLED, site__isnull=False)
    yield from placed.select_related("product", "package", "account", "site").order_by("id")
