"""Which domain stands on which site: one primary domain a site, the others redirect to it."""

from __future__ import annotations

from dataclasses import replace

from .entities import ConnectedDomain, RegisteredDomain
from .records import Records


class DomainAssignments(Records):
    """Connected and registered domains, and the sites they are assigned to."""

    def put_registered_domain(self, domain: RegisteredDomain, at: int) -> RegisteredDomain:
        """Set a registered domain; its revision and updatedDate move."""
        before = self.registered_domains.get(domain.domain)
        if before is not None:
            domain = replace(domain, revision=before.revision + 1, updated=at)
        self.registered_domains.put(domain, at)
        self.mark_changed()
        return domain

    def put_connected_domain(self, domain: ConnectedDomain) -> ConnectedDomain:
        """Set a connected domain and make it the site's primary one, if it is to be that."""
        at = self.clock.now()
        self.connected_domains.put(domain, at)
        if domain.site_id and domain.assignment_type == "PRIMARY":
            site = self.sites.rows[domain.site_id]
            for other in self.domains_of(site.id):
                if other.domain != domain.domain and other.assignment_type == "PRIMARY":
                    self.connected_domains.put(replace(other, site_id=None), at)
            self.put_site(replace(site, domain=domain.domain))
        self.mark_changed()
        return domain

    def remove_connected_domain(self, domain: ConnectedDomain) -> None:
        self.connected_domains.remove(domain.domain, self.clock.now())
        if domain.site_id:
            site = self.sites.rows[domain.site_id]
            if site.domain == domain.domain:
                self.put_site(replace(site, domain=None))
        self.mark_changed()

    def disconnect_site(self, site_id: str, at: int) -> None:
        """Take every domain off a site."""
        site = self.sites.get(site_id)
        if site is not None and site.domain is not None:
            self.put_site(replace(site, domain=None, updated=max(at, site.updated + 1)), at)
        for domain in self.domains_of(site_id):
            self.connected_domains.put(replace(domain, site_id=None), at)

    def domains_of(self, site_id: str) -> list[ConnectedDomain]:
        """The connected domains of a site."""
        return [one for one in self.connected_domains if one.site_id == site_id]
