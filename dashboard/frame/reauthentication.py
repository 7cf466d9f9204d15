"""Whether the person at the keyboard has lately shown who they are: what ends things asks for it.

Once is enough for ten minutes, and logging in counts. Where a second factor is set up, the password
alone is not enough; a passkey is, since the device asks for a finger, a face or a PIN.
"""

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.signals import authentication_step_completed
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from resellers.durations import on
from resellers.people import factors, limits

from .client_address import client_address
from .referrer import page_before

KEY = "password_given_at"


def note_password(request: HttpRequest) -> None:
    """Note that the person has shown just now who they are."""
    request.session[KEY] = int(time.time())


def is_recent(request: HttpRequest) -> bool:
    """Whether that was within the last `PASSWORD_HOLDS_SECONDS`."""
    given = request.session.get(KEY, 0)
    return bool(0 <= time.time() - given <= settings.PASSWORD_HOLDS_SECONDS)


def require_recent(request: HttpRequest) -> None:
    """Have the person show who they are before this goes on: raises what `AskAgain` answers."""
    if not is_recent(request):
        raise ReauthenticationRequired


@receiver(user_logged_in)
def logged_in(sender: Any, request: HttpRequest | None, **_: Any) -> None:
    if request is not None and hasattr(request, "session"):
        note_password(request)


class AskAgain:
    """Leads who has to show again who they are to the page for that, and from there back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, ReauthenticationRequired):
            return None
        back = request.get_full_path() if request.method == "GET" else page_before(request)[0]
        return redirect(f"{reverse('reauthenticate')}?{urlencode({'next': back})}")


class Proof:
    """What a person has to give to show who they are: a password, a code, or a passkey."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request
        self.person = cast(User, request.user)

    @cached_property
    def _own(self) -> set[str]:
        return set(Authenticator.objects.filter(user=self.person).values_list("type", flat=True))

    @property
    def wants_password(self) -> bool:
        return settings.PASSWORD_SIGN_IN and self.person.has_usable_password()

    @property
    def wants_code(self) -> bool:
        """Whether a code is wanted: of the app, or one of those for who has lost it."""
        return bool(self._own & {factors.TOTP, factors.CODES})

    @property
    def takes_passkey(self) -> bool:
        return factors.PASSKEY in self._own

    @property
    def is_possible(self) -> bool:
        """Whether there is anything that could be asked for here."""
        return self.wants_password or self.wants_code

    def problems(self, password: str, code: str) -> dict[str, str]:
        """What is wrong with what was given, by the name of its field; where it holds, nothing, and
        that is noted.

        Wrong ones count as tries to log in do: too many, and nothing is looked at for a while.
        """
        try:
            one_try = limits.begin(self.person.get_username(), client_address(self._request))
        except limits.TooManyTries as error:
            return {"password" if self.wants_password else "code": too_many_words(error)}
        if self.wants_password and not self.person.check_password(password):
            return {"password": _("This is not your password.")}
        if self.wants_code and not is_right_code(self.person, code):
            return {"code": _("This code is not right, or was used already.")}
        one_try.take_back()
        note_password(self._request)
        return {}


def wanted_proof(request: HttpRequest) -> Proof | None:
    """What this person has to give before what cannot be undone; None for who gave it lately."""
    return None if is_recent(request) else Proof(request)


def too_many_words(error: limits.TooManyTries) -> str:
    """What is said to whoever has tried too often: the same of every name."""
    return _(
        "There were too many wrong tries, so this one was not looked at."
        " Wait until %(time)s, or ask an admin to lift it."
    ) % {"time": on(error.until)}


def is_right_code(person: User, code: str) -> bool:
    """Whether this is a code of the person's app now, or a recovery code not used yet; it is used
    up by that."""
    own = Authenticator.objects.filter(user=person, type__in=[factors.TOTP, factors.CODES])
    for authenticator in sorted(own, key=lambda one: one.type != factors.TOTP):
        if authenticator.wrap().validate_code(code):
            authenticator.record_usage()
            return True
    return False


@receiver(authentication_step_completed)
def reauthenticated(request: HttpRequest, **details: Any) -> None:
    if details.get("reauthenticated"):
        note_password(request)
