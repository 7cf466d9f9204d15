"""Has everything that a request reads be of the customers that the person who asks may see, and
what it records name the session."""

from collections.abc import Callable

from django.core.signals import request_finished
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from resellers import audit
from resellers.models import scope

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ScopeInForce:
    """For the whole of the answer, to the last line of a file."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        scope.put_in_force(None)
        scope.put_in_force(scope.scope_of(request.user))
        audit.persons_use(request.session.session_key)
        return self.get_response(request)


def _everything_again(**_: object) -> None:
    scope.put_in_force(None)


request_finished.connect(_everything_again)
