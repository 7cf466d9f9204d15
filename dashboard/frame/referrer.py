"""The page that a browser was on when it asked: the one place that reads it."""

from urllib.parse import urlsplit

from django.http import HttpRequest


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
