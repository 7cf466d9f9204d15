"""The calls that look for a free domain: check availability, suggest.

Reference: Domains, Domain Search. Both are public; a key beside them does no harm unless
switched otherwise.
"""

from __future__ import annotations

import re
from typing import Any

from ..wire.errors import DOMAINS, refuse
from ..wire.validation import Fields
from ..world.slugs import slug
from .call import Call
from .cursors import cursors_of
from .domain_names import SOLD_TLDS, is_premium, is_taken, labels, unsupported
from .paging import next_cursor, offset_page

QUERY = re.compile(r"[\w\s-]+")
TWISTS = ("", "-online", "-shop", "-atelier", "-am-markt", "-direkt", "-haus", "-team")


def check_availability(call: Call) -> dict[str, Any]:
    """Check Domain Availability of a root domain of a TLD that Wix sells."""
    arguments = call.arguments
    domain = (arguments.text("domain", required=True, longest=63, shortest=3) or "").lower()
    arguments.check()
    parts = labels(domain)
    if parts[-1] not in SOLD_TLDS:
        raise unsupported(parts[-1])
    if len(parts) > 2:
        raise refuse("INVALID_DOMAIN", DOMAINS, domain=domain)
    return {
        "availability": {
            "domain": domain,
            "available": not is_taken(domain) and domain not in call.world.registered_domains,
            "premium": is_premium(domain),
            "premiumType": "UNKNOWN_PREMIUM_TYPE",
        }
    }


def suggest(call: Call) -> dict[str, Any]:
    """Suggest Domains for words, a page of at most 20."""
    arguments = call.arguments
    words = arguments.text("query", required=True, longest=100, shortest=3) or ""
    limit = arguments.integer("paging.limit", 0, 20, 10)
    longest = arguments.integer("maxLength", 3, 63, 63)
    cursor = arguments.text("paging.cursor")
    tlds = _tlds(call, arguments)
    arguments.check()
    if not QUERY.fullmatch(words):
        raise refuse("INVALID_QUERY", DOMAINS)
    cursors = cursors_of(call.world)
    start = 0
    if cursor:
        held = cursors.read("suggestions", cursor)
        words, tlds, start = held["w"], held["d"], held["l"]
    found = [one for one in _suggestions(words, tlds) if len(one) <= longest]
    page = offset_page(call, found, start, limit)
    held = {"w": words, "d": tlds, "l": page.next_position}
    following = next_cursor(call, page.more, cursor, lambda: cursors.make("suggestions", held))
    return {
        "suggestions": [{"domain": one, "premium": is_premium(one)} for one in page.rows],
        "pagingMetadata": {
            "count": len(page.rows),
            "cursors": {"next": following} if following else {},
            "hasNext": following is not None,
        },
    }


def _tlds(call: Call, arguments: Fields) -> list[str]:
    tlds = call.request.query.get("tlds", [])
    if len(tlds) > 10:
        arguments.add_violation("tlds", "must not have more than 10 entries", "MAX")
    arguments.check()
    for tld in tlds:
        if "." in tld:
            raise refuse("INVALID_TLD_FORMAT", DOMAINS, tld=tld)
        if tld.lower() not in SOLD_TLDS:
            raise refuse("TLD_NOT_SUPPORTED", DOMAINS, tld=tld)
    return [tld.lower() for tld in tlds] or list(SOLD_TLDS)


def _suggestions(words: str, tlds: list[str]) -> list[str]:
    ascii_words = slug(words) or "domain"
    return [
        f"{ascii_words}{twist}.{tld}"
        for twist in TWISTS
        for tld in tlds
        if not is_taken(ascii_words)
    ]
