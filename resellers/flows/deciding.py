"""What people decide about a flow: begin, choose, confirm, pause, hand on, try again, give up."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib.auth.models import User as Person
from django.db import IntegrityError, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers import notify
from resellers.constraints import is_taken, violates
from resellers.models import Flow, FlowEvent, FlowStep, Role
from resellers.operations.preflight import CHANGE
from resellers.operations.requests import NotAllowed
from resellers.storable import storable
from resellers.wake import wake

from . import progress
from .beginning_again import begun_again, is_chosen_before
from .decision import (
    ONE_UNFINISHED,
    NotNow,
    at,
    change,
    check_right,
    decided,
    refuse_second,
    stands,
    stopped_with,
)
from .engine import TASK
from .flow_kind import FlowKind
from .kinds import FLOW_KINDS
from .log import log
from .outcomes import Skipped, Stops, Wants
from .steps import OperationStep, QuestionStep
from .titles import flow_title

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State, Event = Flow.State, FlowEvent.Kind
JUST_BEGUN = gettext_lazy("Somebody else has begun the same just now.")


def start(kind: FlowKind, answers: dict[str, Any], *, by: "User", request_id: UUID) -> Flow:
    """Begin a flow with the answers to its first step, once for each `request_id`.

    Raises NotAllowed, Unanswerable, AlreadyUnderWay.
    """
    check_right(by)
    if (again := Flow.objects.filter(request_id=request_id, begun_by=by).first()) is not None:
        return again
    try:
        with transaction.atomic():
            flow = Flow(kind=kind.name, owner=by, begun_by=by, request_id=request_id)
            first = kind.first()
            finished = first.take(flow, answers)
            refuse_second(flow)
            flow.save(force_insert=True)
            flow.refresh_from_db()
            row = progress.begin(flow, first)
            log(flow, Event.BEGUN, by=by)
            progress.finish(flow, kind, row, finished, by=by)
    except IntegrityError as error:
        if is_taken(error, Flow, "request_id"):
            return Flow.objects.get(request_id=request_id)
        if not violates(error, ONE_UNFINISHED):
            raise
        raise NotNow(JUST_BEGUN) from None
    wake(TASK, flow.pk)
    return flow


def answer(flow: Flow, step: str, answers: dict[str, Any], *, by: "User") -> None:
    """Choose what the current step asks.

    Raises NotAllowed, NotNow, Unanswerable, AlreadyUnderWay.
    """
    try:
        with decided(flow, by) as held:
            row = at(held, step, State.OPEN)
            kind = FLOW_KINDS[held.kind]
            asked = kind.step(held, step)
            if not isinstance(asked, QuestionStep):
                raise NotNow(_("Nothing is asked there."))
            check_right(by, asked.lets_happen)
            finished = asked.take(held, answers)
            refuse_second(held)
            noted = asked.decided(held, answers, by=by)
            finished = replace(finished, data={**finished.data, **noted})
            log(held, Event.CHOSEN, str(asked.label), step=step, by=by)
            if asked.lets_happen:
                change(held, owner=by)
            progress.finish(held, kind, row, finished, by=by)
    except IntegrityError as error:
        if not violates(error, ONE_UNFINISHED):
            raise
        raise NotNow(JUST_BEGUN) from None


def confirm(flow: Flow, step: str, fingerprint: str, *, by: "User") -> None:
    """Ask for the operation of the current step as its plan was shown.

    Who confirms owns the flow from then on. Raises NotAllowed, NotNow, and what `request_operation`
    does, which then has recorded nothing.
    """
    with decided(flow, by) as held:
        row = at(held, step, State.OPEN)
        kind = FLOW_KINDS[held.kind]
        asked = kind.step(held, step)
        if not isinstance(asked, OperationStep):
            raise NotNow(_("Nothing is to be confirmed there."))
        wanted = asked.wanted(held)
        if isinstance(wanted, Skipped | Stops):
            progress.apply(held, kind, row, wanted)
            return
        log(held, Event.CONFIRMED, str(asked.label), step=step, by=by)
        progress.ask_for(held, row, Wants(*wanted), by=by, fingerprint=fingerprint)
        change(held, state=State.WAITING, next_run_at=Now(), owner=by)


def pause(flow: Flow, *, by: "User") -> None:
    """Begin nothing more until somebody resumes it; an operation under way goes on to its end."""
    with decided(flow, by) as held:
        if held.is_over or held.state == State.PAUSED:
            raise NotNow(stands(held))
        change(held, state=State.PAUSED)
        log(held, Event.PAUSED, by=by)


def resume(flow: Flow, *, by: "User") -> None:
    """Let it go on from where it stands. Raises NotAllowed, NotNow."""
    with decided(flow, by) as held:
        if held.state != State.PAUSED:
            raise NotNow(stands(held))
        change(held, state=State.WAITING, next_run_at=Now())
        log(held, Event.RESUMED, by=by)


def hand_to(flow: Flow, person: "User", *, by: "User") -> None:
    """Have that colleague own it: what goes on by itself is in that person's name and right."""
    if not (person.is_active and person.has_perm(CHANGE)):
        raise NotAllowed(
            _("%(person)s may only look: choose somebody who may act.") % {"person": person}
        )
    with decided(flow, by) as held:
        if held.is_over:
            raise NotNow(stands(held))
        if held.owner_id == person.pk:
            return
        stopped_for_a_right = stopped_with(held, "NOT_ALLOWED")
        change(held, owner=person)
        log(held, Event.HANDED, str(person), by=by, to=person.get_username())
        title = _("%(by)s handed you a flow: %(flow)s") % {"by": by, "flow": flow_title(held)}
        key = f"handed:{held.events.latest('pk').pk}"
        notify.of_flow(held, key, title=title, text=stands(held), by=by)
        if stopped_for_a_right:
            change(held, state=State.WAITING, next_run_at=Now())


def try_again(flow: Flow, *, by: "User") -> None:
    """Begin the step anew that stopped it, or the one before at which what stopped it was chosen,
    in this person's name. What is planned and not confirmed yet may be chosen anew as well.

    Raises NotAllowed, NotNow.
    """
    with decided(flow, by) as held:
        row = progress.current_row(held)
        if row is None or not (held.state == State.STOPPED or is_chosen_before(held, row)):
            raise NotNow(stands(held))
        operation = row.operation
        if operation is not None and operation.is_open:
            raise NotNow(_("Its operation has not ended: decide about that first."))
        FlowStep.objects.filter(pk=row.pk).update(state=FlowStep.State.IN_VAIN, ended_at=Now())
        held.data, step = begun_again(held, row)
        held.save(update_fields=["data"])
        progress.begin(held, step)
        change(held, owner=by)
        log(held, Event.RETRIED, str(step.label), step=row.name, by=by)


def look_now(flow: Flow, *, by: "User") -> None:
    """Look at once and not only when it is time. Raises NotAllowed, NotNow."""
    with decided(flow, by) as held:
        if held.state not in (State.WAITING, State.STOPPED):
            raise NotNow(stands(held))
        log(held, Event.LOOKED, by=by)
        row = progress.current_row(held)
        operation = row.operation if row else None
        if operation is not None and operation.is_open and operation.lease_until is None:
            type(operation).objects.under_way().filter(pk=operation.pk).update(next_run_at=Now())
            wake("resellers.run_operation", operation.pk)
        change(held, state=State.WAITING, next_run_at=Now())


def give_up(flow: Flow, why: str, *, by: "User") -> None:
    """End it as it stands; nothing that was done is undone. Raises NotAllowed, NotNow.

    An operation under way goes on to its end.
    """
    with decided(flow, by) as held:
        if held.is_over:
            raise NotNow(stands(held))
        held.steps.filter(state=FlowStep.State.CURRENT).update(
            state=FlowStep.State.IN_VAIN, ended_at=Now()
        )
        change(held, state=State.GIVEN_UP, ended_at=Now())
        log(held, Event.GIVEN_UP, why, by=by)


def note(flow: Flow, text: str, *, by: "User") -> None:
    """Write down something for whoever goes on, finished or not.

    Raises NotAllowed, or ValueError for a text that is empty or too long.
    """
    check_right(by)
    text = storable(text).strip()
    if not text:
        raise ValueError(_("Write something."))
    if len(text) > FlowEvent.LONGEST:
        words = _("At most %(most)s characters; this has %(length)s.")
        raise ValueError(words % {"most": FlowEvent.LONGEST, "length": len(text)})
    with transaction.atomic():
        log(flow, Event.NOTE, text, by=by)


def colleagues() -> list[Person]:
    """Everybody who may own a flow."""
    roles = [Role.OPERATOR, Role.MANAGER, Role.ADMIN]
    found = Person.objects.filter(is_active=True, groups__name__in=roles)
    return list(found.distinct().order_by("username"))
