"""Domains registered through Wix. Wix has withdrawn these calls from its public pages."""

from __future__ import annotations

from dataclasses import astuple

from .. import arguments
from ..domain_parsing import read_registered_domain
from ..domain_types import Contact, RegisteredDomain, RegisteredDomainAnswer
from ..exchange import Answer, Request
from ..fields import Unreadable
from ..types import Page
from .domain_requests import DomainRequests

REGISTERED = "/domains/v1/registered-domains"


class RegisteredDomainCalls(DomainRequests):
    def create_registered_domain(
        self,
        *,
        account_id: str,
        domain: str,
        product_instance_id: str,
        registrant: Contact,
        admin: Contact | None = None,
        tech: Contact | None = None,
        site_id: str | None = None,
    ) -> RegisteredDomainAnswer:
        """Register a domain against a floating domain product instance of the account.

        Wix takes no idempotency key: after WixOutcomeUnknown ask for the domain, and send again
        only where Wix says that there is none. It may be closed to this partner (403, 404).
        Reference: Registered Domains, Create Registered Domain.
        """
        contacts = {"registrant": registrant, "admin": admin, "tech": tech}
        wanted = {
            "domain": arguments.domain("domain", domain),
            "productInstanceId": arguments.guid("product_instance_id", product_instance_id),
            "contacts": {
                role: arguments.contact(role, person)
                for role, person in contacts.items()
                if person is not None
            },
        }
        answer = self._transport.send(
            Request(
                "POST",
                REGISTERED,
                repeatable=False,
                account_id=arguments.guid("account_id", account_id),
                site_id=None if site_id is None else arguments.guid("site_id", site_id),
                body={"registeredDomain": wanted},
                private=_personal(*contacts.values()),
            )
        )
        return _registered_answer(answer, domain)

    def get_registered_domain(self, *, account_id: str, domain: str) -> RegisteredDomainAnswer:
        """A registered domain. Where there is none Wix answers 400 `REGISTERED_DOMAIN_NOT_FOUND`,
        which is a WixRefused.

        Reference: Registered Domains, Get Registered Domain.
        """
        answer = self._send_about("GET", REGISTERED + "/{domain}", account_id, domain)
        return _registered_answer(answer, domain)

    def list_registered_domains(
        self, *, account_id: str, limit: int = 100, cursor: str | None = None
    ) -> Page[RegisteredDomain]:
        """An account's registered domains, the newest first.

        Reference: Registered Domains, List Registered Domains.
        """
        return self._list(
            REGISTERED, account_id, limit, cursor, "registeredDomains", read_registered_domain
        )

    def redeem_registered_domain(self, *, account_id: str, domain: str) -> RegisteredDomainAnswer:
        """Buy a lapsed domain back for a year; only in its redemption period.

        Reference: Registered Domains, Redeem Registered Domain.
        """
        answer = self._send_about("POST", REGISTERED + "/{domain}/redeem", account_id, domain, {})
        return _registered_answer(answer, domain)


def _personal(*people: Contact | None) -> tuple[str, ...]:
    """What tells of these people, the longest first; codes of two letters tell of nobody."""
    texts = {text for one in people if one for text in astuple(one) if text and len(text) > 2}
    return tuple(sorted(texts, key=len, reverse=True))


def _registered_answer(answer: Answer, domain: str) -> RegisteredDomainAnswer:
    def read() -> RegisteredDomainAnswer:
        found = read_registered_domain(answer.body.get("registeredDomain"), "registeredDomain")
        if found.domain != domain.lower():
            raise Unreadable("registeredDomain.domain", "is of another domain")
        return RegisteredDomainAnswer(answer.call, answer.body, found)

    return answer.read(read)
