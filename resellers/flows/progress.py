"""How a flow goes from one step to the next; all of it within a transaction that holds its row."""

from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from django.conf import settings
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext

from resellers import notify
from resellers.clock import database_now, in_seconds
from resellers.models import Flow, FlowEvent, FlowStep, Operation
from resellers.operations.plan import make_plan
from resellers.operations.requests import (
    AlreadyOpen,
    AlreadyUsed,
    NotAllowed,
    NotPossible,
    PlanMoved,
    WritesPaused,
    request_operation,
)
from resellers.operations.titles import kind_label, operation_name

from .flow_kind import FlowKind
from .log import log
from .outcomes import STOPPED_SECONDS, Asks, Finished, Outcome, Skipped, Stops, Waits, Wants
from .steps import Step

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State, Event, StepState = Flow.State, FlowEvent.Kind, FlowStep.State
PAUSED_SECONDS = 30  # while nothing may be written


def current_row(flow: Flow) -> FlowStep | None:
    """The step that the flow stands at; None once it is over."""
    rows = flow.steps.select_related("operation", "by")
    return rows.filter(state=StepState.CURRENT).first()


def request_id_of(flow: Flow, row: FlowStep) -> UUID:
    """Of the one operation of that try at that step, whoever asks for it and however often."""
    return uuid5(flow.request_id, f"{row.name}:{row.tries}")


def apply(
    flow: Flow,
    kind: FlowKind,
    row: FlowStep,
    outcome: Outcome,
    *,
    by: "User | None" = None,
) -> bool:
    """Write what came of a look at the current step; whether to look at once again."""
    match outcome:
        case Finished() | Skipped():
            finish(flow, kind, row, outcome, by=by)
            return flow.state == State.WAITING
        case Asks(words):
            _stand(flow, State.OPEN)
            _note(row, waiting_for=words, waits_until=None, otherwise="")
        case Stops(words, code, seconds):
            stop(flow, kind, row, words, code, seconds)
        case Waits():
            _wait(flow, kind, row, outcome)
        case Wants():
            return _release(flow, kind, row, outcome)
    return False


def begin(flow: Flow, step: Step) -> FlowStep:
    """Make this step the flow's current one, one more try at it where it was begun before."""
    _stand(flow, State.WAITING)
    tries = flow.steps.filter(name=step.name).count() + 1
    return FlowStep.objects.create(flow=flow, name=step.name, tries=tries)


def finish(
    flow: Flow,
    kind: FlowKind,
    row: FlowStep,
    outcome: Finished | Skipped,
    *,
    by: "User | None" = None,
) -> None:
    """End the step and begin the next one; without one, the flow is done."""
    is_done = isinstance(outcome, Finished)
    if isinstance(outcome, Finished) and outcome.data:
        flow.data = {**flow.data, **outcome.data}
    state = StepState.DONE if is_done else StepState.SKIPPED
    FlowStep.objects.filter(pk=row.pk).update(
        state=state,
        ended_at=Now(),
        outcome=outcome.words,
        by=by or row.by_id,
        waiting_for="",
        otherwise="",
        waits_until=None,
        code="",
    )
    flow.save(update_fields=["data", "account", "site", "subject"])
    steps = list(kind.steps(flow))
    place = next(number for number, step in enumerate(steps) if step.name == row.name)
    log(flow, Event.STEP, outcome.words or str(steps[place].label), step=row.name, by=by)
    if place + 1 < len(steps):
        begin(flow, steps[place + 1])
        return
    _stand(flow, State.DONE, ended_at=Now())
    log(flow, Event.DONE, kind.done_words(flow))
    title = gettext("%(flow)s is done") % {"flow": kind.title(flow)}
    notify.of_flow(flow, "done", title=title, text=kind.done_words(flow), by=by)


def stop(
    flow: Flow,
    kind: FlowKind,
    row: FlowStep,
    words: str,
    code: str = "",
    seconds: float = STOPPED_SECONDS,
) -> None:
    """Have the flow wait for a person, and say why, once."""
    is_new = flow.state != State.STOPPED or row.outcome != words
    _stand(flow, State.STOPPED, next_run_at=in_seconds(seconds))
    _note(row, outcome=words, code=code[:200], waiting_for="", otherwise="", waits_until=None)
    if is_new:
        log(flow, Event.STOPPED, words, step=row.name, code=code)
        title = gettext("%(flow)s stopped") % {"flow": kind.title(flow)}
        notify.of_flow(flow, f"{row.pk}:{code}", title=title, text=words)


def ask_for(
    flow: Flow, row: FlowStep, wanted: Wants, *, by: "User", fingerprint: str = ""
) -> Operation:
    """Record the operation of that step in this person's name, once, and tie it to the step.

    Without `fingerprint` it is asked for as it is planned now. Raises what `request_operation`
    does.
    """
    operation = request_operation(
        wanted.thing,
        wanted.wish,
        by=by,
        request_id=request_id_of(flow, row),
        fingerprint=fingerprint or make_plan(wanted.thing, wanted.wish).fingerprint,
        reason=f"{flow}",
    )
    FlowStep.objects.filter(pk=row.pk).update(operation=operation, by=by, outcome="", code="")
    log(flow, Event.ASKED, operation_name(operation), step=row.name, by=by, operation=operation.pk)
    return operation


def _release(flow: Flow, kind: FlowKind, row: FlowStep, wanted: Wants) -> bool:
    """Ask for what was confirmed before, in the name of the flow's owner."""
    label = kind_label(make_plan(wanted.thing, wanted.wish).kind)
    try:
        ask_for(flow, row, wanted, by=flow.owner)
    except WritesPaused as stopped:
        _wait(flow, kind, row, Waits(str(stopped), PAUSED_SECONDS))
    except AlreadyOpen as other:
        words = f"{operation_name(other.operation)} has to end first."
        _wait(flow, kind, row, Waits(words, float(settings.OPERATIONS["FLOW_SECONDS"])))
    except PlanMoved:
        _wait(flow, kind, row, Waits("It has changed just now: it is planned anew.", 1))
    except NotAllowed as barred:
        words = f"{label}: {flow.owner} may not do this. {barred} Hand it to somebody who may."
        stop(flow, kind, row, words, "NOT_ALLOWED")
    except NotPossible as error:
        first = error.plan.refusals[0]
        stop(flow, kind, row, f"{label}: {error} {first.next_step}", first.code)
    except AlreadyUsed as used:
        stop(flow, kind, row, str(used), "ALREADY_USED")
    else:
        return True
    return False


def _wait(flow: Flow, kind: FlowKind, row: FlowStep, waits: Waits) -> None:
    if flow.state == State.STOPPED and not waits.is_news:
        _stand(flow, State.STOPPED, next_run_at=in_seconds(max(waits.seconds, STOPPED_SECONDS)))
        return
    at_most = waits.at_most
    until = row.begun_at + at_most if at_most is not None else None
    if until is not None and database_now() >= until:
        words = waits.too_late or waits.otherwise or waits.words
        stop(flow, kind, row, words, "too_long", waits.seconds)
        return
    if waits.words != row.waiting_for and flow.state == State.WAITING and row.looks:
        log(flow, Event.LOOKED, waits.words, step=row.name)
    _stand(flow, State.WAITING, next_run_at=in_seconds(waits.seconds))
    _note(
        row,
        waiting_for=waits.words[:300],
        otherwise=waits.otherwise[:300],
        waits_until=until,
        looks=F("looks") + 1,
        outcome="",
        code="",
    )


def _stand(flow: Flow, state: Flow.State, **values: Any) -> None:
    """Write the flow's state, and that it is looked at again at once where it goes on by itself."""
    values = {"next_run_at": Now()} | values | {"state": state}
    if flow.state != state:
        values["changed_at"] = Now()
    Flow.objects.filter(pk=flow.pk).update(**values)
    flow.state = state


def _note(row: FlowStep, **values: Any) -> None:
    FlowStep.objects.filter(pk=row.pk).update(**values)
