"""How often an operation's page looks again, by itself."""

from datetime import datetime, timedelta

from resellers.models import Operation, OperationState

SOON = timedelta(seconds=10)


def poll_every(operation: Operation, now: datetime) -> str:
    """After how long the page looks again; empty where nothing moves by itself.

    What was just asked for is mostly done at once.
    """
    if operation.finished_at or operation.state == OperationState.NEEDS_ATTENTION:
        return ""
    if operation.state != OperationState.QUEUED:
        return "1s"
    return "500ms" if now - operation.requested_at < SOON else "3s"
