"""What a refusal is about: our key, too many calls just now, or the one thing asked for.

Decided here alone, for readings and operations. Wix documents no answer to too many calls: it may
be a 403 without a code, as of a key that it refuses. So nothing is concluded from one: all calls
wait, and then a single harmless Query tells. Only what it still meets after all the waits is a
refusal of the key.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from django.conf import settings

from resellers.breaker import pause_writes
from resellers.clock import database_now, in_seconds
from resellers.connection import hold_calls, key_fingerprint
from resellers.models import Policy
from resellers.wix import WixAuthError, WixClient, WixError

logger = logging.getLogger(__name__)

# So long after a Query was refused, other refusals without a code may come of the same.
REMEMBERED = timedelta(seconds=60)
DENIED = "PERMISSION_DENIED"
EXHAUSTED = "RESOURCE_EXHAUSTED"  # too many calls, in so many words, whatever the status
KEY_WORDS = "Wix does not accept the key."
QUERY_WORDS = "Wix refuses even a harmless reading with our key."


class Meaning(Enum):
    """What a refusal is about."""

    KEY = "key"  # all writes are paused
    REPLACED = "replaced"  # a key that was replaced since: the same call may be made again at once
    THROTTLED = "throttled"  # the same call may be made again after a while
    THING = "thing"  # the record, site or account that was asked for


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a refusal is about; of too many calls, in how many seconds to ask again."""

    meaning: Meaning
    wait: float = 0.0


KEY, THING, REPLACED = (Verdict(one) for one in (Meaning.KEY, Meaning.THING, Meaning.REPLACED))


def judge(error: WixError, client: WixClient) -> Verdict:
    """What this error is about. Pauses all writes where it is our key, and holds all calls where
    Wix takes none for now.

    Asks Wix a harmless Query where the error alone does not tell. Safe to call twice for one error.
    """
    if error.status == 403 and error.code == EXHAUSTED:
        return _wait_for_others()
    is_of_key = isinstance(error, WixAuthError)
    if not is_of_key and (error.status != 403 or error.code not in ("", None, DENIED)):
        return THING
    if client.key_fingerprint != key_fingerprint():
        return REPLACED
    if is_of_key:
        pause_writes(KEY_WORDS, key=client.key_fingerprint)
        return KEY
    row, now = _row(), database_now()
    if row.throttled_until and now < row.throttled_until:
        return Verdict(Meaning.THROTTLED, (row.throttled_until - now).total_seconds())
    try:
        client.query_packages(limit=1)
    except WixAuthError:
        pause_writes(KEY_WORDS, key=client.key_fingerprint)
        return KEY
    except WixError as other:
        if other.status != 403:
            return Verdict(Meaning.THROTTLED, _waits()[0])
        if other.code == EXHAUSTED:
            return _wait_for_others()
        if other.code:
            # It says that it is about permission, and not about how many calls there were.
            pause_writes(QUERY_WORDS, key=client.key_fingerprint)
            return KEY
        return _refused(row, now, client)
    if error.code or not _is_recent(row, now):
        return THING
    # It was too many calls a moment ago, and this may have been one of them.
    Policy.objects.filter(pk=1).update(throttled_since=None, throttled_queries=0)
    return Verdict(Meaning.THROTTLED, _waits()[0])


def _wait_for_others() -> Verdict:
    """Wix says itself that it was too many calls."""
    wait = _waits()[0]
    hold_calls(wait)
    return Verdict(Meaning.THROTTLED, wait)


def _refused(row: Policy, now: datetime, client: WixClient) -> Verdict:
    """The harmless Query was refused without a code: wait longer, or give the key up."""
    waits = _waits()
    since, refused = row.throttled_since, row.throttled_queries
    if since is None or not _is_recent(row, now):
        since, refused = now, 0
    this_one = Policy.objects.filter(
        pk=1, throttled_queries=row.throttled_queries, throttled_until=row.throttled_until
    )
    if refused >= len(waits):
        if this_one.update(throttled_since=None, throttled_queries=0, throttled_until=None):
            pause_writes(QUERY_WORDS, key=client.key_fingerprint)
        return KEY
    wait = waits[refused]
    # Of two who were refused at once the first counts: each wait is one for all.
    if this_one.update(
        throttled_since=since, throttled_queries=refused + 1, throttled_until=in_seconds(wait)
    ):
        logger.warning("Wix takes no calls for now: all wait for %s s", wait)
        hold_calls(wait)
    return Verdict(Meaning.THROTTLED, wait)


def _row() -> Policy:
    return Policy.objects.get_or_create(pk=1)[0]


def _waits() -> tuple[float, ...]:
    return tuple(settings.OPERATIONS["THROTTLE_SECONDS"])


def _is_recent(row: Policy, now: datetime) -> bool:
    return row.throttled_until is not None and now < row.throttled_until + REMEMBERED
