"""The records of a world: its tables, its clock and switches, and what is still to come."""

from __future__ import annotations

import heapq
import threading
from typing import NamedTuple, Self

from .clock import SECOND, Clock
from .entities import (
    ENABLED,
    Account,
    ConnectedDomain,
    Package,
    Product,
    RegisteredDomain,
    Site,
)
from .idempotency import StoredAnswers
from .ids import Ids, key
from .journal import Journal
from .switches import Switches
from .tables import DomainAssignmentTable, Packages, Sites, Table


class Event(NamedTuple):
    """Something that will happen to a subject at a moment, ordered by that moment."""

    due: int
    number: int
    kind: str
    subject: str
    outcome: str


class Records:
    """Everything the sandbox knows. Hold `lock` while reading several things or changing any.

    `revision` rises with every change of what Wix would show, `state_version` with every change
    that a state file keeps: clock, switches and stored answers too.
    """

    def __init__(self, seed: int, parent: Account, anchor: int) -> None:
        self.seed = seed
        self.anchor = anchor
        self.lock = threading.RLock()
        self.clock = Clock()
        self.switches = Switches()
        self.journal = Journal()
        self.stored_answers = StoredAnswers()
        self.ids = Ids(seed)
        self.keys = [
            key(seed)
        ]  # that are accepted, the newest last: Wix lets several live at a time
        self.parent = parent
        self.accounts: Table[Account] = Table([parent])
        self.products: dict[str, Product] = {}
        self.sites = Sites()
        self.packages = Packages()
        self.connected_domains: Table[ConnectedDomain] = Table()
        self.registered_domains: Table[RegisteredDomain] = Table()
        self.domain_assignments = DomainAssignmentTable()
        self.events: list[Event] = []
        self.event_count = 0
        self.revision = 0
        self.state_version = 0

    @property
    def api_key(self) -> str:
        """The newest key."""
        return self.keys[-1]

    def make_key(self) -> None:
        """Let another key be accepted as well, which is the newest from then on."""
        self.keys.append(key(self.seed, after=self.keys[-1]))

    def revoke_older_keys(self) -> None:
        """Accept the newest key alone."""
        del self.keys[:-1]

    def account(self, wanted: str | None) -> Account | None:
        """The account of that id in whatever case; None if it is unknown or has left."""
        account = self.accounts.get(wanted)
        return None if account is None or account.left else account

    def product(self, wanted: str) -> Product | None:
        """The product of that id in whatever case, or None."""
        return self.products.get(wanted.lower())

    @property
    def children(self) -> list[Account]:
        """The child accounts that have not left, oldest first as they were made."""
        return [one for one in self.accounts if one.parent_id and not one.left]

    @property
    def forbidden_transfer(self) -> tuple[str, str] | None:
        """The one pair (source, target) between which Wix has not allowed transfers."""
        children = [one.id for one in self.accounts if one.parent_id]
        return (children[0], children[1]) if len(children) > 1 else None

    def is_plan(self, product_id: str) -> bool:
        """Whether the product is a Premium plan."""
        product = self.products.get(product_id)
        return product is not None and product.premium

    def has_premium(self, site_id: str) -> bool:
        """Whether an active Premium plan stands on the site, or its owner bought one elsewhere."""
        site = self.sites.get(site_id)
        return (site is not None and site.premium) or any(
            instance.status == ENABLED and not instance.ending and self.is_plan(instance.product_id)
            for instance in self.packages.on_site(site_id)
        )

    def mark_changed(self, visible: bool = True) -> None:
        """Say that there is something new to save, and unless told otherwise to be seen."""
        self.state_version += 1
        self.revision += visible

    def put_package(self, package: Package, at: int | None = None) -> Package:
        self.packages.put(package, self.clock.now() if at is None else at)
        self.mark_changed()
        return package

    def put_site(self, site: Site, at: int | None = None) -> Site:
        self.sites.put(site, self.clock.now() if at is None else at)
        self.mark_changed()
        return site

    def put_account(self, account: Account) -> Account:
        self.accounts.put(account, self.clock.now())
        self.mark_changed()
        return account

    def schedule(self, after_seconds: float, kind: str, subject: str, outcome: str = "") -> None:
        """Let something happen so many sandbox seconds from now."""
        self.schedule_at(self.clock.now() + int(after_seconds * SECOND), kind, subject, outcome)

    def schedule_at(self, due: int, kind: str, subject: str, outcome: str = "") -> None:
        self.event_count += 1
        heapq.heappush(self.events, Event(due, self.event_count, kind, subject, outcome))
        self.mark_changed(visible=False)

    def as_of(self, moment: int) -> Self:
        """A world for reading, with everything that calls show as it was at that moment."""
        past = type(self).__new__(type(self))
        past.__dict__.update(self.__dict__)
        past.packages = Packages(self.packages.rows_at(moment))
        past.sites = Sites(self.sites.rows_at(moment))
        past.accounts = Table(self.accounts.rows_at(moment))
        past.connected_domains = Table(self.connected_domains.rows_at(moment))
        past.registered_domains = Table(self.registered_domains.rows_at(moment))
        past.domain_assignments = DomainAssignmentTable(self.domain_assignments.rows_at(moment))
        return past
