"""A flow's steps as its page shows them, and what can be done at the one it stands at."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from dashboard.components.ages import clock
from dashboard.records.changes import field_changes
from resellers.clock import database_now
from resellers.durations import span
from resellers.flows import beginning_again
from resellers.flows.flow_kind import FlowKind
from resellers.flows.outcomes import Skipped, Stops
from resellers.flows.steps import OperationStep, QuestionStep, Step, latest
from resellers.models import Flow, FlowStep, Operation, OperationState, SyncRun
from resellers.operations.kinds import kind_of
from resellers.operations.plan import Plan, make_plan
from resellers.operations.preflight import Answer, Preflight

from .forms import QuestionsForm
from .order_form import FlowOrderForm

StepForm = QuestionsForm | FlowOrderForm
SAMPLE = 20  # of past operations, by which it is told how long one takes
RING_SECONDS = 60
JUST_NOW = timedelta(minutes=1)  # a reading that ended so lately is not wanted anew by itself


@dataclass(frozen=True, slots=True)
class ShownStep:
    """One step. `stands` is `done`, `skipped`, `current`, `ahead` or `left`."""

    number: int
    step: Step
    row: FlowStep | None
    tries: int
    stands: str
    words: str

    @property
    def is_current(self) -> bool:
        return self.stands == "current"

    @property
    def label(self) -> Any:
        return self.step.label


def every_step(flow: Flow, kind: FlowKind) -> list[ShownStep]:
    """Every step of the flow in order; one statement for all that were begun."""
    rows: dict[str, list[FlowStep]] = {}
    for one in flow.steps.select_related("operation", "by").order_by("id"):
        rows.setdefault(one.name, []).append(one)
    found = []
    for number, step in enumerate(kind.steps(flow), 1):
        tried = rows.get(step.name, [])
        row = tried[-1] if tried else None
        stands = _stands(flow, row)
        words = row.outcome if row and row.ended_at else ""
        if stands in ("ahead", "left"):
            words = words or step.ahead(flow)
        found.append(ShownStep(number, step, row, len(tried), stands, words))
    return found


def _stands(flow: Flow, row: FlowStep | None) -> str:
    if row is None:
        return "left" if flow.is_over else "ahead"
    states = {
        FlowStep.State.DONE: "done",
        FlowStep.State.SKIPPED: "skipped",
        FlowStep.State.CURRENT: "left" if flow.is_over else "current",
    }
    # One in vain is still ahead where an earlier one was begun anew.
    return states.get(FlowStep.State(row.state), "left" if flow.is_over else "ahead")


class CurrentStep:
    """The step a flow stands at: what it asks, what it waits for, why it stopped."""

    def __init__(self, flow: Flow, place: ShownStep, preflight: Preflight) -> None:
        assert place.row is not None
        self.flow, self.step, self.row = flow, place.step, place.row
        self._preflight = preflight
        self.operation: Operation | None = latest(self.row)
        self.form: StepForm | None = None  # what it asks, if it asks anything now

    # --- asking ----------------------------------------------------------------------------------

    @property
    def barred(self) -> str:
        """Why this person may not answer; empty who may."""
        kind = self.step.lets_happen if isinstance(self.step, QuestionStep) else ""
        found = self._preflight.barred(kind) if kind else None
        return f"{found.words} {found.next_step}" if found else ""

    @property
    def button(self) -> Any:
        own = self.step.button if isinstance(self.step, QuestionStep) else ""
        return own or _("Go on")

    @property
    def template(self) -> str:
        return self.step.template

    @property
    def shows(self) -> Any:
        return self.step.shows(self.flow, self.row)

    @cached_property
    def _wanted(self) -> Any:
        """What is to be confirmed, or what came in between."""
        if not isinstance(self.step, OperationStep) or self.flow.state != Flow.State.OPEN:
            return None
        return self.step.wanted(self.flow)

    @cached_property
    def plan(self) -> Plan[Any] | None:
        """The plan that is to be confirmed; None where none is."""
        wanted = self._wanted
        return make_plan(*wanted) if isinstance(wanted, tuple) else None

    @property
    def overtaken(self) -> str:
        """Why nothing is to be confirmed any more, since something came in between."""
        return self._wanted.words if isinstance(self._wanted, Skipped | Stops) else ""

    @property
    def is_old(self) -> bool:
        """Whether what the plan is made from is to be read again."""
        return self.plan is not None and not self.plan.is_fresh

    @cached_property
    def reading(self) -> SyncRun | None:
        """The reading that an old plan waits for, or that has not renewed it just now."""
        if self.plan is None or self.plan.is_fresh:
            return None
        source = self.plan.freshness
        runs = SyncRun.objects.filter(
            kind=source.kind, account=source.account, package=source.package
        )
        run = runs.order_by("-id").first()
        if run is None or run.is_open:
            return run
        ended = run.finished_at or run.requested_at
        return run if database_now() - ended < JUST_NOW else None

    @property
    def anew_words(self) -> str:
        """What the button says that leads to where something is chosen anew."""
        if self.shows.get("locked_by"):
            return _("Plan the whole chain")
        return _("Choose anew")

    @property
    def is_chosen_before(self) -> bool:
        """Whether what is planned may be chosen anew."""
        return beginning_again.is_chosen_before(self.flow, self.row)

    @property
    def changes(self) -> Any:
        assert self.plan is not None
        rows = [[row.field, row.label, row.before, row.after] for row in self.plan.rows]
        return field_changes(
            rows, self.plan.before, self.plan.wish.as_json(), kind_of(self.plan.kind).keys
        )

    @cached_property
    def answer(self) -> Answer | None:
        """Whether this person may confirm the plan now."""
        return self._preflight.in_general(self.plan.kind) if self.plan else None

    # --- stopped ---------------------------------------------------------------------------------

    @property
    def begins_again_at(self) -> str:
        """The step that is begun anew first, where it is another one than this."""
        step = beginning_again.begins_again_at(self.flow, self.row)
        return "" if step.name == self.step.name else str(step.label)

    @property
    def about(self) -> Any:
        """What a mail to Wix about it tells of."""
        return self.operation or self.flow.site or self.flow.account

    # --- waiting ---------------------------------------------------------------------------------

    @property
    def waiting_for(self) -> str:
        operation = self.operation
        if operation is not None and operation.is_open and operation.waiting_for:
            return operation.waiting_for
        return self.row.waiting_for

    @property
    def next_look_at(self) -> datetime | None:
        if self.flow.state != Flow.State.WAITING:
            return None
        operation = self.operation
        return operation.next_run_at if operation and operation.is_open else self.flow.next_run_at

    @property
    def seconds(self) -> int:
        """Until the next look; 0 while it is being looked."""
        at = self.next_look_at
        return max(0, round((at - database_now()).total_seconds())) if at else 0

    @property
    def next_in(self) -> str:
        """The same in words."""
        return span(timedelta(seconds=self.seconds))

    @property
    def left(self) -> str:
        """How much is left of the time that it waits at most: `31 h of 48 h left`."""
        until = self.row.waits_until
        if until is None:
            return ""
        whole = round((until - self.row.begun_at).total_seconds() / 3600)
        left = max(0.0, (until - database_now()).total_seconds())
        if left < 3600:
            words = _("%(left)s min of %(whole)s h left")
            return words % {"left": int(left // 60), "whole": whole}
        return _("%(left)s h of %(whole)s h left") % {"left": round(left / 3600), "whole": whole}

    @property
    def ring(self) -> int:
        """How much of the ring is drawn, of 100."""
        return 100 - min(100, round(100 * self.seconds / RING_SECONDS))

    @property
    def looks(self) -> int:
        """How often Wix was looked at for it."""
        if self.operation is None:
            return self.row.looks
        return self.operation.attempts.filter(writes=False).count()

    @property
    def past(self) -> str:
        """How long the last ones of its kind took."""
        if self.operation is None:
            return ""
        ended = Operation.objects.filter(
            kind=self.operation.kind, state=OperationState.SUCCEEDED, finished_at__isnull=False
        ).order_by("-id")
        times = [
            (at - asked).total_seconds()
            for at, asked in ended.values_list("finished_at", "requested_at")[:SAMPLE]
            if at
        ]
        if not times:
            return ""
        return _("The last %(number)s took %(median)s at the median, %(most)s at most.") % {
            "number": len(times),
            "median": span(timedelta(seconds=median(times))),
            "most": span(timedelta(seconds=max(times))),
        }

    @property
    def sent_at(self) -> str:
        return str(clock(self.operation.requested_at)) if self.operation else ""
