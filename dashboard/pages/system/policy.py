"""What may be written to Wix, and what has to be said with it: an admin's page."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from dashboard.frame.reauthentication import require_recent
from dashboard.frame.staff import StaffRequest
from resellers import policy
from resellers.models import Role
from resellers.operations import reasons
from resellers.operations.titles import KIND_LABELS
from resellers.people import factors

from .forms import ReadOnlyForm, ReasonsForm, SecondFactorForm

RIGHT = "resellers.administer"
PAGE = "policy_page"
CLOSING = "close_case"  # beside the kinds of operation in the form


@require_safe
@permission_required(RIGHT, raise_exception=True)
def policy_page(request: StaffRequest) -> HttpResponse:
    """The read-only switch, and what wants a reason."""
    return _page(request)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def read_only_set(request: StaffRequest) -> HttpResponse:
    """Let nothing new be sent to Wix, for the reason given."""
    form = ReadOnlyForm(request.POST)
    if not form.is_valid():
        return _page(request, read_only_form=form)
    policy.set_read_only(form.cleaned_data["reason"], by=request.user)
    messages.success(
        request, _("The dashboard is read-only now. What waits is sent once it is not.")
    )
    return redirect(PAGE)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def read_only_lift(request: StaffRequest) -> HttpResponse:
    """Let operations go out again."""
    policy.lift_read_only(by=request.user)
    messages.success(request, _("Read-only is lifted. What waited is sent within a minute."))
    return redirect(PAGE)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def reasons_set(request: StaffRequest) -> HttpResponse:
    """Have the chosen things done with a reason only."""
    form = ReasonsForm(request.POST, choices=_choices(), auto_id="%s")
    if not form.is_valid():
        return _page(request, reasons_form=form)
    wanted = set(form.cleaned_data["kinds"])
    with transaction.atomic():
        reasons.want_reasons_for(wanted - {CLOSING}, by=request.user)
        policy.want_reason_for_closing(CLOSING in wanted, by=request.user)
    messages.success(request, _("Saved: these are done with a reason only."))
    return redirect(PAGE)


@require_POST
@permission_required(RIGHT, raise_exception=True)
def second_factor_set(request: StaffRequest) -> HttpResponse:
    """Demand a second factor from the chosen roles: all of them is everybody."""
    require_recent(request)
    form = SecondFactorForm(request.POST, auto_id="%s")
    if not form.is_valid():
        return _page(request, second_factor_form=form)
    factors.demand_from(form.cleaned_data["roles"], by=request.user)
    messages.success(request, _("Saved: it counts from the next page that each of them opens."))
    return redirect(PAGE)


def _choices() -> list[tuple[str, Any]]:
    """All that may want a reason: the kinds of operation, and the closing of cases."""
    return [*KIND_LABELS.items(), (CLOSING, _("Close a case of the failures"))]


def _page(
    request: StaffRequest,
    *,
    read_only_form: ReadOnlyForm | None = None,
    reasons_form: ReasonsForm | None = None,
    second_factor_form: SecondFactorForm | None = None,
) -> HttpResponse:
    current = policy.current()
    if reasons_form:
        chosen = reasons_form.data.getlist("kinds")  # type: ignore[attr-defined]
    else:
        chosen = [*reasons.wanting_reasons(current), *[CLOSING] * current.closing_wants_reason]
    wanting = reasons_form or ReasonsForm(choices=_choices(), auto_id="%s")
    context: dict[str, Any] = {
        "policy": current,
        "read_only_form": read_only_form or ReadOnlyForm(),
        "kinds": [(value, label, value in chosen) for value, label in _choices()],
        "reasons_form": wanting,
        "roles": [(*role, role[0] in current.second_factor_for) for role in Role.choices],
        "second_factor_form": second_factor_form,
    }
    status = 422 if read_only_form or reasons_form or second_factor_form else 200
    return render(request, "pages/system/policy.html", context, status=status)
