"""The one place where settings meet the Wix client, and where the breaker stands.

After Wix refused our key, all writes are paused until a person or another key resumes them. The
read-only switch is a person's: only a person sets and lifts it.
"""

import hashlib
import logging
import threading
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils import timezone

from resellers.models import Policy
from resellers.wix import WixClient
from resellers.wix.pacing import LocalPacer, Pacer, RedisPacer

from . import audit

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

Lane = Literal["people", "sync"]
WIX_HOST = "www.wixapis.com"
_pacers: dict[tuple[str, int], Pacer] = {}
_pacers_lock = threading.Lock()


def require_settings() -> None:
    """Raise ImproperlyConfigured naming every setting that production needs and has not."""
    if settings.DEBUG or settings.DEMO:
        return
    missing = [name for name in ("WIX_API_KEY", "WIX_ACCOUNT_ID") if not getattr(settings, name)]
    if not settings.SECRET_KEY_GIVEN:
        missing.insert(0, "SECRET_KEY")
    if missing:
        raise ImproperlyConfigured(
            f"Not started: set {', '.join(missing)} in the environment,"
            " or NAME_FILE to a file that holds the value."
        )


def wix_client(lane: Lane) -> WixClient:
    """A client with our key, sharing this process's pace. Close it after use, or use `with`."""
    return WixClient(
        base_url=settings.WIX_BASE_URL,
        api_key=settings.WIX_API_KEY,
        account_id=settings.WIX_ACCOUNT_ID,
        lane=lane,
        pacer=_pacer(),
        deadline=float(settings.OPERATIONS["CALL_SECONDS"]),
    )


def _pacer() -> Pacer:
    key = (settings.REDIS_URL, settings.WIX_CALLS_PER_MINUTE)
    with _pacers_lock:
        if key not in _pacers:
            url, rate = key
            _pacers[key] = RedisPacer(url, rate) if url else LocalPacer(rate)
        return _pacers[key]


def is_practice() -> bool:
    """Whether the dashboard talks to something other than Wix itself."""
    return bool(urlsplit(settings.WIX_BASE_URL).hostname != WIX_HOST)


def key_fingerprint() -> str:
    """Eight characters that tell one key from another and reveal neither."""
    return hashlib.sha256(settings.WIX_API_KEY.encode()).hexdigest()[:8]


def policy() -> Policy:
    """The policy row as it stands; a breaker that another key opened counts as closed."""
    row = Policy.objects.filter(pk=1).first() or Policy()
    if row.writes_paused and row.paused_key != key_fingerprint():
        row.writes_paused = False
    return row


def writes_are_paused() -> bool:
    """Whether nothing may be written to Wix, by the breaker or by the read-only switch."""
    return bool(policy().stopped_because)


def writes_paused_since() -> datetime | None:
    """Since when nothing may be written to Wix; None while it may."""
    row = policy()
    since = (
        row.paused_at if row.writes_paused else None,
        row.read_only_since if row.read_only else None,
    )
    return min((at for at in since if at), default=None)


def pause_writes(reason: str) -> None:
    """Open the breaker: no write leaves until `resume_writes` or another key."""
    if policy().writes_paused:
        return
    Policy.objects.update_or_create(
        pk=1,
        defaults={
            "writes_paused": True,
            "paused_at": timezone.now(),
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


def set_read_only(reason: str, *, by: "User", address: str | None = None) -> None:
    """Let nothing be written to Wix until `lift_read_only`; reading goes on."""
    with transaction.atomic():
        Policy.objects.update_or_create(
            pk=1,
            defaults={
                "read_only": True,
                "read_only_reason": reason,
                "read_only_by": by,
                "read_only_since": timezone.now(),
            },
        )
        audit.record("policy.read_only", by=by, address=address, body={"reason": reason})


def lift_read_only(*, by: "User", address: str | None = None) -> None:
    """Let writes go out again, as far as the breaker does; what waits is sent."""
    with transaction.atomic():
        lifted = Policy.objects.filter(pk=1, read_only=True).update(read_only=False)
        if lifted:
            audit.record("policy.read_only_lifted", by=by, address=address)


def want_reasons_for(kinds: Iterable[str], *, by: "User", address: str | None = None) -> None:
    """Have these kinds of operation asked for with a reason only, and no others."""
    wanted = sorted(kinds)
    with transaction.atomic():
        old = sorted(policy().reason_wanted_for)
        if old == wanted:
            return
        Policy.objects.update_or_create(pk=1, defaults={"reason_wanted_for": wanted})
        audit.record(
            "policy.reasons_wanted", by=by, address=address, body={"old": old, "new": wanted}
        )
