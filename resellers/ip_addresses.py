"""Addresses of machines, in the one spelling that databases give back as it was written."""

from ipaddress import IPv4Address, IPv6Address, ip_address


def as_ip_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address that this text is, without a zone, and IPv4 where IPv6 only wraps it; else None.

    Its `str` is the canonical spelling.
    """
    try:
        address = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
