"""What every request and answer goes through: whose word counts about where it came from, safe
headers, signs of life, the end of idle sessions, a way out of trouble.
"""

import logging
import time
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.core.signals import request_finished
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from dashboard.frame.client_address import came_by_tls, client_address
from dashboard.frame.referrer import page_before
from dashboard.frame.refusals import record_refusal
from dashboard.frame.sessions import has_fixed_end
from dashboard.frame.sign_in import THIS_MACHINE
from dashboard.pages.system import errors, health
from resellers import audit
from resellers.people import sessions

logger = logging.getLogger(__name__)

GetResponse = Callable[[HttpRequest], HttpResponseBase]
POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)
SEEN_EVERY = 60  # seconds between two notes of activity, so that reading pages does not write


class Origin:
    """Has Django and the audit trail know where a request came from, and whether by TLS."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.META["wsgi.url_scheme"] = "https" if came_by_tls(request) else "http"
        audit.persons_come_from(client_address(request))
        return self.get_response(request)


def _forget_origin(**_: object) -> None:
    """Only now is the last byte of a long answer written, and with it its last entry."""
    audit.persons_come_from(None)


request_finished.connect(_forget_origin)


class SafeAnswers:
    """Gives each request an id, refuses writes sent by other sites, and lets nothing be stored."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.id = uuid.uuid4().hex  # type: ignore[attr-defined]
        answer = (
            errors.csrf_failure(request)
            if _sent_by_another_site(request)
            else self.get_response(request)
        )
        answer["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        answer["Permissions-Policy"] = POLICY
        answer.setdefault("Referrer-Policy", "same-origin")
        answer["Cache-Control"] = "private, no-store"
        return answer


def _sent_by_another_site(request: HttpRequest) -> bool:
    reads = request.method in ("GET", "HEAD", "OPTIONS", "TRACE")
    return not reads and request.headers.get("Sec-Fetch-Site", "none") not in (
        "same-origin",
        "none",
    )


class SignsOfLife:
    """Answers who watches the processes before it matters under which name they ask: by address."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        for name, view in health.SIGNS.items():
            if request.path == reverse(name):
                return view(request)
        return self.get_response(request)


class IdleLogout:
    """Ends a session after `SESSION_IDLE_SECONDS` without a person. A poll is not a person."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return
        now = int(time.time())
        idle = now - request.session.get("seen_at", now)
        if idle > settings.SESSION_IDLE_SECONDS or not has_fixed_end(request.session):
            request.is_idle = True  # type: ignore[attr-defined]
            logout(request)
        elif "X-Poll" not in request.headers and idle >= SEEN_EVERY:
            request.session["seen_at"] = now
            sessions.note_seen(
                request.user,
                request.session.session_key or "",
                ip=client_address(request) or THIS_MACHINE,
                agent=request.headers.get("User-Agent", ""),
                now=timezone.now(),
            )


class WayOut:
    """What a person gets instead of a page: without a role, without a session, in trouble."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.get_response(request)
        if answer.status_code == 403 and request.user.is_authenticated:
            record_refusal(request, request.user)
        if answer.status_code == 302 and _leads_to_login(answer):
            return _to_login(request)
        return answer

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Nothing is shown to who has no role; each page's own rights come on top of this one."""
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return
        if not request.user.has_perm("resellers.view"):
            raise PermissionDenied(_("You have no role here yet. Ask an admin for one."))

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, OperationalError | InterfaceError):
            return errors.database_failed(request, error)
        return None


def _leads_to_login(answer: HttpResponseBase) -> bool:
    place = urlsplit(answer["Location"])
    return place.path == resolve_url(settings.LOGIN_URL) and place.query.startswith("next=")


def _to_login(request: HttpRequest) -> HttpResponse:
    """To the log-in and back to the page in the address bar, never to a part or a POST."""
    asked_by_htmx = "HX-Request" in request.headers
    page = request.get_full_path()
    if asked_by_htmx or request.method != "GET":
        path, query = page_before(request)
        page = (f"{path}?{query}" if query else path) or resolve_url(settings.LOGIN_REDIRECT_URL)
    address = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': page})}"
    if asked_by_htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponse(status=302, headers={"Location": address})
