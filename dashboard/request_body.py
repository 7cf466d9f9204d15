"""How much of a request's body is read, and of whom: said before anything reads it.

What comes without a log-in is a name and a password. Django would take in whatever else is sent,
files of any size onto the disk among it, before a page has a say.
"""

from collections.abc import Callable

from django.http import HttpRequest, UnreadablePostError
from django.http.response import HttpResponseBase

from dashboard.pages.system import errors
from resellers.mirror.imports import MAX_BYTES

OF_ANYBODY = 64 * 2**10
# A file that is somewhat too large for an import is still taken in, so that its form can say so.
OF_STAFF = 2 * MAX_BYTES


class BodyLimit:
    """Refuses a body that is longer than may be, or whose length is not said.

    Stands where it is known who asks, and before what reads forms.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if "HTTP_TRANSFER_ENCODING" in request.META:
            # Django takes a body of unsaid length for none, and a form would seem to be empty.
            return errors.no_length(request)
        content_length = request.META.get("CONTENT_LENGTH") or "0"
        if not (content_length.isascii() and content_length.isdecimal()):
            return errors.bad_request(request)
        # Longer than any number of bytes is long enough.
        length = int(content_length.lstrip("0")[:20] or "0")
        if length > OF_ANYBODY:
            is_signed_in = request.user.is_authenticated
            most = OF_STAFF if is_signed_in else OF_ANYBODY
            if length > most:
                return errors.too_large(request, most, is_signed_in=is_signed_in)
        try:
            # Read here, so that no page has to know what to do about a half of it.
            request.POST  # noqa: B018
        except UnreadablePostError:
            return errors.cut_short(request)
        return self.get_response(request)
