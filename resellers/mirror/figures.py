"""The counts every page shows, kept in one row."""

from datetime import datetime, timedelta

from django.db.models import Count, Q
from django.utils import timezone

from resellers.models import (
    OPEN_STATES,
    Account,
    CatalogProduct,
    DailyCount,
    Figures,
    InstanceStatus,
    Operation,
    OperationState,
    Package,
    ProductInstance,
    Site,
)


def read() -> Figures:
    """The figures as last counted; a blank row before the first count."""
    return Figures.objects.filter(pk=1).first() or Figures()


def recount() -> Figures:
    """Count everything, keep it for the pages and for today's point in the charts."""
    now = timezone.now()
    live = ProductInstance.objects.filter(gone_at=None)
    statuses = {
        row["status"]: row["n"] for row in live.order_by().values("status").annotate(n=Count("id"))
    }
    floating = Q(site=None)
    services = live.aggregate(
        floating=Count("id", filter=floating),
        floating_14_days=Count("id", filter=floating & Q(updated_at__lt=now - timedelta(days=14))),
        expiring_30_days=Count(
            "id",
            filter=Q(expires_at__gte=now, expires_at__lt=now + timedelta(days=30))
            & ~Q(status__in=[InstanceStatus.FAILED, InstanceStatus.CANCELED]),
        ),
    )
    operations = Operation.objects.aggregate(
        operations_open=Count("id", filter=Q(state__in=OPEN_STATES)),
        operations_attention=Count("id", filter=Q(state=OperationState.NEEDS_ATTENTION)),
    )
    counts = {
        "accounts": Account.objects.filter(gone_at=None).count(),
        "packages": Package.objects.filter(gone_at=None).count(),
        "instances": sum(statuses.values()),
        "sites": Site.objects.filter(gone_at=None).count(),
        "unnamed_products": CatalogProduct.objects.filter(name="").count(),
        "failed": statuses.get(InstanceStatus.FAILED, 0),
        "status": statuses,
        **services,
        **operations,
    }
    figures, _ = Figures.objects.update_or_create(
        pk=1, defaults={"counts": counts, "counted_at": now}
    )
    DailyCount.objects.bulk_create(
        [
            DailyCount(day=now.date(), figure=figure, value=value)
            for figure, value in {
                "floating": services["floating"],
                **{f"status:{status}": n for status, n in statuses.items()},
            }.items()
        ],
        update_conflicts=True,
        update_fields=["value"],
        unique_fields=["day", "figure"],
    )
    return figures


def note_whole(started_at: datetime | None) -> None:
    """Keep when the last full pass that ended had begun: so old is what it may have missed."""
    Figures.objects.update_or_create(pk=1, defaults={"mirror_whole_at": started_at})
