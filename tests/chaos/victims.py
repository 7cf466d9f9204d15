"""Workers that end themselves where a plan says, each with a queue of its own."""

import subprocess
from contextlib import AbstractContextManager
from pathlib import Path

from celery import Celery

from .ground import Ground


def victim(
    ground: Ground, task: str, row_id: int, order: str, marker: Path
) -> "AbstractContextManager[subprocess.Popen[bytes]]":
    """A worker that takes this row to the place of `order`, `claimed=kill`, and ends itself there.

    It leaves the marker as it does.
    """
    wake(ground, task, row_id, marker)
    return ground.worker(marker.name, ENGINE_FAILPOINT=f"{order}@{marker}")


def wake(ground: Ground, task: str, row_id: int, marker: Path) -> None:
    """Send that worker, and no other one, the row's id."""
    with Celery(broker=ground.redis_url, set_as_current=False) as app:
        app.send_task(task, args=[row_id], queue=marker.name)
