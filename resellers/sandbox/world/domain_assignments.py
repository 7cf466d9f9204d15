"""Which domain is on which site: a site has one primary domain, and others redirect to it."""

from __future__ import annotations

from dataclasses import replace

from .entities import PRIMARY, REDIRECT, ConnectedDomain, DomainAssignment, RegisteredDomain
from .records import Records


class DomainAssignments(Records):
    """Connected and registered domains, and their assignments to sites."""

    def put_registered_domain(self, domain: RegisteredDomain, at: int) -> RegisteredDomain:
        """Set a registered domain; its revision and updatedDate move."""
        before = self.registered_domains.get(domain.domain)
        if before is not None:
            domain = replace(domain, revision=before.revision + 1, updated=at)
        self.registered_domains.put(domain, at)
        self.mark_changed()
        return domain

    def connect_domain(self, domain: ConnectedDomain) -> ConnectedDomain:
        self.connected_domains.put(domain, self.clock.now())
        self.mark_changed()
        return domain

    def disconnect_domain(self, domain: ConnectedDomain) -> None:
        """Take a connected domain out of its account, and off its site."""
        at = self.clock.now()
        assignment = self.domain_assignments.get(domain.domain)
        if assignment is not None:
            self.unassign_domain(assignment, at)
        self.connected_domains.remove(domain.domain, at)
        self.mark_changed()

    def assign_domain(
        self, domain: str, site_id: str, assignment_type: str, at: int
    ) -> DomainAssignment:
        """Put a domain on a site, where a REDIRECT without any other becomes the primary one.

        As PRIMARY it takes the place of the site's primary domain, which is then on no site.
        """
        primary = self.domain_assignments.primary_of(site_id)
        if assignment_type == PRIMARY and primary is not None and primary.domain != domain:
            self._remove(primary, at)
        before = self.domain_assignments.get(domain)
        if before is not None and before.site_id != site_id:
            self.unassign_domain(before, at)
            before = None
        if primary is None or primary.domain == domain:
            assignment_type = PRIMARY
        assignment = DomainAssignment(
            domain=domain,
            account_id=self.sites.rows[site_id].account_id,
            site_id=site_id,
            assignment_type=assignment_type,
            created=before.created if before else at,
            updated=at,
        )
        self.domain_assignments.put(assignment, at)
        self._show_primary(site_id, at)
        return assignment

    def set_primary_domain(self, assignment: DomainAssignment, at: int) -> DomainAssignment:
        """Make a site's redirect its primary domain; the one before becomes a redirect."""
        before = self.domain_assignments.primary_of(assignment.site_id)
        if before is not None and before.domain == assignment.domain:
            return assignment
        if before is not None:
            redirect = replace(before, assignment_type=REDIRECT, updated=at)
            self.domain_assignments.put(redirect, at)
        primary = replace(assignment, assignment_type=PRIMARY, updated=at)
        self.domain_assignments.put(primary, at)
        self._show_primary(assignment.site_id, at)
        return primary

    def unassign_domain(self, assignment: DomainAssignment, at: int) -> None:
        """Take a domain off its site; the primary one takes all redirects along."""
        if assignment.is_primary:
            self.unassign_all_domains(assignment.site_id, at)
        else:
            self._remove(assignment, at)

    def unassign_all_domains(self, site_id: str, at: int) -> None:
        """Take every domain off a site."""
        for assignment in self.domain_assignments.of_site(site_id):
            self._remove(assignment, at)
        self._show_primary(site_id, at)

    def _remove(self, assignment: DomainAssignment, at: int) -> None:
        self.domain_assignments.remove(assignment.domain, at)
        self.mark_changed()

    def _show_primary(self, site_id: str, at: int) -> None:
        """Have the site show its primary domain, if there is a site and it shows another."""
        self.mark_changed()
        site = self.sites.get(site_id)
        primary = self.domain_assignments.primary_of(site_id)
        domain = primary.domain if primary else None
        if site is not None and site.domain != domain:
            self.put_site(replace(site, domain=domain, updated=max(at, site.updated + 1)), at)
