"""The settings of signing in: the agency's own sign-in, limits on tries, and what allauth asks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from dashboard.environment import Environment


@dataclass(frozen=True)
class Oidc:
    """The agency's own sign-in, as the environment describes it; no issuer: there is none."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    name: str = "single sign-on"
    scopes: Sequence[str] = ("openid", "profile", "email")
    groups_claim: str = "groups"
    roles: Mapping[str, str] = field(default_factory=dict)


OF_PROVIDER = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
BESIDE = ("OIDC_ROLES", "OIDC_GROUPS_CLAIM", "OIDC_SCOPES", "OIDC_NAME")
# How often one may try, and how long ways in are open: see resellers.people.limits.
NUMBERS: dict[str, Any] = {
    "NAME_TRIES": 5,  # wrong ones under one name, until it has to wait
    "NAME_HOLD": 20,  # in a day, until it is held
    "ADDRESS_TRIES": 20,  # the same for one address, which many people may share
    "ADDRESS_HOLD": 100,
    "MAIL_TRIES": 3,  # links to another password asked for under one name
    "MAIL_HOLD": 10,
    "WAIT_SECONDS": 5 * 60,
    "HOLD_SECONDS": 24 * 3600,  # unless an admin lifts it before
    "LINK_SECONDS": 72 * 3600,  # an invitation, and a new password that an admin sets
    "MAILED_SECONDS": 3600,  # a link to another password, mailed to who asked for it
}
LIBRARY: dict[str, Any] = {
    "AUTH_PASSWORD_VALIDATORS": [
        {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
        {
            "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
            "OPTIONS": {"min_length": 12},
        },
        {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    ],
    # Codes that were used a moment ago are kept in the database: logging in needs no Redis.
    "CACHES": {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}
    },
    "ACCOUNT_ADAPTER": "dashboard.frame.sign_in.SignIn",
    "ACCOUNT_LOGIN_METHODS": {"username"},
    # There is no sign-up; allauth checks this all the same.
    "ACCOUNT_SIGNUP_FIELDS": ["username*", "password1*"],
    "ACCOUNT_EMAIL_VERIFICATION": "none",
    "ACCOUNT_RATE_LIMITS": False,  # SIGN_IN's are in force, for every process together
    "ACCOUNT_LOGIN_TIMEOUT": 10 * 60,  # from the password to the second factor
    "SOCIALACCOUNT_ADAPTER": "dashboard.frame.provider.FromProvider",
    "SOCIALACCOUNT_EMAIL_VERIFICATION": "none",
    "SOCIALACCOUNT_PROVIDERS": {
        "openid_connect": {"provider_class": "dashboard.frame.provider.OwnProvider"}
    },
    "MFA_ADAPTER": "dashboard.frame.factors.Factors",
    "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
    "MFA_PASSKEY_LOGIN_ENABLED": True,
    "MFA_RATE_LIMITS": False,
    "MFA_RECOVERY_CODES_SHOW_ONCE": True,
    "MFA_TOTP_ISSUER": "Reseller desk",
    "MFA_TOTP_TOLERANCE": 1,  # half a minute early or late, as clocks are
}


def sign_in_settings(env: Environment, *, demo: bool) -> dict[str, Any]:
    """All of them by their names; refuses what is set by half, naming the setting.

    The demo signs in by password, whatever the environment says of a provider.
    """
    issuer = "" if demo else env.https_address("OIDC_ISSUER", "").rstrip("/")
    by_password = demo or env.switch("PASSWORD_SIGN_IN", default=True)
    if not demo:
        _check(env, issuer=issuer, by_password=by_password)
    return LIBRARY | {
        "OIDC": Oidc(
            issuer,
            env.text("OIDC_CLIENT_ID"),
            env.text("OIDC_CLIENT_SECRET"),
            env.text("OIDC_NAME", "single sign-on"),
            env.words("OIDC_SCOPES") or ["openid", "profile", "email"],
            env.text("OIDC_GROUPS_CLAIM", "groups"),
            env.roles("OIDC_ROLES", "viewer", "operator", "manager", "admin"),
        ),
        "PASSWORD_SIGN_IN": by_password,
        "SIGN_IN": env.changed("SIGN_IN", NUMBERS),
    }


def _check(env: Environment, *, issuer: str, by_password: bool) -> None:
    env.check_together(*OF_PROVIDER)
    for name in BESIDE:
        if env.is_set(name) and not issuer:
            raise ImproperlyConfigured(f"{name} says nothing without OIDC_ISSUER: set that, too")
    if not by_password and not issuer:
        raise ImproperlyConfigured(
            "PASSWORD_SIGN_IN is false and OIDC_ISSUER is not set: nobody could log in"
        )
