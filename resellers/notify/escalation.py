"""What waits for too long is told to whom it should be, once."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Now
from django.utils.translation import gettext

from resellers import policy
from resellers.clock import database_now, in_seconds
from resellers.durations import span
from resellers.models import (
    Case,
    CaseEvent,
    Figures,
    Notice,
    NoticeKind,
    Operation,
    OperationAttempt,
    OperationState,
    Role,
    WebhookEvent,
)

from . import outbox, people, words
from .outbox import Call, Item, Message
from .telling import RELATED, case_data

MOST = 200  # at a time
# After these nobody has a case, and its day begins.
WAITS_ANEW = (CaseEvent.Kind.WOKE, CaseEvent.Kind.REOPENED, CaseEvent.Kind.RELEASED)
LOOKING_BACK = timedelta(days=1)  # an older operation was told, or has its case


def tell() -> None:
    """Tell managers of cases that nobody takes and of operations that take too long, of the latter
    also who asked for them."""
    _untaken_cases()
    _stuck_operations()


def _untaken_cases() -> None:
    long_ago = in_seconds(-settings.NOTIFY["UNTAKEN_SECONDS"])
    waiting = Case.objects.open().nobodys().filter(escalated_at=None)
    # The first condition is the index's, the second looks at those that came back, were put off or
    # had somebody until a while ago.
    waits_anew = CaseEvent.objects.filter(case=OuterRef("pk"), kind__in=WAITS_ANEW)
    last = Subquery(waits_anew.order_by("-at").values("at")[:1])
    opened = Coalesce("regressed_at", "opened_at")
    untaken = waiting.filter(opened_at__lt=long_ago).alias(opened=opened, anew=last)
    untaken = untaken.filter(Q(anew=None) | Q(anew__lt=long_ago), opened__lt=long_ago)
    if not untaken.exists():
        return
    with transaction.atomic():
        rows = untaken.prefetch_related(*RELATED).select_for_update(no_key=True).order_by("id")
        cases = list(rows[:MOST])
        if not cases:
            return
        Case.objects.filter(pk__in=[case.pk for case in cases]).update(escalated_at=Now())
        now = database_now()
        day = span(timedelta(seconds=settings.NOTIFY["UNTAKEN_SECONDS"]))
        items = [
            Item(
                key=f"untaken:{case.pk}:{(case.regressed_at or case.opened_at).timestamp():.0f}",
                title=words.case_title(case),
                text=gettext("Nobody has taken it for %(time)s.") % {"time": day},
                path=case.get_absolute_url(),
                case=case,
            )
            for case in cases
        ]
        managers = people.with_role(Role.MANAGER)
        outbox.tell([Message(one, NoticeKind.ESCALATED, items=items) for one in managers])
        calls = [
            Call(WebhookEvent.CASE_UNTAKEN, item.key, case_data(case))
            for item, case in zip(items, cases, strict=True)
        ]
        outbox.call(calls, now)


def _stuck_operations() -> None:
    now = policy.current()
    paused = now.stopped_because or now.throttled_since
    if paused or Figures.objects.filter(unread_since__isnull=False).exists():
        return  # Wix is not asked, or does not answer: that is told, and the time does not count
    stuck = list(_stuck().select_related("requested_by", "account").order_by("pk")[:MOST])
    rows = Notice.objects.filter(operation__in=stuck, kind=NoticeKind.ESCALATED)
    known = set(rows.values_list("operation", flat=True)) if stuck else set()
    if not (stuck := [one for one in stuck if one.pk not in known]):
        return
    managers = people.with_role(Role.MANAGER)
    by_person: dict[int, Message] = {}
    for one in stuck:
        item = _stuck_item(one)
        for person in {person.pk: person for person in (*managers, one.requested_by)}.values():
            to = by_person.setdefault(person.pk, Message(person, NoticeKind.ESCALATED))
            to.items.append(item)
    calls = [
        Call(WebhookEvent.OPERATION_STUCK, f"stuck:{one.pk}", _operation_data(one)) for one in stuck
    ]
    with transaction.atomic():
        outbox.tell(list(by_person.values()))
        outbox.call(calls, database_now())


def _stuck() -> QuerySet[Operation]:
    """The operations under way that are past their time, of those asked for lately.

    Their time begins with their first call: what waits for its turn is not late.
    """
    times: dict[str, float] = settings.NOTIFY["STUCK_SECONDS"]
    named = [kind for kind in times if kind]
    late = ~Q(kind__in=named) & Q(begun_at__lt=in_seconds(-times[""]))
    for kind in named:
        late |= Q(kind=kind, begun_at__lt=in_seconds(-times[kind]))
    working = (OperationState.RUNNING, OperationState.CONFIRMING)
    lately = in_seconds(-LOOKING_BACK.total_seconds())
    calls = OperationAttempt.objects.filter(operation=OuterRef("pk")).order_by("id")
    at_work = Operation.objects.filter(state__in=working, requested_at__gt=lately)
    return at_work.annotate(begun_at=Subquery(calls.values("sent_at")[:1])).filter(late)


def _stuck_item(operation: Operation) -> Item:
    begun_at: datetime = operation.begun_at  # type: ignore[attr-defined]
    taking = span(database_now() - begun_at)
    return Item(
        key=f"stuck:{operation.pk}",
        title=gettext("%(operation)s takes long")
        % {"operation": f"{words.operation_title(operation)}, {operation.account}"},
        text=gettext("It was begun %(time)s ago, and is not done.") % {"time": taking},
        path=operation.get_absolute_url(),
        operation=operation,
    )


def _operation_data(operation: Operation) -> dict[str, object]:
    return {
        "operation": operation.pk,
        "kind": operation.kind,
        "state": operation.state,
        "requested_by": operation.requested_by.get_username(),
        "requested_at": operation.requested_at,
        "account_id": operation.account_id,
        "account_name": str(operation.account),
        "link": words.link(operation.get_absolute_url()),
    }
