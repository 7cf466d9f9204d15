"""What every list has under its address beside its page.

`export.csv` is its file, `facets/` counts what each choice would leave, `columns/` keeps a person's
choice of columns, `dialect/` how they want files written, and `refresh/` reads the records whose
ids are sent from Wix anew, `refresh/<id>/` one where it stands.
"""

from uuid import UUID

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

from dashboard import lists
from dashboard.frame.staff import StaffRequest
from resellers.mirror import sync
from resellers.wix_ids import as_wix_id

from . import csv_file, facets
from .asked import Asked
from .declaration import List
from .filters import InvalidQuery, plain
from .page import ListPage
from .preferences import keep_columns, keep_dialect
from .refresh_limit import refreshes_too_often
from .row_refresh import row_refresh

REFRESHED_AT_ONCE = 100
STEPS = {"up": -1, "down": 1}


def parts_of(*every: List) -> list[URLPattern]:
    """The addresses of these lists' parts, to stand before those of single records."""
    found = []
    for list_ in every:
        about, noun = {"list_": list_}, list_.noun
        found += [
            path(f"{noun}/export.csv", list_export, about, name=f"{noun}_export"),
            path(f"{noun}/facets/", list_facets, about, name=f"{noun}_facets"),
            path(f"{noun}/columns/", list_columns, about, name=f"{noun}_columns"),
            path(f"{noun}/dialect/", list_dialect, about, name=f"{noun}_dialect"),
        ]
        if list_.can_refresh_rows:
            address = f"{noun}/refresh/<wix_id:wix_id>/"
            found.append(path(address, row_refresh, about, name=f"{noun}_row_refresh"))
        if list_.package_path:
            found.append(path(f"{noun}/refresh/", list_refresh, about, name=f"{noun}_refresh"))
    return found


@require_safe
def list_facets(request: HttpRequest, list_: List) -> HttpResponse:
    """The chips and the fields of the filters again, each with its figure."""
    asked = lists.ask(request, list_)
    if asked.errors:
        return csv_file.invalid_answer(asked.errors)
    page = ListPage(list_, asked, {}, facets=facets.count(asked))
    return render(request, "lists/_facets.html", {"page": page, "list": list_})


@require_safe
def list_export(request: HttpRequest, list_: List) -> HttpResponseBase:
    """The list's rows as CSV."""
    return lists.export(request, list_)


@require_POST
def list_columns(request: StaffRequest, list_: List) -> HttpResponse:
    """Keep the ticked columns, with one of them moved if asked, and lead back to the list.

    With a name they are kept as a set too. `use` takes up the set of that name, `drop` forgets it.
    """
    asked, sent = _asked_before(request, list_), request.POST
    person, name = request.user.pk, sent.get("name", "").strip()
    known = {column.key for column in list_.columns}
    keys = [key for key in sent.getlist("columns") if key in known]
    if "drop" in sent:
        if sent["drop"] in asked.sets:
            keep_columns(person, list_.noun, (), sent["drop"])
        return redirect(asked.here(arrange="1"))
    if "use" in sent:
        if sent["use"] not in asked.sets:
            return _refused(request, asked, trouble="This set of columns is no longer kept.")
        keys = asked.sets[sent["use"]]
    if "standard" in sent or not keys:
        keep_columns(person, list_.noun, ())
        return redirect(asked.link(columns=""))
    step = next((step for step in STEPS if step in sent), "")
    if step:
        _move(keys, sent[step], STEPS[step])
    elif name and "use" not in sent:
        try:
            keep_columns(person, list_.noun, keys, plain(name))
        except ValueError as error:
            query = asked.link(columns=",".join(keys)).partition("?")[2]
            again = lists.ask(request, list_, QueryDict(query))
            return _refused(request, again, name_error=str(error))
    keep_columns(person, list_.noun, keys)
    changes = {"arrange": "1", "named": name} if step else {}
    return redirect(asked.link(columns=",".join(keys), **changes))


@require_POST
@permission_required("resellers.export", raise_exception=True)
def list_dialect(request: StaffRequest, list_: List) -> HttpResponse:
    """Keep how this person wants files written, and lead back to the list."""
    asked = _asked_before(request, list_)
    if wrong := csv_file.wrong_in(request.POST):
        return _refused(request, asked, trouble=" ".join(wrong.values()))
    dialect = csv_file.dialect_of(request.POST)
    keep_dialect(request.user.pk, delimiter=dialect.delimiter, breaks=dialect.breaks)
    return redirect(asked.address)


def _move(keys: list[str], key: str, step: int) -> None:
    if key in keys:
        place = keys.index(key)
        keys.insert(max(0, place + step), keys.pop(place))


@require_POST
@permission_required("resellers.sync", raise_exception=True)
def list_refresh(request: StaffRequest, list_: List) -> HttpResponse:
    """Read the packages of these records from Wix, and lead back to the list, which shows how."""
    asked = _asked_before(request, list_)
    try:
        packages = _packages_of(list_, picked(request))
    except InvalidQuery as error:
        return _refused(request, asked, trouble=str(error))
    if refreshes_too_often(request):
        return redirect(asked.address)
    run = sync.want_chosen(packages, by=request.user)
    return redirect(asked.here(run=str(run.pk)))


def _packages_of(list_: List, ids: set[str]) -> list[UUID]:
    # Among all records: one that has left the list since it was shown is meant all the same.
    records = list_.rows().model._default_manager.filter(pk__in=ids).order_by()
    packages = list(records.values_list(list_.package_path, flat=True))
    if not packages:
        raise InvalidQuery("None of these is in the mirror.")
    return packages


def picked(request: HttpRequest) -> set[str]:
    """The ids that were sent, a hundred at most. Raises InvalidQuery."""
    texts = {text for given in request.POST.getlist("id") for text in given.split(",") if text}
    if not texts:
        raise InvalidQuery("Nothing is selected: tick the rows first.")
    if len(texts) > REFRESHED_AT_ONCE:
        raise InvalidQuery(f"At most {REFRESHED_AT_ONCE} at once; these are {len(texts)}.")
    ids = {as_wix_id(text) for text in texts}
    if None in ids:
        raise InvalidQuery("What was sent holds something that is no id of Wix.")
    return {str(id_) for id_ in ids}


def _refused(request: StaffRequest, asked: Asked, **told: str) -> HttpResponse:
    """The list again, with what was wrong with the form: `trouble` above, `name_error` within."""
    answer = lists.show(request, asked.list, asked=asked, **told)
    answer.status_code = 422
    return answer


def _asked_before(request: HttpRequest, list_: List) -> Asked:
    """What the page asked on which the form stood."""
    return lists.ask(request, list_, QueryDict(request.POST.get("query", "")))
