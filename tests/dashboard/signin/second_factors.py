"""Second factors for tests: set up without a browser, and the codes of their apps."""

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache

PERIOD = 30


def give_app(person) -> str:
    """An app for that person, with recovery codes; returns the app's secret."""
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    RecoveryCodes.activate(person)
    return secret


def code_of(secret: str) -> str:
    """What the app shows now; codes that were used before may be used again."""
    cache.clear()
    return format_hotp_value(hotp_value(secret, int(time.time()) // PERIOD))


def recovery_codes_of(person) -> list[str]:
    codes = Authenticator.objects.get(user=person, type=Authenticator.Type.RECOVERY_CODES)
    return codes.wrap().get_unused_codes()
