"""The counts every page shows, kept in one row."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Min, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from resellers.clock import database_now
from resellers.models import (
    Account,
    Case,
    CatalogProduct,
    DailyCount,
    Delivery,
    Figures,
    Flow,
    InstanceStatus,
    Operation,
    Package,
    ProductInstance,
    Site,
    scope,
)
from resellers.models.flow_querysets import OF_A_PERSON, UNFINISHED
from resellers.models.instance_querysets import ACCESSIBLE, FLOATING
from resellers.models.operation_querysets import NEEDING_ATTENTION, OPEN, drifted_lately
from resellers.models.querysets import UNNAMED
from resellers.transactions import briefly


def read() -> Figures:
    """The figures as last counted, with the cases that are open now and since when mail waits; one
    statement.

    A blank row before the first count. For who may see only some customers, their counts are
    counted now.
    """
    open_ = Case.objects.open().order_by().values("state").annotate(number=Count("pk"))
    late = Delivery.objects.pending().mails().filter(last_answer__gt="").order_by("created_at")
    held = Figures.objects.filter(pk=1).annotate(
        _open_cases=Subquery(open_.values("number")),
        _mail_waits_since=Subquery(late.values("created_at")[:1]),
    )
    figures = held.first() or Figures()
    if scope.in_force():
        figures.counts = counted()
    return figures


def mail_waits_since(read_: Figures) -> datetime | None:
    """Since when the oldest mail waits that was tried in vain; None where none does."""
    since: datetime | None = getattr(read_, "_mail_waits_since", None)
    return since


def open_cases(read_: Figures) -> int:
    """How many cases were open as the figures were read; before the first count it is asked."""
    if not hasattr(read_, "_open_cases"):
        return Case.objects.open().count()
    counted: int | None = read_._open_cases
    return counted or 0


def recount() -> None:
    """Have everything counted for the pages and for today's point in the charts.

    It is done once the caller's transaction is kept, and after a rollback not at all: counting
    takes time, and a lock on the one row of figures would make everybody wait for everybody. What
    goes wrong with it is logged; the next recount mends it.
    """
    transaction.on_commit(count, robust=True)


@scope.everything()
@briefly()
def count() -> None:
    """Count everything now, in the caller's transaction: recount is what one wants of this."""
    # Of two who count at once the second counts anew, or an old figure would be kept as the last.
    Figures.objects.get_or_create(pk=1)
    Figures.objects.select_for_update(no_key=True).get(pk=1)
    now = database_now()
    counts = counted()
    Figures.objects.filter(pk=1).update(counts=counts, counted_at=now)
    DailyCount.objects.bulk_create(
        [
            DailyCount(day=timezone.localdate(now), figure=figure, value=value)
            for figure, value in {
                "floating": counts["floating"],
                "accessible": counts["accessible"],
                **{f"status:{status}": 0 for status in InstanceStatus.values},
                **{f"status:{status}": n for status, n in counts["status"].items()},
            }.items()
        ],
        update_conflicts=True,
        update_fields=["value"],
        unique_fields=["day", "figure"],
    )


def counted() -> dict[str, Any]:
    """All counts as they are now, of what may be seen."""
    operations = Operation.objects.aggregate(
        operations_open=Count("id", filter=OPEN),
        operations_attention=Count("id", filter=NEEDING_ATTENTION),
        operations_drifted=Count("id", filter=drifted_lately()),
    )
    unnamed = Count("id", filter=UNNAMED)
    products = CatalogProduct.objects.aggregate(catalog=Count("id"), unnamed_products=unnamed)
    accounts = Account.objects.present().aggregate(accounts=Count("id"), unnamed_accounts=unnamed)
    return {
        **accounts,
        **products,
        "packages": Package.objects.present().count(),
        "sites": Site.objects.present().count(),
        **_of_services(),
        **operations,
        **Flow.objects.aggregate(
            flows=Count("id", filter=UNFINISHED), flows_of_a_person=Count("id", filter=OF_A_PERSON)
        ),
        "operations_amiss": Operation.objects.ended_badly_lately().count(),
    }


def _of_services() -> dict[str, Any]:
    by_status = list(
        ProductInstance.objects.present()
        .order_by()
        .values("status")
        .annotate(
            n=Count("id"),
            floating=Count("id", filter=FLOATING),
            accessible=Count("id", filter=ACCESSIBLE),
            since=Min("floating_since", filter=FLOATING),
        )
    )
    statuses = {row["status"]: row["n"] for row in by_status}
    oldest = min((row["since"] for row in by_status if row["since"]), default=None)
    return {
        "instances": sum(statuses.values()),
        "failed": statuses.get(InstanceStatus.FAILED, 0),
        "status": statuses,
        "floating": sum(row["floating"] for row in by_status),
        "accessible": sum(row["accessible"] for row in by_status),
        "floating_since": oldest.isoformat() if oldest else "",
        **of_the_hour(),
    }


def of_the_hour() -> dict[str, int]:
    """The counts that change by the mere passing of time, counted now."""
    services = ProductInstance.objects
    return {
        "floating_long": services.floating_long().count(),
        "expiring_30_days": services.expiring(30).count(),
    }


def note_whole(started_at: datetime | None) -> None:
    """Keep when the last full pass that ended had begun: so old is what it may have missed."""
    Figures.objects.update_or_create(pk=1, defaults={"mirror_whole_at": started_at})


def note_changes_read(started_at: datetime | None) -> None:
    """Keep when the last reading of what changed that ended well had begun."""
    Figures.objects.update_or_create(pk=1, defaults={"changes_read_at": started_at})


def note_unread(because: str) -> None:
    """Keep since when readings by schedule fail, and of what, for every page to say."""
    Figures.objects.get_or_create(pk=1)
    Figures.objects.filter(pk=1).update(
        unread_since=Coalesce("unread_since", Now()), unread_because=because
    )


def note_read() -> None:
    """Keep that a reading by schedule ended well, where they had failed before."""
    Figures.objects.filter(pk=1, unread_since__isnull=False).update(
        unread_since=None, unread_because="", read_again_at=Now()
    )
