"""The breaker: once Wix refuses our key, nothing is written until a person or a new key resumes."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models.functions import Now

from resellers import audit, policy
from resellers.connection import api_key, key_fingerprint, logger
from resellers.models import AuditEntry, AuditHead, Policy

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def pause_writes(reason: str, *, key: str = "") -> None:
    """Open the breaker: no write leaves until `resume_writes` or another key.

    `key` is the fingerprint of the one that Wix refused, where it may not be the one of now: what
    was sent with a key that was replaced since stops nothing.
    """
    key = key or key_fingerprint()
    if policy.current().writes_paused:
        return
    Policy.objects.update_or_create(
        pk=1,
        defaults={
            "writes_paused": True,
            "paused_at": Now(),
            "paused_reason": reason,
            "paused_key": key,
        },
    )
    audit.record("breaker.opened", body={"reason": reason, "key": key})
    logger.error("all writes to Wix are paused: %s", reason)


def resume_writes(*, by: "User") -> None:
    """Close the breaker on a person's word."""
    Policy.objects.filter(pk=1).update(writes_paused=False, paused_reason="")
    audit.record("breaker.closed", by=by)


def note_key() -> None:
    """Record that Wix's key is another one than it was; the first one is recorded as such."""
    now = key_fingerprint()
    if not api_key() or _last_noted() == now:
        return
    with transaction.atomic():
        AuditHead.objects.select_for_update(no_key=True).get_or_create(pk=1)
        # Of two processes that saw it at once, one records it.
        if (before := _last_noted()) != now:
            audit.record("key.changed", body={"before": before, "key": now})


def _last_noted() -> str:
    last = AuditEntry.objects.filter(event="key.changed").order_by("-seq").first()
    return str(last.body["key"]) if last else ""
