"""Transactions of processes that nobody watches, which hold nobody up for long."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# A process that stands still for so many seconds between two statements counts as frozen.
STANDING_STILL = 2.0


@contextmanager
def briefly(*, still: float = STANDING_STILL, waiting: float | None = None) -> Iterator[None]:
    """A transaction that the database itself ends once its process has stood `still` for so long.

    With `waiting` it also waits no longer than that for what others hold. Both in seconds. Within
    another transaction it is a part of that one, and changes nothing of it.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            limits = {"idle_in_transaction_session_timeout": _milliseconds(still)}
            if waiting is not None:
                limits["lock_timeout"] = _milliseconds(waiting)
            calls = ", ".join(["set_config(%s, %s, true)"] * len(limits))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {calls}", [word for pair in limits.items() for word in pair]
                )
        yield


def _milliseconds(seconds: float) -> str:
    return f"{1000 * seconds:.0f}ms"
