"""What one person wants of lists is kept: columns, sets of them, heights of rows, and how files are
written."""

from django.contrib.auth.decorators import permission_required
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from dashboard.frame import preferences
from dashboard.frame.staff import StaffRequest

from . import csv_file
from .declaration import List
from .filters import clean_text
from .preferences import save_columns, save_dialect
from .query import DENSITIES
from .views import invalid_form, posted_query, read_query

STEPS = {"up": -1, "down": 1}


@require_POST
def list_columns(request: StaffRequest, list_: List) -> HttpResponse:
    """Keep the ticked columns, with one of them moved if asked, and lead back to the list.

    With a name they are kept as a set too. `use` takes up the set of that name, `drop` forgets it.
    """
    query, sent = posted_query(request, list_), request.POST
    person, name = request.user.pk, sent.get("name", "").strip()
    known = {column.key for column in list_.columns}
    keys = [key for key in sent.getlist("columns") if key in known]
    if "drop" in sent:
        if sent["drop"] in query.columns_in_force.sets:
            save_columns(person, list_.noun, (), sent["drop"])
        return redirect(query.same_page(arrange="1"))
    if "use" in sent:
        if sent["use"] not in query.columns_in_force.sets:
            return invalid_form(request, query, trouble=_("This set of columns is no longer kept."))
        keys = query.columns_in_force.sets[sent["use"]]
    if "standard" in sent or not keys:
        save_columns(person, list_.noun, ())
        return redirect(query.url(columns=""))
    step = next((step for step in STEPS if step in sent), "")
    if step:
        _move(keys, sent[step], STEPS[step])
    elif name and "use" not in sent:
        try:
            save_columns(person, list_.noun, keys, clean_text(name))
        except ValueError as error:
            sent_keys = query.url(columns=",".join(keys)).partition("?")[2]
            with_keys = read_query(request, list_, QueryDict(sent_keys))
            return invalid_form(request, with_keys, name_error=str(error))
    save_columns(person, list_.noun, keys)
    changes = {"arrange": "1", "named": name} if step else {}
    return redirect(query.url(columns=",".join(keys), **changes))


def _move(keys: list[str], key: str, step: int) -> None:
    if key in keys:
        place = keys.index(key)
        keys.insert(max(0, place + step), keys.pop(place))


@require_POST
@permission_required("resellers.export", raise_exception=True)
def list_dialect(request: StaffRequest, list_: List) -> HttpResponse:
    """Keep how this person wants files written, and lead back to the list."""
    query = posted_query(request, list_)
    if wrong := csv_file.dialect_errors(request.POST):
        return invalid_form(request, query, trouble=" ".join(wrong.values()))
    dialect = csv_file.dialect_of(request.POST)
    save_dialect(request.user.pk, delimiter=dialect.delimiter, breaks=dialect.breaks)
    return redirect(query.address)


@require_POST
def list_density(request: StaffRequest, list_: List) -> HttpResponse:
    """Keep how high this person wants rows, in every list, and lead back to this one."""
    query, density = posted_query(request, list_), request.POST.get("density", "")
    if density not in DENSITIES:
        return invalid_form(
            request,
            query,
            trouble=_("Choose one of: %(densities)s.") % {"densities": ", ".join(DENSITIES)},
        )
    preferences.keep(request.user, density=density)
    return redirect(query.same_page(density=""))
