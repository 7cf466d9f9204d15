"""The packages of the believable world: what was ordered in three years, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .catalogue import BOOKINGS, LOGO, MAIL, NEWSLETTER, SEO, SHOP
from .clock import DAY, SECOND, text
from .entities import (
    AWAITING_ACTION,
    CANCELED,
    DOMAIN,
    ENABLED,
    FAILED,
    LIVE,
    PENDING,
    PREMIUM_PLAN,
    Billing,
    ConnectedDomain,
    Failure,
    Instance,
    Package,
    Product,
    RegisteredDomain,
    Site,
)
from .seed_source import Household, Source

HOUR = 60 * 60 * SECOND
FLOATING = "floating"
EXPIRING = "expiring"

# What becomes of the lines that are not plans: the first hand shows one of everything, the
# others keep the shares of a healthy reseller.
FIRST_HAND = [FAILED, FAILED, PENDING, AWAITING_ACTION, CANCELED, FLOATING, FLOATING, EXPIRING]
LATER_HAND = (
    [FAILED, PENDING, AWAITING_ACTION, CANCELED, CANCELED] + [FLOATING, EXPIRING] * 3 + [FLOATING]
)

FAILURES = (
    Failure("DELIVERY_TIMEOUT", "delivery deadline passed"),
    Failure("EXTERNAL_FAILURE", "the provider rejected the set-up of the service"),
    Failure("DELIVERY_TIMEOUT", "no confirmation from the delivery service within 60 minutes"),
    Failure("UNKNOWN", "unexpected error during delivery"),
)
FREE_TO_PLACE = ("mail_starter", "mail_standard", "mail_archive")
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
class Line:
    """An instance to be, before its package has an id and a date."""

    product: Product
    status: str = ENABLED
    site: Site | None = None
    expiring: bool = False
    reference_id: str | None = None


class Orders:
    """Takes so many orders from the households; `to_come` is what is still due to happen."""

    def __init__(
        self, source: Source, products: dict[str, Product], households: list[Household]
    ) -> None:
        self.source = source
        self.chance = source.chance
        self.products = products
        self.households = households
        self.to_come: list[tuple[int, str, str, str]] = []
        self.connected_domains: list[ConnectedDomain] = []
        self._hand: list[str] = []
        self._hands = 0
        self._failures = 0
        self._taken: set[tuple[str, str]] = set()
        self._plans: dict[str, str] = {}
        self._referenced: set[str] = set()
        self._sold: dict[str, int] = {}
        self._floating_domains: list[Package] = []
        self._last_reference = ""

    def take(self, count: int) -> list[Package]:
        """The packages: first the plans, at most six in ten, then everything else."""
        packages: list[Package] = []
        plans = [(home, site) for home in self.households for site in home.plan_sites]
        for home, site in plans[: max(count * 6 // 10, min(count, 1))]:
            packages.append(self._package(home, self._plan_lines(site), len(packages)))
        while len(packages) < count:
            home = self.chance.choice(self.households)
            number = len(packages)
            lines = (
                self._mailboxes(home) if number == 150 else list(self._other_lines(home, number))
            )
            packages.append(self._package(home, lines, number))
        if count >= 10:
            packages[-1] = replace(packages[-1], unlisted=True)
        return packages

    def with_domains(self, sites: Iterable[Site]) -> list[Site]:
        """The sites, most of those with a plan connected to a domain of their own."""
        finished = []
        for site in sites:
            domain = f"{site.name}.example"
            connects = site.id in self._plans and site.published and self.chance.random() < 0.7
            if connects:
                self.connected_domains.append(
                    ConnectedDomain(
                        domain=domain,
                        account_id=site.account_id,
                        site_id=site.id,
                        connection_type=self.chance.choice(("NAMESERVERS", "POINTING")),
                        assignment_type="PRIMARY",
                        created=self.source.before(DAY, 300 * DAY),
                    )
                )
            finished.append(replace(site, domain=domain) if connects else site)
        return finished

    def registered_domains(self) -> list[RegisteredDomain]:
        """Domains registered on every other floating instance of the .example product."""
        registered = []
        for number, package in enumerate(self._floating_domains[::2]):
            instance = next(one for one in package.instances if self._is_domain(one))
            domain = f"gemeinsam-{number + 1}.example"
            expires = self.source.anchor + self.chance.randrange(20 * DAY, 360 * DAY)
            registered.append(
                RegisteredDomain(
                    domain=domain,
                    account_id=package.account_id,
                    instance_id=instance.id,
                    site_id=None,
                    status="ACTIVE",
                    contacts={"registrant": {"firstName": "Test", "lastName": "Registrant"}},
                    term_years=1,
                    created=instance.created,
                    updated=instance.updated,
                    expires=expires,
                )
            )
            self.to_come.append((expires, "domain_expires", domain, ""))
        return registered

    def _is_domain(self, instance: Instance) -> bool:
        product = self.products["domain_example"]
        return instance.product_id == product.id and instance.site_id is None and instance.live

    def _plan_lines(self, site: Site) -> list[Line]:
        wanted = self.chance.choice(
            ("light", "light", "core", "core", "core", "business", "business", "elite")
        )
        product = self.products[wanted]
        if product.limit is not None and self._sold.get(product.id, 0) >= product.limit - 2:
            product = self.products["business"]
        self._taken.add((site.id, PREMIUM_PLAN))
        self._sold[product.id] = self._sold.get(product.id, 0) + 1
        self._plans[site.id] = ""
        add_ons = [self._add_on(site) for _ in range(self.chance.randrange(3))]
        return [Line(product, site=site), *add_ons]

    def _mailboxes(self, home: Household) -> list[Line]:
        product = self.products["mail_standard"]
        return [Line(product, site=home.sites[0]) for _ in range(24)]

    def _other_lines(self, home: Household, number: int) -> Iterator[Line]:
        for place in range(self.chance.choice((1, 1, 2, 2, 3, 4, 5))):
            fate = self._draw()
            site = self.chance.choice(home.sites)
            if fate == FAILED:
                name = FAILING_PRODUCTS[self._failures % len(FAILING_PRODUCTS)]
                yield Line(self.products[name], FAILED)
            elif fate == CANCELED:
                name = self.chance.choice(FAILING_PRODUCTS)
                yield Line(self.products[name], CANCELED, site)
            elif fate == FLOATING:
                yield Line(self.products[self.chance.choice(FLOATING_PRODUCTS)])
            else:
                line = self._add_on(site)
                if fate == EXPIRING and site.id in self._plans:
                    line = Line(self.products["domain_example"], site=site)
                line.expiring = fate == EXPIRING
                line.status = fate if fate in LIVE else ENABLED
                if place == 0 and number % 20 == 7 and line.status == ENABLED:
                    line.reference_id = self._reference(home)
                yield line

    def _draw(self) -> str:
        if not self._hand:
            size = 24 if not self._hands else 75
            special = LATER_HAND if self._hands else FIRST_HAND
            self._hand = special + [ENABLED] * (size - len(special))
            self.chance.shuffle(self._hand)
            self._hands += 1
        return self._hand.pop()

    def _add_on(self, site: Site) -> Line:
        kind = self.chance.choice(SHARES)
        product = self.products[self.chance.choice(ADD_ONS[kind])]
        needs_plan_first = product.needs_premium and site.id not in self._plans
        if needs_plan_first or (product.one_per_site and (site.id, kind) in self._taken):
            product = self.products[self.chance.choice(FREE_TO_PLACE)]
        self._taken.add((site.id, product.service_type))
        return Line(product, site=site)

    def _reference(self, home: Household) -> str | None:
        for site in home.plan_sites:
            plan = self._plans.get(site.id)
            if plan and plan not in self._referenced:
                self._referenced.add(plan)
                return plan
        return None

    def _package(self, home: Household, lines: list[Line], number: int) -> Package:
        unsettled = any(line.status in (PENDING, AWAITING_ACTION) for line in lines)
        age = (2 * HOUR, 40 * HOUR) if unsettled else (2 * DAY, 3 * 365 * DAY)
        created = self.source.before(*age)
        package_id = self.source.id("package")
        instances = tuple(
            self._instance(package_id, line, created + place * 3)
            for place, line in enumerate(lines)
        )
        package = Package(
            id=package_id,
            account_id=home.account.id,
            external_id=self._external_id(created, number),
            instances=instances,
            created=created + 400,
            updated=max(created + 400, *(one.updated + 230 for one in instances)),
        )
        if any(self._is_domain(one) for one in instances):
            self._floating_domains.append(package)
        return package

    def _external_id(self, created: int, number: int) -> str | None:
        if number % 13 == 9:
            return None
        if number % 130 == 21:
            return self._last_reference
        self._last_reference = f"ord-{text(created)[:4]}-{number + 1:06d}"
        if number == 33:
            return "Auftrag 17/2024 (Müller)"
        return self._last_reference

    def _instance(self, package_id: str, line: Line, created: int) -> Instance:
        instance_id = self.source.id("instance")
        anchor = self.source.anchor
        updated = created + self.chance.randrange(3 * SECOND, 90 * SECOND)
        failure = expires = None
        if line.status == FAILED:
            failure = FAILURES[self._failures % len(FAILURES)]
            self._failures += 1
            updated = created + HOUR
        elif line.status == CANCELED or self.chance.random() < 0.1:
            updated = self.chance.randrange(created, anchor)
        if line.status == PENDING:
            due = anchor + self.chance.randrange(10 * DAY, 25 * DAY)
            self.to_come.append((due, "deliver", instance_id, ENABLED))
        if line.expiring:
            expires = anchor + self.chance.randrange(10 * DAY, 90 * DAY)
            self.to_come.append((expires, "expire", instance_id, ""))
        if line.product.service_type == PREMIUM_PLAN and line.site and line.status == ENABLED:
            self._plans[line.site.id] = instance_id
        cycles = line.product.cycles
        return Instance(
            id=instance_id,
            package_id=package_id,
            product_id=line.product.id,
            site_id=line.site.id if line.site else None,
            status=line.status,
            billing=Billing("RECURRING", self.chance.choice(cycles[:2]))
            if cycles
            else Billing("ONE_TIME"),
            country=self.chance.choice(("DE", "DE", "DE", "DE", "AT", "CH")),
            created=created,
            updated=updated,
            failure=failure,
            expires=expires,
            discount="WELCOME10" if self.chance.random() < 0.03 else None,
            reference_id=line.reference_id,
        )
