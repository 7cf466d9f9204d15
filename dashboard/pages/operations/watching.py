"""How often an operation's page looks again, by itself."""

from datetime import datetime, timedelta

from resellers.models import Operation, OperationState

SOON = timedelta(seconds=10)


def poll_every(operation: Operation, counted_at: datetime | None, now: datetime) -> str:
    """After how long the page looks again; empty where nothing moves by itself.

    What was just asked for is mostly done at once. What has ended is looked at until the figures of
    the menu, counted at `counted_at`, know of it.
    """
    if operation.finished_at:
        is_counted = counted_at is None or counted_at >= operation.finished_at
        return "" if is_counted or now - operation.finished_at > SOON else "1s"
    if operation.state == OperationState.NEEDS_ATTENTION:
        return ""
    if operation.state != OperationState.QUEUED:
        return "1s"
    return "500ms" if now - operation.requested_at < SOON else "3s"
