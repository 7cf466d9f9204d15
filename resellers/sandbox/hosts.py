"""Whom the sandbox answers: callers who use its own name, and no page of another site.

A browser carries out what any page tells it to, also towards this machine. What such a page sends
comes from a foreign origin, or under a foreign name that was made to point here.
"""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from .wire.messages import Answer, Request

EVERY_ADDRESS = ("", "0.0.0.0", "::")  # noqa: S104 (compared with, not listened on)
READING = ("GET", "HEAD")


@dataclass(frozen=True)
class HostCheck:
    """Refuses requests that another site's page may have sent; `named` is the host served on.

    Loopback names are always accepted. Where every address of the machine is served, so are all
    addresses, which nobody can point elsewhere, and the machine's own name.
    """

    named: str

    def refusal(self, request: Request) -> Answer | None:
        """403 with the reason, or None where there is none."""
        host = request.headers.get("host", "")
        if not self.accepts(host):
            return _forbidden(f"this sandbox is not {host or 'a server without a name'}")
        origin = request.headers.get("origin")
        if origin is not None and not _is_of(origin, host):
            return _forbidden("a page of another origin may not call the sandbox")
        if _is_foreign(request):
            return _forbidden("another site's page may not call the sandbox")
        return None

    def accepts(self, host: str) -> bool:
        """Whether a Host header, with or without a port, names this server."""
        name = _name(host)
        if name is None:
            return False
        address = _address(name)
        if name == "localhost" or (address is not None and address.is_loopback):
            return True
        if self.named in EVERY_ADDRESS:
            return address is not None or name == socket.gethostname().lower()
        return name == self.named.lower()


def _forbidden(reason: str) -> Answer:
    return Answer(403, {"error": reason})


def _name(host: str) -> str | None:
    """The name or address in a Host header, without brackets; None where there is none."""
    try:
        parts = urlsplit(f"//{host}")
        well_formed = parts.netloc == host and "@" not in host and (parts.port or 1) > 0
    except ValueError:
        return None
    return parts.hostname if well_formed else None


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _is_of(origin: str, host: str) -> bool:
    scheme, _, rest = origin.partition("://")
    return scheme in ("http", "https") and rest.lower() == host.lower()


def _is_foreign(request: Request) -> bool:
    """Whether the browser says that another site sends this; following a link is no harm."""
    if request.headers.get("sec-fetch-site", "none") in ("none", "same-origin"):
        return False
    follows_link = request.headers.get("sec-fetch-mode") == "navigate"
    return not (follows_link and request.method in READING)
