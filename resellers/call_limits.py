"""How many calls a minute may have: counted in the database, for every process together."""

import math
import time

from django.db import IntegrityError, transaction
from django.db.models import F

from resellers.models import CallCount

MINUTE = 60
FORGOTTEN_AFTER = 60


class TooManyCalls(Exception):
    """There were too many; after `wait` seconds there may be more."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


def count(key: str, most: int) -> None:
    """Count one call under this key; raises TooManyCalls where the minute had that many.

    One statement for a call within the limit. What is beyond it writes nothing.
    """
    now = time.time()
    minute = int(now // MINUTE)
    row = CallCount.objects.filter(key=key)
    if row.filter(minute=minute, calls__lt=most).update(calls=F("calls") + 1):
        return
    if row.filter(minute__lt=minute).update(minute=minute, calls=1):
        return
    if not row.exists():
        CallCount.objects.filter(minute__lt=minute - FORGOTTEN_AFTER).delete()
        try:
            with transaction.atomic():
                CallCount.objects.create(key=key, minute=minute, calls=1)
        except IntegrityError:
            # Another process was as quick.
            if row.filter(minute=minute, calls__lt=most).update(calls=F("calls") + 1):
                return
        else:
            return
    raise TooManyCalls(max(1, math.ceil((minute + 1) * MINUTE - now)))


def is_first(key: str) -> bool:
    """Whether this is the first of its kind in this minute: for what is told once."""
    try:
        count(key, 1)
    except TooManyCalls:
        return False
    return True
