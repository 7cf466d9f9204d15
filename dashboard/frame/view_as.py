"""An admin looks at the dashboard as somebody of another role sees it, and changes nothing."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from resellers.models import ROLE_PERMISSIONS, Role

KEY = "view_as"
READS = ("GET", "HEAD", "OPTIONS")
# What may be sent all the same, by the names of addresses.
OPEN = frozenset(("view_as_end", "logout"))


class ViewAs:
    """Gives an admin who asked for it the rights of that role, for reading alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        role = request.session.get(KEY)
        if role in Role.values and request.user.has_perm("resellers.administer"):
            _give_rights_of(request, Role(role))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        if viewed_as(request) is None or request.method in READS:
            return
        match = request.resolver_match
        if not match or match.url_name not in OPEN:
            raise PermissionDenied(_("You only look as another role sees it. End that first."))


def viewed_as(request: HttpRequest) -> Role | None:
    """The role that the person looks as; None for who does not."""
    return getattr(request, "viewed_as", None)


def _give_rights_of(request: HttpRequest, role: Role) -> None:
    held = {
        f"resellers.{right}"
        for one in list(Role)[: list(Role).index(role) + 1]
        for right in ROLE_PERMISSIONS[one]
    }
    person: Any = request.user
    # Of this request's own copy of the person, which nothing saves: what writes is refused.
    person.is_superuser = False
    person._perm_cache = person._user_perm_cache = person._group_perm_cache = held
    request.viewed_as = role  # type: ignore[attr-defined]
