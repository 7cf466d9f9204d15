"""The breaker: once Wix refuses our key, nothing is written until a person or a new key resumes."""

from typing import TYPE_CHECKING

from django.db.models.functions import Now

from resellers import audit, policy
from resellers.connection import key_fingerprint, logger
from resellers.models import Policy

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def pause_writes(reason: str) -> None:
    """Open the breaker: no write leaves until `resume_writes` or another key."""
    if policy.current().writes_paused:
        return
    Policy.objects.update_or_create(
        pk=1,
        defaults={
            "writes_paused": True,
            "paused_at": Now(),
            "paused_reason": reason,
            "paused_key": key_fingerprint(),
        },
    )
    audit.record("breaker.opened", body={"reason": reason, "key": key_fingerprint()})
    logger.error("all writes to Wix are paused: %s", reason)


def resume_writes(*, by: "User") -> None:
    """Close the breaker on a person's word."""
    Policy.objects.filter(pk=1).update(writes_paused=False, paused_reason="")
    audit.record("breaker.closed", by=by)
