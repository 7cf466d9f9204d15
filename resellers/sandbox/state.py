"""The world of the sandbox: what exists, what changes, and what happens by itself.

Nothing runs in the background. What is due (a delivery, a cancellation, an expiry) happens, with
the moment it was due, when the world is next looked at through `settle`.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, NamedTuple

from .clock import SECOND, Clock
from .entities import (
    CANCELED,
    ENABLED,
    FAILED,
    LIVE,
    PENDING,
    PREMIUM_PLAN,
    Account,
    ConnectedDomain,
    Failure,
    Instance,
    Package,
    Product,
    RegisteredDomain,
    Site,
)
from .ids import Ids, key
from .journal import Journal
from .replies import Replies
from .store import Packages, Sites, Table
from .switches import Switches

FAILURES = {
    "DELIVERY_TIMEOUT": "delivery deadline passed",
    "EXTERNAL_FAILURE": "the outside provider could not set up the service",
}


class Event(NamedTuple):
    """Something that will happen to a subject at a moment, ordered by that moment."""

    due: int
    number: int
    kind: str
    subject: str
    outcome: str


class World:
    """Everything the sandbox knows. Hold `lock` while reading several things or changing any.

    `revision` rises with every change of what Wix would show, `saved` compares against
    `stirred`, which also rises with clock, switches and kept answers.
    """

    def __init__(self, seed: int, parent: Account, anchor: int) -> None:
        self.seed = seed
        self.anchor = anchor
        self.lock = threading.RLock()
        self.clock = Clock()
        self.switches = Switches()
        self.journal = Journal()
        self.replies = Replies()
        self.ids = Ids(seed)
        self.api_key = key(seed)
        self.parent = parent
        self.accounts: Table[Account] = Table([parent])
        self.products: dict[str, Product] = {}
        self.sites = Sites()
        self.packages = Packages()
        self.connected_domains: Table[ConnectedDomain] = Table()
        self.registered_domains: Table[RegisteredDomain] = Table()
        self.events: list[Event] = []
        self.event_count = 0
        self.revision = 0
        self.stirred = 0

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

    def has_plan(self, site_id: str) -> bool:
        """Whether an active Premium plan stands on the site."""
        return any(
            instance.status == ENABLED
            and not instance.ending
            and self._is_plan(instance.product_id)
            for instance in self.packages.on_site(site_id)
        )

    def stir(self, changed: bool = True) -> None:
        """Say that there is something new to save, and unless told otherwise to be seen."""
        self.stirred += 1
        self.revision += changed

    def put_package(self, package: Package, at: int | None = None) -> Package:
        self.packages.put(package, self.clock.now() if at is None else at)
        self.stir()
        return package

    def put_site(self, site: Site, at: int | None = None) -> Site:
        self.sites.put(site, self.clock.now() if at is None else at)
        self.stir()
        return site

    def put_account(self, account: Account) -> Account:
        self.accounts.put(account, self.clock.now())
        self.stir()
        return account

    def change_instance(self, instance_id: str, at: int | None = None, **changes: Any) -> Instance:
        """Change an instance, its package's and its own updatedDate as switched.

        A Premium plan that leaves its site takes along what hangs on it.
        """
        at = self.clock.now() if at is None else at
        before = self.packages.instance(instance_id)
        assert before is not None
        moves = self.switches.updated_date
        if moves != "none":
            changes.setdefault("updated", max(at, before.updated + 1))
        after = replace(before, **changes)
        package = self.packages.rows[before.package_id]
        self.put_package(
            replace(
                package,
                instances=tuple(after if one.id == after.id else one for one in package.instances),
                updated=max(at, package.updated + 1) if moves == "both" else package.updated,
            ),
            at,
        )
        stays = after.live and not after.ending and after.site_id == before.site_id
        if before.site_id and not stays and self._is_plan(before.product_id):
            self._plan_left(before.site_id, at)
        return after

    def change_package(self, package: Package, **changes: Any) -> Package:
        """Change a package, its updatedDate as given, else as switched where Wix shows the change.

        What only decides where it is seen moves no date.
        """
        at = self.clock.now()
        shown = changes.keys() & {"external_id", "created"}
        if shown and self.switches.updated_date == "both":
            changes.setdefault("updated", max(at, package.updated + 1))
        return self.put_package(replace(package, **changes), at)

    def schedule(self, after_seconds: float, kind: str, subject: str, outcome: str = "") -> None:
        """Let something happen so many sandbox seconds from now."""
        self.schedule_at(self.clock.now() + int(after_seconds * SECOND), kind, subject, outcome)

    def schedule_at(self, due: int, kind: str, subject: str, outcome: str = "") -> None:
        self.event_count += 1
        heapq.heappush(self.events, Event(due, self.event_count, kind, subject, outcome))
        self.stir(changed=False)

    def settle(self) -> None:
        """Let everything happen that is due by now."""
        now = self.clock.now()
        while self.events and self.events[0].due <= now:
            event = heapq.heappop(self.events)
            self.happen(event, event.due)

    def deliver_now(self) -> int:
        """Let every delivery and cancellation under way happen at once; how many there were."""
        self.settle()
        waiting = [event for event in self.events if event.kind in ("deliver", "cancel")]
        self.events = [event for event in self.events if event not in set(waiting)]
        heapq.heapify(self.events)
        for event in sorted(waiting):
            self.happen(event, self.clock.now())
        return len(waiting)

    def happen(self, event: Event, at: int) -> None:
        """Carry out one event, unless the world has moved on and it no longer applies."""
        self.stir(changed=False)
        if event.kind == "transfer":
            self.hand_over(event.subject, event.outcome, at)
            return
        if event.kind in ("register", "domain_expires"):
            self._domain_event(event, at)
            return
        instance = self.packages.instance(event.subject)
        if instance is None:
            return
        canceled = event.kind == "cancel" and instance.ending
        expired = event.kind == "expire" and instance.expires == event.due and instance.live
        if canceled or expired:
            self.change_instance(instance.id, at, status=CANCELED, ending=False)
        elif event.kind == "deliver" and instance.status == PENDING and not instance.ending:
            self._deliver(instance, event.outcome, at)

    def hand_over(self, site_id: str, account_id: str, at: int) -> None:
        """Give a site to another account, unless a paid service has come onto it meanwhile."""
        site = self.sites.rows[site_id]
        instances = self.packages.on_site(site_id)
        if site.account_id == account_id or any(one.live for one in instances):
            return
        for one in instances:
            self.change_instance(one.id, at, site_id=None)
        self.put_site(replace(site, account_id=account_id, updated=at), at)

    def _deliver(self, instance: Instance, outcome: str, at: int) -> None:
        if outcome in LIVE:
            self.change_instance(instance.id, at, status=outcome)
            return
        failure = Failure(outcome, FAILURES.get(outcome, "delivery failed"))
        self.change_instance(instance.id, at, status=FAILED, failure=failure, site_id=None)

    def _domain_event(self, event: Event, at: int) -> None:
        domain = self.registered_domains.get(event.subject)
        if domain is None:
            return
        if event.kind == "domain_expires":
            if domain.expires == event.due and domain.status == "ACTIVE":
                self.put_registered_domain(replace(domain, status="CANCELED", redeemable=True), at)
        elif domain.status == "PENDING_REGISTRATION":
            if event.outcome:
                self.put_registered_domain(
                    replace(domain, status="FAILED_REGISTRATION", failure=event.outcome), at
                )
            else:
                expires = at + domain.term_years * 365 * 24 * 60 * 60 * SECOND
                self.put_registered_domain(replace(domain, status="ACTIVE", expires=expires), at)
                self.schedule_at(expires, "domain_expires", domain.domain)

    def put_registered_domain(self, domain: RegisteredDomain, at: int) -> RegisteredDomain:
        """Set a registered domain; its revision and updatedDate move."""
        before = self.registered_domains.get(domain.domain)
        if before is not None:
            domain = replace(domain, revision=before.revision + 1, updated=at)
        self.registered_domains.put(domain, at)
        self.stir()
        return domain

    def put_connected_domain(self, domain: ConnectedDomain) -> ConnectedDomain:
        """Set a connected domain and make it the site's primary one, if it is to be that."""
        at = self.clock.now()
        self.connected_domains.put(domain, at)
        if domain.site_id and domain.assignment_type == "PRIMARY":
            site = self.sites.rows[domain.site_id]
            for other in self._domains_of(site.id):
                if other.domain != domain.domain and other.assignment_type == "PRIMARY":
                    self.connected_domains.put(replace(other, site_id=None), at)
            self.put_site(replace(site, domain=domain.domain))
        self.stir()
        return domain

    def remove_connected_domain(self, domain: ConnectedDomain) -> None:
        self.connected_domains.remove(domain.domain, self.clock.now())
        if domain.site_id:
            site = self.sites.rows[domain.site_id]
            if site.domain == domain.domain:
                self.put_site(replace(site, domain=None))
        self.stir()

    def as_of(self, moment: int) -> World:
        """A world for reading, with everything that calls show as it was at that moment."""
        past = World.__new__(World)
        past.__dict__.update(self.__dict__)
        past.packages = Packages(self.packages.rows_at(moment))
        past.sites = Sites(self.sites.rows_at(moment))
        past.accounts = Table(self.accounts.rows_at(moment))
        past.connected_domains = Table(self.connected_domains.rows_at(moment))
        past.registered_domains = Table(self.registered_domains.rows_at(moment))
        return past

    def _is_plan(self, product_id: str) -> bool:
        product = self.products.get(product_id)
        return product is not None and product.service_type == PREMIUM_PLAN

    def _plan_left(self, site_id: str, at: int) -> None:
        if any(
            self._is_plan(one.product_id) and one.live and not one.ending
            for one in self.packages.on_site(site_id)
        ):
            return
        site = self.sites.get(site_id)
        if site is not None and site.domain is not None:
            self.put_site(replace(site, domain=None, updated=max(at, site.updated + 1)), at)
        for domain in self._domains_of(site_id):
            self.connected_domains.put(replace(domain, site_id=None), at)
        if self.switches.dependents == "float":
            for one in self.packages.on_site(site_id):
                product = self.products.get(one.product_id)
                if product is not None and product.needs_premium and one.live:
                    self.change_instance(one.id, at, site_id=None)

    def _domains_of(self, site_id: str) -> Iterable[ConnectedDomain]:
        return [one for one in self.connected_domains if one.site_id == site_id]
