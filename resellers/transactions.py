"""Transactions of processes that nobody watches, which hold nobody up for long."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

# A process that stands still for so long in the midst of one is frozen, and the database lets go of
# what it has locked. Nothing of ours takes a tenth of that between two statements.
STANDING_STILL = "900ms"


@contextmanager
def briefly(*, waiting: str = "") -> Iterator[None]:
    """A transaction that the database itself ends within a second after its process has frozen.

    With `waiting` it also waits no longer than that for what others hold, such as `500ms`. Within
    another transaction it is a part of that one, and changes nothing of it.
    """
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost and connection.vendor == "postgresql":
            limits = {"idle_in_transaction_session_timeout": STANDING_STILL}
            if waiting:
                limits["lock_timeout"] = waiting
            calls = ", ".join(["set_config(%s, %s, true)"] * len(limits))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {calls}", [word for pair in limits.items() for word in pair]
                )
        yield
