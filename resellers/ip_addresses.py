"""Addresses of machines, in the one spelling that databases give back as it was written."""

from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Literal

UNIX: Literal["unix"] = "unix"
Proxy = IPv4Network | IPv6Network | Literal["unix"]


def as_ip_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that this text is, without a zone, and IPv4 where IPv6 only wraps it; else None.

    Its `str` is the canonical spelling.
    """
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def subscriber(text: str | None) -> str:
    """By what calls from one address are counted: itself, and of IPv6 the network that one
    subscriber has, who could take another address each time.

    Empty for who comes by a socket of this machine.
    """
    address = as_ip_address(text or "")
    if isinstance(address, IPv6Address) and not address.is_loopback:
        return str(ip_network((address, 64), strict=False))
    return str(address) if address else ""


def proxy_named(word: str) -> Proxy:
    """The proxies that are so named: by an address, a network, or `unix` for whatever comes by a
    unix socket. Raises ValueError, which says what is wrong."""
    if word.lower() == UNIX:
        return UNIX
    network = ip_network(word)
    if network.prefixlen == 0:
        raise ValueError(f"it must not be everybody ({word}): anyone could say who they are")
    return network
