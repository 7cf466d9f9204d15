"""Domains registered elsewhere and connected to a site."""

from __future__ import annotations

from typing import Any

from .. import arguments
from ..domain_parsing import read_connected_domain, read_domain_setup
from ..domain_types import ConnectedDomain, ConnectedDomainAnswer, DomainSetupAnswer
from ..exchange import Answer, Request
from ..fields import Unreadable
from ..types import Done, Page
from .domain_requests import DomainRequests

CONNECTED = "/domains/v1/connected-domains"


class ConnectedDomainCalls(DomainRequests):
    def create_connected_domain(
        self,
        *,
        account_id: str,
        domain: str,
        connection_type: str | None = None,
        assignment_type: str | None = None,
        site_id: str | None = None,
    ) -> ConnectedDomainAnswer:
        """Connect a domain registered elsewhere, by `NAMESERVERS` or `POINTING`.

        Subdomains must send no connection type. Connecting as `PRIMARY` takes the site's present
        primary domain off it; `REDIRECT` does not, and becomes primary itself on a site without
        domains. The site needs a Premium plan.
        Reference: Connected Domains, Create Connected Domain.
        """
        wanted: dict[str, Any] = {"domain": arguments.domain("domain", domain)}
        if connection_type is not None:
            wanted["connectionType"] = connection_type
        if assignment_type is not None:
            wanted["siteInfo"] = {"assignmentType": assignment_type}
        answer = self._transport.send(
            Request(
                "POST",
                CONNECTED,
                repeatable=False,
                account_id=arguments.guid("account_id", account_id),
                site_id=None if site_id is None else arguments.guid("site_id", site_id),
                body={"connectedDomain": wanted},
            )
        )
        return _connected_answer(answer, domain)

    def get_connected_domain(self, *, account_id: str, domain: str) -> ConnectedDomainAnswer:
        """A connected domain. Reference: Connected Domains, Get Connected Domain."""
        answer = self._send_about("GET", CONNECTED + "/{domain}", account_id, domain)
        return _connected_answer(answer, domain)

    def delete_connected_domain(self, *, account_id: str, domain: str) -> Done:
        """Disconnect a domain from its site. Reference: Connected Domains, Delete."""
        answer = self._send_about("DELETE", CONNECTED + "/{domain}", account_id, domain)
        return Done(answer.call, answer.body)

    def list_connected_domains(
        self, *, account_id: str, limit: int = 100, cursor: str | None = None
    ) -> Page[ConnectedDomain]:
        """An account's connected domains, the newest first.

        Reference: Connected Domains, List Connected Domains.
        """
        return self._list(
            CONNECTED, account_id, limit, cursor, "connectedDomains", read_connected_domain
        )

    def get_connected_domain_setup(self, *, account_id: str, domain: str) -> DomainSetupAnswer:
        """What the domain's owner must enter at the registrar.

        Reference: Connected Domains, Get Connected Domain Setup Info.
        """
        path = "/domains/v1/connected-domain-setup-info/{domain}"
        answer = self._send_about("GET", path, account_id, domain)
        name = "connectedDomainSetupInfo"
        return answer.read(
            lambda: DomainSetupAnswer(
                answer.call, answer.body, read_domain_setup(answer.body.get(name), name)
            )
        )


def _connected_answer(answer: Answer, domain: str) -> ConnectedDomainAnswer:
    def read() -> ConnectedDomainAnswer:
        found = read_connected_domain(answer.body.get("connectedDomain"), "connectedDomain")
        if found.domain != domain.lower():
            raise Unreadable("connectedDomain.domain", "is of another domain")
        return ConnectedDomainAnswer(answer.call, answer.body, found)

    return answer.read(read)
