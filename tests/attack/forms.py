"""Forms that another site has a browser send, with the cookies of who is logged in there."""

from urllib.parse import urlencode

from tests.dashboard.every_address import every_address

from .ground import Ground
from .visitor import CSRF, ORIGIN, TOKEN, Answer, Visitor

FORM = "application/x-www-form-urlencoded"
STEP = 6  # of all addresses every so many-th gets the rarer forms
NEVER = ("healthz", "readyz", "metrics")  # read nothing of what is sent


def attack(ground: Ground) -> None:
    """Try all of it."""
    addresses = [
        address
        for pattern, address in every_address(ground.ids)
        if not (pattern.name or "").startswith("api_") and pattern.name not in NEVER
    ]
    few = [*addresses[::STEP], "/login/", "/logout/", "/me/theme/"]
    visitor = ground.visitor("admin")
    with ground.report.item("CSRF: no token, to every address") as item:
        for address in addresses:
            item.hold(_refused(_send(visitor, address, {})), address)
    with ground.report.item("CSRF: no token, as htmx sends") as item:
        for address in few:
            answer = _send(visitor, address, {}, {"HX-Request": "true"})
            item.hold(_refused(answer), f"{address}: {answer.status}")
    with ground.report.item("CSRF: a wrong token, in the form and as htmx sends it") as item:
        for address in few:
            for token in ("", "b" * 32, "b" * 64, TOKEN[:31], "\u0430" * 32):
                answer = _send(visitor, address, {"csrfmiddlewaretoken": token})
                item.hold(_refused(answer), f"{address} {token}: {answer.status}")
            answer = _send(visitor, address, {}, {"X-CSRFToken": "b" * 32, "HX-Request": "true"})
            item.hold(_refused(answer), f"{address} as a header: {answer.status}")
    with ground.report.item("CSRF: the right token, from a foreign Origin or Referer") as item:
        foreign = (
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
            {"Origin": f"{ORIGIN}.evil.example"},
            {"Origin": ORIGIN.replace("https", "http")},
            {"Referer": "https://evil.example/?dashboard.example"},
            {"Referer": ""},
            {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
            {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
        )
        form = {"csrfmiddlewaretoken": TOKEN}
        for address in few:
            for headers in foreign:
                answer = _send(visitor, address, form, headers, own=False)
                item.hold(_refused(answer), f"{address} {headers}: {answer.status}")
    with ground.report.item("CSRF: bodies of other types, and other methods") as item:
        for address in few[-12:]:
            for media_type in ("application/json", "text/plain", "multipart/form-data; boundary=x"):
                headers = {"Origin": ORIGIN, "Content-Type": media_type}
                answer = visitor.ask("POST", address, b'{"a": "b"}', headers)
                item.hold(_refused(answer), f"{address} {media_type}: {answer.status}")
            for method in ("PUT", "PATCH", "DELETE"):
                answer = visitor.ask(method, address, b"a=b", {"Origin": ORIGIN})
                item.hold(_refused(answer), f"{method} {address}: {answer.status}")
            # A POST that calls itself something else, or a GET that calls itself a POST.
            answer = visitor.ask("GET", "/logout/", b"", {"X-HTTP-Method-Override": "POST"})
            item.hold(answer.status == 405, f"logged out by GET: {answer.status}")
    with ground.report.item("CSRF: after all of it the session stands") as item:
        item.hold(visitor.get("/reports/").status == 200, "the session is gone")


def _send(
    visitor: Visitor,
    address: str,
    form: dict[str, str],
    headers: dict[str, str] | None = None,
    *,
    own: bool = True,
) -> Answer:
    visitor.cookies[CSRF] = TOKEN
    given = {"Content-Type": FORM} | ({"Origin": ORIGIN} if own else {}) | (headers or {})
    return visitor.ask("POST", address, urlencode(form | {"sure": "on"}).encode(), given)


def _refused(answer: Answer) -> bool:
    return answer.status in (400, 403, 404, 405)
