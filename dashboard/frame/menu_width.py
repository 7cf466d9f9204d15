"""How wide the menu is: full, or a rail of icons.

Kept in the browser, since one screen is not another; drawn by the server, so that a page comes as
it was chosen and nothing moves.
"""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

COOKIE = "menu"
WIDTHS = ("full", "rail")
COOKIE_SECONDS = 365 * 24 * 3600


def has_rail(request: HttpRequest) -> bool:
    """Whether the menu is to be a rail of icons."""
    return request.COOKIES.get(COOKIE) == "rail"


def keep(answer: HttpResponse, width: str) -> None:
    """Have the browser remember the width."""
    # Not `httponly`: the script changes the width without asking for the page again.
    answer.set_cookie(
        COOKIE,
        width,
        max_age=COOKIE_SECONDS,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )
