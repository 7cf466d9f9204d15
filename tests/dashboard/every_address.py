"""Every address that the site has, as the URLconf has them: none is left out for being new."""

import re
from collections.abc import Iterator, Mapping

from django.urls import get_resolver
from django.urls.resolvers import URLPattern

NOTHING = "00000000-0000-4000-8000-000000000000"
_SLOT = re.compile(r"<(\w+):\w+>")


def patterns(resolver=None) -> list[URLPattern]:
    """All patterns, in the order in which they are tried."""
    found = []
    for one in (resolver or get_resolver()).url_patterns:
        found += [one] if isinstance(one, URLPattern) else patterns(one)
    return found


def every_address(ids: Mapping[str, object] | None = None) -> Iterator[tuple[URLPattern, str]]:
    """Each pattern with an address of it: of the record that `ids` has for the address's first
    word, else of one that is not there."""
    for pattern in patterns():
        route = str(pattern.pattern)
        noun = route.partition("/")[0]
        stand_ins = {
            "int": "1",
            "wix_id": NOTHING,
            "slug": "failures",
            "str": "ENABLED",
            "path": "nowhere",
        }
        if ids and noun in ids:
            stand_ins |= dict.fromkeys(("int", "wix_id"), str(ids[noun]))
        yield pattern, "/" + _SLOT.sub(lambda slot, known=stand_ins: known[slot[1]], route)
