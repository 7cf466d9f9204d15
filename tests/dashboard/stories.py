"""Operations as their pages tell of them: a planned move, and the calls that were made for it."""

from django.utils import timezone

from resellers.models import (
    OperationAttempt,
    OperationState,
)
from resellers.operations.plan import make_plan
from resellers.operations.site_wishes import ReassignWish
from tests import worlds

State = OperationState
ENDED = (State.SUCCEEDED, State.FAILED, State.ROLLED_BACK, State.CANCELED)
POLL = {"HX-Request": "true", "HX-Target": "operation", "X-Poll": "1"}


def move(state=State.QUEUED, **fields):
    """A planned move from old-shop.example to new-shop.example in that state."""
    account = worlds.account()
    instance = worlds.instance(worlds.package(account), on=worlds.site(account, "old-shop"))
    target = worlds.site(account, "new-shop")
    plan = make_plan(instance, ReassignWish(target.pk))
    if state in ENDED:
        fields.setdefault("finished_at", timezone.now())
    return worlds.operation(
        instance,
        site=target,
        state=state,
        before=plan.before,
        plan=plan.as_json(),
        strategy="two_step",
        **fields,
    )


def call(operation, step, state, **fields):
    """A call of the operation, as the engine records it."""
    defaults = {
        "fence": 1,
        "writes": step != "read",
        "answered_at": timezone.now() if state in ("answered", "refused") else None,
        "status": 200 if state == "answered" else None,
    }
    return OperationAttempt.objects.create(
        operation=operation, step=step, state=state, **(defaults | fields)
    )


def seen(operation, site_id):
    """What a reading shows of a service that stands on that site."""
    return operation.before | {"site_id": site_id}
