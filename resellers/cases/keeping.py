"""Has the cases follow what is wrong: opened, closed, opened once more, each by itself."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from resellers import notify
from resellers.clock import database_now
from resellers.models import (
    Case,
    CaseCause,
    CaseEnd,
    CaseEvent,
    CaseState,
    Flow,
    InstanceStatus,
    Operation,
    ProductInstance,
    Reorder,
    scope,
)
from resellers.models.cases import CONCLUDED, CaseQuerySet
from resellers.models.instance_querysets import ProductInstanceQuerySet
from resellers.wake import wake

from . import troubles
from .troubles import Trouble

OF_SERVICES = (CaseCause.FAILED, CaseCause.STUCK)
OF_OPERATIONS = (CaseCause.OPERATION, CaseCause.REGISTRATION)
_COLUMNS = [
    *("state", "instance", "code", "since", "regressed_at", "end", "closed_at"),
    *("snoozed_until", "owner", "taken_at", "announced_at", "escalated_at"),
]


@scope.everything()
def keep() -> None:
    """Have every case be as what the mirror and the operations show now."""
    with transaction.atomic():
        found = troubles.everything()
        # What is over and closed is of no concern: there is ever more of it.
        at_it = Q(subject__in={trouble.subject for trouble in found})
        _follow(Case.objects.filter(at_it | ~Q(state=CaseState.CLOSED)), found)


@scope.everything()
def keep_services(ids: Iterable[UUID]) -> None:
    """Have the cases of these services be as they now are; part of the caller's transaction."""
    ids = list(ids)
    if not ids:
        return
    services = troubles.of_one_thing(ids)
    subjects = [f"instance:{pk}" for pk in services.values_list("pk", flat=True)]
    held = Case.objects.filter(cause__in=OF_SERVICES, subject__in=subjects)
    with transaction.atomic():
        _follow(held, list(troubles.of_services(services)))


@scope.everything()
def keep_operation(operation: Operation) -> None:
    """Have the cases of what this operation is about be as they now are: of the operations asked
    for of the same thing, and of the services that it was to take the place of."""
    same = Operation.objects.filter(Q(subject=operation.subject) | Q(pk=operation.retry_of_id))
    held = Case.objects.filter(cause__in=OF_OPERATIONS, operation__in=same)
    with transaction.atomic():
        _follow(held, list(troubles.of_operations(same)))
        keep_services(operation.reorders.values_list("failed", flat=True))


@scope.everything()
def keep_flow(flow: Flow) -> None:
    """Have the flow's case be as it now stands: open while it has stopped; part of the caller's
    transaction."""
    with transaction.atomic():
        held = Case.objects.filter(cause=CaseCause.FLOW, flow=flow)
        _follow(held, list(troubles.of_flows(Flow.objects.filter(pk=flow.pk))))


def services_of(case: Case) -> ProductInstanceQuerySet[ProductInstance]:
    """The services that the case is about: what failed, and all that was ordered in its place."""
    if case.cause in OF_SERVICES:
        return troubles.of_one_thing([UUID(case.subject.partition(":")[2])])
    return ProductInstance.objects.filter(pk__in=[case.instance_id] if case.instance_id else [])


def _follow(held: CaseQuerySet[Case], found: Sequence[Trouble]) -> None:
    """Open, change, close and open again, so that these cases are those troubles."""
    now = database_now()
    wanted = {(trouble.cause, trouble.subject): trouble for trouble in found}
    # By id, as whoever locks several: two who do this at once wait for each other in one order.
    locked = held.select_for_update(no_key=True, of=("self",)).order_by("id")
    cases = {(CaseCause(case.cause), case.subject): case for case in locked}
    events: list[CaseEvent] = []
    written: list[Case] = []
    over: list[Case] = []
    for key, case in cases.items():
        trouble = wanted.get(key)
        if trouble is None:
            if not case.is_closed:
                over.append(case)
        elif event := _meet(case, trouble, now):
            events.append(event)
            written.append(case)
    ends = _ends_of(over)
    for case in over:
        case.state, case.end, case.closed_at = CaseState.CLOSED, ends[case.pk], now
        case.snoozed_until = None
        events.append(CaseEvent(case=case, kind=CaseEvent.Kind.CLOSED, body={"end": case.end}))
    Case.objects.bulk_update([*written, *over], _COLUMNS, batch_size=200)
    notify.of_events(CaseEvent.objects.bulk_create(events))
    if any(event.kind == CaseEvent.Kind.REGRESSED for event in events):
        wake(notify.TASK)
    _open(trouble for key, trouble in wanted.items() if key not in cases)


def _meet(case: Case, trouble: Trouble, now: datetime) -> CaseEvent | None:
    """Make the case that of this trouble; what happened to it, if anything did."""
    is_other = (case.code, case.instance_id, case.since) != (
        *(trouble.code, trouble.instance_id, trouble.since),
    )
    # What was ordered in its place failed too: nobody shall believe that it is seen to.
    failed_again = case.cause == CaseCause.FAILED and case.instance_id != trouble.instance_id
    before = {"code": case.code, "instance": str(case.instance_id or "")}
    case.code, case.instance_id, case.since = trouble.code, trouble.instance_id, trouble.since
    if case.is_closed:
        came_since = trouble.since is not None and trouble.since > (case.closed_at or now)
        # What a person closed stays closed, until there is something new to it.
        if case.end not in CONCLUDED and not came_since:
            return None
        case.regressed_at = now
        body = {"end": case.end, "owner": case.owner_id}
        event = CaseEvent(case=case, kind=CaseEvent.Kind.REGRESSED, body=body)
        case.owner, case.taken_at = None, None
        case.announced_at, case.escalated_at = None, None
        case.end, case.closed_at = "", None
    elif failed_again:
        case.regressed_at, case.snoozed_until, case.announced_at = now, None, None
        body = {**before, "owner": case.owner_id}
        event = CaseEvent(case=case, kind=CaseEvent.Kind.REGRESSED, body=body)
    elif case.put_off_until_now(now) or (case.state == CaseState.SNOOZED and is_other):
        event = CaseEvent(case=case, kind=CaseEvent.Kind.WOKE, body={"changed": is_other})
        case.snoozed_until = None
    elif is_other:
        return CaseEvent(case=case, kind=CaseEvent.Kind.CHANGED, body=before)
    else:
        return None
    case.state = CaseState.OPEN
    return event


def _open(found: Iterable[Trouble]) -> None:
    """A case for each of these, where another process has not opened it meanwhile."""
    fresh = [
        Case(
            cause=trouble.cause,
            subject=trouble.subject,
            account_id=trouble.account_id,
            instance_id=trouble.instance_id,
            operation_id=trouble.operation_id,
            flow_id=trouble.flow_id,
            product_id=trouble.product_id,
            code=trouble.code,
            since=trouble.since,
        )
        for trouble in found
    ]
    if not fresh:
        return
    Case.objects.bulk_create(fresh, ignore_conflicts=True)
    opened = Case.objects.filter(
        cause__in={case.cause for case in fresh},
        subject__in=[case.subject for case in fresh],
        events=None,
    )
    CaseEvent.objects.bulk_create(
        CaseEvent(case=case, kind=CaseEvent.Kind.OPENED) for case in opened.order_by("id")
    )
    wake(notify.TASK)


def _ends_of(over: Sequence[Case]) -> dict[int, CaseEnd]:
    """Why each of these is over; two statements, or none."""
    of_services = [case for case in over if case.cause in OF_SERVICES]
    services = {
        one.pk: one
        for one in ProductInstance.objects.filter(
            pk__in=[case.instance_id for case in of_services]
        ).only("status", "gone_at")
    }
    origins = {case.pk: UUID(case.subject.partition(":")[2]) for case in of_services}
    made: Any = Reorder.objects.delivered().filter(origin__in=list(origins.values()))
    delivered = {reorder.origin_id for reorder in made}
    ends = dict.fromkeys((case.pk for case in over), CaseEnd.SETTLED)
    for case in of_services:
        service = services.get(case.instance_id) if case.instance_id else None
        if case.cause == CaseCause.FAILED and origins[case.pk] in delivered:
            ends[case.pk] = CaseEnd.REORDERED
        elif service is None or service.gone_at is not None:
            ends[case.pk] = CaseEnd.GONE
        elif service.status == InstanceStatus.ENABLED:
            ends[case.pk] = CaseEnd.DELIVERED
        elif service.status == InstanceStatus.CANCELED:
            ends[case.pk] = CaseEnd.CANCELED
    return ends
