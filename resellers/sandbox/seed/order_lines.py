"""What was ordered: the lines of each order, one after the other, within the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..world.catalogue import BOOKINGS, LOGO, MAIL, NEWSLETTER, SEO, SHOP
from ..world.entities import (
    AWAITING_ACTION,
    CANCELED,
    DOMAIN,
    ENABLED,
    FAILED,
    LIVE,
    PENDING,
    PREMIUM_PLAN,
    Product,
    Site,
)
from .context import AccountSites, SeedContext

FLOATING = "floating"
EXPIRING = "expiring"

# What becomes of the lines that are not plans: the first 24 show one of everything, every 75 after
# them keep the shares of a healthy reseller. The rest of each is ENABLED.
FIRST_OUTCOMES = [FAILED, FAILED, PENDING, AWAITING_ACTION, CANCELED, FLOATING, FLOATING, EXPIRING]
LATER_OUTCOMES = (
    [FAILED, PENDING, AWAITING_ACTION, CANCELED, CANCELED] + [FLOATING, EXPIRING] * 3 + [FLOATING]
)

PLANS = ("light", "light", "core", "core", "core", "business", "business", "elite")
FREE_TO_PLACE = ("mail_starter", "mail_standard", "mail_archive")
FREE_TO_PLACE_ONCE_MORE = (*FREE_TO_PLACE, "logo_basic", "logo_full")
MAILBOXES = 20
ADD_ONS = {
    MAIL: FREE_TO_PLACE,
    SHOP: ("shop_start", "shop_growth"),
    SEO: ("seo_basic", "seo_pro"),
    BOOKINGS: ("bookings_solo", "bookings_team"),
    NEWSLETTER: ("newsletter_basic", "newsletter_plus"),
    LOGO: ("logo_basic", "logo_full"),
    DOMAIN: ("domain_de", "domain_com", "domain_example"),
}
SHARES = (MAIL,) * 5 + (SHOP, SHOP, SEO, SEO, BOOKINGS, NEWSLETTER, LOGO, DOMAIN)
FLOATING_PRODUCTS = (
    "domain_de", "domain_com", "domain_example", "domain_example", "light", "core", "business",
    "mail_standard", "seo_basic",
)  # fmt: skip
FAILING_PRODUCTS = ("core", "business", "shop_start", "domain_de", "mail_standard", "seo_pro")


@dataclass
class OrderLine:
    """An instance to be, before its package has an id and a date."""

    product: Product
    status: str = ENABLED
    site: Site | None = None
    expiring: bool = False
    reference_id: str | None = None


class OrderLines:
    """Makes the lines of orders, and remembers what stands where.

    `plans` holds the plan's instance by its site, empty until the plan has one; `failed` is how
    many lines have failed so far.
    """

    def __init__(self, context: SeedContext, products: dict[str, Product]) -> None:
        self.random = context.random
        self.products = products
        self.plans: dict[str, str] = {}
        self.failed = 0
        self._taken: set[tuple[str, str]] = set()
        self._in_order: set[tuple[str, str]] = set()
        self._referenced: set[str] = set()
        self._sold: dict[str, int] = {}
        self._outcomes: list[str] = []
        self._shuffled = 0

    def plan(self, site: Site) -> list[OrderLine]:
        """A Premium plan for that site, with up to two services beside it."""
        product = self.products[self.random.choice(PLANS)]
        if product.limit is not None and self._sold.get(product.id, 0) >= product.limit - 2:
            product = self.products["business"]
        self._taken.add((site.id, PREMIUM_PLAN))
        self._sold[product.id] = self._sold.get(product.id, 0) + 1
        self.plans[site.id] = ""
        self._in_order.clear()
        add_ons = [self._add_on(site) for _ in range(self.random.randrange(3))]
        return [OrderLine(product, site=site), *add_ons]

    def mailboxes(self, owner: AccountSites) -> list[OrderLine]:
        """Many mailboxes at once: one on each site, since an order takes a product once for one,
        and the rest floating until somebody needs them."""
        product = self.products["mail_standard"]
        on_sites = [OrderLine(product, site=site) for site in owner.sites]
        return [*on_sites, *(OrderLine(product) for _ in range(MAILBOXES - len(on_sites)))]

    def others(self, owner: AccountSites, number: int) -> Iterator[OrderLine]:
        """One to five services of every kind and outcome, for the order of that number."""
        self._in_order.clear()
        for place in range(self.random.choice((1, 1, 2, 2, 3, 4, 5))):
            outcome = self._next_outcome()
            site = self.random.choice(owner.sites)
            if outcome == FAILED:
                name = FAILING_PRODUCTS[self.failed % len(FAILING_PRODUCTS)]
                yield OrderLine(self.products[name], FAILED)
            elif outcome == CANCELED:
                product = self.products[self.random.choice(FAILING_PRODUCTS)]
                yield OrderLine(self._once(product, site), CANCELED, site)
            elif outcome == FLOATING:
                yield OrderLine(self.products[self.random.choice(FLOATING_PRODUCTS)])
            else:
                line = (
                    OrderLine(self._once(self.products["domain_example"], site), site=site)
                    if outcome == EXPIRING and site.id in self.plans
                    else self._add_on(site)
                )
                line.expiring = outcome == EXPIRING
                line.status = outcome if outcome in LIVE else ENABLED
                if place == 0 and number % 20 == 7 and line.status == ENABLED:
                    line.reference_id = self._reference(owner)
                yield line

    def _next_outcome(self) -> str:
        if not self._outcomes:
            size = 24 if not self._shuffled else 75
            special = LATER_OUTCOMES if self._shuffled else FIRST_OUTCOMES
            self._outcomes = special + [ENABLED] * (size - len(special))
            self.random.shuffle(self._outcomes)
            self._shuffled += 1
        return self._outcomes.pop()

    def _add_on(self, site: Site) -> OrderLine:
        kind = self.random.choice(SHARES)
        product = self.products[self.random.choice(ADD_ONS[kind])]
        needs_plan_first = product.needs_premium and site.id not in self.plans
        if needs_plan_first or (product.one_per_site and (site.id, kind) in self._taken):
            product = self.products[self.random.choice(FREE_TO_PLACE)]
        product = self._once(product, site)
        self._taken.add((site.id, product.service_type))
        return OrderLine(product, site=site)

    def _once(self, product: Product, site: Site) -> Product:
        """The product, or another where the order has it for that site already: an order takes a
        product once for one site, and one of a type that stands alone there."""
        wanted = [product, *(self.products[name] for name in FREE_TO_PLACE_ONCE_MORE)]
        places = [(site.id, one.service_type if one.one_per_site else one.id) for one in wanted]
        free = next(number for number, one in enumerate(places) if one not in self._in_order)
        self._in_order.add(places[free])
        return wanted[free]

    def _reference(self, owner: AccountSites) -> str | None:
        for site in owner.plan_sites:
            plan = self.plans.get(site.id)
            if plan and plan not in self._referenced:
                self._referenced.add(plan)
                return plan
        return None
