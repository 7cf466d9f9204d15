"""The trail of people's ways in and out, and of their second factors, as allauth tells of them."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.signals import password_changed, password_set, user_logged_in
from allauth.mfa import signals as factors
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from resellers import audit
from resellers.people import limits

from .sign_in import note_failure


@receiver(user_logged_in)
def logged_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Somebody is in: tries that failed before count no more."""
    limits.forget(user.get_username())
    if not request.session.session_key:
        request.session.save()
    audit.persons_use(request.session.session_key)  # this one has only begun
    audit.record("log_in", by=user, body={"by": _ways(request, user)})


@receiver(user_logged_out)
def logged_out(request: HttpRequest | None, user: User | None, **_: Any) -> None:
    """Somebody has left, or was away for too long."""
    if user is not None and request is not None:
        body = {"why": "idle"} if getattr(request, "is_idle", False) else {}
        audit.record("log_out", by=user, body=body)


@receiver([password_changed, password_set])
def password_is_new(user: User, **_: Any) -> None:
    audit.record("password.changed", by=user)


@receiver(factors.authenticator_added)
def factor_added(user: User, authenticator: Authenticator, **_: Any) -> None:
    audit.record("factor.added", by=user, body={"factor": authenticator.type})


@receiver(factors.authenticator_removed)
def factor_removed(user: User, authenticator: Authenticator, **_: Any) -> None:
    audit.record("factor.removed", by=user, body={"factor": authenticator.type})


@receiver(factors.authenticator_reset)
def codes_made_anew(user: User, authenticator: Authenticator, **_: Any) -> None:
    audit.record("factor.renewed", by=user, body={"factor": authenticator.type})


@receiver(factors.authentication_failed)
def code_was_wrong(request: HttpRequest, user: User, **_: Any) -> None:
    note_failure(request, user.get_username(), "code")


def _ways(request: HttpRequest, user: User) -> list[str]:
    """How the person has shown who they are, in order: such as password, totp."""
    records = get_authentication_records(request, user)
    ways = [str(one.get("type") or one.get("method")) for one in records]
    return list(dict.fromkeys(ways))
