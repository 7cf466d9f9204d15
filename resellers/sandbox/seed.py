"""The believable world: the same for the same seed, its dates counted back from today.

It obeys every rule the calls enforce, so that whatever is wrong later was done later.
"""

from __future__ import annotations

import gc
from typing import Any

from .catalogue import catalogue
from .clock import DAY, SECOND
from .entities import Account, Site
from .names import AGENCY, Customers, slug
from .seed_packages import Orders
from .seed_source import Household, Source
from .state import World
from .store import Packages, Sites, Table

HOUR = 60 * 60 * SECOND
THREE_YEARS = 3 * 365 * DAY
LARGE = 10_000
PURPOSES = ("", "Aktion", "Relaunch")
EDITORS = ("EDITOR", "EDITOR", "STUDIO", "EDITORX", "ADI", "ODEDITOR")


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
    source = Source(seed)
    parent = Account(
        id=source.id("account"),
        parent_id=None,
        created=source.anchor - THREE_YEARS - 90 * DAY,
        name=AGENCY,
        email="post@leuchtfeder.example",
        group="Own",
        reference="K-10000",
    )
    world = World(seed, parent, source.anchor)
    products = catalogue(seed)
    world.products = {product.id: product for product in products.values()}
    builder = _Sites(source)
    children: list[Account] = []
    households = [builder.furnish(parent, "leuchtfeder", 5)]
    customers = Customers(seed)
    for number in range(accounts):
        who = customers.next()
        account = Account(
            id=source.id("account"),
            parent_id=parent.id,
            created=parent.created + DAY + number * 3 * HOUR % (60 * DAY),
            name=who["name"],
            email=who["email"],
            group=who["group"],
            reference=who["reference"],
        )
        children.append(account)
        households.append(builder.furnish(account, who["slug"], number))
    world.accounts = Table([parent, *children])
    orders = Orders(source, products, households)
    world.packages = Packages(orders.take(packages))
    world.sites = Sites(orders.with_domains(builder.all))
    world.connected_domains = Table(orders.connected_domains)
    world.registered_domains = Table(orders.registered_domains())
    for due, kind, subject, outcome in orders.to_come:
        world.schedule_at(due, kind, subject, outcome)
    world.revision = world.stirred = 0
    return world


class _Sites:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.all: list[Site] = []
        self._names: dict[str, int] = {}

    def furnish(self, account: Account, address: str, number: int) -> Household:
        """The account's sites: one to three to work with, and now and then a peculiar one."""
        count = 1 if number % 4 == 0 else 3 if number % 20 == 5 else 2
        sites = [
            self._site(account, address, PURPOSES[place], published=place == 0 or number % 5 != 2)
            for place in range(count)
        ]
        plan_sites = sites[: max(1, count - 1)] if number % 10 != 9 else []
        if number % 12 == 3:
            trashed = self.source.before(DAY, 40 * DAY)
            self._site(account, address, "alt", trashed=trashed, published=False)
        if number % 12 == 6:
            self._site(account, address, "App", namespace="HEADLESS", editor="EDITORLESS")
        if number % 40 == 11:
            self._site(account, address, "gesperrt", blocked=True)
        return Household(account, sites, plan_sites)

    def _site(self, account: Account, address: str, purpose: str, **traits: Any) -> Site:
        chance = self.source.chance
        created = account.created + chance.randrange(HOUR, 20 * DAY)
        site = Site(
            id=self.source.id("site"),
            html_app_id=self.source.id("html app"),
            account_id=account.id,
            name=self._name(address, purpose),
            display_name=" · ".join(filter(None, (account.name or address, purpose))),
            created=created,
            updated=chance.randrange(created, self.source.anchor),
            **{"editor": chance.choice(EDITORS), **traits},
        )
        self.all.append(site)
        return site

    def _name(self, address: str, purpose: str) -> str:
        wanted = slug(f"{address} {purpose}").ljust(4, "0")
        name = start = wanted[:20].rstrip("-")
        while name in self._names:
            self._names[start] += 1
            number = self._names[start]
            name = f"{wanted[: 19 - len(str(number))].rstrip('-')}-{number}"
        self._names[name] = 1
        return name
