"""What people do with a flow from its page: each a POST that leads back to it."""

from collections.abc import Callable

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.frame.staff import StaffRequest
from resellers import audit
from resellers.flows import deciding, decision
from resellers.flows.kinds import FLOW_KINDS
from resellers.flows.outcomes import Unanswerable
from resellers.flows.steps import QuestionStep
from resellers.mirror import sync
from resellers.models import Flow
from resellers.operations.preflight import CHANGE
from resellers.operations.requests import (
    NotAllowed,
    NotPossible,
    OperationError,
    PlanMoved,
)

from .forms import HandForm, WordsForm
from .page import form_of, get_flow, plan_of, show


@require_POST
@permission_required(CHANGE, raise_exception=True)
def flow_answer(request: StaffRequest, pk: int) -> HttpResponse:
    """Choose what the current step asks; 422 with what is wrong beside its field."""
    flow, name = get_flow(pk), request.POST.get("step", "")
    kind = FLOW_KINDS.get(flow.kind)
    steps = {step.name: step for step in kind.steps(flow)} if kind else {}
    step = steps.get(name)
    if not isinstance(step, QuestionStep):
        return show(request, flow, trouble=decision.stands(flow), status=409)
    form = form_of(request, flow, step, request.POST)
    if any(button in request.POST for button in form.redraws):
        return show(request, flow, form=form.redrawn())
    if not form.is_valid():
        if form.wrongly_typed:
            _note(request, flow, form.errors.as_text())
        return show(request, flow, form=form, status=422)
    try:
        deciding.answer(flow, name, form.answers, by=request.user)
    except Unanswerable as error:
        form.refuse(error)
        return show(request, get_flow(pk), form=form, status=422)
    except (decision.NotNow, decision.AlreadyUnderWay) as error:
        return show(request, get_flow(pk), trouble=str(error), status=409)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    return redirect(flow)


@require_POST
def flow_confirm(request: StaffRequest, pk: int) -> HttpResponse:
    """Ask for the current step's operation as its plan was shown; 409 where it has moved."""
    name, plan = request.POST.get("step", ""), request.POST.get("plan", "")
    return _do(request, pk, lambda flow: deciding.confirm(flow, name, plan, by=request.user))


@require_POST
def flow_retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin the step anew that stopped it."""
    return _do(request, pk, lambda flow: deciding.try_again(flow, by=request.user))


@require_POST
def flow_look(request: StaffRequest, pk: int) -> HttpResponse:
    """Look at once."""
    return _do(request, pk, lambda flow: deciding.look_now(flow, by=request.user))


@require_POST
@permission_required(CHANGE, raise_exception=True)
def flow_read(request: StaffRequest, pk: int) -> HttpResponse:
    """Have Wix read again what the plan is made from that waits for its confirmation."""
    flow = get_flow(pk)
    if (plan := plan_of(request, flow)) is not None and not plan.is_fresh:
        source = plan.freshness
        about = {"package": source.package} if source.package else {"account": source.account}
        sync.want(source.kind, by=request.user, **about)
    return redirect(flow)


@require_POST
def flow_pause(request: StaffRequest, pk: int) -> HttpResponse:
    """Begin nothing more until somebody resumes it."""
    return _do(request, pk, lambda flow: deciding.pause(flow, by=request.user))


@require_POST
def flow_resume(request: StaffRequest, pk: int) -> HttpResponse:
    """Let it go on."""
    return _do(request, pk, lambda flow: deciding.resume(flow, by=request.user))


@require_POST
@permission_required(CHANGE, raise_exception=True)
def flow_hand(request: StaffRequest, pk: int) -> HttpResponse:
    """Hand it to a colleague; 422 where nobody of that name may work on it."""
    form = HandForm(request.POST)
    if not form.is_valid():
        return show(request, get_flow(pk), hand_form=form, status=422)
    to = form.cleaned_data["to"]
    return _do(request, pk, lambda flow: deciding.hand_to(flow, to, by=request.user))


@require_POST
def flow_give_up(request: StaffRequest, pk: int) -> HttpResponse:
    """End it as it stands."""
    why = request.POST.get("why", "")[:1000].strip()
    return _do(request, pk, lambda flow: deciding.give_up(flow, why, by=request.user))


@require_POST
@permission_required(CHANGE, raise_exception=True)
def flow_note(request: StaffRequest, pk: int) -> HttpResponse:
    """Write a note for whoever goes on; 422 where there are no words, or too many."""
    form = WordsForm(request.POST, auto_id="note-%s")
    if not form.is_valid():
        return show(request, get_flow(pk), note_form=form, status=422)
    text = form.cleaned_data["text"]
    return _do(request, pk, lambda flow: deciding.note(flow, text, by=request.user))


def _do(request: StaffRequest, pk: int, decide: Callable[[Flow], None]) -> HttpResponse:
    """Do it and show the flow as it is then; 409 with the reason where it is too late."""
    flow = get_flow(pk)
    try:
        decide(flow)
    except NotAllowed as error:
        raise PermissionDenied(str(error)) from error
    except (PlanMoved, NotPossible, OperationError, decision.NotNow) as error:
        _note(request, flow, str(error))
        return show(request, get_flow(pk), trouble=str(error) or _("Not now."), status=409)
    return redirect(flow)


def _note(request: StaffRequest, flow: Flow, why: str) -> None:
    """Have the trail tell what was not done."""
    body = {"flow": flow.pk, "kind": flow.kind, "why": why}
    audit.record("flow.not_done", by=request.user, account_id=flow.account_id, body=body)
