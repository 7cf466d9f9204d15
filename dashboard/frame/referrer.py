"""The page that a browser was on when it asked: the one place that reads it."""

from urllib.parse import urlsplit

from django.http import HttpRequest
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme


def page_before(request: HttpRequest) -> tuple[str, str]:
    """Path and query of the page that this was asked from, both empty where nobody says so.

    The headers are anybody's to write: what cannot be read as an address is no page. The host is
    not looked at, so lead to the path on our own only.
    """
    url = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    try:
        address = urlsplit(url)
    except ValueError:
        return "", ""
    return address.path, address.query


def as_list(address: str) -> str:
    """The address where it is one of our lists, whatever it is asked for; else empty."""
    if not url_has_allowed_host_and_scheme(address, None):
        return ""
    try:
        name = resolve(urlsplit(address).path).url_name or ""
    except (Resolver404, ValueError):
        return ""
    return address if name.endswith("_list") else ""


def path_to_return_to(request: HttpRequest) -> str:
    """The address on our own host of the page before, for a redirect; empty where nobody says."""
    path, query = page_before(request)
    address = f"{path}?{query}" if query else path
    is_ours = address.startswith("/") and url_has_allowed_host_and_scheme(address, None)
    return address if is_ours else ""
