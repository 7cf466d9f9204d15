"""Where a request comes from, and whether by TLS: the one place that reads it.

What headers say of it counts only where the peer is one of `TRUSTED_PROXIES`, and is read from the
right end, since whatever stands further left may be the visitor's own invention. Of the two headers
there are, `X-Forwarded-For` is read where it is set, else `Forwarded` (RFC 7239).
"""

import re
import ssl
from ipaddress import IPv4Address, IPv6Address

from django.conf import settings
from django.http import HttpRequest

from resellers.ip_addresses import UNIX, as_ip_address

Address = IPv4Address | IPv6Address

# By any of these a web server may have decided that a request came by TLS, whoever sent it.
_SCHEME_HEADERS = (
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_PROTOCOL",
    "HTTP_X_FORWARDED_SSL",
    "HTTP_FORWARDED",
)
# One pair of `Forwarded`. Commas are looked for before quotes: no proxy writes one within them, and
# a quote that a visitor left open must not swallow what the proxy wrote behind it.
_PAIR = re.compile(r'\s*(?P<name>[a-z]+)\s*=\s*"?(?P<value>[^";]*)"?\s*', re.IGNORECASE)


def client_address(request: HttpRequest) -> str | None:
    """The address of the person's own machine, or of the last proxy before it that is trusted.

    None where there is none, as of a person at the other end of a unix socket.
    """
    nearest, _ = _origin(request)
    return str(nearest) if nearest else None


def came_by_tls(request: HttpRequest) -> bool:
    """Whether the person's browser spoke TLS, on the word of a trusted proxy or by this server."""
    if not _is_trusted(_peer(request)):
        return _speaks_tls(request)
    schemes = _listed(request, "HTTP_X_FORWARDED_PROTO", "proto")
    if not any(schemes):
        return _speaks_tls(request)
    # Where each proxy has added a word, the one that spoke with the person has the say.
    _, proxies = _origin(request)
    return schemes[-min(proxies, len(schemes))].lower() == "https"


def _origin(request: HttpRequest) -> tuple[Address | None, int]:
    """The address furthest away that is known for sure, and how many trusted proxies are passed."""
    nearest, proxies = _peer(request), 0
    if not _is_trusted(nearest):
        return nearest, proxies
    for hop in reversed(_listed(request, "HTTP_X_FORWARDED_FOR", "for")):
        proxies += 1
        address = _parsed(hop)
        if address is None:
            break
        nearest = address
        if not _is_trusted(address):
            break
    return nearest, max(proxies, 1)


def _peer(request: HttpRequest) -> Address | None:
    return _parsed(request.META.get("REMOTE_ADDR", ""))


def _is_trusted(address: Address | None) -> bool:
    """Whether that is one of our proxies; None is the peer of a unix socket."""
    if address is None:
        return UNIX in settings.TRUSTED_PROXIES
    return any(
        proxy != UNIX and proxy.version == address.version and address in proxy
        for proxy in settings.TRUSTED_PROXIES
    )


def _listed(request: HttpRequest, header: str, parameter: str) -> list[str]:
    """What each hop said, the nearest last: by the X-Forwarded header, else by `Forwarded`."""
    if header in request.META:
        return [word.strip() for word in request.META[header].split(",")]
    if "HTTP_FORWARDED" not in request.META:
        return []
    hops = []
    for element in request.META["HTTP_FORWARDED"].split(","):
        pairs = (_PAIR.fullmatch(pair) for pair in element.split(";"))
        named = {pair["name"].lower(): pair["value"].strip() for pair in pairs if pair}
        hops.append(named.get(parameter, ""))
    return hops


def _parsed(text: str) -> Address | None:
    """The address of a hop, however it is written: with a port, in brackets, as IPv4 in IPv6."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    return as_ip_address(text)


def _speaks_tls(request: HttpRequest) -> bool:
    """Whether this server itself speaks TLS, whatever a header has had it say of that."""
    if any(name in request.META for name in _SCHEME_HEADERS):
        return isinstance(request.META.get("gunicorn.socket"), ssl.SSLSocket)
    return bool(request.META.get("wsgi.url_scheme") == "https")
