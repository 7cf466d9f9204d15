"""Leases: a row is carried out by one process at a time, which may stop or die at any moment.

A process claims a row that is due, renews its lease as it works, and gives it back. The lease of
one that dies runs out, and another claims the row. Each claim raises the row's fence, and whatever
is written of the work matches the fence: who wakes late has lost the row and writes nothing.

All of it is measured by the database's clock, the only one that all processes share.
"""

import os
import secrets
import socket
from typing import Any, TypeVar

from django.db import (
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    connection,
)
from django.db.models import Case, F, Min, Q, QuerySet, Value, When
from django.db.models.functions import Now

from resellers.clock import database_now, in_seconds
from resellers.models import Leased

Row = TypeVar("Row", bound=Leased)


# Faults of the database that pass: it was away, a lock or a time ran out, two wrote one row.
TRANSIENT = (OperationalError, InterfaceError, InternalError, IntegrityError)
FIRST_WAIT, LONGEST_WAIT = 5.0, 60.0  # seconds


class LostLease(Exception):
    """Another process has claimed the row: stop at once and write nothing."""


def due(rows: QuerySet[Row]) -> QuerySet[Row]:
    """Those of the rows whose time has come and that nobody carries out."""
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    return rows.filter(free, next_run_at__lte=Now())


def next_end(rows: QuerySet[Row]) -> float | None:
    """In how many seconds the first lease of these rows runs out; None where none is held."""
    ends = rows.filter(lease_until__gt=Now()).aggregate(first=Min("lease_until"))
    return (ends["first"] - database_now()).total_seconds() if ends["first"] else None


def claim(rows: QuerySet[Row], pk: int, **values: Any) -> Row | None:
    """Lease that row to the caller and write these values; None where it is not due.

    Raises IntegrityError where the values break a rule of the table.
    """
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    held_by_the_dead = Case(When(lease_until=None, then=Value(0)), default=Value(1))
    won = (
        due(rows)
        .filter(pk=pk)
        .order_by()
        .update(
            lease_until=in_seconds(rows.model.lease_seconds()),
            lease_owner=owner,
            fence=F("fence") + 1,
            interruptions=F("interruptions") + held_by_the_dead,
            **values,
        )
    )
    # By owner: a process that stands still between the two may find another one's claim.
    return rows.filter(pk=pk, lease_owner=owner).first() if won else None


def save(row: Leased, **values: Any) -> None:
    """Write these values, if the row is still the caller's. Raises LostLease."""
    ours = type(row)._default_manager.filter(pk=row.pk, fence=row.fence)
    if not ours.update(**values):
        raise LostLease


def renew(row: Leased, **values: Any) -> None:
    """Hold the row for another full term, and write these values. Raises LostLease."""
    save(row, lease_until=in_seconds(row.lease_seconds()), **values)


def refresh(row: Row) -> None:
    """Have the caller's row be as it stands now. Raises LostLease.

    Without the fence whoever has lost the row would read that of the process which has it.
    """
    try:
        row.refresh_from_db(from_queryset=type(row)._default_manager.filter(fence=row.fence))
    except type(row).DoesNotExist:
        raise LostLease from None


def release(row: Leased, *, after: float = 0, **values: Any) -> None:
    """Give the row back, to be claimed again in so many seconds at the earliest.

    Raises LostLease.
    """
    save(row, lease_until=None, next_run_at=in_seconds(after), interruptions=0, **values)


def interrupted(row: Leased, **values: Any) -> float:
    """Give back a row whose work broke off, to go on a little later each time; in how many seconds.

    Raises LostLease.
    """
    wait = min(FIRST_WAIT * 2.0 ** min(row.interruptions, 8), LONGEST_WAIT)
    drop_broken_connection()
    save(
        row,
        lease_until=None,
        next_run_at=in_seconds(wait),
        interruptions=F("interruptions") + 1,
        **values,
    )
    return wait


def drop_broken_connection() -> None:
    """Have the next statement connect anew, if what broke off has left the connection broken."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()


def end(row: Leased, **values: Any) -> None:
    """Give the row back for good: these values end it, or have it wait for a person.

    Raises LostLease.
    """
    save(row, lease_until=None, interruptions=0, **values)
