"""The head of the audit trail: it leaves the database, and what was kept of it is held against it.

Who owns the tables can rewrite entries, hashes and head so that they fit each other. A head that
was kept elsewhere tells: the entry of that number must have that hash for good.
"""

import logging
import re
import smtplib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.core.mail import send_mail
from django.db import connection

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
_WRITTEN = re.compile(r"\b(\d{1,18}):([0-9a-f]{64})\b")
# By table, what must stand guard there.
GUARDS = {
    "postgresql": {
        "resellers_auditentry": {"audit_no_change", "audit_no_truncate"},
        "resellers_audithead": {
            *("audit_head_goes_forward", "audit_head_no_delete", "audit_head_no_truncate"),
        },
    },
    "sqlite": {
        "resellers_auditentry": {"audit_no_update", "audit_no_delete", "audit_no_replace"},
        "resellers_audithead": {
            *("audit_head_no_insert", "audit_head_no_update", "audit_head_no_delete"),
        },
    },
}


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


def guards() -> Iterator[Break]:
    """The triggers that should refuse to change the trail and are missing or disabled."""
    standing = _standing()
    for table, wanted in GUARDS[connection.vendor].items():
        for name in sorted(wanted - standing):
            yield Break(0, f"the trigger {name} on {table} is missing or disabled")


def _standing() -> set[str]:
    statements = {
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')",
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    }
    with connection.cursor() as cursor:
        cursor.execute(statements[connection.vendor])
        return {name for (name,) in cursor.fetchall()}


def leave() -> None:
    """Have the head leave the database: into the log always, and by mail and webhooks where these
    are set and something was recorded since the last time."""
    head, now, last = current(), database_now(), cache.get(LEFT)
    logger.info("the audit trail's head is %s", head)
    cache.set(LEFT, (head.seq, now), REMEMBERED_SECONDS)
    if head.seq == (last[0] if last else 0):
        return
    data = {"seq": head.seq, "hash": head.hash, "head": str(head)}
    outbox.call([outbox.Call(WebhookEvent.AUDIT_HEAD, f"audit:{head.seq}", data)], now)
    if settings.MAIL_IS_ON and settings.AUDIT_HEAD_MAIL:
        _mail(head)


def leave_if_overdue() -> None:
    """The same where nobody has done it in time: beat has a worker do it, where both are there."""
    last = cache.get(LEFT)
    if last is None or database_now() - last[1] > EVERY + GRACE:
        leave()


def _mail(head: Head) -> None:
    try:
        send_mail(
            f"Head of the audit trail: {head.seq}",
            f"{head}\n\nKeep it. Later, manage.py verify_audit --head {head.seq}:… tells whether"
            " the trail is still the one that this was the head of.\n",
            settings.DEFAULT_FROM_EMAIL,
            settings.AUDIT_HEAD_MAIL,
        )
    except (OSError, smtplib.SMTPException) as error:
        logger.warning("the audit trail's head could not be mailed: %s", error)
