"""Waking a worker. The row is the queue: a message lost, late or doubled changes nothing."""

import logging

from celery import current_app
from django.db import transaction

logger = logging.getLogger(__name__)


def wake(task: str, row_id: int, *, after: float = 0) -> None:
    """Send a worker this row's id once the transaction commits, `after` seconds later (30 at most).

    Never raises and never waits for long: with the broker away the sweep finds the row.
    """

    def send() -> None:
        try:
            current_app.send_task(task, args=[row_id], countdown=after or None, retry=False)
        except Exception as error:  # noqa: BLE001  (brokers raise what they like)
            logger.warning("no worker was woken for %s %s: %s", task, row_id, error)

    transaction.on_commit(send, robust=True)
