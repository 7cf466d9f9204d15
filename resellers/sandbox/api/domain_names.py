"""What is true of domain names: how they are written, which are sold, which are gone.

Names are of the form label.tld. Nobody's real domain is asked about: whether one is taken
follows from its spelling.
"""

from __future__ import annotations

import re

from ..wire.errors import DOMAINS, Refusal, refuse

SOLD_TLDS = ("com", "de", "example", "shop")
LABEL = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
TLD = re.compile(r"[a-z]{2,24}")


def labels(domain: str) -> list[str]:
    """The domain's parts in small letters. Raises INVALID_DOMAIN."""
    parts = domain.lower().split(".")
    well_written = len(parts) > 1 and all(LABEL.fullmatch(one) for one in parts)
    if not well_written or not TLD.fullmatch(parts[-1]):
        raise refuse("INVALID_DOMAIN", DOMAINS, domain=domain)
    return parts


def is_taken(domain: str) -> bool:
    """Whether somebody else has registered it: those whose name begins with `taken` are gone."""
    return domain.startswith("taken")


def is_premium(domain: str) -> bool:
    """Whether it is a dear one: names of three letters are."""
    return len(domain.partition(".")[0]) <= 3


def unsupported(tld: str) -> Refusal:
    return refuse("DOMAINS_UNSUPPORTED_TLD", DOMAINS, tld=tld)
