"""Where a second factor is demanded, nothing is reached without one but the pages to set it up."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from resellers.people import factors

SET_UP = "mfa_index"
# The names of what somebody without a demanded factor may still reach, by GET and by POST.
OPEN = frozenset(
    (
        SET_UP,
        *("mfa_activate_totp", "mfa_add_webauthn"),
        *("reauthenticate", "logout"),
    )
)


def is_held_back(request: HttpRequest) -> bool:
    """Whether the person who asks has to set a second factor up before anything else."""
    person = getattr(request, "user", None)
    return bool(person and person.is_authenticated and factors.is_missing(person))


class DemandSecondFactor:
    """Sends whoever lacks a demanded second factor to set one up, whatever they asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        match = request.resolver_match
        if (match and match.url_name in OPEN) or not getattr(view, "login_required", True):
            return None
        if not is_held_back(request):
            return None
        if "HX-Request" in request.headers:
            return HttpResponse(status=204, headers={"HX-Redirect": reverse(SET_UP)})
        return redirect(SET_UP)
