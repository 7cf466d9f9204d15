"""What is wrong now, by what the mirror and the operations show: each trouble wants one case."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from resellers.clock import database_now
from resellers.models import (
    CaseCause,
    Figures,
    Flow,
    FlowEvent,
    FlowStep,
    Operation,
    ProductInstance,
    Reorder,
)
from resellers.models.flow_querysets import FlowQuerySet
from resellers.models.instance_querysets import ProductInstanceQuerySet
from resellers.models.operation_querysets import (
    DRIFTED,
    NEEDING_ATTENTION,
    REFUSED,
    OperationQuerySet,
)
from resellers.models.states import UNSETTLED_STATUSES

from . import delivery_times

# Wix keeps trying to register a domain for so long.
REGISTRATION = timedelta(hours=48)
WIX = "wix"  # the subject of readings in trouble


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong: what it is about, and since when."""

    cause: CaseCause
    subject: str
    since: datetime | None
    code: str = ""
    account_id: UUID | None = None
    instance_id: UUID | None = None
    operation_id: int | None = None
    flow_id: int | None = None
    product_id: UUID | None = None


def everything() -> list[Trouble]:
    """All that is wrong now; a fixed number of statements."""
    services = ProductInstance.objects.all()
    return [
        *of_services(services),
        *of_operations(Operation.objects.all()),
        *of_flows(Flow.objects.all()),
        *_of_readings(),
    ]


def of_services(services: ProductInstanceQuerySet[ProductInstance]) -> Iterator[Trouble]:
    """What is wrong with these services; two statements."""
    yield from _failed(services)
    yield from _stuck(services)


def of_one_thing(services: Collection[UUID]) -> ProductInstanceQuerySet[ProductInstance]:
    """These services and all that were ordered for the same: their troubles are one.

    Their ids are asked for here: one question with all of this in it reads every service there is.
    """
    reorders = Reorder.objects.order_by()
    origins = set(reorders.filter(service__in=services).values_list("origin", flat=True))
    origins.update(services)
    made = reorders.filter(origin__in=origins, service__isnull=False)
    return ProductInstance.objects.filter(
        pk__in=origins.union(made.values_list("service", flat=True))
    )


def _failed(services: ProductInstanceQuerySet[ProductInstance]) -> Iterator[Trouble]:
    """A trouble for each failed service in place of which nothing was delivered since; where one
    was ordered in place of another and failed too, the last of them is the trouble of all."""
    delivered = Exists(Reorder.objects.delivered().since_outer_failed())
    rows = (
        services.present()
        .failed()
        .exclude(delivered)
        .annotate(origin=Coalesce("reorder__origin_id", "pk"))
        .order_by(F("status_since").asc(nulls_first=True), "pk")
        .values_list("origin", "pk", "account_id", "product_id", "failure_code", "status_since")
    )
    last: dict[UUID, Trouble] = {}
    for origin, pk, account_id, product_id, code, since in rows:
        last[origin] = Trouble(
            CaseCause.FAILED,
            f"instance:{origin}",
            since,
            code=code,
            account_id=account_id,
            instance_id=pk,
            product_id=product_id,
        )
    yield from last.values()


def _stuck(services: ProductInstanceQuerySet[ProductInstance]) -> Iterator[Trouble]:
    """A trouble for each service that is not delivered in its time."""
    now = database_now()
    late = Q(pk__in=())
    floors = {
        unsettled: timedelta(seconds=settings.CASES["STUCK_SECONDS"][unsettled])
        for unsettled in UNSETTLED_STATUSES
    }
    for unsettled, floor in floors.items():
        late |= Q(status=unsettled, status_since__lt=now - floor)
    rows = services.present().filter(late)
    taken = ("product__delivery_time__known", "product__delivery_time__p95_seconds")
    for pk, account_id, product_id, status, since, known, p95 in rows.values_list(
        "pk", "account_id", "product_id", "status", "status_since", *taken
    ):
        if now - since < delivery_times.patience(floors[status], known, p95):
            continue
        yield Trouble(
            CaseCause.STUCK,
            f"instance:{pk}",
            since,
            code=status,
            account_id=account_id,
            instance_id=pk,
            product_id=product_id,
        )


def of_operations(operations: OperationQuerySet[Operation]) -> Iterator[Trouble]:
    """What is wrong with these operations; two statements.

    A person has to look at them, or they were refused or found true no more, and nobody has
    settled that or asked for something of the same thing since. What a flow asked for is the
    flow's trouble, as long as that goes on or has stopped at it.
    """
    later = Operation.objects.filter(subject=OuterRef("subject"), pk__gt=OuterRef("pk"))
    # An order that was refused is asked for again under another name, and linked.
    followed = Operation.objects.filter(retry_of=OuterRef("pk"))
    steps = FlowStep.objects.filter(operation__isnull=False)
    at_it = steps.filter(state=FlowStep.State.CURRENT)
    stopped = at_it.filter(flow__state=Flow.State.STOPPED)
    seen_to = at_it.filter(flow__state__in=[Flow.State.WAITING, Flow.State.STOPPED])
    undecided = NEEDING_ATTENTION & ~_asked_for_by(seen_to)
    ended_badly = REFUSED & Q(settled_by=None) & ~_asked_for_by(steps) | DRIFTED
    unanswered = ended_badly & ~Q(Exists(later)) & ~Q(Exists(followed))
    yield from _troubles_of(CaseCause.OPERATION, operations.filter(undecided | unanswered))
    past = database_now() - REGISTRATION
    late = operations.under_way().filter(kind="register_domain", requested_at__lt=past)
    late = late.exclude(_asked_for_by(stopped))
    yield from _troubles_of(CaseCause.REGISTRATION, late)


def _asked_for_by(steps: QuerySet[FlowStep]) -> Q:
    """Operations of these steps, and what was asked for again in their place."""
    asked = steps.order_by().values("operation")
    return Q(pk__in=asked) | Q(retry_of__in=asked)


def of_flows(flows: FlowQuerySet[Flow]) -> Iterator[Trouble]:
    """A trouble for each of these flows that has stopped and waits for a person; one statement."""
    current = FlowStep.objects.filter(flow=OuterRef("pk"), state=FlowStep.State.CURRENT)
    stops = FlowEvent.objects.filter(flow=OuterRef("pk"), kind=FlowEvent.Kind.STOPPED)
    rows = flows.filter(state=Flow.State.STOPPED).annotate(
        code=Subquery(current.values("code")[:1]),
        stopped_at=Subquery(stops.order_by("-id").values("at")[:1]),
    )
    for pk, account_id, code, since in rows.values_list("pk", "account_id", "code", "stopped_at"):
        yield Trouble(
            CaseCause.FLOW,
            f"flow:{pk}",
            since,
            code=code or "",
            account_id=account_id,
            flow_id=pk,
        )


def _troubles_of(cause: CaseCause, rows: QuerySet[Operation]) -> Iterator[Trouble]:
    fields = ("pk", "account_id", "instance_id", "instance__product_id", "outcome_code")
    since = Coalesce("finished_at", "requested_at")
    for pk, account_id, instance_id, product_id, code, at in rows.annotate(at=since).values_list(
        *fields, "at"
    ):
        yield Trouble(
            cause,
            f"operation:{pk}",
            at,
            code=code,
            account_id=account_id,
            instance_id=instance_id,
            operation_id=pk,
            product_id=product_id,
        )


def _of_readings() -> Iterable[Trouble]:
    """A trouble while readings by schedule fail."""
    unread = Figures.objects.filter(unread_since__isnull=False).values_list(
        "unread_since", flat=True
    )
    return [Trouble(CaseCause.READING, WIX, since) for since in unread]
