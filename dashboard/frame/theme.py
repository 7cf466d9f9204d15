"""Light or dark: what a person chose, or the system's wish."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

COOKIE = "theme"
THEMES = {
    "system": gettext_lazy("System"),
    "light": gettext_lazy("Light"),
    "dark": gettext_lazy("Dark"),
}


def theme_of(request: HttpRequest) -> str:
    """The theme that this browser's person chose; `system` where they chose none."""
    chosen = request.COOKIES.get(COOKIE, "")
    return chosen if chosen in THEMES else "system"
