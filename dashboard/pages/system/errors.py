"""Pages for what went wrong on the way to a page: what happened, and what to do."""

import logging
import sys
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from dashboard.frame import second_factor
from resellers.database_faults import Trouble, trouble_of

logger = logging.getLogger(__name__)

# A page for each, and after how many seconds to ask for it again.
TROUBLES = {
    Trouble.AWAY: ("pages/system/errors/503.html", 10),
    Trouble.HELD: ("pages/system/errors/held.html", 2),
    Trouble.SLOW: ("pages/system/errors/slow.html", 10),
}


@login_not_required
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, for what no page of ours would send."""
    return _plain(request, "pages/system/errors/400.html", 400)


def cut_short(request: HttpRequest) -> HttpResponse:
    """408, for a form of which only a part has come."""
    return _plain(request, "pages/system/errors/408.html", 408)


def no_length(request: HttpRequest) -> HttpResponse:
    """411, for a body that does not say how long it is."""
    return _plain(request, "pages/system/errors/411.html", 411)


def too_large(request: HttpRequest, most: int, *, is_signed_in: bool) -> HttpResponse:
    """413, with how many bytes may be sent."""
    words = f"{most // 2**20} MiB" if most >= 2**20 else f"{most // 2**10} KiB"
    return _plain(
        request, "pages/system/errors/413.html", 413, most=words, is_signed_in=is_signed_in
    )


@login_not_required
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason where one was given."""
    reason = str(exception or "")
    return _framed(request, "pages/system/errors/403.html", 403, reason=reason)


@login_not_required
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404; for an id that the mirror does not hold, with a way to look for it."""
    missing = exception.args[0] if exception and exception.args else ""
    words = missing if isinstance(missing, str) and missing.startswith("Nothing of id") else ""
    return _framed(request, "pages/system/errors/404.html", 404, missing=words)


@login_not_required
def server_error(request: HttpRequest) -> HttpResponse:
    """500 with the request's id; 503 where it was the database that failed."""
    error = sys.exc_info()[1]
    if isinstance(error, OperationalError | InterfaceError):
        return database_failed(request, error)
    return _plain(request, "pages/system/errors/500.html", 500)


def database_failed(request: HttpRequest, error: OperationalError | InterfaceError) -> HttpResponse:
    """503 that says whether the database is away, or what this needs is held, or it took too long;
    from a template that needs no database."""
    why = trouble_of(error)
    logger.error("%s: %s %s: %s", why.value, request.method, request.path, error)
    template, wait = TROUBLES.get(why, TROUBLES[Trouble.AWAY])
    answer = _plain(request, template, 503)
    answer["Retry-After"] = str(wait)
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say that the form had been open too long, and how to go on."""
    return _plain(request, "pages/system/errors/csrf.html", 403)


def _plain(request: HttpRequest, template: str, status: int, **context: Any) -> HttpResponse:
    """Without a request context: nothing here may touch session, user or database."""
    context |= {"request_id": getattr(request, "id", "")}
    return HttpResponse(render_to_string(template, context), status=status)


def _sees_the_frame(request: HttpRequest) -> bool:
    """Whether the person may see what stands around pages: not before a demanded second factor."""
    person = getattr(request, "user", None)
    may = person is not None and person.has_perm("resellers.view")
    return may and not second_factor.is_held_back(request)


def _framed(request: HttpRequest, template: str, status: int, **context: str) -> HttpResponse:
    """Within the frame for who is signed in; alone for who is not, or where the frame fails too."""
    try:
        if _sees_the_frame(request):
            return render(request, template, {"base": "frame/base.html", **context}, status=status)
    except (OperationalError, InterfaceError):
        logger.exception("an error page without its frame")
    html = render_to_string(template, {"base": "frame/bare.html", **context})
    return HttpResponse(html, status=status)
