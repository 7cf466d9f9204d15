"""The head of the audit trail: it leaves the database, and what was kept of it is held against it.

Who owns the tables can rewrite entries, hashes and head so that they fit each other. A head that
was kept elsewhere tells: the entry of that number must have that hash for good.
"""

import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from resellers.audit import Break
from resellers.clock import database_now
from resellers.models import AuditEntry, AuditHead, WebhookEvent
from resellers.notify import outbox

logger = logging.getLogger(__name__)

EVERY = timedelta(minutes=10)
GRACE = timedelta(seconds=30)
# When it left last, and at which entry, for all processes; the cache is in the database.
LEFT = "audit-head-left"
REMEMBERED_SECONDS = 7 * 24 * 3600
LONGEST_KEY = 200  # of a row of the outbox
_WRITTEN = re.compile(r"\b(\d{1,18}):([0-9a-f]{64})\b")


class Head(NamedTuple):
    """The last entry's number and hash, as they were at some time."""

    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


def current() -> Head:
    """The head as it is now."""
    row = AuditHead.objects.filter(pk=1).first() or AuditHead()
    return Head(row.seq, row.hash)


def read_heads(text: str) -> list[Head]:
    """The heads that `SEQ:HASH` or a file names, in which each may stand amid other words.

    Raises ValueError, with words, where it names none.
    """
    content = text
    if not _WRITTEN.search(text):
        try:
            content = Path(text).read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise ValueError(
                f"{text} is neither a head, as 12:ab34…, nor a file: {error.strerror}"
            ) from error
    found = [Head(int(seq), hash_) for seq, hash_ in _WRITTEN.findall(content)]
    if not found:
        raise ValueError(f"{text} names no head: a number, a colon and 64 hexadecimal digits.")
    return list(dict.fromkeys(found))


def against(anchors: list[Head]) -> Iterator[Break]:
    """Where the trail is not the one whose heads were kept: cut, or written anew."""
    hashes = dict(
        AuditEntry.objects.filter(seq__in=[head.seq for head in anchors]).values_list("seq", "hash")
    )
    last = current().seq
    for head in anchors:
        if head.seq == 0 or hashes.get(head.seq) == head.hash:
            continue
        if head.seq in hashes:
            words = f"entry {head.seq} is not the one whose hash was kept: it was written anew"
        elif head.seq > last:
            words = f"the trail ends at {last}, and entry {head.seq} was kept: its end was cut off"
        else:
            words = f"entry {head.seq}, whose hash was kept, is missing"
        yield Break(head.seq, words)


def leave() -> None:
    """Have the head leave the database: into the log always, and by the outbox to the addresses
    and webhooks that are set where something was recorded since the last time."""
    head, now, last = current(), database_now(), cache.get(LEFT)
    logger.info("the audit trail's head is %s", head)
    if head.seq and (last is None or str(head) != last[0]):
        _tell(head, now)
    cache.set(LEFT, (str(head), now), REMEMBERED_SECONDS)


def leave_if_overdue() -> None:
    """The same where nobody has done it in time: beat has a worker do it, where both are there."""
    last = left_at()
    if last is None or database_now() - last > EVERY + GRACE:
        leave()


def left_at() -> datetime | None:
    """When it left last, if that is remembered."""
    last = cache.get(LEFT)
    return last[1] if last else None


def _tell(head: Head, at: datetime) -> None:
    # Of a trail that was written anew the same number comes with another hash, and is told.
    key = f"{head.seq}:{head.hash[:12]}"
    data = {"seq": head.seq, "hash": head.hash, "head": str(head)}
    subject = _("Head of the audit trail: %(number)s") % {"number": head.seq}
    body = _(
        "%(head)s\n\nKeep it. Later, manage.py verify_audit --head %(number)s:… tells whether the"
        " trail is still the one that this was the head of.\n"
    ) % {"head": head, "number": head.seq}
    kind = WebhookEvent.AUDIT_HEAD
    addresses = settings.AUDIT_HEAD_MAIL if settings.MAIL_IS_ON else ()
    with transaction.atomic():
        outbox.call([outbox.Call(kind, f"audit:{key}", data)], at)
        outbox.post(
            outbox.mail_to_address(to, kind, f"{kind}:{key}:{to}"[:LONGEST_KEY], subject, body)
            for to in addresses
        )
