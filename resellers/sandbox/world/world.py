"""The world of the sandbox: its records, their changes, and what happens by itself.

Nothing runs in the background. What is due (a delivery, a cancellation, an expiry) happens, with
the moment it was due, when the world is next looked at through `run_due_events`.
"""

from __future__ import annotations

import heapq
from dataclasses import replace

from .clock import DAY
from .entities import CANCELED, FAILED, LIVE, PENDING, REDIRECT, Failure, Instance
from .instance_changes import InstanceChanges
from .records import Event

FAILURES = {
    "DELIVERY_TIMEOUT": "delivery deadline passed",
    "EXTERNAL_FAILURE": "the outside provider could not set up the service",
}


class World(InstanceChanges):
    """Everything the sandbox knows, and what becomes of it as time goes by."""

    def run_due_events(self) -> None:
        """Let everything happen that is due by now."""
        now = self.clock.now()
        while self.events and self.events[0].due <= now:
            event = heapq.heappop(self.events)
            self.run_event(event, event.due)

    def deliver_now(self) -> int:
        """Let every delivery and cancellation under way happen at once; how many there were."""
        self.run_due_events()
        waiting = [event for event in self.events if event.kind in ("deliver", "cancel")]
        self.events = [event for event in self.events if event not in set(waiting)]
        heapq.heapify(self.events)
        for event in sorted(waiting):
            self.run_event(event, self.clock.now())
        return len(waiting)

    def run_event(self, event: Event, at: int) -> None:
        """Carry out one event, unless the world has moved on and it no longer applies."""
        self.mark_changed(visible=False)
        if event.kind == "transfer":
            self.transfer_site(event.subject, event.outcome, at)
        elif event.kind == "register":
            self._register(event, at)
        elif event.kind == "domain_expires":
            self._expire_domain(event, at)
        else:
            self._instance_event(event, at)

    def transfer_site(self, site_id: str, account_id: str, at: int) -> None:
        """Give a site to another account, unless a paid service has come onto it meanwhile."""
        site = self.sites.rows[site_id]
        instances = self.packages.on_site(site_id)
        if site.account_id == account_id or any(one.live for one in instances):
            return
        for one in instances:
            self.change_instance(one.id, at, site_id=None)
        self.put_site(replace(site, account_id=account_id, updated=at), at)

    def _instance_event(self, event: Event, at: int) -> None:
        instance = self.packages.instance(event.subject)
        if instance is None:
            return
        canceled = event.kind == "cancel" and instance.ending
        expired = event.kind == "expire" and instance.expires == event.due and instance.live
        if canceled or expired:
            self.change_instance(instance.id, at, status=CANCELED, ending=False)
        elif event.kind == "deliver" and instance.status == PENDING and not instance.ending:
            self._deliver(instance, event.outcome, at)

    def _deliver(self, instance: Instance, outcome: str, at: int) -> None:
        if outcome in LIVE:
            self.change_instance(instance.id, at, status=outcome)
            return
        failure = Failure(outcome, FAILURES.get(outcome, "delivery failed"))
        self.change_instance(instance.id, at, status=FAILED, failure=failure, site_id=None)

    def _expire_domain(self, event: Event, at: int) -> None:
        domain = self.registered_domains.get(event.subject)
        if domain and domain.expires == event.due and domain.status == "ACTIVE":
            self.put_registered_domain(replace(domain, status="CANCELED", redeemable=True), at)

    def _register(self, event: Event, at: int) -> None:
        domain = self.registered_domains.get(event.subject)
        if domain is None or domain.status != "PENDING_REGISTRATION":
            return
        if event.outcome:
            failed = replace(domain, status="FAILED_REGISTRATION", failure=event.outcome)
            self.put_registered_domain(failed, at)
            return
        expires = at + domain.term_years * 365 * DAY
        self.put_registered_domain(replace(domain, status="ACTIVE", expires=expires), at)
        instance = self.packages.instance(domain.instance_id)
        if instance is not None and instance.live:
            self.change_instance(instance.id, at, expires=expires)
        if domain.site_id and self.has_premium(domain.site_id):
            self.assign_domain(domain.domain, domain.site_id, REDIRECT, at)
        self.schedule_at(expires, "domain_expires", domain.domain)
