"""The packages of the believable world: three years of orders with their ids, dates and ends."""

from __future__ import annotations

from dataclasses import replace

from ..world.clock import DAY, HOUR, SECOND, text
from ..world.entities import (
    AWAITING_ACTION,
    CANCELED,
    ENABLED,
    FAILED,
    PENDING,
    Billing,
    Cycle,
    Failure,
    Instance,
    Package,
    Product,
)
from .context import AccountSites, SeedContext
from .order_lines import OrderLine, OrderLines

FAILURES = (
    Failure("DELIVERY_TIMEOUT", "delivery deadline passed"),
    Failure("EXTERNAL_FAILURE", "the provider rejected the set-up of the service"),
    Failure("DELIVERY_TIMEOUT", "no confirmation from the delivery service within 60 minutes"),
    Failure("UNKNOWN", "unexpected error during delivery"),
)

ONE_TIME = Billing("ONE_TIME")


class Orders:
    """Makes the packages of those accounts; `to_come` is what is still due to happen to them."""

    def __init__(
        self, context: SeedContext, products: dict[str, Product], owners: list[AccountSites]
    ) -> None:
        self.context = context
        self.random = context.random
        self.lines = OrderLines(context, products)
        self.owners = owners
        self.to_come: list[tuple[int, str, str, str]] = []
        self._last_reference = ""

    @property
    def plans(self) -> dict[str, str]:
        """The sites a plan was ordered for, each with the plan's instance."""
        return self.lines.plans

    def packages(self, count: int) -> list[Package]:
        """So many packages: first the plans, at most six in ten, then everything else."""
        packages: list[Package] = []
        plans = [(owner, site) for owner in self.owners for site in owner.plan_sites]
        for owner, site in plans[: max(count * 6 // 10, min(count, 1))]:
            packages.append(self._package(owner, self.lines.plan(site), len(packages)))
        while len(packages) < count:
            owner = self.random.choice(self.owners)
            number = len(packages)
            lines = (
                self.lines.mailboxes(owner)
                if number == 150
                else list(self.lines.others(owner, number))
            )
            packages.append(self._package(owner, lines, number))
        if count >= 10:
            packages[-1] = replace(packages[-1], unlisted=True)
        return packages

    def _package(self, owner: AccountSites, lines: list[OrderLine], number: int) -> Package:
        unsettled = any(line.status in (PENDING, AWAITING_ACTION) for line in lines)
        age = (2 * HOUR, 40 * HOUR) if unsettled else (2 * DAY, 3 * 365 * DAY)
        created = self.context.random_past(*age)
        package_id = self.context.id("package")
        instances = tuple(
            self._instance(package_id, line, created + place * 3)
            for place, line in enumerate(lines)
        )
        return Package(
            id=package_id,
            account_id=owner.account.id,
            external_id=self._external_id(created, number),
            instances=instances,
            created=created + 400,
            updated=max(created + 400, *(one.updated + 230 for one in instances)),
        )

    def _external_id(self, created: int, number: int) -> str | None:
        if number % 13 == 9:
            return None
        if number % 130 == 21:
            return self._last_reference
        self._last_reference = f"ord-{text(created)[:4]}-{number + 1:06d}"
        if number == 33:
            return "Auftrag 17/2024 (Müller)"
        return self._last_reference

    def _instance(self, package_id: str, line: OrderLine, created: int) -> Instance:
        instance_id = self.context.id("instance")
        anchor = self.context.anchor
        updated = created + self.random.randrange(3 * SECOND, 90 * SECOND)
        failure = expires = None
        cycles = line.product.cycles[:2]
        billing = Billing("RECURRING", self.random.choice(cycles)) if cycles else ONE_TIME
        if line.status == FAILED:
            failure = FAILURES[self.lines.failed % len(FAILURES)]
            self.lines.failed += 1
            updated = created + HOUR
        elif line.status == CANCELED or self.random.random() < 0.1:
            updated = self.random.randrange(created, anchor)
        if line.status == PENDING:
            due = anchor + self.random.randrange(10 * DAY, 25 * DAY)
            self.to_come.append((due, "deliver", instance_id, ENABLED))
        if line.expiring:
            expires = anchor + self.random.randrange(10 * DAY, 90 * DAY)
        elif line.product.expires and line.status == ENABLED and billing.cycle:
            expires = _next_end(created, billing.cycle, anchor)
        if expires:
            self.to_come.append((expires, "expire", instance_id, ""))
        if line.product.premium and line.site and line.status == ENABLED:
            self.lines.plans[line.site.id] = instance_id
        return Instance(
            id=instance_id,
            package_id=package_id,
            product_id=line.product.id,
            site_id=line.site.id if line.site else None,
            status=line.status,
            billing=billing,
            country=self.random.choice(("DE", "DE", "DE", "DE", "AT", "CH")),
            created=created,
            updated=updated,
            failure=failure,
            expires=expires,
            discount="WELCOME10" if self.random.random() < 0.03 else None,
            reference_id=line.reference_id,
        )


def _next_end(begun: int, cycle: Cycle, today: int) -> int:
    """When what has begun then and was extended ever since ends next."""
    return begun + ((today - begun) // cycle.length + 1) * cycle.length
