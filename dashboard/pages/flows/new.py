"""Beginning a flow: what its first step asks, and what will follow."""

from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from dashboard.frame.staff import StaffRequest
from resellers.flows import deciding, decision
from resellers.flows.flow_kind import FlowKind
from resellers.flows.kinds import FLOW_KINDS
from resellers.flows.outcomes import Unanswerable
from resellers.models import Flow
from resellers.operations.preflight import CHANGE, LOOKS_ONLY

from .forms import QuestionsForm


@require_http_methods(["GET", "HEAD", "POST"])
def flow_new(request: StaffRequest, kind: str) -> HttpResponse:
    """GET asks, with what the address names chosen already; POST begins the flow, once a form."""
    if kind not in FLOW_KINDS:
        raise Http404(_("There is no such flow."))
    if not request.user.has_perm(CHANGE):
        raise PermissionDenied(str(LOOKS_ONLY))
    rules, flow = FLOW_KINDS[kind], Flow(kind=kind)
    questions = rules.first().questions(flow)
    if request.method != "POST":
        form = QuestionsForm(questions, flow, initial=request.GET.dict())
        return _page(request, rules, form, uuid4())
    form = QuestionsForm(questions, flow, request.POST)
    try:
        request_id = UUID(request.POST.get("request_id", ""))
    except ValueError:
        form.add_error(None, _("This form cannot be read. Here it is anew."))
        return _page(request, rules, form, uuid4(), status=422)
    if any(button in request.POST for button in form.redraws):
        return _page(request, rules, form.redrawn(), request_id)
    if not form.is_valid():
        return _page(request, rules, form, request_id, status=422)
    try:
        begun = deciding.start(rules, form.answers, by=request.user, request_id=request_id)
    except Unanswerable as error:
        form.refuse(error)
    except decision.AlreadyUnderWay as other:
        return _page(request, rules, form, request_id, other=other, status=409)
    except decision.NotNow as error:
        form.add_error(None, str(error))
    else:
        return redirect(begun)
    return _page(request, rules, form, request_id, status=422)


def _page(
    request: StaffRequest,
    kind: FlowKind,
    form: QuestionsForm,
    request_id: UUID,
    *,
    other: decision.AlreadyUnderWay | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "kind": kind,
        "step": kind.first(),
        "form": form,
        "request_id": request_id,
        "other": other,
    }
    return render(request, "pages/flows/new.html", context, status=status)
