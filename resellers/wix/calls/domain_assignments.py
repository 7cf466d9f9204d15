"""Which domain is on which site: one primary domain a site, the others redirect to it."""

from __future__ import annotations

from collections.abc import Sequence

from .. import arguments
from ..domain_parsing import read_domain_assignment
from ..domain_types import DomainAssignment, DomainAssignmentAnswer
from ..exchange import Answer, Request
from ..fields import Unreadable
from ..types import Done, Page
from .domain_requests import DomainRequests

ASSIGNMENTS = "/domains/v1/domain-assignments"
ASSIGNMENT = ASSIGNMENTS + "/{domain}"


class DomainAssignmentCalls(DomainRequests):
    def upsert_domain_assignment(
        self, *, account_id: str, domain: str, site_id: str, assignment_type: str = "REDIRECT"
    ) -> DomainAssignmentAnswer:
        """Put a domain of the account on a site, or move it there from a site it redirects to.

        As `PRIMARY` it takes the place of all domains of that site: put it there as `REDIRECT`,
        then `set_domain_as_primary`. On a site without domains a redirect becomes the primary
        one; where the domain is already nothing changes; the primary domain of another site is
        refused. The site needs a Premium plan.
        Reference: Domain Assignments, Upsert Domain Assignment.
        """
        domain = arguments.domain("domain", domain)
        site_info = {"id": arguments.guid("site_id", site_id), "assignmentType": assignment_type}
        answer = self._transport.send(
            Request(
                "POST",
                ASSIGNMENTS,
                repeatable=False,
                account_id=arguments.guid("account_id", account_id),
                body={"domainAssignment": {"domain": domain, "siteInfo": site_info}},
            )
        )
        return _assignment_answer(answer, domain)

    def set_domain_as_primary(self, *, account_id: str, domain: str) -> DomainAssignmentAnswer:
        """Make a site's redirect its primary domain, to which all its others redirect then.

        Reference: Domain Assignments, Set Domain As Primary.
        """
        answer = self._send_about("PATCH", ASSIGNMENT, account_id, domain, {})
        return _assignment_answer(answer, domain)

    def get_domain_assignment(self, *, account_id: str, domain: str) -> DomainAssignmentAnswer:
        """Where a domain is; WixNotFound where it is on no site.

        Reference: Domain Assignments, Get Domain Assignment.
        """
        return _assignment_answer(self._send_about("GET", ASSIGNMENT, account_id, domain), domain)

    def delete_domain_assignment(self, *, account_id: str, domain: str) -> Done:
        """Take a domain off its site; the primary one takes all the site's redirects along.

        Reference: Domain Assignments, Delete Domain Assignment.
        """
        answer = self._send_about("DELETE", ASSIGNMENT, account_id, domain)
        return Done(answer.call, answer.body)

    def list_domain_assignments(
        self,
        *,
        account_id: str,
        site_ids: Sequence[str],
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[DomainAssignment]:
        """The domains of those sites, by name; the sites are named with every cursor again.

        Reference: Domain Assignments, List Domain Assignments.
        """
        if not site_ids:
            raise ValueError("site_ids must name a site: without one Wix lists nothing")
        sites = [("siteIds", arguments.guid("site_ids", site_id)) for site_id in site_ids]
        name = "domainAssignments"
        return self._list(
            ASSIGNMENTS, account_id, limit, cursor, name, read_domain_assignment, sites
        )


def _assignment_answer(answer: Answer, domain: str) -> DomainAssignmentAnswer:
    def read() -> DomainAssignmentAnswer:
        found = read_domain_assignment(answer.body.get("domainAssignment"), "domainAssignment")
        if found.domain != domain.lower():
            raise Unreadable("domainAssignment.domain", "is of another domain")
        return DomainAssignmentAnswer(answer.call, answer.body, found)

    return answer.read(read)
