"""What a fault of the database that passes means: it is away, something is held, it took too long.

Decided here alone, for pages, operations and readings: what people are told must be what is so.
"""

from enum import Enum

from django.db import Error, InterfaceError, OperationalError

# PostgreSQL's SQLSTATE.
LOCK_NOT_AVAILABLE, DEADLOCK, SERIALIZATION = "55P03", "40P01", "40001"
QUERY_CANCELED = "57014"
IDLE_IN_TRANSACTION = "25P03"


class Trouble(Enum):
    """Why a statement came to nothing, in words that staff read."""

    AWAY = "The database did not answer"
    HELD = "Another process held what was needed"
    SLOW = "The database took too long"
    STOOD_STILL = "The process stood still for too long"
    CLASH = "Two processes wrote the same at once"


def trouble_of(error: Error) -> Trouble:
    """What that fault means."""
    state = getattr(error.__cause__, "sqlstate", None)
    if state in (LOCK_NOT_AVAILABLE, DEADLOCK, SERIALIZATION) or _is_locked_file(error):
        return Trouble.HELD
    if state == QUERY_CANCELED:
        return Trouble.SLOW
    if state == IDLE_IN_TRANSACTION:
        return Trouble.STOOD_STILL
    if isinstance(error, OperationalError | InterfaceError):
        return Trouble.AWAY
    return Trouble.CLASH


def _is_locked_file(error: Error) -> bool:
    """SQLite has one lock for all that is written."""
    return isinstance(error, OperationalError) and "is locked" in str(error)
