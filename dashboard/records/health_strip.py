"""How a record's services stand, as the strip under its head shows it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Count, Min, When
from django.utils import timezone

from resellers.models import InstanceStatus, ProductInstance
from resellers.models.instance_querysets import FLOATING, LIVE, ProductInstanceQuerySet
from resellers.refusals import explain_status

# In this order they stand in the bar, and in the words under it.
ORDER = (
    InstanceStatus.ENABLED,
    InstanceStatus.PENDING,
    InstanceStatus.AWAITING_ACTION,
    InstanceStatus.FAILED,
    InstanceStatus.CANCELED,
)
NEED_SOMEONE = (InstanceStatus.FAILED, InstanceStatus.AWAITING_ACTION)
WIDTH = 240  # of the bar, in its own units
GAP = 2
LEAST = 3  # so that one of a thousand is seen


@dataclass(frozen=True, slots=True)
class StatusShare:
    """The services of one status: how many, in words, and their piece of the bar."""

    status: str
    count: int
    word: str
    tone: str
    x: int = 0
    width: int = 0


@dataclass(frozen=True, slots=True)
class HealthStrip:
    """What stands in the strip: numbers, and the service that ends next."""

    shares: Sequence[StatusShare]
    floating: int
    floating_since: datetime | None
    next_to_expire: ProductInstance | None

    @property
    def total(self) -> int:
        return sum(share.count for share in self.shares)

    @property
    def needing(self) -> Sequence[StatusShare]:
        """The failed ones and those that wait for somebody outside."""
        return [share for share in self.shares if share.status in NEED_SOMEONE]

    @property
    def needing_count(self) -> int:
        return sum(share.count for share in self.needing)


def health_strip(held: ProductInstanceQuerySet[ProductInstance]) -> HealthStrip:
    """The strip for these services; two queries."""
    counts: dict[str, int] = defaultdict(int)
    floating, since = 0, []
    rows = held.annotate(floats=Case(When(FLOATING, then=1), default=0)).order_by()
    by_status = rows.values_list("status", "floats")
    for status, floats, n, first in by_status.annotate(Count("pk"), Min("floating_since")):
        counts[status] += n
        if floats:
            floating += n
            since += [first] if first else []
    ending = held.filter(LIVE, expires_at__gte=timezone.now()).select_related("product")
    ends_next = ending.defer("raw").order_by("expires_at", "id").first()
    return HealthStrip(status_shares(counts), floating, min(since, default=None), ends_next)


def status_shares(counts: Mapping[str, int]) -> list[StatusShare]:
    """These numbers by status as pieces of one bar. A status Wix never documented comes last."""
    rank = {str(status): place for place, status in enumerate(ORDER)}
    known = sorted((s for s in counts if counts[s]), key=lambda s: (rank.get(s, len(ORDER)), s))
    total, x, shares = sum(counts.values()), 0, []
    room = WIDTH - GAP * (len(known) - 1) - LEAST * len(known)
    for status in known:
        words, count = explain_status(status), counts[status]
        width = LEAST + max(0, room) * count // total
        shares.append(StatusShare(status, count, words.word_within, words.tone, x, width))
        x += width + GAP
    return shares
