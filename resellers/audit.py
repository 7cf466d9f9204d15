"""The audit trail: append an entry, verify the chain.

Each entry's hash covers its content and the hash before it, so a changed or removed entry is found.
A cut-off tail is not: keep the head's number and hash somewhere else too.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from resellers.models import AuditEntry, AuditHead, Operation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

FIRST_HASH = "0" * 64


def record(
    event: str,
    *,
    by: "User | None" = None,
    address: str | None = None,
    operation: Operation | None = None,
    account_id: UUID | None = None,
    instance_id: UUID | None = None,
    body: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry; it stands or falls with the caller's transaction.

    `body` must be JSON. The head row stays locked until that transaction ends, so append last.
    """
    with transaction.atomic():
        AuditHead.objects.get_or_create(pk=1)
        head = AuditHead.objects.select_for_update().get(pk=1)
        entry = AuditEntry(
            seq=head.seq + 1,
            at=timezone.now(),
            event=event,
            actor=by,
            actor_name=by.get_username() if by else "",
            address=address,
            operation_id=operation.pk if operation else None,
            account_id=account_id or (operation.account_id if operation else None),
            instance_id=instance_id or (operation.instance_id if operation else None),
            body=body or {},
            previous_hash=head.hash,
        )
        entry.hash = hash_of(entry)
        entry.save(force_insert=True)
        AuditHead.objects.filter(pk=1).update(seq=entry.seq, hash=entry.hash)
    return entry


def hash_of(entry: AuditEntry) -> str:
    """SHA-256 over the entry's content and the previous hash."""
    content = [
        entry.seq,
        entry.at.isoformat(timespec="microseconds"),
        entry.event,
        entry.actor_id,
        entry.actor_name,
        entry.address,
        entry.operation_id,
        str(entry.account_id or ""),
        str(entry.instance_id or ""),
        entry.body,
        entry.previous_hash,
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold."""

    seq: int
    words: str


def verify() -> Iterator[Break]:
    """Walk the whole trail in order and yield every place where it does not hold."""
    expected_seq, expected_hash = 1, FIRST_HASH
    for entry in AuditEntry.objects.order_by("seq").iterator(chunk_size=2000):
        if entry.seq != expected_seq:
            yield Break(expected_seq, f"entries {expected_seq} to {entry.seq - 1} are missing")
        elif entry.previous_hash != expected_hash:
            yield Break(entry.seq, f"entry {entry.seq} does not follow the one before it")
        if hash_of(entry) != entry.hash:
            yield Break(entry.seq, f"entry {entry.seq} was changed")
        expected_seq, expected_hash = entry.seq + 1, entry.hash
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    if (head.seq, head.hash) != (expected_seq - 1, expected_hash):
        yield Break(expected_seq, f"the trail ends at {expected_seq - 1}, the head says {head.seq}")
