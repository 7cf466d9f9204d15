"""What has to be kept so that it can be read again, and is in no table as it is.

Only SECRET_KEY opens it, or one of SECRET_KEY_FALLBACKS.
"""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(ValueError):
    """It was closed with a key that is no longer known here."""


def close(text: str) -> str:
    """The text so that nobody reads it who has the table alone."""
    return _box().encrypt(text.encode()).decode()


def open_(closed: str) -> str:
    """The text again; raises Unreadable."""
    try:
        return _box().decrypt(closed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(Fernet(_derived(key)) for key in keys)


def _derived(key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"second factors:" + key.encode()).digest())
