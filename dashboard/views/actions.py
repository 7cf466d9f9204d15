"""What staff do to a service: form, plan, confirmation. One view for every kind of operation.

GET shows the form; POST without `plan` shows the plan; POST with `plan` and `request_id` records
the wish and leads to its operation. The browser names the service and the target, nothing else.
"""

from collections.abc import Sequence
from dataclasses import astuple
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from dashboard.attempts import changes
from dashboard.cells import span
from dashboard.forms import WISH_FORMS, ConfirmForm, WishForm
from dashboard.lists import asks_for_part
from dashboard.staff import StaffRequest
from resellers import audit
from resellers.mirror import sync
from resellers.models import (
    OPEN_STATES,
    AuditEntry,
    CatalogProduct,
    Operation,
    ProductInstance,
    Site,
    SyncRun,
)
from resellers.operations.kinds import kind_of
from resellers.operations.kinds.adjust import in_words
from resellers.operations.plan import Plan, make_plan
from resellers.operations.requests import (
    AlreadyOpen,
    NotAllowed,
    NotPossible,
    OperationError,
    PlanMoved,
    WritesPaused,
    request_operation,
)
from resellers.refusals import explain_status

Moved = Sequence[tuple[str, str, str]]
# Of what the plan's fingerprint covers: the names people know it by.
COVERED = {
    "site_id": "Site",
    "product_id": "Product",
    "cycle": "Billing cycle",
    "status": "Status",
}


@require_http_methods(["GET", "HEAD", "POST"])
def instance_action(request: StaffRequest, wix_id: UUID, kind: str) -> HttpResponse:
    """Ask for one kind of change to one service."""
    if not request.user.has_perm(kind_of(kind).permission):
        raise PermissionDenied("Your role may look, but not change anything.")
    instances = ProductInstance.objects.select_related("package", "account", "product", "site")
    instance = instances.filter(pk=wix_id).first()
    if instance is None:
        raise Http404(f"Nothing of id {wix_id}")
    form_class = WISH_FORMS[kind]
    if request.method != "POST":
        fields = form_class.base_fields
        initial = {name: text for name, text in request.GET.items() if name in fields}
        return _form_page(request, form_class(initial=initial, instance=instance))
    form = form_class(request.POST, instance=instance)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    if "plan" in request.POST:
        return _confirmed(request, form)
    return _plan_page(request, form, make_plan(form.kind, instance, form.wish()))


def _form_page(
    request: StaffRequest, form: WishForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    """The form, with everything typed kept and what is wrong beside it."""
    return _answer(request, form, status, context)


def _plan_page(
    request: StaffRequest,
    form: WishForm,
    plan: Plan,
    *,
    status: int = 200,
    trouble: str = "",
    moved: Moved = (),
) -> HttpResponse:
    """The plan with its Confirm, or the form again where Wix would refuse."""
    form.instance = plan.instance
    run = None if plan.is_fresh else _reading(request, plan)
    if run and run.is_open and asks_for_part(request, "plan"):
        return HttpResponse(status=204)
    _remember(request, form, plan)
    if not plan.possible:
        form.refuse(plan.refusals)
        return _form_page(
            request, form, status=422, plan=plan, run=run, trouble=trouble, moved=moved
        )
    context = {
        "plan": plan,
        "changes": changes([astuple(row) for row in plan.rows], plan.before, plan.wish),
        "run": run,
        "request_id": uuid4(),
        "trouble": trouble,
        "moved": moved,
    }
    return _answer(request, form, status, context)


def _answer(
    request: StaffRequest, form: WishForm, status: int, context: dict[str, Any]
) -> HttpResponse:
    around = {
        "form": form,
        "kind": form.kind,
        "instance": form.instance,
        "open_operation": _open_operation(form.instance),
        "if_wrong": f"actions/{form.kind}.html#if-wrong",
    }
    part = asks_for_part(request, "plan")
    template = "actions/_body.html" if part else "actions/page.html"
    return render(request, template, around | context, status=status)


def _reading(request: StaffRequest, plan: Plan) -> SyncRun:
    """The reading that a plan made from an old record waits for: the one named, or a new one.

    A reading that has ended is not wanted anew by itself, so that a page left open asks Wix once.
    """
    named = request.POST.get("run", "")
    package = plan.instance.package
    if named.isascii() and named.isdecimal():
        run = SyncRun.objects.filter(pk=int(named[:18]), package=package).first()
        if run:
            return run
    return sync.want(SyncRun.Kind.PACKAGE, package=package, by=request.user)


def _confirmed(request: StaffRequest, form: WishForm) -> HttpResponse:
    """Record the wish and lead to its operation, or say why nothing was recorded."""
    instance, wish = form.instance, form.wish()
    confirm = ConfirmForm(request.POST)
    if not confirm.is_valid():
        words = "This confirmation cannot be read, so nothing was recorded. Here is the plan again."
        plan = make_plan(form.kind, instance, wish)
        return _plan_page(request, form, plan, status=422, trouble=words)
    fingerprint = confirm.cleaned_data["plan"]
    try:
        operation = request_operation(
            form.kind,
            instance,
            wish,
            by=request.user,
            request_id=confirm.cleaned_data["request_id"],
            fingerprint=fingerprint,
            reason=form.cleaned_data["reason"],
            address=request.META.get("REMOTE_ADDR"),
            retry_of=form.cleaned_data["retry_of"],
            undo_of=form.cleaned_data["undo_of"],
        )
    except (AlreadyOpen, WritesPaused) as error:
        _note_refusal(request, form, error)
        return _blocked_page(request, form, error)
    except PlanMoved as error:
        _note_refusal(request, form, error)
        moved = _what_moved(request, form, error.plan, fingerprint)
        return _plan_page(request, form, error.plan, status=422, trouble=str(error), moved=moved)
    except NotPossible as error:
        _note_refusal(request, form, error)
        form.refuse(error.plan.refusals)
        return _form_page(request, form, status=422, plan=error.plan)
    except NotAllowed as error:
        _note_refusal(request, form, error)
        plan = make_plan(form.kind, instance, wish)
        return _plan_page(request, form, plan, status=422, trouble=str(error))
    return redirect(operation)


def _blocked_page(
    request: StaffRequest, form: WishForm, error: AlreadyOpen | WritesPaused
) -> HttpResponse:
    other = error.operation if isinstance(error, AlreadyOpen) else None
    context = {
        "form": form,
        "kind": form.kind,
        "instance": form.instance,
        "error": error,
        "other": other,
        "words": busy_words(other) if other else str(error),
    }
    return render(request, "actions/_blocked.html", context, status=409)


def busy_words(operation: Operation) -> str:
    """Who works on the thing, and since when: `operator1 is moving this (12 s ago)`."""
    form = WISH_FORMS.get(operation.kind)
    doing = form.doing if form else "changing"
    past = span(timezone.now() - operation.requested_at)
    return f"{operation.requested_by} is {doing} this ({past} ago)"


def _open_operation(instance: ProductInstance) -> dict[str, Any] | None:
    """The operation that holds this service, and the words for it."""
    subjects = [f"instance:{instance.pk}", f"package:{instance.package_id}"]
    operation = (
        Operation.objects.filter(subject__in=subjects, state__in=OPEN_STATES)
        .select_related("requested_by")
        .first()
    )
    return {"operation": operation, "words": busy_words(operation)} if operation else None


def _remember(request: StaffRequest, form: WishForm, plan: Plan) -> None:
    """Keep in the audit trail what a person was shown."""
    body = {"kind": plan.kind, "wish": plan.wish, "before": plan.before, **plan.as_json()}
    audit.record(
        "plan.shown",
        by=request.user,
        address=request.META.get("REMOTE_ADDR"),
        account_id=form.instance.account_id,
        instance_id=form.instance.pk,
        body=body | {"fingerprint": plan.fingerprint, "refusals": [r.code for r in plan.refusals]},
    )


def _note_refusal(request: StaffRequest, form: WishForm, error: OperationError) -> None:
    audit.record(
        "operation.not_recorded",
        by=request.user,
        address=request.META.get("REMOTE_ADDR"),
        account_id=form.instance.account_id,
        instance_id=form.instance.pk,
        body={"kind": form.kind, "wish": form.wish(), "why": str(error)},
    )


def _what_moved(request: StaffRequest, form: WishForm, plan: Plan, fingerprint: str) -> Moved:
    """Field, value when it was shown, value now: compared with what this person was last shown.

    Empty where no plan of that fingerprint was ever shown to this person.
    """
    shown = AuditEntry.objects.filter(
        event="plan.shown",
        actor=request.user,
        instance_id=form.instance.pk,
        body__fingerprint=fingerprint,
    ).first()
    if shown is None:
        return []
    old, moved = shown.body, []
    for key, label in COVERED.items():
        if old["before"].get(key) != plan.before.get(key):
            moved.append((label, _named(key, old["before"][key]), _named(key, plan.before[key])))
    rests = [dependant.words for dependant in plan.dependants]
    if old["dependants"] != rests:
        moved.append(("What rests on it", _listed(old["dependants"]), _listed(rests)))
    if old["wish"] != plan.wish:
        moved.append(("The wish", "another one", "as below"))
    if old["calls"] != list(plan.calls) and not moved:
        moved.append(("Calls to Wix", _listed(old["calls"]), _listed(plan.calls)))
    return moved


def _named(key: str, value: Any) -> str:
    if key == "site_id":
        return str(Site.objects.filter(pk=value).first() or value) if value else "Floating"
    if key == "product_id":
        return str(CatalogProduct.objects.filter(pk=value).first() or value)
    if key == "cycle":
        return in_words(value or "")
    return explain_status(value or "").word


def _listed(words: Any) -> str:
    return "; ".join(words) or "none found"
