"""What has to be ordered first, in a package of its own, and what is ordered second with it.

Some products are sold only to who has another one already, as a domain is to a site with Premium:
the essential one goes first, and the second package names it as its reference product instance.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from resellers.models import Account, CatalogProduct, Operation, ProductInstance, Site

from .foreseen import live_on
from .order_lines import ONE, Items, OrderLine, items_in_words, lines_of
from .order_wish import CreatePackageWish
from .premium import has_premium, plan_to_come
from .references import used_by

Wanted = tuple[CatalogProduct | None, Site | None]


@dataclass(frozen=True, slots=True)
class EssentialFirst:
    """That an order is better two: `later` are the places of the lines that go second."""

    later: tuple[int, ...]
    has_plan: bool  # whether the order has a Premium plan, which goes first
    words: str


def essential_first(account: Account, wanted: Sequence[Wanted]) -> EssentialFirst | None:
    """Whether some of these products need a Premium plan that the account has to be sold first.

    None where each can be had as the customer's sites are, or will be once Wix has delivered.
    """
    needing = [
        (place, product, site)
        for place, (product, site) in enumerate(wanted)
        if product and product.needs_premium and not product.is_premium_plan
    ]
    if not needing:
        return None
    plans = [product for product, _ in wanted if product and product.is_premium_plan]
    carried = live_on({site for *_, site in needing if site})
    can_float = not plans and _has_premium_somewhere(account)
    later = [
        (place, product, site)
        for place, product, site in needing
        if not (can_float if site is None else _is_served(site, carried[site.pk]))
    ]
    if not later:
        return None
    names = " and ".join(dict.fromkeys(str(product) for _, product, _ in later))
    verb = "needs" if len(later) == 1 else "need"
    if plans:
        words = (
            f"{names} {verb} Premium, and a plan gives it only once it is delivered: Wix wants"
            f" {plans[0]} first, in a package of its own."
        )
        if plans[0].reference is not False:
            words += " What is ordered second can be free with it."
    else:
        where = later[0][2] or "no site of this customer"
        words = (
            f"{names} {verb} Premium, and {where} has {'none' if later[0][2] else 'it'}: Wix wants"
            " a Premium plan first, in a package of its own."
        )
    return EssentialFirst(tuple(place for place, *_ in later), bool(plans), words)


def _is_served(site: Site, carried: Sequence[ProductInstance]) -> bool:
    return has_premium(site, carried) or plan_to_come(site, carried) is not None


def _has_premium_somewhere(account: Account) -> bool:
    """Whether a site of the account has Premium, or will have it once Wix has delivered."""
    plans = CatalogProduct.objects.premium_plans()
    ordered = account.instances.live().filter(site__isnull=False, product__in=plans)
    return account.sites.usable().premium().exists() or ordered.exists()


@dataclass(frozen=True, slots=True)
class SecondOrder:
    """What waits to be ordered after an order of ours, and how far that is."""

    items: Items
    lines: tuple[OrderLine, ...]
    plan: ProductInstance | None  # the first order's Premium plan, once it is there and alive
    made: Operation | None  # the newest order that was asked for of it

    @property
    def words(self) -> Sequence[str]:
        """What waits as people read it."""
        return items_in_words(self.lines)

    @property
    def wanted(self) -> Items:
        """What to ask for, the first domain among it, else the first, free with the plan."""
        items, plan = list(self.items), self.plan
        if plan is None or not plan.is_referable or used_by([plan.pk]):
            return items
        domains = [line.number for line in self.lines if line.product and line.product.is_domain]
        place = (domains or [0])[0]
        item, (first, *others) = items[place]
        if first.reference_id is None and not item.on_each_site:
            rest = [(replace(item, count=len(others)), others)] if others else []
            items[place : place + 1] = [(ONE, [replace(first, reference_id=plan.pk)]), *rest]
        return items


def second_order(operation: Operation, wish: CreatePackageWish) -> SecondOrder | None:
    """What waits for that operation, asked for with this wish; None where nothing does."""
    if not wish.then:
        return None
    services = operation.package.instances.live() if operation.package else None
    plans = CatalogProduct.objects.premium_plans()
    made = Operation.objects.filter(
        kind=operation.kind, account=operation.account_id, wish__after=operation.pk
    )
    return SecondOrder(
        wish.then_by_item(),
        tuple(lines_of(wish.then, wish.then_items)),
        services.filter(product__in=plans).select_related("product", "site").order_by("id").first()
        if services is not None
        else None,
        made.select_related("package").order_by("-id").first(),
    )
