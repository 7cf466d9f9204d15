"""The engine: claims an operation and takes it as far as it will go now.

It drives towards the wished end state by reading, deciding, and writing only what is not yet true.
All it knows between two wakes is the row and its attempts, so running twice is harmless, and dying
at any line costs time only.
"""

import logging

from celery.exceptions import SoftTimeLimitExceeded
from django.db import Error as DatabaseFault

from resellers import leases
from resellers.connection import wix_client
from resellers.database_faults import trouble_of
from resellers.models import Operation, OperationPriority, OperationState
from resellers.wake import wake

from . import claims, ends, failpoints
from .claimed_run import ClaimedRun

logger = logging.getLogger(__name__)

MOST_INTERRUPTIONS = 20
AT_ONCE = 100  # looked at for one that nobody else has taken, or carried out one after another


def run(operation_id: int) -> bool:
    """Take one operation as far as it will go now; whether it was this process that carried it out.

    Safe to call at any time, and twice.
    """
    operation = claims.claim(operation_id)
    if operation is None:
        return False
    failpoints.at("claimed")
    try:
        _carry_out(operation)
    except leases.LostLease:
        logger.info("operation %s went on in another worker", operation_id)
    return True


def _carry_out(operation: Operation) -> None:
    try:
        if operation.interruptions >= MOST_INTERRUPTIONS:
            words = "It was begun again and again, and each time it broke off in the midst of it."
            ends.needs_attention(operation, "interrupted", words)
            return
        with wix_client("people") as client:
            ClaimedRun(operation, client).go()
    except leases.LostLease:
        raise
    except (*leases.TRANSIENT, SoftTimeLimitExceeded) as error:
        logger.exception("operation %s was interrupted", operation.pk)
        _interrupted(operation, error)
    except Exception as error:
        logger.exception("operation %s crashed", operation.pk)
        _crashed(operation, error)


def _interrupted(operation: Operation, error: Exception) -> None:
    """Nobody's fault of this operation: it goes on where it stood.

    Where even this cannot be written, its lease runs out, and it goes on then.
    """
    because = trouble_of(error).value if isinstance(error, DatabaseFault) else "It took too long"
    try:
        wait = leases.interrupted(operation, waiting_for=f"{because}: it goes on by itself.")
    except DatabaseFault as other:
        logger.warning("operation %s waits for its lease to run out: %s", operation.pk, other)
        return
    priority = OperationPriority(operation.priority)
    wake("resellers.run_operation", operation.pk, after=min(wait, 30), priority=priority)


def _crashed(operation: Operation, error: Exception) -> None:
    """Bring it to a person, in words that hold nothing of what the error itself says."""
    words = f"A fault of the dashboard stopped it ({type(error).__name__}): see the log."
    try:
        ends.needs_attention(operation, "crashed", words)
    except leases.LostLease:
        raise
    except Exception:
        # Whatever else is noted of it, the row itself must not go on saying that it runs.
        logger.exception("operation %s could not be brought to a person", operation.pk)
        leases.drop_broken_connection()
        state = OperationState.NEEDS_ATTENTION
        leases.end(operation, state=state, outcome_code="crashed", outcome=words)


def run_next() -> bool:
    """Carry out the operation that goes first of those that are due; whether there was one."""
    return any(run(pk) for pk in claims.due().values_list("pk", flat=True)[:AT_ONCE])


def run_due(*, limit: int = AT_ONCE) -> int:
    """Carry out what is due in this process, so many at most; returns how many there were.

    After each one it is looked anew which goes first.
    """
    done = 0
    while done < limit and run_next():
        done += 1
    return done
