"""Whether the person at the keyboard has lately given the password: what ends things asks for it.

Once is enough for ten minutes, and logging in counts.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

KEY = "password_given_at"


def note_password(request: HttpRequest) -> None:
    """Note that the password was right just now."""
    request.session[KEY] = int(time.time())


def is_recent(request: HttpRequest) -> bool:
    """Whether it was right within the last `PASSWORD_HOLDS_SECONDS`."""
    given = request.session.get(KEY, 0)
    return bool(0 <= time.time() - given <= settings.PASSWORD_HOLDS_SECONDS)


@receiver(user_logged_in)
def logged_in(sender: Any, request: HttpRequest | None, **_: Any) -> None:
    if request is not None and hasattr(request, "session"):
        note_password(request)
