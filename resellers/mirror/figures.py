"""The counts that every page shows, and what is known of the readings of Wix."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from resellers import heartbeats
from resellers.models import (
    Case,
    CatalogProduct,
    DailyCount,
    Delivery,
    Figures,
    Flow,
    InstanceStatus,
    Operation,
    ProductInstance,
    Tally,
    scope,
)
from resellers.models.flow_querysets import OF_A_PERSON, UNFINISHED
from resellers.models.instance_querysets import ACCESSIBLE, FLOATING, floating_lately
from resellers.models.operation_querysets import NEEDING_ATTENTION, OPEN
from resellers.models.querysets import PRESENT, UNNAMED
from resellers.models.tallies import number

BESIDE = ("floating", "accessible", "unnamed")


def _floating_long(floating: int) -> int:
    # Most of what floats does so for long: the others are counted.
    return floating - ProductInstance.objects.filter(floating_lately()).count()


# The counts that change by the mere passing of time: counted where a page asks for them.
OF_THE_HOUR: Mapping[str, Callable[[int], int]] = {
    "expiring_30_days": lambda floating: ProductInstance.objects.expiring(30).count(),
    "floating_long": _floating_long,
}


class Counts(dict[str, Any]):
    """The counts by their names."""

    def get(self, name: str, default: Any = None) -> Any:
        """That count; one of the hour costs a statement, once."""
        if name in OF_THE_HOUR and name not in self:
            self[name] = OF_THE_HOUR[name](self["floating"])
        return super().get(name, default)


def read() -> Figures:
    """What is known of readings and the counts of what may be seen, as they are now, with the cases
    that are open, since when mail waits and which processes live; two statements.
    """
    figures = _known().first()
    if figures is None:
        # Before the first reading there is no row: any other one is as good to ask beside.
        figures, at_hand = Figures(), _at_hand()
        beside = ContentType.objects.order_by("pk").annotate(**at_hand)[:1]
        vars(figures).update(beside.values(*at_hand)[0])
    figures.counts = _counts(figures)
    return figures


def _known() -> QuerySet[Figures]:
    if scope.in_force():
        return Figures.objects.filter(pk=1).annotate(**_at_hand())
    return _known_to_all(timezone.now().replace(second=0, microsecond=0))


@lru_cache(maxsize=1)
def _known_to_all(minute: datetime) -> QuerySet[Figures]:
    """For who sees everything, put together once a minute, which takes longer than to read: what
    happened within a week is as good by the minute."""
    return Figures.objects.filter(pk=1).annotate(**_at_hand())


def mail_waits_since(read_: Figures) -> datetime | None:
    """Since when the oldest mail waits that was tried in vain; None where none does."""
    since: datetime | None = getattr(read_, "_mail_waits_since", None)
    return since


def open_cases(read_: Figures) -> int:
    """How many cases were open as the figures were read."""
    found: int = getattr(read_, "_open_cases", 0)
    return found


def _at_hand() -> dict[str, Any]:
    """What is found at once without being kept: there is little of it, and an index for each."""
    late = Delivery.objects.pending().mails().filter(last_answer__gt="").order_by("created_at")
    floating = ProductInstance.objects.floating().filter(floating_since__isnull=False)
    since = floating.order_by("floating_since").values("floating_since")
    operations = Operation.objects
    return {
        "_open_cases": _number_of(Case.objects.open()),
        "_mail_waits_since": Subquery(late.values("created_at")[:1]),
        "_floating_since": Subquery(since[:1]),
        "_catalog": _number_of(CatalogProduct.objects.all()),
        "_unnamed_products": _number_of(CatalogProduct.objects.filter(UNNAMED)),
        "_operations_open": _number_of(operations.filter(OPEN)),
        "_operations_attention": _number_of(operations.filter(NEEDING_ATTENTION)),
        "_operations_drifted": _number_of(operations.drifted_lately()),
        "_operations_amiss": _number_of(operations.ended_badly_lately()),
        "_flows": _number_of(Flow.objects.filter(UNFINISHED)),
        "_flows_of_a_person": _number_of(Flow.objects.filter(OF_A_PERSON)),
        **heartbeats.at_hand(),
    }


def _number_of(rows: Any) -> Subquery:
    all_ = rows.order_by().annotate(all=Value(1)).values("all")
    return Subquery(all_.annotate(number=Count("pk")).values("number"))


def _counts(at_hand: Figures) -> Counts:
    of = Tally.Of
    tallies = Tally.objects.of(of.SERVICES, of.PACKAGES, of.SITES, of.ACCOUNTS).filter(PRESENT)
    found: dict[str, dict[str | None, Any]] = {kind: {} for kind in of.values}
    for row in tallies.values("of", "status").annotate(
        n=number(),
        floating=number(FLOATING),
        accessible=number(ACCESSIBLE),
        unnamed=number(UNNAMED),
    ):
        if row["n"]:
            found[row["of"]][row["status"]] = row
    sums = {
        kind: {name: sum(row[name] for row in rows.values()) for name in ("n", *BESIDE)}
        for kind, rows in found.items()
    }
    statuses = {str(status): row["n"] for status, row in found[of.SERVICES].items()}
    since = at_hand._floating_since  # type: ignore[attr-defined]
    rest = ("catalog", "unnamed_products", "flows", "flows_of_a_person")
    operations = ("open", "attention", "drifted", "amiss")
    return Counts(
        accounts=sums[of.ACCOUNTS]["n"],
        unnamed_accounts=sums[of.ACCOUNTS]["unnamed"],
        packages=sums[of.PACKAGES]["n"],
        sites=sums[of.SITES]["n"],
        instances=sums[of.SERVICES]["n"],
        failed=statuses.get(InstanceStatus.FAILED, 0),
        status=statuses,
        floating=sums[of.SERVICES]["floating"],
        accessible=sums[of.SERVICES]["accessible"],
        floating_since=since.isoformat() if since else "",
        **{name: getattr(at_hand, f"_{name}") for name in rest},
        **{f"operations_{name}": getattr(at_hand, f"_operations_{name}") for name in operations},
    )


@scope.everything()
def note_today() -> None:
    """Keep today's point of the charts."""
    counts, day = read().counts, timezone.localdate()
    values = {
        "floating": counts["floating"],
        "accessible": counts["accessible"],
        **{f"status:{status}": 0 for status in InstanceStatus.values},
        **{f"status:{status}": n for status, n in counts["status"].items()},
    }
    held = dict(DailyCount.objects.filter(day=day).values_list("figure", "value"))
    DailyCount.objects.bulk_create(
        [
            DailyCount(day=day, figure=figure, value=value)
            for figure, value in values.items()
            if held.get(figure) != value
        ],
        update_conflicts=True,
        update_fields=["value"],
        unique_fields=["day", "figure"],
    )


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
