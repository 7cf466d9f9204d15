"""One decision of a person about a flow: who may decide, and of which flow, as it then stands."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from resellers import cases
from resellers.models import Flow, FlowStep
from resellers.operations.preflight import CHANGE, LOOKS_ONLY, Preflight
from resellers.operations.requests import NotAllowed
from resellers.wake import wake

from . import progress
from .engine import TASK

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Flow.State
ONE_UNFINISHED = "one_unfinished_flow_per_subject"


class NotNow(Exception):
    """The flow stands otherwise by now; str() says how."""


class AlreadyUnderWay(Exception):
    """An unfinished flow is about the same thing: `flow`."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        super().__init__(
            _("%(owner)s has begun this already, and it has not ended yet.") % {"owner": flow.owner}
        )


def stands(flow: Flow) -> str:
    """How it stands, for whoever wanted something else of it."""
    words = {
        State.OPEN: _("It waits for a choice or a confirmation."),
        State.WAITING: _("It goes on by itself."),
        State.PAUSED: _("It is paused."),
        State.STOPPED: _("It has stopped and waits for a person."),
        State.DONE: _("It is done."),
        State.GIVEN_UP: _("It was given up."),
    }
    return _("Nothing was changed. %(words)s") % {"words": words[State(flow.state)]}


@contextmanager
def decided(flow: Flow, by: "User") -> Iterator[Flow]:
    """The flow's row, locked until what is decided is written; then it is woken."""
    check_right(by)
    with transaction.atomic():
        # Not joined: whoever waited for the lock would miss a row whose owner changed meanwhile.
        held = Flow.objects.select_for_update(no_key=True).get(pk=flow.pk)
        had_stopped = held.state == State.STOPPED
        yield held
        if had_stopped or held.state == State.STOPPED:
            cases.keep_flow(held)
    if held.state == State.WAITING:
        wake(TASK, held.pk)


def refuse_second(flow: Flow) -> None:
    """Raise AlreadyUnderWay where an unfinished flow is about the same."""
    others = Flow.objects.unfinished().exclude(pk=flow.pk).select_related("owner")
    if flow.subject and (other := others.filter(kind=flow.kind, subject=flow.subject).first()):
        raise AlreadyUnderWay(other)


def at(flow: Flow, step: str, state: Flow.State) -> FlowStep:
    """The current step's row, where the flow stands as the page had it. Raises NotNow."""
    row = progress.current_row(flow)
    if row is None or row.name != step or flow.state != state:
        raise NotNow(stands(flow))
    return row


def stopped_with(flow: Flow, code: str) -> bool:
    """Whether it has stopped for that reason."""
    row = progress.current_row(flow)
    return flow.state == State.STOPPED and row is not None and row.code == code


def change(flow: Flow, **values: Any) -> None:
    """Write these values to its row, and to `flow` what is read of it again."""
    Flow.objects.filter(pk=flow.pk).update(changed_at=Now(), **values)
    for name, value in values.items():
        if name in ("state", "owner"):
            setattr(flow, name, value)


def check_right(by: "User", kind: str = "") -> None:
    """Raise NotAllowed for who may only look, or may not ask for that kind of operation."""
    if not by.has_perm(CHANGE):
        raise NotAllowed(str(LOOKS_ONLY))
    if kind and (barred := Preflight(by).barred(kind)):
        raise NotAllowed(f"{barred.words} {barred.next_step}")
