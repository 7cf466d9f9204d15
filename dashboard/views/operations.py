"""What was asked for and what became of it: the list, one operation's page, and what it offers."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from dashboard import cells, lists
from dashboard.attempts import Story, changes
from dashboard.exports import Field
from dashboard.filters import Choice, Id, Words
from dashboard.forms import REPEATABLE, WISH_FORMS, FinishForm
from dashboard.lists import Column, List, Sort, asks_for_part
from dashboard.staff import StaffRequest
from resellers import connection
from resellers.models import (
    OPEN_STATES,
    Account,
    Operation,
    OperationKind,
    OperationState,
    ProductInstance,
)
from resellers.operations import requests
from resellers.operations.kinds import KINDS
from resellers.operations.undo import undo_of
from resellers.refusals import explain_state

SHOWN_ABOVE = 20
RELATED = (
    "account",
    "package",
    "instance__product",
    "instance__package",
    "instance__site",
    "site",
    "requested_by",
    "settled_by",
)


def _matching(word: str) -> Q:
    found = (
        Q(account__name__icontains=word)
        | Q(instance__product__name__icontains=word)
        | Q(reason__icontains=word)
        | Q(outcome_code__icontains=word)
        | Q(wix_request_id__istartswith=word)
        | Q(requested_by__username__iexact=word)
    )
    number = word.removeprefix("#")
    return found | Q(pk=int(number)) if number.isascii() and number.isdecimal() else found


def _wish(operation: Operation) -> SafeString:
    """What was asked for, leading to its page, over what changes."""
    told = "; ".join(f"{old} → {new}" for _, _, old, new in operation.plan.get("rows", []))
    return format_html(
        '<a href="/operations/{}/">{}</a><small>{}</small>', operation.pk, title(operation), told
    )


def _state(operation: Operation) -> SafeString:
    """The state, and under it why, in one sentence."""
    shown = cells.state_badge(operation.state)
    is_plain = operation.state == OperationState.SUCCEEDED and not operation.settled_by_id
    words = "" if is_plain else (operation.waiting_for or operation.outcome).split(". ")[0]
    return format_html("{}<small>{}</small>", shown, words) if words else shown


def _side(place: int) -> Callable[[dict[str, Any]], str]:
    """A plan's values before (2) or after (3) as one cell of the file."""
    return lambda plan: "; ".join(row[place] for row in plan.get("rows", []))


OPERATIONS = List(
    noun="operations",
    title="Operations",
    one="operation",
    many="operations",
    rows=Operation.objects.all,
    dress=lambda rows: rows.select_related("account", "instance__product", "requested_by"),
    columns=(
        Column("wish", "What", _wish, ("kind", "before", "after"), kind="main"),
        Column(
            "account",
            "Account",
            lambda row: cells.account_link(row.account),
            ("account_id", "account_name"),
        ),
        Column(
            "state",
            "State",
            _state,
            ("state", "outcome_code", "outcome", "wix_request_id"),
            kind="status",
        ),
        Column(
            "by",
            "Asked by",
            lambda row: row.requested_by.get_username(),
            ("requested_by", "reason"),
        ),
        Column(
            "asked",
            "Asked",
            lambda row: cells.age(row.requested_at),
            ("requested_at_utc",),
            kind="time",
            sort="asked",
        ),
        Column(
            "ended",
            "Ended",
            lambda row: cells.age(row.finished_at) if row.finished_at else "not yet",
            ("finished_at_utc",),
            kind="time",
            sort="ended",
        ),
    ),
    fields=(
        Field("operation_id", "pk"),
        Field("kind", "kind"),
        Field("state", "state"),
        Field("account_id", "account_id"),
        Field("account_name", "account__name"),
        Field("package_id", "package_id"),
        Field("instance_id", "instance_id"),
        Field("product_name", "instance__product__name"),
        Field("before", "plan", _side(2)),
        Field("after", "plan", _side(3)),
        Field("requested_by", "requested_by__username"),
        Field("reason", "reason"),
        Field("requested_at_utc", "requested_at"),
        Field("finished_at_utc", "finished_at"),
        Field("outcome_code", "outcome_code"),
        Field("outcome", "outcome"),
        Field("wix_request_id", "wix_request_id"),
        Field("settled_by", "settled_by__username"),
        Field("settled_note", "settled_note"),
        Field("retry_of_id", "retry_of_id"),
        Field("drifted_at_utc", "drifted_at"),
    ),
    filters=(
        Words(
            "q",
            "Words, or an id",
            find=_matching,
            ids=("instance_id", "package_id", "account_id", "site_id", "request_id"),
        ),
        Choice(
            "state",
            "State",
            {"open": "Open"} | dict(OperationState.choices),
            pick=lambda state: Q(state__in=OPEN_STATES if state == "open" else [state]),
        ),
        Choice("kind", "Kind", dict(OperationKind.choices), pick=lambda kind: Q(kind=kind)),
        Id("account", "Account", "account", Account),
    ),
    sorts={"asked": Sort("Asked", "requested_at"), "ended": Sort("Ended", "finished_at", True)},
    default_sort="-asked",
    chips=(
        lists.Chip("Open", {"state": "open"}, lambda counts: counts.get("operations_open")),
        lists.Chip(
            "Needs attention",
            {"state": "needs_attention"},
            lambda counts: counts.get("operations_attention"),
        ),
        lists.Chip("Failed", {"state": "failed"}),
        lists.Chip("Rolled back", {"state": "rolled_back"}),
        lists.Chip("Succeeded", {"state": "succeeded"}),
    ),
    above="operations/_attention.html",
    nothing="Nothing was asked for yet",
    nothing_template="operations/_nothing.html",
)


def title(operation: Operation) -> str:
    """`Reassign Business Elite`, or the kind alone where no service is concerned."""
    about = operation.instance.product if operation.instance else ""
    return f"{operation.get_kind_display()} {about}".strip()


@require_safe
def operation_list(request: StaffRequest) -> HttpResponse:
    """Every operation; those that need a person head the page whatever it is filtered by."""
    waiting = Operation.objects.filter(state=OperationState.NEEDS_ATTENTION)
    waiting = waiting.select_related("account", "instance__product", "requested_by")
    shown = list(waiting.order_by("requested_at", "id")[:SHOWN_ABOVE])
    attention = [{"operation": one, "title": title(one)} for one in shown]
    return lists.show(request, OPERATIONS, attention=attention)


@require_safe
def operation_export(request: StaffRequest) -> HttpResponseBase:
    return lists.export(request, OPERATIONS)


@require_safe
def operation_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One operation, from the wish to its end; it polls itself until then."""
    return _page(request, _get(pk))


def _get(pk: int) -> Operation:
    operations: QuerySet[Operation] = Operation.objects.select_related(*RELATED)
    return get_object_or_404(operations, pk=pk)


def _page(
    request: StaffRequest,
    operation: Operation,
    *,
    finish_form: FinishForm | None = None,
    trouble: str = "",
    status: int = 200,
) -> HttpResponse:
    story = Story(operation)
    may_act = request.user.has_perm(_permission(operation))
    context = {
        "operation": operation,
        "instance": operation.instance,
        "title": title(operation),
        "story": story,
        "meaning": explain_state(operation.state),
        "changes": changes(operation.plan.get("rows", []), operation.before, operation.wish),
        "if_wrong": [f"actions/{operation.kind}.html#if-wrong", "operations/_if_wrong.html"],
        "poll_seconds": _poll_seconds(operation),
        "news": request.GET.get("seen", story.token) != story.token,
        "may_withdraw": may_act and _is_waiting(operation) and story.nothing_sent,
        "may_settle": may_act and operation.state == OperationState.NEEDS_ATTENTION,
        "retry_fields": _retry_fields(operation) if may_act else None,
        "undo": _undo(operation) if may_act else None,
        "finish_form": finish_form or FinishForm(),
        "trouble": trouble,
    }
    part = asks_for_part(request, "operation")
    template = "operations/_operation.html" if part else "operations/page.html"
    answer = render(request, template, context, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


def _is_waiting(operation: Operation) -> bool:
    return operation.state == OperationState.QUEUED


def _poll_seconds(operation: Operation) -> int:
    """How often the page looks again; 0 where nothing moves by itself."""
    if not operation.is_open or operation.state == OperationState.NEEDS_ATTENTION:
        return 0
    return 3 if _is_waiting(operation) else 1


def _permission(operation: Operation) -> str:
    kind = KINDS.get(operation.kind)
    return kind.permission if kind else "resellers.operate"


def _retry_fields(operation: Operation) -> dict[str, str] | None:
    """The fields that ask anew for what an ended operation asked for; None where nothing can."""
    form = WISH_FORMS.get(operation.kind)
    instance: ProductInstance | None = operation.instance
    if form is None or instance is None or operation.state not in REPEATABLE:
        return None
    fields = form.prefilled(operation.wish) | {"retry_of": str(operation.pk)}
    return fields | ({"reason": operation.reason} if operation.reason else {})


def _undo(operation: Operation) -> dict[str, Any] | None:
    """The address and fields that ask to take back what it did; None where nothing can."""
    undone = undo_of(operation)
    if undone is None:
        return None
    kind, wish = undone
    fields = WISH_FORMS[kind].prefilled(wish) | {
        "undo_of": str(operation.pk),
        "reason": f"Undo of operation #{operation.pk}",
    }
    return {"path": f"/instances/{operation.instance_id}/{kind}/", "fields": fields}


# --- what a person may do with it ----------------------------------------------------------------


@require_POST
def operation_withdraw(request: StaffRequest, pk: int) -> HttpResponse:
    """End a waiting operation of which nothing was sent."""
    return _act(request, pk, requests.withdraw)


@require_POST
def operation_retry(request: StaffRequest, pk: int) -> HttpResponse:
    """Let an operation that needs attention go on."""
    return _act(request, pk, requests.try_again)


@require_POST
def operation_look_again(request: StaffRequest, pk: int) -> HttpResponse:
    """Have Wix read once more, without writing."""
    return _act(request, pk, requests.look_again)


@require_POST
def operation_finish(request: StaffRequest, pk: int) -> HttpResponse:
    """End an operation that needs attention on a person's word."""
    operation = _allowed(request, pk)
    form = FinishForm(request.POST)
    if not form.is_valid():
        return _page(request, operation, finish_form=form, status=422)
    told = form.cleaned_data
    return _act(
        request,
        pk,
        lambda operation, by: requests.finish_by_hand(
            operation, by=by, succeeded=told["succeeded"], note=told["note"]
        ),
    )


@require_POST
@permission_required("resellers.approve", raise_exception=True)
def resume_writes(request: StaffRequest) -> HttpResponse:
    """Close the breaker: what waits is sent again, and Wix says whether the key is right now."""
    connection.resume_writes(by=request.user)
    messages.success(
        request, "Writing to Wix goes on. If Wix refuses the key again, it stops again."
    )
    return redirect("/operations/")


def _allowed(request: StaffRequest, pk: int) -> Operation:
    if not request.user.has_perm("resellers.operate"):
        raise PermissionDenied("Your role may look, but not change anything.")
    operation = _get(pk)
    if not request.user.has_perm(_permission(operation)):
        raise PermissionDenied("Your role may not do this.")
    return operation


def _act(request: StaffRequest, pk: int, deed: Callable[..., None]) -> HttpResponse:
    """Do it and show the operation as it is then; 409 with the reason where it is too late."""
    operation = _allowed(request, pk)
    try:
        deed(operation, by=request.user)
    except requests.NotNow as error:
        return _page(request, _get(pk), trouble=str(error), status=409)
    return redirect(operation)
