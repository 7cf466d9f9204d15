"""The audit trail: append an entry, verify the chain.

Each entry's hash covers its content and the hash before it, and the head names the last one, so a
changed or removed entry is found. Who owns the tables can write all of them anew: that is told only
by a copy of the head that is kept somewhere else, see `audit_head`.
"""

import hashlib
import json
import socket
from collections.abc import Iterator, Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv6Address
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from resellers.canonical_json import canonical
from resellers.clock import database_now
from resellers.ip_addresses import as_ip_address
from resellers.models import AuditEntry, AuditHead, Operation

if TYPE_CHECKING:
    from django.contrib.auth.models import User

FIRST_HASH = "0" * 64
MOST_AT_ONCE = 1_000  # entries of one statement


# Where the person comes from whose request is in hand. Whoever records what a person did would
# have to hand it on, through every layer, and none may forget it.
_address: ContextVar[str | None] = ContextVar("address", default=None)
_session: ContextVar[str] = ContextVar("session", default="")


def persons_come_from(address: str | None) -> None:
    """Give what persons do from now on, in this thread, this address; none with None.

    They have no session then, until `persons_use` says which.
    """
    _address.set(address)
    _session.set("")


def persons_use(session_key: str | None) -> None:
    """Give what persons do from now on, in this thread, the fingerprint of this session's key."""
    _session.set(session_fingerprint(session_key) if session_key else "")


def session_fingerprint(session_key: str) -> str:
    """Twelve characters that tell one session from another and let nobody use it."""
    return hashlib.sha256(session_key.encode()).hexdigest()[:12]


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

    What a person did has the address of the request in hand, unless another is given. The head row
    stays locked until that transaction ends, so append last.
    """
    if by is not None and address is None:
        address = _address.get()
    about = About(
        account_id=account_id or (operation.account_id if operation else None),
        instance_id=instance_id or (operation.instance_id if operation else None),
        body=body or {},
    )
    with transaction.atomic():
        [entry] = _append(event, [about], by=by, address=address, operation=operation)
    return entry


@dataclass(frozen=True, slots=True)
class About:
    """What one of several entries is about."""

    account_id: UUID | None
    instance_id: UUID | None
    body: dict[str, Any]


def record_each(event: str, about: Sequence[About], *, by: "User") -> None:
    """Append an entry about each of these, in their order: as many statements as for one, by the
    thousand. As `record` in all else."""
    if not about:
        return
    with transaction.atomic():
        _append(event, about, by=by, address=_address.get(), operation=None)


def _append(
    event: str,
    about: Sequence[About],
    *,
    by: "User | None",
    address: str | None,
    operation: Operation | None,
) -> list[AuditEntry]:
    AuditHead.objects.get_or_create(pk=1)
    head = AuditHead.objects.select_for_update(no_key=True).get(pk=1)
    now, entries, previous = database_now(), [], head.hash
    for seq, one in enumerate(about, head.seq + 1):
        entry = AuditEntry(
            seq=seq,
            at=now,
            event=event,
            actor=by,
            actor_name=by.get_username() if by else "",
            address=_canonical_address(address),
            session=(_session.get() or None) if by else None,
            operation_id=operation.pk if operation else None,
            account_id=one.account_id,
            instance_id=one.instance_id,
            body=canonical(one.body),
            previous_hash=previous,
        )
        entry.hash = previous = hash_of(entry, entry.address)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=MOST_AT_ONCE)
    AuditHead.objects.filter(pk=1).update(seq=entries[-1].seq, hash=previous)
    return entries


def hash_of(entry: AuditEntry, address: str | None) -> str:
    """SHA-256 over the entry's content, its address so spelled, and the previous hash."""
    content = [
        entry.seq,
        entry.at.isoformat(timespec="microseconds"),
        entry.event,
        entry.actor_id,
        entry.actor_name,
        address,
        entry.operation_id,
        str(entry.account_id or ""),
        str(entry.instance_id or ""),
        entry.body,
        entry.previous_hash,
        # Entries are older than that they have one.
        *([entry.session] if entry.session else []),
    ]
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical_address(text: str | None) -> str | None:
    address = as_ip_address(text or "")
    return str(address) if address else None


@dataclass(frozen=True, slots=True)
class Break:
    """A place where the chain does not hold."""

    seq: int
    words: str


def verify() -> Iterator[Break]:
    """Walk the whole trail in order and yield every place where it does not hold."""
    expected_seq, expected_hash = 1, FIRST_HASH
    for entry in AuditEntry.objects.order_by("seq").iterator(chunk_size=2000):
        if entry.seq < expected_seq:
            yield Break(entry.seq, f"entry {entry.seq} was inserted")
        elif entry.seq != expected_seq:
            yield Break(expected_seq, f"entries {expected_seq} to {entry.seq - 1} are missing")
        elif entry.previous_hash != expected_hash:
            yield Break(entry.seq, f"entry {entry.seq} does not follow the one before it")
        if not _holds(entry):
            yield Break(entry.seq, f"entry {entry.seq} was changed")
        expected_seq, expected_hash = entry.seq + 1, entry.hash
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    last = expected_seq - 1
    if head.seq != last:
        yield Break(expected_seq, f"the trail ends at {last}, the head says {head.seq}")
    elif head.hash != expected_hash:
        yield Break(last, f"entry {last} is not the one that the head names")


def _holds(entry: AuditEntry) -> bool:
    """Whether the entry is what its hash was made of.

    Entries were once hashed with their address as it came, and stored with it as the database
    writes it. A hash that holds for another spelling of the stored address proves that this is
    what was written: so each that stands for the very same address is tried, and no other.
    """
    spellings = (entry.address, _canonical_address(entry.address), *_as_it_came(entry.address))
    return any(hash_of(entry, spelling) == entry.hash for spelling in dict.fromkeys(spellings))


def _as_it_came(stored: str | None) -> Iterator[str]:
    """The spellings that a database stores as this one: of IPv6 alone there are several."""
    if stored is None:
        yield ""  # the peer of a unix socket
        return
    if ":" not in stored or stored != stored.lower():
        return
    address = IPv6Address(stored)
    for text in (stored, str(address), address.exploded):
        yield text
        yield text.upper()
        if address.is_link_local:
            yield from (
                f"{spelling}%{zone}" for spelling in (text, text.upper()) for zone in _zones()
            )


def _zones() -> Iterator[str]:
    """The names that interfaces have here, and those that they usually have."""
    yield from (name for _, name in socket.if_nameindex())
    for kind in ("eth", "ens", "eno", "enp0s", "en", "wlan", "br", "docker", ""):
        yield from (f"{kind}{number}" for number in range(33))
