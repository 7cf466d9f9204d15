"""How long the deliveries of each product take, by those that were seen: kept, and counted anew
each hour.

A delivery lasts from the order to the moment at which the service was found enabled.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.db import transaction

from resellers.clock import database_now
from resellers.models import Change, DeliveryTime, InstanceStatus
from resellers.models.states import UNSETTLED_STATUSES

ENOUGH = 20  # fewer say nothing of the next one
LOOKED_BACK = timedelta(days=180)


def recount() -> None:
    """Count anew how long deliveries take; two statements."""
    now = database_now()
    seen: Any = Change.objects.filter(
        field="status",
        new=InstanceStatus.ENABLED,
        old__in=UNSETTLED_STATUSES,
        at__gte=now - LOOKED_BACK,
        instance__created_at__isnull=False,
    ).order_by()
    taken: dict[UUID, list[int]] = defaultdict(list)
    for product, ordered_at, at in seen.values_list(
        "instance__product", "instance__created_at", "at"
    ).iterator(chunk_size=2000):
        taken[product].append(max(0, int((at - ordered_at).total_seconds())))
    fresh = []
    for product, seconds in taken.items():
        seconds.sort()
        fresh.append(
            DeliveryTime(
                product_id=product,
                known=len(seconds),
                median_seconds=percentile(seconds, 50),
                p90_seconds=percentile(seconds, 90),
                p95_seconds=percentile(seconds, 95),
                counted_at=now,
            )
        )
    with transaction.atomic():
        DeliveryTime.objects.bulk_create(
            fresh,
            update_conflicts=True,
            unique_fields=["product"],
            update_fields=[
                *("known", "median_seconds", "p90_seconds", "p95_seconds", "counted_at"),
            ],
        )
        # What was delivered so long ago says nothing any more.
        DeliveryTime.objects.exclude(product__in=taken).delete()


def percentile(ascending: Sequence[int], hundredths: int) -> int:
    """The least of these values that so many hundredths of them do not exceed."""
    return ascending[max(1, ceil(len(ascending) * hundredths / 100)) - 1]


def patience(floor: timedelta, known: int | None, p95_seconds: int | None) -> timedelta:
    """How long a delivery may take before somebody has to look at it: as long as 95 of 100 of its
    product took where enough are known, and never less than the floor."""
    if known is None or p95_seconds is None or known < ENOUGH:
        return floor
    return max(floor, timedelta(seconds=p95_seconds))
