"""How an operation waits: its lease is given back, and a worker woken when its time has come."""

from django.conf import settings

from resellers import leases, throttling
from resellers.models import Operation, OperationState
from resellers.throttling import Meaning
from resellers.transactions import briefly
from resellers.wake import wake
from resellers.wix import WixClient, WixError, WixPaceTimeout, WixRateLimited

from . import calls
from .history import History

PAUSED_SECONDS = 30


def later(operation: Operation, seconds: float, waiting_for: str) -> None:
    """Give the lease back and come again; the state says whether a write may be on its way."""
    state, history = operation.state, History.of(operation)
    if state == OperationState.RUNNING:
        untouched = history.nothing_sent and history.refused is None
        state = OperationState.QUEUED if untouched else OperationState.CONFIRMING
    with briefly():
        leases.release(
            operation,
            after=seconds,
            state=state,
            priority=history.priority,
            waiting_for=waiting_for,
        )
        wake(
            "resellers.run_operation",
            operation.pk,
            after=min(seconds, 30),
            priority=history.priority,
        )


def retry_later(operation: Operation, error: WixError) -> None:
    """Come again after a call that Wix did not take: the later, the oftener that happened."""
    waits = settings.OPERATIONS["RETRY_SECONDS"]
    history = History.of(operation)
    wait = waits[min(max(history.failures_in_a_row, 1), len(waits)) - 1]
    if history.gap_is_open and isinstance(error, WixPaceTimeout | WixRateLimited):
        # The pace holds all calls for as long as it must: nothing is gained by waiting longer.
        wait = error.wait or waits[0]
    later(operation, wait, "Wix did not take the call; it is tried again.")


def later_if_not_about_it(
    operation: Operation, client: WixClient, error: WixError, *, is_write: bool = False
) -> bool:
    """Whether Wix refuses our key, or takes no calls for now: then the operation waits."""
    verdict = throttling.judge(error, client)
    if verdict.meaning is Meaning.THING:
        return False
    if is_write:
        calls.mark_last_write_unsent(operation)
    if verdict.meaning is Meaning.REPLACED:
        later(operation, 0, "Wix's key was replaced; it goes on with the new one.")
    elif verdict.meaning is Meaning.KEY:
        later(operation, PAUSED_SECONDS, "Wix refused our key: all writes are paused.")
    else:
        later(operation, verdict.wait, "Wix takes no calls for now; it is tried again more slowly.")
    return True
