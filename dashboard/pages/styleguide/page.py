"""The living style guide: whoever builds a page sees here what there is, light and dark."""

import re
from functools import cache

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from dashboard.frame.staff import StaffRequest

# The template of each, under its heading.
PARTS = {
    "colours": "Colours",
    "type": "Type and names",
    "icons": "Icons",
    "buttons": "Buttons",
    "status": "Status",
    "fields": "Fields",
    "menus": "Menus, tabs and segments",
    "cards": "Cards and figures",
    "tables": "Tables",
    "notes": "Notes and what changes",
    "timeline": "Timeline and people",
}
TONES = ("good", "look", "bad", "under-way", "ended")


@require_safe
def styleguide(request: StaffRequest) -> HttpResponse:
    """Every component, for admins; in the demo for everybody."""
    if not (settings.DEMO or request.user.has_perm("resellers.administer")):
        raise PermissionDenied
    context = {
        "parts": [(name, title, f"pages/styleguide/{name}.html") for name, title in PARTS.items()],
        "themes": (("light", "Light"), ("dark", "Dark")),
        "tones": TONES,
        "colours": colours(),
        "icons": icon_names(),
        "service_types": ("Premium plan", "Business mail", "Domain", "Online shop", "Bookings"),
        "more_service_types": ("SEO", "Newsletter", "Logo", "Something new"),
    }
    return render(request, "pages/styleguide/page.html", context)


@cache
def icon_names() -> list[str]:
    """The names of all that is drawn, in the order of the drawing."""
    sprite = (settings.BASE_DIR / "static" / "icons.svg").read_text()
    return re.findall(r'<symbol id="([\w-]+)" viewBox="0 0 16 16">', sprite)


@cache
def colours() -> list[str]:
    """The names of all colours, in the order they are declared."""
    tokens = (settings.BASE_DIR / "static" / "css" / "tokens.css").read_text()
    return re.findall(r"--([\w-]+): light-dark\(#", tokens)
