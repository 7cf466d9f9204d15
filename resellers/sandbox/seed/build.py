"""The believable world: the same for the same seed, its dates counted back from today.

It obeys every rule the calls enforce, so that whatever is wrong later was done later.
"""

from __future__ import annotations

import gc

from ..world.catalogue import catalogue
from ..world.clock import DAY, HOUR
from ..world.entities import Account
from ..world.tables import DomainAssignmentTable, Packages, Sites, Table
from ..world.world import World
from .context import SeedContext
from .customers import AGENCY, Customers
from .domains import connected_domains, registered_domains
from .orders import Orders
from .sites import SiteMaker

THREE_YEARS = 3 * 365 * DAY
LARGE = 10_000


def build(seed: int = 1, accounts: int = 120, packages: int = 400) -> World:
    """The world of that seed, with so many child accounts and packages."""
    # A large world is a million objects that stay: walking them would hold up every call for
    # seconds, again and again.
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _build(seed, accounts, packages)
    finally:
        if packages >= LARGE:
            gc.freeze()
        if collecting:
            gc.enable()


def _build(seed: int, accounts: int, packages: int) -> World:
    context = SeedContext(seed)
    parent = Account(
        id=context.id("account"),
        parent_id=None,
        created=context.anchor - THREE_YEARS - 90 * DAY,
        name=AGENCY,
        email="post@leuchtfeder.example",
        group="Own",
        reference="K-10000",
    )
    world = World(seed, parent, context.anchor)
    products = catalogue(seed)
    world.products = {product.id: product for product in products.values()}
    maker = SiteMaker(context)
    children: list[Account] = []
    owners = [maker.sites_of(parent, "leuchtfeder", 5)]
    customers = Customers(seed)
    for number in range(accounts):
        customer = customers.next()
        account = Account(
            id=context.id("account"),
            parent_id=parent.id,
            created=parent.created + DAY + number * 3 * HOUR % (60 * DAY),
            name=customer["name"],
            email=customer["email"],
            group=customer["group"],
            reference=customer["reference"],
        )
        children.append(account)
        owners.append(maker.sites_of(account, customer["slug"], number))
    world.accounts = Table([parent, *children])
    orders = Orders(context, products, owners)
    world.packages = Packages(orders.packages(packages))
    sites, connected, assigned = connected_domains(context, maker.all, orders.plans)
    world.sites = Sites(sites)
    world.connected_domains = Table(connected)
    world.domain_assignments = DomainAssignmentTable(assigned)
    registered = registered_domains(context, world.packages, products["domain_example"])
    world.registered_domains = Table(registered)
    for due, kind, subject, outcome in orders.to_come:
        world.schedule_at(due, kind, subject, outcome)
    for domain in registered:
        world.schedule_at(domain.expires or 0, "domain_expires", domain.domain)
    world.revision = world.state_version = 0
    return world
