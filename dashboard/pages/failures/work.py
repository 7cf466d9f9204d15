"""What people do with cases: with one, with those that are ticked, with all that match."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.models import User
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from dashboard import lists
from dashboard.frame.staff import StaffRequest
from dashboard.lists.filters import InvalidQuery
from dashboard.lists.query import ListQuery
from dashboard.lists.selection import MOST, means_all, selected
from dashboard.lists.views import invalid_form, posted_query
from resellers import cases
from resellers.cases import LeftOut, Worked
from resellers.models import Case, CaseState

from . import row
from .forms import AssignForm, CloseForm, NoteForm, SnoozeForm, VerbForm
from .list import CASES
from .report import for_report, report_text

FORMS: Mapping[str, type[VerbForm]] = {
    "assign": AssignForm,
    "snooze": SnoozeForm,
    "close": CloseForm,
    "note": NoteForm,
}
AT_ONCE: Mapping[str, Callable[[Sequence[int], User], Worked]] = {
    "take": lambda ids, by: cases.take(ids, by=by),
    "release": lambda ids, by: cases.release(ids, by=by),
    "reopen": lambda ids, by: cases.reopen(ids, by=by),
}
WAYS_BACK = {"take": "release", "assign": "release", "snooze": "reopen", "close": "reopen"}
DONE: Mapping[str, tuple[Promise, Promise]] = {
    "take": (gettext_lazy("Taken: %(case)s"), gettext_lazy("%(n)s cases taken")),
    "release": (gettext_lazy("Given back: %(case)s"), gettext_lazy("%(n)s cases given back")),
    "reopen": (gettext_lazy("Opened again: %(case)s"), gettext_lazy("%(n)s cases opened again")),
    "assign": (gettext_lazy("Assigned: %(case)s"), gettext_lazy("%(n)s cases assigned")),
    "snooze": (gettext_lazy("Snoozed: %(case)s"), gettext_lazy("%(n)s cases snoozed")),
    "close": (gettext_lazy("Closed: %(case)s"), gettext_lazy("%(n)s cases closed")),
    "note": (gettext_lazy("Note written: %(case)s"), gettext_lazy("Note written on %(n)s cases")),
}


MOST_MATCHING = 10_000  # that one request works on, which is one transaction
MOST_NAMED = 20  # of what was left out for one reason


@dataclass(frozen=True, slots=True)
class Omission:
    """Cases that a verb did not fit, all for one reason: how many, and the first of them."""

    why: str
    number: int
    cases: Sequence[Case]

    @property
    def more(self) -> int:
        """How many are not named."""
        return self.number - len(self.cases)


@require_POST
@permission_required("resellers.operate", raise_exception=True)
def case_work(request: StaffRequest, verb: str) -> HttpResponse:
    """Do that to the cases that were sent, or first ask what has to be said with it.

    Leads back to the list or to the case, and tells which cases were left out and why; 422 beside
    the field for what makes no sense.
    """
    if verb not in {*FORMS, *AT_ONCE, "report", "order-again"}:
        raise Http404
    query = posted_query(request, CASES.for_user(request.user))
    try:
        # A report is one text that somebody copies; anything else is done set by set.
        rows = selected(request, query, most=MOST if verb == "report" else MOST_MATCHING)
    except InvalidQuery as error:
        return invalid_form(request, query, trouble=str(error))
    ids = list(rows.order_by("id").values_list("pk", flat=True))
    if not ids:
        return invalid_form(request, query, trouble=gettext("None of these cases is known here."))
    if verb == "report":
        return _report(request, query, ids)
    if verb == "order-again":
        return _order_again(request, query, ids)
    way_back = _way_back(verb, ids)
    if verb in AT_ONCE:
        return _answer(request, query, verb, AT_ONCE[verb](ids, request.user), way_back)
    form_class = FORMS[verb]
    if form_class.decides not in request.POST and "sent" not in request.POST:
        return _ask(request, query, verb, ids, form_class())
    form = form_class(request.POST)
    if form.is_valid():
        try:
            return _answer(request, query, verb, form.do(ids, request.user), way_back)
        except ValueError as error:
            form.add_error(form.wrong_field, str(error))
    return _ask(request, query, verb, ids, form, status=422)


def _ask(
    request: StaffRequest,
    query: ListQuery,
    verb: str,
    ids: Sequence[int],
    form: VerbForm,
    status: int = 200,
) -> HttpResponse:
    """What has to be said with the verb: within a dialog of the list, else as a page."""
    context = {"form": form, "verb": verb} | _about(request, query, ids)
    return _aside(request, "pages/failures/_verb_form.html", context, status)


def _about(request: StaffRequest, query: ListQuery, ids: Sequence[int]) -> dict[str, object]:
    chosen = Case.objects.filter(pk__in=ids[:1]).select_related("product", "account")
    return {
        "query": query,
        # What matches is looked for once more when it is sent.
        "is_all": means_all(request),
        "ids": "" if means_all(request) else ",".join(map(str, ids)),
        "number": len(ids),
        "first": chosen.first(),
        "is_of_page": request.POST.get("page") == "case",
    }


def _aside(
    request: StaffRequest, template: str, context: dict[str, object], status: int = 200
) -> HttpResponse:
    if not request.htmx:
        context = context | {"part": template}
        return render(request, "pages/failures/aside.html", context, status=status)
    answer = render(request, template, context, status=status)
    answer["HX-Retarget"], answer["HX-Reswap"] = "#verb", "innerHTML"
    answer["HX-Trigger-After-Swap"] = "verb-asks"
    return answer


def _report(request: StaffRequest, query: ListQuery, ids: Sequence[int]) -> HttpResponse:
    """The report of these cases, to be copied; that it was made is on record with each."""
    found = list(for_report(Case.objects.filter(pk__in=ids)))
    cases.reported(ids, by=request.user)
    context = {"report": report_text(found)} | _about(request, query, ids)
    return _aside(request, "pages/failures/_report.html", context)


def _order_again(request: StaffRequest, query: ListQuery, ids: Sequence[int]) -> HttpResponse:
    """To the order of one case; refused with the reason where that is of no use."""
    if len(ids) > 1:
        words = gettext("Order one at a time: tick one case.")
        return invalid_form(request, query, trouble=words)
    case = query.list.for_list(Case.objects.filter(pk=ids[0])).get()
    row.prepare([case])
    path = row.order_path(case)
    why = (
        row.why_not_ordered(case)
        if path
        else gettext("Nothing of this case failed to be delivered.")
    )
    if why:
        return invalid_form(request, query, trouble=why)
    if not request.htmx:
        return redirect(path)
    answer = HttpResponse(status=200)
    answer["HX-Redirect"] = path
    return answer


def _way_back(verb: str, ids: Sequence[int]) -> str:
    """The verb by which all is as it was, if one alone does that for all of these cases."""
    if verb not in WAYS_BACK:
        return ""
    back = WAYS_BACK[verb]
    chosen = Case.objects.filter(pk__in=ids)
    others = (
        chosen.exclude(owner=None) if back == "release" else chosen.exclude(state=CaseState.OPEN)
    )
    return "" if others.exists() else back


def _answer(
    request: StaffRequest, query: ListQuery, verb: str, worked: Worked, way_back: str
) -> HttpResponse:
    """Back to where it was done, with what was done, what was left out, and how to undo it."""
    said, omissions = _said(verb, worked.done), _omissions(worked.left_out)
    if request.htmx:
        answer = lists.show(
            request,
            query.list,
            query=query,
            toast=said,
            way_back=way_back,
            done_ids=",".join(str(case.pk) for case in worked.done),
            omissions=omissions,
        )
        if case := request.POST.get("case"):
            answer["HX-Push-Url"] = query.same_page(case=case)
        return answer
    if omissions:
        return lists.show(request, query.list, query=query, done=said, omissions=omissions)
    if said:
        messages.success(request, f"{said}.")
    if request.POST.get("page") == "case" and worked.done:
        return redirect(worked.done[0])
    return redirect(query.address)


def _said(verb: str, done: Sequence[Case]) -> str:
    if not done:
        return ""
    one, many = DONE[verb]
    if len(done) == 1:
        first = Case.objects.select_related("product", "account").get(pk=done[0].pk)
        return str(one) % {"case": first}
    return str(many) % {"n": len(done)}


def _omissions(left_out: Sequence[LeftOut]) -> list[Omission]:
    """What was left out, by reason; two queries at most."""
    by_reason: dict[str, list[int]] = {}
    for one in left_out:
        by_reason.setdefault(one.why, []).append(one.case.pk)
    named = Case.objects.select_related("product", "account").in_bulk(
        [pk for ids in by_reason.values() for pk in ids[:MOST_NAMED]]
    )
    return [
        Omission(why, len(ids), [named[pk] for pk in ids[:MOST_NAMED]])
        for why, ids in sorted(by_reason.items())
    ]
