"""What may be written to Wix, and what has to be said with it: an admin's page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from dashboard.frame.staff import StaffRequest
from resellers import policy
from resellers.operations import reasons
from resellers.operations.titles import KIND_LABELS

from .forms import ReadOnlyForm, ReasonsForm

RIGHT = "resellers.administer"
PAGE = "policy_page"


@require_safe
@permission_required(RIGHT, raise_exception=True)
def policy_page(request: StaffRequest) -> HttpResponse:
    """The read-only switch, and which kinds of operation want a reason."""
    return _page(request)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def read_only_set(request: StaffRequest) -> HttpResponse:
    """Let nothing new be sent to Wix, for the reason given."""
    form = ReadOnlyForm(request.POST)
    if not form.is_valid():
        return _page(request, read_only_form=form)
    policy.set_read_only(form.cleaned_data["reason"], by=request.user)
    messages.success(request, "The dashboard is read-only now. What waits is sent once it is not.")
    return redirect(PAGE)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def read_only_lift(request: StaffRequest) -> HttpResponse:
    """Let operations go out again."""
    policy.lift_read_only(by=request.user)
    messages.success(request, "Read-only is lifted. What waited is sent within a minute.")
    return redirect(PAGE)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def reasons_set(request: StaffRequest) -> HttpResponse:
    """Have the chosen kinds asked for with a reason only."""
    form = ReasonsForm(request.POST, choices=KIND_LABELS.items(), auto_id="%s")
    if not form.is_valid():
        return _page(request, reasons_form=form)
    reasons.want_reasons_for(form.cleaned_data["kinds"], by=request.user)
    messages.success(request, "Saved: these kinds are asked for with a reason only.")
    return redirect(PAGE)


def _page(
    request: StaffRequest,
    *,
    read_only_form: ReadOnlyForm | None = None,
    reasons_form: ReasonsForm | None = None,
) -> HttpResponse:
    current = policy.current()
    chosen = reasons_form.data.getlist("kinds") if reasons_form else reasons.wanting_reasons()  # type: ignore[attr-defined]
    wanting = reasons_form or ReasonsForm(choices=KIND_LABELS.items(), auto_id="%s")
    context: dict[str, Any] = {
        "policy": current,
        "read_only_form": read_only_form or ReadOnlyForm(),
        "kinds": [(value, label, value in chosen) for value, label in KIND_LABELS.items()],
        "reasons_form": wanting,
    }
    status = 422 if read_only_form or reasons_form else 200
    return render(request, "pages/system/policy.html", context, status=status)
