"""The sessions of people, as `SESSION_ENGINE`: kept in the database, and ended in time.

A session ends twelve hours after its log-in, however much it is used. That it ends earlier without
use is `dashboard.middleware.IdleLogout`'s to see to.
"""

import re
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import SessionBase
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

_KEY = re.compile("[0-9a-z]{32}")
_END = "_session_expiry"  # Django's own, set by `set_expiry`


class SessionStore(db.SessionStore):
    """Django's, which looks for no key that it has never given: not each can be looked for."""

    def _validate_session_key(self, key: str | None) -> bool:
        return bool(key and _KEY.fullmatch(key))


def has_fixed_end(session: SessionBase) -> bool:
    """Whether it was begun by a log-in that set its end."""
    return _END in session


@receiver(user_logged_in)
def fix_end(request: HttpRequest, **_: Any) -> None:
    """From now on nothing moves the end of this session, and it is in use as of now."""
    end = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
    request.session.set_expiry(end)
    request.session["seen_at"] = int(time.time())
