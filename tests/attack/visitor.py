"""Somebody who sends requests to a real web process, with whatever cookies and headers they like.

They come by a trusted proxy, as people do: the proxy says from which address, and that it was TLS.
"""

import http.client
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode, urljoin, urlsplit

from .report import Report

HOST = "dashboard.example"
ORIGIN = f"https://{HOST}"
SESSION, CSRF = "__Host-session", "__Host-csrf"
TOKEN = "k3mPq9ZtR2xvB7nLwD5sYcH8jFgT4aQe"  # of a form, as cookie and field have it
SECONDS = 30  # after which an answer hangs
SAFE_IN_ADDRESSES = "/?&=%+-_.~:@,;!$'()*[]"


@dataclass(frozen=True)
class Answer:
    """What came back; status 0: nothing did."""

    status: int
    headers: Mapping[str, str]
    text: str
    seconds: float = 0.0

    @property
    def place(self) -> str:
        """Where it leads, or has htmx go; empty where it leads nowhere."""
        return self.headers.get("Location") or self.headers.get("HX-Redirect") or ""

    @property
    def leads_to_log_in(self) -> bool:
        return urlsplit(self.place).path == "/login/"

    @property
    def leads_away(self) -> bool:
        """Whether a browser would end on another host, as browsers read addresses."""
        place = re.sub(r"[\t\r\n]", "", self.place).strip("\0\x01\x1f ").replace("\\", "/")
        if not place:
            return False
        place = re.sub(r"^(https?:)/*", r"\1//", place)
        try:
            parts = urlsplit(urljoin(f"{ORIGIN}/login/", place))
        except ValueError:
            return True
        return parts.scheme != "https" or parts.hostname != HOST


class Visitor:
    """One browser, or what passes for one."""

    def __init__(
        self, port: int, report: Report, address: str = "203.0.113.9", session: str = ""
    ) -> None:
        self.port = port
        self.report = report
        self.address = address
        self.cookies = {CSRF: TOKEN} | ({SESSION: session} if session else {})

    def get(self, path: str, **headers: str) -> Answer:
        return self.ask("GET", path, headers=_named(headers))

    def post(self, path: str, form: Mapping[str, str] | None = None, **headers: str) -> Answer:
        """A form with its token, from a page of the site's own."""
        body = urlencode({"csrfmiddlewaretoken": self.cookies[CSRF]} | dict(form or {}))
        own = {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
        return self.ask("POST", path, body.encode(), own | _named(headers))

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send exactly that, and keep the cookies that come back."""
        self.report.note_sent()
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": self.address}
        sent |= {"Cookie": cookie} if cookie else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=SECONDS)
        began = time.perf_counter()
        try:
            place = quote(path, safe=SAFE_IN_ADDRESSES)
            connection.request(method, place, body or None, sent | dict(headers or {}))
            came = connection.getresponse()
            text = came.read().decode("utf-8", "replace")
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, {}, repr(error), time.perf_counter() - began)
        finally:
            connection.close()
        for line in came.headers.get_all("Set-Cookie") or ():
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return Answer(came.status, came.headers, text, time.perf_counter() - began)

    def raw(self, text: bytes, seconds: float = 10) -> bytes:
        """What comes back for these bytes until the other end falls silent or closes."""
        self.report.note_sent()
        came = b""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
                connection.sendall(text)
                connection.settimeout(2)
                while part := connection.recv(65_536):
                    came += part
        except OSError:
            pass
        return came


def _named(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers by the names of arguments: `HX_Request` is HX-Request."""
    return {name.replace("_", "-"): value for name, value in headers.items()}
