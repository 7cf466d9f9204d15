"""What allauth asks of this site about logging in: who may, how often, and where it leads."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from resellers import audit
from resellers.people import limits

from . import reauthentication
from .client_address import client_address

THIS_MACHINE = "127.0.0.1"  # where who comes by a unix socket is


class SignIn(DefaultAccountAdapter):
    """Passwords are tried within the limits, and nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        """Who this is by name and password, or None; raises ValidationError after too many tries.

        Both take as long for a name that nobody has.
        """
        name, password = credentials["username"], credentials["password"]
        try:
            one_try = limits.begin(name, client_address(request))
        except limits.TooManyTries as error:
            words = reauthentication.too_many_words(error)
            raise ValidationError(words, code="too_many", params={"until": error.until}) from error
        person = authenticate(request, username=name, password=password)
        if isinstance(person, User):
            one_try.take_back()
            return person
        note_failure(request, name, "password")
        return None

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        return not reauthentication.is_recent(context.request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, str]]:
        return [{"id": "confirm", "url": reverse("reauthenticate")}]

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: our pages say themselves what was done."""

    def is_safe_url(self, url: str) -> bool:
        """Whether one may be led there after logging in: to a page of ours alone."""
        return url.startswith("/") and url_has_allowed_host_and_scheme(url, None)

    def get_client_ip(self, request: HttpRequest) -> str:
        return client_address(request) or THIS_MACHINE


def note_failure(request: HttpRequest, name: str, what: str) -> None:
    """Keep in the trail that a try to log in failed, and of whom, where there is such a person.

    What else was typed as a name is kept nowhere: it may have been a password.
    """
    known = User.objects.filter(username=name).values_list("username", flat=True).first()
    body = {"name": known or "", "wrong": what} | ({} if known else {"unknown": True})
    audit.record("log_in.failed", address=client_address(request), body=body)


def log_in_failed_words() -> str:
    """What is said of a wrong name and of a wrong password alike."""
    return _("Username and password do not match. Both mind upper and lower case.")
