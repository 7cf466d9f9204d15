"""Below the API's address only a token says who asks: a cookie that comes along is not read."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from .address import PREFIX


class TokensAlone:
    """Stands before whatever reads cookies; so no page of another site can have a browser read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not request.path_info.startswith(f"/{PREFIX}"):
            return self.get_response(request)
        request.META.pop("HTTP_COOKIE", None)
        answer = self.get_response(request)
        answer.cookies.clear()
        return answer
