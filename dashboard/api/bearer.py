"""Who calls: the person whose token comes along, with the rights and the scope they have now."""

from typing import NoReturn

from django.conf import settings
from django.contrib.auth import load_backend
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from dashboard.frame import preferences, second_factor
from dashboard.frame.client_address import client_address
from resellers import call_limits, tokens
from resellers.ip_addresses import subscriber
from resellers.models import PersonalToken, scope


class PersonalTokens(HttpBearer):
    """Takes `Authorization: Bearer TOKEN`. Every call is counted before it is looked at."""

    def __call__(self, request: HttpRequest) -> User | None:
        address = client_address(request)
        _count(f"address:{subscriber(address)}", settings.API["ADDRESS_CALLS"], None, address)
        person: User | None = super().__call__(request)
        return person

    def authenticate(self, request: HttpRequest, token: str) -> User:
        """The person, for whom everything is read from now on. Raises what the API answers with."""
        address = client_address(request)
        try:
            found = tokens.check(token)
        except tokens.NotTaken as error:
            _refuse(error.why, error.token, address)
        person = _person_of(found)
        if person is None:
            _refuse("closed", found, address)
        _count(f"token:{found.prefix}", settings.API["TOKEN_CALLS"], found, address)
        request.user = person
        scope.put_in_force(scope.scope_of(person))
        preferences.put_in_force(preferences.of(request))
        if not (person.has_perm("resellers.view") and person.has_perm("resellers.export")):
            tokens.record_refused("rights", found, address)
            raise PermissionDenied(_("Taking lists away needs the right to export."))
        if second_factor.is_held_back(request):
            tokens.record_refused("second_factor", found, address)
            raise PermissionDenied(_("Set up your second factor first: it is demanded from you."))
        tokens.note_used(found)
        return person


def _person_of(token: PersonalToken) -> User | None:
    """As a session knows them: None for who may not log in any more."""
    backend = load_backend(settings.AUTHENTICATION_BACKENDS[0])
    person: User | None = backend.get_user(token.person_id)
    return person


def _count(key: str, most: int, token: PersonalToken | None, address: str | None) -> None:
    try:
        call_limits.count(key, most)
    except call_limits.TooManyCalls:
        tokens.record_refused("too_many", token, address)
        raise


def _refuse(why: str, token: PersonalToken | None, address: str | None) -> NoReturn:
    """The same answer for every reason: only the trail tells them apart."""
    _count(f"wrong:{subscriber(address)}", settings.API["WRONG_TOKENS"], None, address)
    tokens.record_refused(why, token, address)
    raise AuthenticationError(message=_("This token opens nothing."))
