"""Waiting for operations that other processes carry out, also while the database is away."""

import time
from collections.abc import Callable, Sequence

from django.db import Error, close_old_connections

from resellers.models import Operation

from .verdict import AT_REST


def wait(true: Callable[[], bool], seconds: float, *, every: float = 0.1) -> bool:
    """Return True once `true()` is so, False if it is not within that many seconds."""
    give_up_at = time.monotonic() + seconds
    while not true():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(every)
    return True


def at_rest(operations: Sequence[Operation]) -> bool:
    """Whether each has ended or needs a person; False while the database does not answer."""
    ids = [operation.pk for operation in operations]
    close_old_connections()
    try:
        return not Operation.objects.filter(pk__in=ids).exclude(state__in=AT_REST).exists()
    except Error:
        return False
