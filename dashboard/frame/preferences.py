"""How the person who asks wants to see everything, known with the person and at no further cost.

`PreferencesInForce` is the middleware that has every page, file and word of a request in that
person's zone and way of writing; `dashboard.frame.staff` reads them with the person.
"""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.contrib.auth.models import User
from django.core.signals import request_finished
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from dashboard.models import Preferences
from resellers import formats

from .theme import COOKIE, theme_of

THEME_COOKIE_SECONDS = 365 * 24 * 3600

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def of(request: HttpRequest) -> Preferences:
    """What the person who asks prefers; the standard for who never chose, and for nobody."""
    person = getattr(request, "user", None)
    if person is None or not person.is_authenticated:
        return Preferences()
    return getattr(person, "preferences", None) or Preferences(person=person)


def keep(person: User, **values: Any) -> None:
    """Have this person's preferences so from now on; those not named stay as they are."""
    Preferences.objects.update_or_create(person=person, defaults=values)


class PreferencesInForce:
    """Zone, way of writing and theme of the person who asks, for the whole of the answer."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        put_in_force(of(request))
        answer = self.get_response(request)
        if request.user.is_authenticated:
            set_theme_cookie(request, answer, of(request).theme)
        return answer


def set_theme_cookie(request: HttpRequest, answer: HttpResponseBase, theme: str) -> None:
    """Leave the theme with the browser, where it is another: for the log-in page, too."""
    if theme_of(request) == theme:
        return
    answer.set_cookie(
        COOKIE,
        theme,
        max_age=THEME_COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def put_in_force(preferences: Preferences) -> None:
    """Have everything of the request in hand in that zone and way of writing from now on."""
    zone = zone_of(preferences)
    if zone is None:
        timezone.deactivate()
    else:
        timezone.activate(zone)
    formats.use(formats.Formats(preferences.days, preferences.thousands))


def zone_of(preferences: Preferences) -> ZoneInfo | None:
    """The zone that was chosen; None for the agency's, and where this machine does not know it."""
    try:
        return ZoneInfo(preferences.zone) if preferences.zone else None
    except (ZoneInfoNotFoundError, ValueError):
        return None


def _back_to_standard(**_: object) -> None:
    """Only now is the last line of a file written, in which times are the person's, too."""
    timezone.deactivate()
    formats.use(formats.STANDARD)


request_finished.connect(_back_to_standard)
