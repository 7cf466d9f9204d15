"""Asking for the plan of many changes: what was ticked in a list, or all that match there."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from dashboard.frame.context import frame_of
from dashboard.frame.staff import StaffRequest
from dashboard.lists.filters import InvalidQuery
from resellers.operations import bulk

from .selection import chosen, read_ids, typed_ids


@require_http_methods(["GET", "HEAD", "POST"])
def bulk_new(request: StaffRequest) -> HttpResponse:
    """POST makes the plan of the chosen records and leads to it; GET says what it would be of.

    The plan is kept: it is paged, filtered and shown to a colleague as it was made.
    """
    name = request.GET.get("kind", "") or request.POST.get("kind", "")
    if request.method != "POST" and not name:
        return _page(request, None)
    if name not in bulk.VERBS:
        words = gettext("There is no such thing to do with many: choose one of the list's buttons.")
        return _page(request, None, trouble=words)
    verb = bulk.verb_of(name)
    answer = frame_of(request).preflight.in_general(verb.kind)
    if not answer.is_allowed:
        raise PermissionDenied(answer.why)
    try:
        if request.method != "POST":
            return _page(request, verb, ids=_ids(request))
        run = bulk.plan_run(verb, chosen(request), by=request.user, request_id=_form_id(request))
    except (InvalidQuery, bulk.NothingToPlan) as error:
        return _page(request, verb, trouble=str(error))
    return redirect(run)


def _ids(request: StaffRequest) -> list[str]:
    """What an address names, to be sent again by its form. Raises InvalidQuery."""
    if not request.GET.get("id"):
        return []
    texts = typed_ids(request.GET)
    read_ids(texts)
    return sorted(texts)


def _form_id(request: StaffRequest) -> UUID | None:
    """The id of the form, if it has one. Raises InvalidQuery for what is none."""
    text = request.POST.get("request_id", "")
    try:
        return UUID(text) if text else None
    except ValueError:
        raise InvalidQuery(gettext("This form cannot be read. Open it anew.")) from None


def _page(
    request: StaffRequest,
    verb: bulk.AnyVerb | None,
    *,
    ids: list[str] | None = None,
    trouble: str = "",
) -> HttpResponse:
    context = {"verb": verb, "ids": ids or [], "trouble": trouble}
    return render(request, "pages/bulk/new.html", context, status=422 if trouble else 200)
