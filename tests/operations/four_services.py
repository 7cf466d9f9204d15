"""The four services that the machine works on, two of each of two packages, and wishes for each."""

from typing import Any

from resellers.models import ProductInstance
from resellers.operations.plan import Plan, make_plan
from resellers.operations.site_wishes import ReassignWish
from tests import worlds
from tests.chaos.kinds import KINDS
from tests.chaos.wishes import Wishes


def two_packages(number: int = 2) -> list[ProductInstance]:
    """Two services each of two packages, which can be moved and take nothing along."""
    found: dict[Any, list[ProductInstance]] = {}
    for instance in (
        ProductInstance.objects.filter(status="ENABLED", site__isnull=False)
        .select_related("product", "package", "account", "site")
        .order_by("id")
    ):
        wishes = (make_plan(instance, ReassignWish(site.pk)) for site in _sites_of(instance))
        if not instance.gives_premium and any(plan.possible for plan in wishes):
            found.setdefault(instance.package_id, []).append(instance)
    several = [services[:number] for services in found.values() if len(services) >= number]
    return [service for services in several[:2] for service in services]


def _sites_of(instance: ProductInstance) -> Any:
    return instance.account.sites.exclude(pk=instance.site_id).order_by("id")


class WishesFor(Wishes):
    """Asks about one service, whether or not something is open for it."""

    def __init__(self, by: Any, instance: ProductInstance) -> None:
        super().__init__(by)
        self.instance = instance

    def _plan(self, kind: str) -> tuple[ProductInstance, Plan[ProductInstance]]:
        instance = KINDS[kind].subject(self.instance.pk)
        for wish in KINDS[kind].wishes(instance, set()):
            plan = make_plan(instance, worlds.wish(kind, **wish))
            if plan.possible:
                return instance, plan
        raise LookupError
