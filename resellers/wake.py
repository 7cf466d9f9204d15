"""Waking a worker. The row is the queue: a message lost, late or doubled changes nothing."""

import logging

from celery import current_app
from django.db import transaction

from resellers.models import OperationPriority

logger = logging.getLogger(__name__)


# Of the broker's priorities those of messages about what is half done, under way and new: a worker
# gets the lowest first, and among equals the oldest.
URGENCY = {
    OperationPriority.HALF_DONE: 0,
    OperationPriority.UNDER_WAY: 3,
    OperationPriority.NEW: 6,
}


def wake(
    task: str,
    row_id: int | None = None,
    *,
    after: float = 0,
    priority: OperationPriority = OperationPriority.NEW,
) -> None:
    """Send a worker this row's id once the transaction commits, `after` seconds later (30 at most).

    Of a task that is about no row, the task alone.

    Never raises and never waits for long: with the broker away the sweep finds the row.
    """

    def send() -> None:
        try:
            current_app.send_task(
                task,
                args=[] if row_id is None else [row_id],
                countdown=after or None,
                priority=URGENCY[priority],
                retry=False,
            )
        except Exception as error:  # noqa: BLE001  (brokers raise what they like)
            logger.warning("no worker was woken for %s %s: %s", task, row_id, error)

    transaction.on_commit(send, robust=True)
