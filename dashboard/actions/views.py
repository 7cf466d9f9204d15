"""What staff ask for: form, plan, confirmation. One way for every kind of operation.

GET shows the form; POST without `plan` shows the plan; POST with `plan` and `request_id` records
the wish and leads to its operation. The browser names the thing and the target, nothing else.
"""

import json
from dataclasses import astuple
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.frame import reauthentication
from dashboard.frame.context import frame_of
from dashboard.frame.htmx import asks_for_part
from dashboard.frame.named_run import named_run
from dashboard.frame.staff import StaffRequest
from dashboard.records.changes import field_changes
from dashboard.records.headings import heading_of
from resellers.mirror import sync
from resellers.models import Operation, ProductInstance, SyncRun
from resellers.operations.kinds import kind_of
from resellers.operations.plan import Plan, make_plan
from resellers.operations.preflight import Answer, under_way
from resellers.operations.reasons import wanting_reasons
from resellers.operations.requests import (
    AlreadyOpen,
    AlreadyUsed,
    NotAllowed,
    NotPossible,
    PlanMoved,
    WritesPaused,
    request_operation,
)
from resellers.operations.wish import Thing

from . import came_from, plan_audit
from .confirmation import ConfirmForm
from .forms import WISH_FORMS
from .plan_audit import Moved
from .wish_form import AnyForm


@require_http_methods(["GET", "HEAD", "POST"])
def action(request: StaffRequest, wix_id: UUID, kind_name: str) -> HttpResponse:
    """Ask for one kind of change to one thing."""
    form_class = WISH_FORMS[kind_name]
    check_right(request, form_class)
    try:
        thing = kind_of(kind_name).load(wix_id)
    except ObjectDoesNotExist:
        raise Http404(_("Nothing of id %(id)s") % {"id": wix_id}) from None
    return act(request, form_class, thing)


def check_right(request: StaffRequest, form_class: type[AnyForm]) -> None:
    """Raise PermissionDenied for who may not ask for this."""
    answer = frame_of(request).preflight.in_general(form_class.kind)
    if not answer.is_allowed:
        raise PermissionDenied(answer.why)


def act(request: StaffRequest, form_class: type[AnyForm], thing: Thing) -> HttpResponse:
    """The form, the plan, or the operation that has been recorded."""
    options = options_of(request, form_class, thing)
    if request.method != "POST":
        return form_page(request, form_class(initial=request.GET.dict(), **options))
    form = form_class(form_class.as_sent(request.POST), **options)
    if any(button in request.POST for button in form.redraws):
        return form_page(request, form.redrawn())
    if not form.is_valid():
        if form.wrongly_typed:
            plan_audit.note_unsure(request, form)
        return form_page(request, form, status=422)
    if "plan" in request.POST:
        return _confirmed(request, form)
    answer = frame_of(request).preflight.of(form.kind, thing)
    if answer.is_passing:
        return _held_off(request, form, answer)
    return _plan_page(request, form, _plan_of(form))


def _plan_of(form: AnyForm) -> Plan[Any]:
    """The plan of what the valid form asks for."""
    return make_plan(form.thing, form.wish(), retry_of=form.cleaned_data["retry_of"])


def options_of(request: StaffRequest, form_class: type[AnyForm], thing: Thing) -> dict[str, Any]:
    """What a form has to know beside what was typed."""
    return {
        "thing": thing,
        "by": request.user,
        "proof": reauthentication.wanted_proof(request) if form_class.is_final else None,
        "wants_reason": form_class.kind in wanting_reasons(frame_of(request).policy),
    }


def form_page(
    request: StaffRequest, form: AnyForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The form, with everything typed kept and what is wrong beside it."""
    return _answer(request, form, status, context)


def _plan_page(
    request: StaffRequest,
    form: AnyForm,
    plan: Plan[Any],
    *,
    status: int = 200,
    trouble: str = "",
    moved: Moved = (),
    used_for: Operation | None = None,
) -> HttpResponse:
    """The plan with its Confirm, or the form again where Wix would refuse."""
    form.thing = plan.thing
    run = None if plan.is_fresh else _reading(request, plan)
    if run and run.is_open and asks_for_part(request, "plan"):
        return HttpResponse(status=204)
    plan_audit.remember(request, plan)
    notices = {"trouble": trouble, "moved": moved, "used_for": used_for}
    if not plan.possible:
        form.refuse(plan.refusals)
        status = 409 if used_for else 422
        return form_page(request, form, status=status, plan=plan, run=run, **notices)
    request_id = uuid4()
    context = {
        "plan": plan,
        "changes": field_changes(
            [astuple(row) for row in plan.rows],
            plan.before,
            plan.wish.as_json(),
            form.rules.keys,
        ),
        "run": run,
        "request_id": request_id,
        "body": _body(plan, request_id),
        **notices,
    }
    return _answer(request, form, status, context)


def _body(plan: Plan[Any], request_id: UUID) -> str:
    """What Wix will be sent, to the letter; empty where people need not see it."""
    if plan.request is None:
        return ""
    key = f"{request_id}:{next(iter(plan.steps))}:0"
    # To the letter, and ours: nothing of it is blanked as in what Wix said.
    return json.dumps(plan.request | {"idempotencyKey": key}, indent=2, ensure_ascii=False)


def _held_off(request: StaffRequest, form: AnyForm, answer: Answer) -> HttpResponse:
    """409 with what is in the way: it passes, and what was typed is kept until then."""
    plan = _plan_of(form)
    plan_audit.note_refusal(request, form, plan, answer.why)
    status = 422 if asks_for_part(request, "plan") else 409  # htmx shows a part only with 422
    return _answer(request, form, status, {"answer": answer, "is_held_off": True})


def _answer(
    request: StaffRequest, form: AnyForm, status: int, context: dict[str, Any]
) -> HttpResponse:
    if "answer" not in context:
        context["answer"] = frame_of(request).preflight.of(form.kind, form.thing)
    around = {
        "form": form,
        "title": form.rules.heading(form.thing),
        "thing": form.thing,
        "instance": form.thing if isinstance(form.thing, ProductInstance) else None,
        "heading": heading_of(form.thing),
        "address": form.path(form.thing),
        "came_from": came_from.list_before(request),
        "reads": form.rules.reads,
        "if_wrong": f"actions/{form.kind}.html#if-wrong",
    }
    part = asks_for_part(request, "plan")
    template = "actions/_body.html" if part else "actions/page.html"
    return render(request, template, around | context, status=status)


def _reading(request: StaffRequest, plan: Plan[Any]) -> SyncRun:
    """The reading that a plan made from an old record waits for: the one named, or a new one.

    A reading that has ended is not wanted anew by itself, so that a page left open asks Wix once.
    """
    source = plan.freshness
    runs = SyncRun.objects.filter(kind=source.kind, account=source.account, package=source.package)
    if run := named_run(request.POST, runs):
        return run
    about = {"package": source.package} if source.package else {"account": source.account}
    return sync.want(source.kind, by=request.user, **about)


def _confirmed(request: StaffRequest, form: AnyForm) -> HttpResponse:
    """Record the wish and lead to its operation, or say why nothing was recorded."""
    thing, wish = form.thing, form.wish()
    confirm = ConfirmForm(request.POST)
    if not confirm.is_valid():
        words = _(
            "This confirmation cannot be read, so nothing was recorded. Here is the plan again."
        )
        return _plan_page(request, form, _plan_of(form), status=422, trouble=words)
    fingerprint = confirm.cleaned_data["plan"]
    try:
        operation = request_operation(
            thing,
            wish,
            by=request.user,
            request_id=confirm.cleaned_data["request_id"],
            fingerprint=fingerprint,
            reason=form.cleaned_data["reason"],
            retry_of=form.cleaned_data["retry_of"],
            undo_of=form.cleaned_data["undo_of"],
        )
    except AlreadyOpen as error:
        held = Answer((under_way(error.operation),), error.operation)
        return _held_off(request, form, held)
    except AlreadyUsed as error:
        plan = make_plan(thing, wish)
        plan_audit.note_refusal(request, form, plan, str(error))
        before = error.operation
        return _plan_page(request, form, plan, status=409, trouble=str(error), used_for=before)
    except WritesPaused as error:
        return _held_off(request, form, Answer((error.stop,)))
    except PlanMoved as error:
        plan_audit.note_refusal(request, form, error.plan, str(error))
        moved = plan_audit.what_moved(request, error.plan, fingerprint)
        return _plan_page(request, form, error.plan, status=422, trouble=str(error), moved=moved)
    except NotPossible as error:
        plan_audit.note_refusal(request, form, error.plan, str(error))
        form.refuse(error.plan.refusals)
        return form_page(request, form, status=422, plan=error.plan)
    except NotAllowed as error:
        plan = _plan_of(form)
        plan_audit.note_refusal(request, form, plan, str(error))
        return _plan_page(request, form, plan, status=422, trouble=str(error))
    came_from.remember(request, operation)
    return redirect(operation)
