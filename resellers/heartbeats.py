"""Who is alive: each process marks itself, every page may ask. And whether Redis is."""

import logging
import os
import socket
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db.models import Case, Subquery, When
from django.db.models.functions import Now
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from resellers.clock import in_seconds
from resellers.models import Heartbeat

logger = logging.getLogger(__name__)

# A process that works shows itself once in this time at least; after two without it is missed.
PERIOD = timedelta(seconds=30)
MISSING_AFTER = 2 * PERIOD
BEAT_EVERY = 15.0
# Web shows itself as pages are asked for, so its silence says nothing.
CARRIERS = (Heartbeat.Role.WORKER, Heartbeat.Role.BEAT, Heartbeat.Role.SWEEP)

REDIS_SECONDS = 0.5  # each for the connection and for the answer
REDIS_ASKED_EVERY = 5.0

_lock = threading.Lock()
_beat_at: dict[Heartbeat.Role, float] = {}
_asking = threading.Lock()
_redis_answers: dict[str, tuple[float, bool]] = {}


def record(role: Heartbeat.Role) -> None:
    """Note that a process of this role works now."""
    Heartbeat.objects.update_or_create(
        role=role,
        defaults={"last_seen_at": Now(), "detail": f"{socket.gethostname()}:{os.getpid()}"},
    )


def beat(role: Heartbeat.Role, *, at_once: bool = False) -> None:
    """Mark this process, unless it did so within the last fifteen seconds.

    Never raises: a process that the database does not take note of is missed, and that is told.
    """
    now = time.monotonic()
    with _lock:
        if not at_once and now - _beat_at.get(role, -BEAT_EVERY) < BEAT_EVERY:
            return
        _beat_at[role] = now
    try:
        record(role)
    except DatabaseFault as error:
        logger.warning("this %s could not be marked as alive: %s", role, error)


@dataclass(frozen=True, slots=True)
class Sign:
    """When a process of a role was last seen, where, and whether one should have come since."""

    at: datetime
    detail: str
    is_old: bool


def last_signs() -> dict[Heartbeat.Role, Sign]:
    """The last sign of each role that has ever given one; one query."""
    long_ago = in_seconds(-MISSING_AFTER.total_seconds())
    is_old = Case(When(last_seen_at__lt=long_ago, then=True), default=False)
    rows = Heartbeat.objects.values_list("role", "last_seen_at", "detail", is_old)
    return {Heartbeat.Role(role): Sign(*sign) for role, *sign in rows}


Silent = dict[Heartbeat.Role, datetime | None]


def missing() -> Silent:
    """Those of worker, beat and sweep that are silent, and when each was last seen."""
    last = last_signs()
    return {
        role: last[role].at if role in last else None
        for role in CARRIERS
        if role not in last or last[role].is_old
    }


def at_hand() -> dict[str, Any]:
    """What any row may be annotated with, so that `missing_beside` can tell the same by it."""
    signs = Heartbeat.objects.values("last_seen_at")
    seen = {f"_{role}_seen_at": Subquery(signs.filter(role=role)) for role in CARRIERS}
    return {**seen, "_silent_before": in_seconds(-MISSING_AFTER.total_seconds())}


def missing_beside(row: object) -> Silent:
    """The same as `missing`, of a row that was read with `at_hand`."""
    seen = {role: getattr(row, f"_{role}_seen_at") for role in CARRIERS}
    before = row._silent_before  # type: ignore[attr-defined]
    return {role: at for role, at in seen.items() if at is None or at < before}


def redis_answers() -> bool:
    """Whether Redis answers, or did within the last five seconds; True where none is set.

    Whoever asks waits for a second at most, and while one asks the others get the last answer.
    """
    url = settings.REDIS_URL
    if not url:
        return True
    asked_at, answer = _redis_answers.get(url, (-REDIS_ASKED_EVERY, True))
    if time.monotonic() - asked_at < REDIS_ASKED_EVERY or not _asking.acquire(blocking=False):
        return answer
    try:
        answer = _ping(url)
        _redis_answers[url] = time.monotonic(), answer
    finally:
        _asking.release()
    return answer


def _ping(url: str) -> bool:
    try:
        with Redis.from_url(
            url,
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
            retry=Retry(NoBackoff(), 0),
        ) as redis:
            return bool(redis.ping())
    except (RedisError, OSError, ValueError):
        return False
