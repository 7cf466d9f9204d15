"""The counts every page shows, kept in one row."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Q
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

LONG = timedelta(days=14)  # so long afloat, a service is paid for and forgotten
ENDED = (InstanceStatus.FAILED, InstanceStatus.CANCELED)


def read() -> Figures:
    """The figures as last counted; a blank row before the first count."""
    return Figures.objects.filter(pk=1).first() or Figures()


def recount() -> None:
    """Have everything counted for the pages and for today's point in the charts.

    It is done once the caller's transaction is kept, and after a rollback not at all: counting
    takes time, and a lock on the one row of figures would make everybody wait for everybody. What
    goes wrong with it is logged; the next recount mends it.
    """
    transaction.on_commit(count, robust=True)


@transaction.atomic
def count() -> None:
    """Count everything now, in the caller's transaction: recount is what one wants of this."""
    # Of two who count at once the second counts anew, or an old figure would be kept as the last.
    Figures.objects.get_or_create(pk=1)
    Figures.objects.select_for_update().get(pk=1)
    now = timezone.now()
    services = _of_services()
    operations = Operation.objects.aggregate(
        operations_open=Count("id", filter=Q(state__in=OPEN_STATES)),
        operations_attention=Count("id", filter=Q(state=OperationState.NEEDS_ATTENTION)),
    )
    unnamed = Count("id", filter=Q(name=""))
    products = CatalogProduct.objects.aggregate(catalog=Count("id"), unnamed_products=unnamed)
    accounts = Account.objects.filter(gone_at=None).aggregate(
        accounts=Count("id"), unnamed_accounts=unnamed
    )
    counts = {
        **accounts,
        **products,
        "packages": Package.objects.filter(gone_at=None).count(),
        "sites": Site.objects.filter(gone_at=None).count(),
        **services,
        **operations,
    }
    Figures.objects.filter(pk=1).update(counts=counts, counted_at=now)
    DailyCount.objects.bulk_create(
        [
            DailyCount(day=now.date(), figure=figure, value=value)
            for figure, value in {
                "floating": services["floating"],
                **{f"status:{status}": n for status, n in services["status"].items()},
            }.items()
        ],
        update_conflicts=True,
        update_fields=["value"],
        unique_fields=["day", "figure"],
    )


def _of_services() -> dict[str, Any]:
    loose = Q(site=None)
    by_status = list(
        ProductInstance.objects.filter(gone_at=None)
        .order_by()
        .values("status")
        .annotate(
            n=Count("id"),
            loose=Count("id", filter=loose),
            since=Min("floating_since", filter=loose),
        )
    )
    statuses = {row["status"]: row["n"] for row in by_status}
    # Nobody waits for one that has ended to be put on a site.
    usable = [row for row in by_status if row["status"] not in ENDED]
    oldest = min((row["since"] for row in usable if row["since"]), default=None)
    return {
        "instances": sum(statuses.values()),
        "failed": statuses.get(InstanceStatus.FAILED, 0),
        "status": statuses,
        "floating": sum(row["loose"] for row in usable),
        "floating_since": oldest.isoformat() if oldest else "",
        **of_the_hour(),
    }


def of_the_hour() -> dict[str, int]:
    """The counts that change by the mere passing of time, counted now."""
    now = timezone.now()
    usable = ProductInstance.objects.filter(gone_at=None).exclude(status__in=ENDED)
    soon = Q(expires_at__gte=now, expires_at__lt=now + timedelta(days=30))
    return {
        "floating_long": usable.filter(floats_long()).count(),
        "expiring_30_days": usable.filter(soon).count(),
    }


def floats_long() -> Q:
    """The services on no site for over 14 days."""
    return Q(site=None, floating_since__lt=timezone.now() - LONG)


def note_whole(started_at: datetime | None) -> None:
    """Keep when the last full pass that ended had begun: so old is what it may have missed."""
    Figures.objects.update_or_create(pk=1, defaults={"mirror_whole_at": started_at})
