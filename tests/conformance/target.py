"""Whom the suite judges: the server that the environment names, or a sandbox of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.environment import NOWHERE


class BadTarget(Exception):
    """The environment names a server, and not enough to judge it by."""


@dataclass(frozen=True)
class Orders:
    """What may be bought, moved and canceled on a server, and for whom."""

    account: str
    product: str
    cycle: str
    other_cycle: str
    sites: tuple[str, str]
    country: str = "DE"
    reference: str = ""  # a product with which another may be had free

    def line(self, *, site: str | None = None, cycle: str = "", product: str = "") -> dict:
        """A line of an order, as Create Package documents it."""
        line = {
            "catalogProductId": product or self.product,
            "billingInfo": billing(cycle or self.cycle),
            "countryCode": self.country,
        }
        return line | ({"siteId": site} if site else {})


@dataclass(frozen=True)
class Target:
    """A server, and what may be done there. `orders` is None where nothing may be written."""

    base_url: str
    api_key: str = field(repr=False)
    account_id: str
    is_sandbox: bool
    orders: Orders | None = None
    domain: str = ""


def billing(cycle: str) -> dict:
    """`1 YEAR` as Wix's `billingInfo`."""
    count, unit = cycle.split()
    return {"type": "RECURRING", "cycleDuration": {"unit": unit, "count": int(count)}}


def named(environment: Mapping[str, str] = os.environ) -> Target | None:
    """The server that the environment names, or None. Raises BadTarget with what is missing.

    `WIX_BASE_URL WIX_API_KEY WIX_ACCOUNT_ID` name it; `CONFORMANCE_DOMAIN` is a free domain it
    sells. `CONFORMANCE_WRITES=1` also has things bought, moved and canceled there:
    `CONFORMANCE_ACCOUNT` says for whom, `CONFORMANCE_PRODUCT CONFORMANCE_CYCLE
    CONFORMANCE_OTHER_CYCLE` what, with cycles such as `1 YEAR`, and `CONFORMANCE_SITES` on which
    two sites, separated by a comma. Where that product can be no reference product instance,
    `CONFORMANCE_REFERENCE` is one that can, with the same cycle.
    """
    base_url = environment.get("WIX_BASE_URL", "").rstrip("/")
    if base_url in ("", NOWHERE):
        return None
    _require(environment, "WIX_BASE_URL", "WIX_API_KEY", "WIX_ACCOUNT_ID")
    return Target(
        base_url,
        environment["WIX_API_KEY"],
        environment["WIX_ACCOUNT_ID"],
        is_sandbox=False,
        orders=_orders(environment) if environment.get("CONFORMANCE_WRITES") == "1" else None,
        domain=environment.get("CONFORMANCE_DOMAIN", ""),
    )


def _orders(environment: Mapping[str, str]) -> Orders:
    names = ("ACCOUNT", "PRODUCT", "CYCLE", "OTHER_CYCLE", "SITES")
    _require(environment, "CONFORMANCE_WRITES", *(f"CONFORMANCE_{name}" for name in names))
    account, product, cycle, other_cycle, sites = (
        environment[f"CONFORMANCE_{name}"] for name in names
    )
    first, comma, second = (part.strip() for part in sites.partition(","))
    if not (comma and first and second):
        raise BadTarget("CONFORMANCE_SITES must be two sites, separated by a comma")
    reference = environment.get("CONFORMANCE_REFERENCE", "")
    return Orders(
        account, product, cycle, other_cycle, (first, second), reference=reference or product
    )


def _require(environment: Mapping[str, str], given: str, *names: str) -> None:
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise BadTarget(f"{given} is set, so these must be too: {', '.join(missing)}")
