"""Domains: searching, registering through Wix, and connecting those registered elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from .. import arguments
from ..domain_parsing import (
    read_availability,
    read_connected_domain,
    read_domain_setup,
    read_registered_domain,
    read_suggestion,
)
from ..domain_types import (
    AvailabilityAnswer,
    ConnectedDomain,
    ConnectedDomainAnswer,
    Contact,
    DomainSetupAnswer,
    DomainSuggestion,
    RegisteredDomain,
    RegisteredDomainAnswer,
)
from ..exchange import Answer, Request
from ..fields import Unreadable
from ..parsing import read_page
from ..transport import KEY_REFUSED, Transport
from ..types import Done, Page

T = TypeVar("T")

MOST_SUGGESTIONS = 20
REGISTERED = "/domains/v1/registered-domains"
CONNECTED = "/domains/v1/connected-domains"


class DomainCalls:
    _transport: Transport
    _search_with_key: bool
    account_id: str

    def check_domain_availability(self, *, domain: str) -> AvailabilityAnswer:
        """Whether a domain can be bought. `INVALID_DOMAIN` and `DOMAINS_UNSUPPORTED_TLD` are
        refusals (WixRefused) and no answers.

        Reference: Domain Search, Check Domain Availability.
        """
        domain = arguments.domain("domain", domain)
        answer = self._search("/domain-search/v2/check-domain-availability", [("domain", domain)])

        def read() -> AvailabilityAnswer:
            found = read_availability(answer.body.get("availability"), "availability")
            if found.domain != domain:
                raise Unreadable("availability.domain", "is of another domain")
            return AvailabilityAnswer(answer.call, answer.body, found)

        return answer.read(read)

    def suggest_domains(
        self,
        *,
        query: str,
        tlds: Sequence[str] = (),
        limit: int = 10,
        max_length: int | None = None,
        cursor: str | None = None,
    ) -> Page[DomainSuggestion]:
        """Domains to buy for some words: 3 to 100 characters, and at most ten endings, no dots.

        Reference: Domain Search, Suggest Domains.
        """
        if len(tlds) > 10 or any(not tld or tld.startswith(".") for tld in tlds):
            raise ValueError("tlds must be at most ten, without their dots")
        if max_length is not None and not 3 <= max_length <= 63:
            raise ValueError("max_length must be 3 to 63")
        asked = [
            ("query", arguments.text("query", query, shortest=3, longest=100)),
            *(("tlds", tld) for tld in tlds),
            ("paging.limit", str(arguments.limit(limit, largest=MOST_SUGGESTIONS))),
        ]
        if max_length is not None:
            asked.append(("maxLength", str(max_length)))
        if cursor is not None:
            asked.append(("paging.cursor", cursor))
        answer = self._search("/domain-search/v2/suggest-domains", asked)
        return answer.read(
            lambda: read_page(answer.body, answer.call, "suggestions", read=read_suggestion)
        )

    def _search(self, path: str, asked: Sequence[tuple[str, str]]) -> Answer:
        # The method pages want a key here, the guide says that a key is refused: each way is
        # tried, and a setting says which one first.
        keyed = Request(
            "GET", path, repeatable=True, account_id=self.account_id, query=tuple(asked)
        )
        keyless = replace(keyed, account_id=None, with_key=False)
        ways = (keyed, keyless) if self._search_with_key else (keyless, keyed)
        return self._transport.send(ways[0], instead=ways[1], when=KEY_REFUSED)

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
            )
        )
        return _registered_answer(answer, domain)

    def get_registered_domain(self, *, account_id: str, domain: str) -> RegisteredDomainAnswer:
        """A registered domain. Where there is none Wix answers 400 `REGISTERED_DOMAIN_NOT_FOUND`,
        which is a WixRefused.

        Reference: Registered Domains, Get Registered Domain.
        """
        return _registered_answer(self._get(REGISTERED + "/{domain}", account_id, domain), domain)

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
        answer = self._transport.send(
            Request(
                "POST",
                REGISTERED + "/{domain}/redeem",
                repeatable=False,
                account_id=arguments.guid("account_id", account_id),
                path_values={"domain": arguments.domain("domain", domain)},
                body={},
            )
        )
        return _registered_answer(answer, domain)

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
        primary domain off it; `REDIRECT` does not. The site needs a Premium plan.
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
        return _connected_answer(self._get(CONNECTED + "/{domain}", account_id, domain), domain)

    def delete_connected_domain(self, *, account_id: str, domain: str) -> Done:
        """Disconnect a domain from its site. Reference: Connected Domains, Delete."""
        answer = self._transport.send(
            Request(
                "DELETE",
                CONNECTED + "/{domain}",
                repeatable=False,
                account_id=arguments.guid("account_id", account_id),
                path_values={"domain": arguments.domain("domain", domain)},
            )
        )
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
        answer = self._get(path, account_id, domain)
        name = "connectedDomainSetupInfo"
        return answer.read(
            lambda: DomainSetupAnswer(
                answer.call, answer.body, read_domain_setup(answer.body.get(name), name)
            )
        )

    def _get(self, path: str, account_id: str, domain: str) -> Answer:
        return self._transport.send(
            Request(
                "GET",
                path,
                repeatable=True,
                account_id=arguments.guid("account_id", account_id),
                path_values={"domain": arguments.domain("domain", domain)},
            )
        )

    def _list(
        self,
        path: str,
        account_id: str,
        limit: int,
        cursor: str | None,
        name: str,
        read: Callable[[object, str], T],
    ) -> Page[T]:
        asked = [("paging.limit", str(arguments.limit(limit)))]
        if cursor is not None:
            asked.append(("paging.cursor", cursor))
        answer = self._transport.send(
            Request(
                "GET",
                path,
                repeatable=True,
                account_id=arguments.guid("account_id", account_id),
                query=tuple(asked),
            )
        )
        return answer.read(lambda: read_page(answer.body, answer.call, name, read=read))


def _registered_answer(answer: Answer, domain: str) -> RegisteredDomainAnswer:
    def read() -> RegisteredDomainAnswer:
        found = read_registered_domain(answer.body.get("registeredDomain"), "registeredDomain")
        if found.domain != domain.lower():
            raise Unreadable("registeredDomain.domain", "is of another domain")
        return RegisteredDomainAnswer(answer.call, answer.body, found)

    return answer.read(read)


def _connected_answer(answer: Answer, domain: str) -> ConnectedDomainAnswer:
    def read() -> ConnectedDomainAnswer:
        found = read_connected_domain(answer.body.get("connectedDomain"), "connectedDomain")
        if found.domain != domain.lower():
            raise Unreadable("connectedDomain.domain", "is of another domain")
        return ConnectedDomainAnswer(answer.call, answer.body, found)

    return answer.read(read)
