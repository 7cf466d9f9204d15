"""What may be written to Wix just now, and what people may set about it."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from resellers import audit
from resellers.connection import key_fingerprint
from resellers.models import Policy

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def current() -> Policy:
    """The policy row as it stands; a breaker that another key opened counts as closed."""
    row = Policy.objects.filter(pk=1).first() or Policy()
    if row.writes_paused and row.paused_key != key_fingerprint():
        row.writes_paused = False
    return row


def writes_are_paused() -> bool:
    """Whether nothing may be written to Wix, by the breaker or by the read-only switch."""
    return bool(current().stopped_because)


def writes_paused_since() -> datetime | None:
    """Since when nothing may be written to Wix; None while it may."""
    row = current()
    since = (
        row.paused_at if row.writes_paused else None,
        row.read_only_since if row.read_only else None,
    )
    return min((at for at in since if at), default=None)


def closing_wants_reason() -> bool:
    """Whether a case may be closed with a reason in words only."""
    return Policy.objects.filter(pk=1, closing_wants_reason=True).exists()


def want_reason_for_closing(wanted: bool, *, by: "User") -> None:
    """Decide whether one is wanted from now on."""
    with transaction.atomic():
        if closing_wants_reason() == wanted:
            return
        Policy.objects.update_or_create(pk=1, defaults={"closing_wants_reason": wanted})
        audit.record("policy.closing_wants_reason", by=by, body={"wanted": wanted})


def set_read_only(reason: str, *, by: "User") -> None:
    """Let nothing be written to Wix until `lift_read_only`; reading goes on."""
    with transaction.atomic():
        Policy.objects.update_or_create(
            pk=1,
            defaults={
                "read_only": True,
                "read_only_reason": reason,
                "read_only_by": by,
                "read_only_since": Now(),
            },
        )
        audit.record("policy.read_only", by=by, body={"reason": reason})


def lift_read_only(*, by: "User") -> None:
    """Let writes go out again, as far as the breaker does; what waits is sent."""
    with transaction.atomic():
        lifted = Policy.objects.filter(pk=1, read_only=True).update(read_only=False)
        if lifted:
            audit.record("policy.read_only_lifted", by=by)
