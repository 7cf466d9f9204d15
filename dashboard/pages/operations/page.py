"""One operation's page: what happened, what is awaited, and what a person may decide about it."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.actions.came_from import list_to_go_back_to
from dashboard.actions.forms import WISH_FORMS
from dashboard.actions.order_second import offer_second
from dashboard.actions.undo import offer
from dashboard.components.ids import full_id
from dashboard.components.named_ids import Names, known_names
from dashboard.frame import preferences
from dashboard.frame.context import frame_of
from dashboard.frame.converters import WixId
from dashboard.frame.htmx import asks_for_part
from dashboard.frame.notifications import mark_read
from dashboard.frame.staff import StaffRequest
from dashboard.records.headings import heading_of
from dashboard.records.operation_log import OperationLog
from resellers import audit, breaker
from resellers.models import (
    CatalogProduct,
    Operation,
    OperationAttempt,
    OperationState,
    Reorder,
)
from resellers.operations import decisions
from resellers.operations.kinds import KINDS, kind_of
from resellers.operations.preflight import Answer, Preflight
from resellers.operations.reorders import ordered_again
from resellers.operations.requests import WritesPaused
from resellers.operations.retries import tried_again
from resellers.operations.titles import operation_title
from resellers.operations.undo import why_not_undone
from resellers.operations.wish import Thing, UnreadableWish
from resellers.refusals import allowed_cycles, explain_state, site_owner

from .forms import FinishForm
from .outcome import Outcome, neighbours
from .watching import poll_every

RETRIES_LIMIT = 5
IDS = re.compile(WixId.regex)
RELATED = (
    "account",
    "package__account",
    "instance__account",
    "instance__product",
    "instance__package",
    "instance__site",
    "site",
    "requested_by",
    "settled_by",
)


@require_safe
def operation_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One operation, from the wish to its end; it polls itself until then."""
    # Before its row, so that no call is told that is newer than the state beside it.
    this = Operation.objects.filter(pk=pk)
    attempts = list(OperationAttempt.objects.filter(operation__in=this))
    operation = _get(pk)
    mark_read(request.user, preferences.of(request), operation)
    return _page(request, operation, attempts=attempts if operation.is_open else None)


def _get(pk: int) -> Operation:
    operations: QuerySet[Operation] = Operation.objects.select_related(*RELATED)
    return get_object_or_404(operations, pk=pk)


def _page(
    request: StaffRequest,
    operation: Operation,
    *,
    attempts: list[OperationAttempt] | None = None,
    finish_form: FinishForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    log = OperationLog(operation, attempts)
    preflight = frame_of(request).preflight
    may_act = preflight.barred(operation.kind) is None
    retry = _retry(operation, preflight) if may_act else None
    undo = offer(operation, preflight) if may_act else None
    reorders, ordered_else = _reorders(operation)
    names = known_names(attempt.message for attempt in log.attempts)
    before, after = neighbours(operation)
    context = {
        "operation": operation,
        "outcome": Outcome(log, preflight),
        "back_to": list_to_go_back_to(request, operation),
        "before": before,
        "after": after,
        "instance": operation.instance,
        "heading": heading_of(_thing(operation)),
        "title": operation_title(operation),
        "log": log,
        "meaning": explain_state(operation.state, operation.ending),
        "allowed": _allowed_cycles(request, log),
        "names": names,
        "owner": _owner(log, names),
        "changes": log.changes,
        "reorders": reorders,
        "ordered_else": ordered_else,
        "second": offer_second(operation, preflight),
        "tried_again": tried_again(operation)[:RETRIES_LIMIT] if operation.is_repeatable else [],
        "if_wrong": [f"actions/{operation.kind}.html#if-wrong", "pages/operations/_if_wrong.html"],
        "poll_every": poll_every(operation, log.now),
        "news": request.GET.get("seen", log.token) != log.token,
        "may_withdraw": may_act and _is_waiting(operation) and log.nothing_sent,
        "may_settle": may_act and operation.state == OperationState.NEEDS_ATTENTION,
        "retry": retry,
        "undo": undo,
        "why_not_undone": _why_not(operation) if may_act else "",
        "finish_form": finish_form or FinishForm(auto_id="%s"),
        "trouble": trouble,
    }
    part = asks_for_part(request, "operation")
    template = "pages/operations/_operation.html" if part else "pages/operations/page.html"
    answer = render(request, template, context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _reorders(operation: Operation) -> tuple[list[Reorder], list[Reorder]]:
    """What it orders in place of failed services, and what else was ordered in place of these."""
    own = operation.reorders.select_related(
        *("failed__product", "failed__package", "service__product", "operation__package")
    )
    found = list(own.defer("failed__raw", "service__raw").order_by("line"))
    ordered = ordered_again([reorder.failed for reorder in found]).values()
    else_ = {o.pk: o for one in ordered for o in one.orders if o.operation_id != operation.pk}
    return found, sorted(else_.values(), key=lambda one: -one.operation_id)


@dataclass(frozen=True, slots=True)
class AllowedCycles:
    """The billing cycles that Wix named when it refused another, and the product it spoke of, for
    those who may correct it in the catalogue."""

    cycles: str
    product: CatalogProduct | None


def _allowed_cycles(request: StaffRequest, log: OperationLog) -> AllowedCycles | None:
    refusal = log.refusal
    cycles = allowed_cycles(refusal.code, refusal.message) if refusal else ""
    if refusal is None or not cycles:
        return None
    named = IDS.findall(refusal.message) if request.user.has_perm("resellers.approve") else []
    product = CatalogProduct.objects.filter(pk__in=named).first() if named else None
    return AllowedCycles(cycles, product)


def _owner(log: OperationLog, names: Names) -> SafeString | str:
    """Whose the site is that Wix did not find in the account; empty where it does not say so."""
    refusal = log.refusal
    id_ = site_owner(refusal.code, refusal.message) if refusal else None
    return (names.get(id_) or full_id(id_)) if id_ else ""


def _is_waiting(operation: Operation) -> bool:
    return operation.state == OperationState.QUEUED


@dataclass(frozen=True, slots=True)
class Retry:
    """Where and with which fields the same is asked for anew; `is_planned` leads to its plan."""

    path: str
    fields: dict[str, str]
    is_planned: bool
    answer: Answer  # whether that may be done now


def _retry(operation: Operation, preflight: Preflight) -> Retry | None:
    """What asks anew for what an ended operation asked for; None where nothing can."""
    form = WISH_FORMS.get(operation.kind)
    if form is None or not operation.is_repeatable:
        return None
    try:
        wish = kind_of(operation.kind).wish_of(operation)
    except UnreadableWish:
        return None
    fields = form.prefilled(wish) | {"retry_of": str(operation.pk)}
    if operation.reason:
        fields["reason"] = operation.reason
    # What ends a service for good wants more than that typed, on its form.
    is_planned, thing = not form.is_final, _thing(operation)
    return Retry(form.path(thing), fields, is_planned, preflight.of(operation.kind, thing))


def _why_not(operation: Operation) -> str:
    """Why what succeeded cannot be taken back; empty where it can, or where nothing was done."""
    return why_not_undone(operation) if operation.state == OperationState.SUCCEEDED else ""


def _thing(operation: Operation) -> Thing:
    """What it is about; the account where the kind is one that no longer exists."""
    kind = KINDS.get(operation.kind)
    return (kind and kind.thing_of(operation)) or operation.account


@require_POST
def operation_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """End a waiting operation of which nothing was sent."""
    return _act(request, pk, decisions.withdraw)


@require_POST
def operation_retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Let an operation that needs attention go on; 409 with the reason while nothing is written."""
    operation = _allowed(request, pk)
    try:
        return _act(request, pk, decisions.try_again)
    except WritesPaused as stopped:
        audit.record(
            "operation.not_resumed",
            by=request.user,
            operation=operation,
            body={"why": str(stopped)},
        )
        return _page(request, operation, trouble=str(stopped), status=409)


@require_POST
def operation_look_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Have Wix read once more, without writing."""
    return _act(request, pk, decisions.look_again)


@require_POST
def operation_finish(request: StaffRequest, pk: int) -> HttpResponse:
    """End an operation that needs attention on a person's word."""
    operation = _allowed(request, pk)
    form = FinishForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return _page(request, operation, finish_form=form, status=422)
    data = form.cleaned_data
    return _act(
        request,
        pk,
        lambda operation, by: decisions.finish_by_hand(
            operation, by=by, succeeded=data["succeeded"], note=data["note"]
        ),
    )


@require_POST
@permission_required("resellers.approve", raise_exception=True)
def resume_writes(request: StaffRequest) -> HttpResponse:
    """Close the breaker: what waits is sent again, and Wix says whether the key is right now."""
    breaker.resume_writes(by=request.user)
    messages.success(
        request, _("Writing to Wix goes on. If Wix refuses the key again, it stops again.")
    )
    return redirect("operation_list")


def _allowed(request: StaffRequest, pk: int) -> Operation:
    operation = _get(pk)
    if barred := frame_of(request).preflight.barred(operation.kind):
        raise PermissionDenied(barred.words)
    return operation


def _act(request: StaffRequest, pk: int, decide: Callable[..., None]) -> HttpResponse:
    """Do it and show the operation as it is then; 409 with the reason where it is too late."""
    operation = _allowed(request, pk)
    try:
        decide(operation, by=request.user)
    except decisions.NotNow as error:
        return _page(request, _get(pk), trouble=str(error), status=409)
    return redirect(operation)
