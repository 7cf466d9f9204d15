"""Looking for a free domain: availability and suggestions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from .. import arguments
from ..domain_parsing import read_availability, read_suggestion
from ..domain_types import AvailabilityAnswer, DomainSuggestion
from ..exchange import Answer, Request
from ..fields import Unreadable
from ..parsing import read_page
from ..transport import KEY_REFUSED, Transport
from ..types import Page

MOST_SUGGESTIONS = 20


class DomainSearchCalls:
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
