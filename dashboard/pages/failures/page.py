"""The inbox of failures, one case by itself, and the team's note on a cause."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dashboard import lists
from dashboard.frame.htmx import asks_for_part
from dashboard.frame.notices import mark_case_read
from dashboard.frame.referrer import page_before
from dashboard.frame.staff import StaffRequest
from dashboard.lists.filters import LONGEST, WordFilter
from dashboard.lists.views import read_query
from dashboard.models import SavedView
from resellers import cases
from resellers.cases import causes
from resellers.cases.causes import Cause
from resellers.models import Case, CaseEvent, CaseKind
from resellers.models.cases import BY_CODE
from resellers.refusals.playbooks import playbook

from .forms import PlaybookNoteForm
from .inbox import asking_for
from .list import CASES
from .panel import CasePanel
from .services_list import FAILED_SERVICES


@require_safe
def failure_list(request: StaffRequest) -> HttpResponse:
    """Every case that is open, the newest first, beside the causes of them.

    A view that was kept of the failed services, when this was their address, is theirs still.
    """
    view = request.GET.get("view", "")
    is_number = view.isascii() and view.isdecimal() and len(view) < 10
    if is_number and SavedView.objects.filter(pk=view, noun=FAILED_SERVICES.noun).exists():
        return redirect(f"{FAILED_SERVICES.path}?{request.GET.urlencode()}")
    return lists.show(request, CASES.for_user(request.user))


@require_safe
def case_page(request: StaffRequest, pk: int) -> HttpResponse:
    """One case; for htmx beside the list, and the address then says so."""
    list_ = CASES.for_user(request.user)
    case = list_.for_list(Case.objects.filter(pk=pk)).first()
    if case is None:
        raise Http404(_("No case #%(pk)s") % {"pk": pk})
    mark_case_read(request.user, case.pk)
    panel = CasePanel(request, case)
    if asks_for_part(request, "case"):
        answer = render(request, "pages/failures/_case.html", {"panel": panel})
        path, asked = page_before(request)
        if path == list_.path:
            query = read_query(request, list_, QueryDict(asked))
            answer["HX-Push-Url"] = query.same_page(case=str(pk))
    else:
        panel.is_page = True
        status = 422 if panel.timeline.error else 200
        answer = render(request, "pages/failures/case.html", {"panel": panel}, status=status)
    patch_vary_headers(answer, ["HX-Request"])
    return answer


@require_POST
@permission_required("resellers.operate", raise_exception=True)
def case_pin(request: StaffRequest, pk: int) -> HttpResponse:
    """Have the note that is sent head its case, or without one none."""
    case = get_object_or_404(Case, pk=pk)
    if number := request.POST.get("event", ""):
        if not (number.isascii() and number.isdecimal() and len(number) < 19):
            raise Http404
        notes = case.events.filter(kind=CaseEvent.Kind.NOTE)
        cases.pin(get_object_or_404(notes, pk=number), by=request.user)
    else:
        cases.unpin(case, by=request.user)
    path, asked = page_before(request)
    return redirect(f"{path}?{asked}" if path == CASES.path else case.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("resellers.approve", raise_exception=True)
def playbook_note(request: StaffRequest) -> HttpResponse:
    """What the team notes on a cause, to be written by who leads it."""
    cause = _cause(request)
    asked = asking_for(cause)
    held = causes.notes_of([cause]).get(cause)
    form = PlaybookNoteForm(request.POST or None, initial={"text": held.text if held else ""})
    back = f"{CASES.path}?{urlencode(asked)}"
    if request.method == "POST" and form.is_valid():
        try:
            causes.write_note(cause, form.cleaned_data["text"], by=request.user)
        except ValueError as error:
            form.add_error("text", str(error))
        else:
            messages.success(request, gettext("The note is kept with the playbook."))
            return redirect(back)
    context = {
        "form": form,
        "book": playbook(*cause),
        "held": held,
        "back": back,
        "action": f"{reverse('playbook_note')}?{urlencode(asked)}",
    }
    status = 422 if form.errors else 200
    return render(request, "pages/failures/playbook_note.html", context, status=status)


def _cause(request: StaffRequest) -> Cause:
    """The cause that the address names. Raises Http404."""
    kind, code = request.GET.get("kind", ""), request.GET.get("failure_code", "")
    if kind not in CaseKind.values or len(code) > LONGEST:
        raise Http404
    return Cause(kind, "" if kind not in BY_CODE or code == WordFilter.NONE else code)
