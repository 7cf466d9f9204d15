"""What came of earlier cases of the same cause, as far as it is known."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from uuid import UUID

from django.db.models import Count, OuterRef, Subquery

from resellers.clock import database_now
from resellers.models import Case, CaseEnd, CaseState, Change, InstanceStatus, Reorder
from resellers.models.states import UNSETTLED_STATUSES, OperationState

from .causes import Cause, of_cause

LOOKED_BACK = timedelta(days=90)
MOST = 500  # orders that are looked at, the newest


@dataclass(frozen=True, slots=True)
class WorkedBefore:
    """How second orders ended in 90 days, how long deliveries of them took, and how cases did."""

    ordered: int = 0
    delivered: int = 0
    took: timedelta | None = None
    ends: Counter[str] = field(default_factory=Counter)

    @property
    def closed(self) -> int:
        return self.ends.total()

    @property
    def with_wix(self) -> int:
        return self.ends[CaseEnd.WITH_WIX]


def worked_before(cause: Cause, product: UUID | None = None) -> WorkedBefore:
    """What came of cases of that cause, and of that product where one is meant; two statements."""
    since = database_now() - LOOKED_BACK
    closed = of_cause(Case.objects.filter(state=CaseState.CLOSED, closed_at__gte=since), cause)
    if product:
        closed = closed.filter(product=product)
    ends = dict(closed.order_by().values_list("end").annotate(n=Count("pk")))
    if cause.kind != "failed":
        return WorkedBefore(ends=Counter(ends))
    enabled = Change.objects.filter(
        instance=OuterRef("service"), field="status", new=InstanceStatus.ENABLED
    )
    orders = Reorder.objects.filter(
        failed__failure_code=cause.code,
        operation__state=OperationState.SUCCEEDED,
        operation__requested_at__gte=since,
        service__isnull=False,
    ).exclude(service__status__in=UNSETTLED_STATUSES)
    if product:
        orders = orders.filter(failed__product=product)
    rows = orders.order_by("-operation_id", "line").values_list(
        "service__status",
        "operation__requested_at",
        Subquery(enabled.order_by("at").values("at")[:1]),
    )[:MOST]
    found = list(rows)
    done = [(asked, at) for status, asked, at in found if status == InstanceStatus.ENABLED]
    took = [at - asked for asked, at in done if at]
    return WorkedBefore(len(found), len(done), median(took) if took else None, Counter(ends))
