"""Saving a view of a list, and what becomes of it: another name, other people, other filters."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.frame.staff import StaffRequest
from dashboard.models import SavedView

from . import saved_views
from .declaration import List
from .query import ListQuery
from .saved_views import ViewError, Views
from .views import posted_query, show


@require_POST
def list_view_save(request: StaffRequest, list_: List) -> HttpResponse:
    """Keep what the page asked for under a name, and lead to it there."""
    query, sent = posted_query(request, list_), request.POST
    if query.errors:
        return _refused(request, query, "new", {"name": _("Clear what makes no sense first.")})
    try:
        view = saved_views.save(
            request.user,
            list_.noun,
            query.view_values,
            name=sent.get("name", ""),
            audience=sent.get("audience", ""),
        )
    except ViewError as error:
        return _refused(request, query, "new", error.errors)
    if "default" in sent:
        saved_views.open_by_default(request.user, view, wanted=True)
    return _to(list_, view)


@require_POST
def list_view_change(request: StaffRequest, list_: List, pk: int) -> HttpResponse:
    """Rename and share the view; with `update` keep what the page asks for, with `delete` none.

    `default` opens the list with it from now on, `no_default` no longer: for who sees it.
    """
    query, sent = posted_query(request, list_), request.POST
    views = Views(request.user, list_.noun)
    view = views.find(str(pk))
    if view is None:
        raise Http404(saved_views.GONE)
    if "default" in sent or "no_default" in sent:
        saved_views.open_by_default(request.user, view, wanted="default" in sent)
        return _to(list_, view)
    if not views.may_change(view):
        raise PermissionDenied(
            _("Only who made this view may change it; everyone's, managers too.")
        )
    if "delete" in sent:
        saved_views.delete(view, by=request.user)
        return redirect(list_.path)
    if "update" in sent:
        if query.errors:
            return _refused(request, query, "open", {})
        saved_views.update(view, query.view_values, by=request.user)
        return _to(list_, view)
    try:
        saved_views.change(
            view, name=sent.get("name", ""), audience=sent.get("audience", ""), by=request.user
        )
    except ViewError as error:
        return _refused(request, query, "open", error.errors)
    return _to(list_, view)


def _to(list_: List, view: SavedView) -> HttpResponse:
    return redirect(f"{list_.path}?view={view.pk}")


def _refused(
    request: StaffRequest, query: ListQuery, form: str, errors: dict[str, str]
) -> HttpResponse:
    """The list again with that form open, and what was wrong beside its fields."""
    answer = show(
        request,
        query.list,
        query=query,
        view_form=form,
        view_errors=errors,
    )
    answer.status_code = 422
    return answer
