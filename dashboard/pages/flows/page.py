"""One flow: what was done, where it stands, what a person may do about it, and its log."""

import hashlib
from functools import cached_property
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from dashboard.frame.context import frame_of
from dashboard.frame.htmx import asks_for_part
from dashboard.frame.notices import mark_flow_read
from dashboard.frame.reauthentication import wanted_proof
from dashboard.frame.staff import StaffRequest
from resellers.flows.kinds import FLOW_KINDS
from resellers.flows.order_steps import ORDER_FORM
from resellers.flows.steps import QuestionStep
from resellers.flows.titles import flow_title
from resellers.models import Case, Flow
from resellers.operations.plan import Plan
from resellers.operations.preflight import CHANGE, Preflight

from .forms import HandForm, QuestionsForm, WordsForm
from .log import entries_of
from .order_form import order_form
from .steps import CurrentStep, ShownStep, StepForm, every_step
from .words import flow_label, state_words

LIVE_EVERY = "2s"
LATER = "10s"  # of what only others move
RELATED = ("owner", "begun_by", "account", "site__account")


class FlowPage:
    """A flow as its page tells it."""

    def __init__(self, flow: Flow, preflight: Preflight) -> None:
        self.flow, self.kind = flow, FLOW_KINDS.get(flow.kind)
        self.preflight = preflight
        self.title, self.label = flow_title(flow), flow_label(flow)
        self.state, self.tone = state_words(flow)

    @cached_property
    def steps(self) -> list[ShownStep]:
        """Every step: those that were begun, the current one, and those ahead."""
        return every_step(self.flow, self.kind) if self.kind else []

    @cached_property
    def current(self) -> CurrentStep | None:
        """The step it stands at, with what can be done there."""
        at = next((one for one in self.steps if one.is_current), None)
        return CurrentStep(self.flow, at, self.preflight) if at else None

    @property
    def under(self) -> str:
        return self.kind.under(self.flow) if self.kind else ""

    @property
    def place(self) -> int:
        """The number of the step it stands at."""
        return next((one.number for one in self.steps if one.is_current), len(self.steps))

    @property
    def facts(self) -> Any:
        return self.kind.facts(self.flow) if self.kind else ()

    @property
    def done_words(self) -> str:
        return self.kind.done_words(self.flow) if self.kind else ""

    @property
    def left_words(self) -> str:
        return self.kind.left_words(self.flow) if self.kind else ""

    @property
    def done(self) -> list[ShownStep]:
        """What was done, for who gives it up or looks at it later."""
        return [one for one in self.steps if one.stands == "done"]

    @cached_property
    def case(self) -> Case | None:
        """The case that its stop has opened; None where none is open."""
        return self.flow.cases.unclosed().select_related("owner").first()

    @property
    def log(self) -> Any:
        return entries_of(self.flow)

    @property
    def goes_on(self) -> bool:
        """Whether it moves by itself."""
        return self.flow.state == Flow.State.WAITING

    @property
    def poll_every(self) -> str:
        """After how long the page looks again; empty once the flow is over."""
        if self.flow.is_over:
            return ""
        reading = self.current.reading if self.current else None
        return LIVE_EVERY if self.goes_on or (reading and reading.is_open) else LATER

    @cached_property
    def stamp(self) -> str:
        """What stands on the page, in short: it is drawn anew where that is another one.

        Where somebody types, only a step that is theirs no more is worth it.
        """
        at = self.current
        marks: list[object] = [self.flow.state, at and at.row.pk]
        if at is None or not isinstance(at.step, QuestionStep):
            about = [(fact.label, fact.about and fact.about.pk) for fact in self.facts]
            marks += [self.flow.owner_id, self.case and (self.case.pk, self.case.owner_id), about]
        if at is not None and at.plan is not None:
            refusals = [refusal.code for refusal in at.plan.refusals]
            reading = at.reading and (at.reading.pk, at.reading.is_open)
            marks += [at.plan.fingerprint, refusals, reading]
        if at is not None and at.operation is not None:
            marks += [at.operation.pk, at.operation.state]
        return hashlib.sha256(repr(marks).encode()).hexdigest()[:16]


@require_safe
def flow_page(request: StaffRequest, pk: int) -> HttpResponse:
    """The flow; it looks at itself again while it goes on by itself."""
    flow = get_flow(pk)
    mark_flow_read(request.user, flow.pk)
    if asks_for_part(request, "flow") and (seen := request.GET.get("seen")):
        page = FlowPage(flow, frame_of(request).preflight)
        if page.stamp == seen and not page.goes_on:
            return HttpResponse(status=204)
    return show(request, flow)


def get_flow(pk: int) -> Flow:
    """The flow with all that its page looks at, or 404."""
    return get_object_or_404(Flow.objects.select_related(*RELATED), pk=pk)


def plan_of(request: StaffRequest, flow: Flow) -> Plan[Any] | None:
    """The plan that waits for its confirmation; None where none does."""
    current = FlowPage(flow, frame_of(request).preflight).current
    return current.plan if current else None


def form_of(request: StaffRequest, flow: Flow, step: QuestionStep, data: Any = None) -> StepForm:
    """What that step asks this person, with what the address names chosen already."""
    if step.form == ORDER_FORM:
        return order_form(request, flow, data)
    return QuestionsForm(
        step.questions(flow),
        flow,
        data,
        initial=request.GET.dict(),
        sure_of=(ends_for := step.ends_for(flow)),
        proof=wanted_proof(request) if ends_for else None,
    )


def show(
    request: StaffRequest,
    flow: Flow,
    *,
    form: StepForm | None = None,
    hand_form: HandForm | None = None,
    note_form: WordsForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    """The page, with what is wrong where something is."""
    page = FlowPage(flow, frame_of(request).preflight)
    current = page.current
    if current and isinstance(current.step, QuestionStep) and flow.state == Flow.State.OPEN:
        current.form = form or form_of(request, flow, current.step)
    may_act = request.user.has_perm(CHANGE)
    context = {
        "flow": flow,
        "page": page,
        "trouble": trouble,
        "may_act": may_act,
        "hand_form": hand_form or (HandForm() if may_act and not flow.is_over else None),
        "note_form": note_form or WordsForm(auto_id="note-%s"),
    }
    part = asks_for_part(request, "flow")
    template = "pages/flows/_flow.html" if part else "pages/flows/page.html"
    answer = render(request, template, context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer
