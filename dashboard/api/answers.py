"""The records of one answer, read as the list's file is, in a fixed number of statements."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, QueryDict
from django.utils.translation import gettext as _

from dashboard.lists import csv_file
from dashboard.lists.csv_file import Field
from dashboard.lists.keyset import Mark, rows_after, sort
from dashboard.lists.page import PAGE_SIZE
from dashboard.lists.query import MOST_VALUES, ListQuery

from .parameters import names_of, texts_of
from .resources import Resource

Record = dict[str, Any]
KEY = Field("", "pk")


class InvalidCall(ValueError):
    """What was asked makes no sense: `wrong` has words for each parameter."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__(wrong)
        self.wrong = wrong


def page_of(resource: Resource, request: HttpRequest, person: User) -> Record:
    """The records that the call asks for, and where those after them are. Raises InvalidCall."""
    query = _query(resource, request.GET, person)
    size = int(query.size or PAGE_SIZE)
    rows = sort(resource.listing.for_list(query.rows()), query.order)
    if query.mark:
        rows = rows_after(rows, query.order, query.mark)
    columns = (*resource.listing.fields, KEY, Field("", query.order.path))
    found = list(csv_file.values(rows[: size + 1], columns))
    next_ = None
    if len(found) > size:
        pk, value = found[size - 1][-2:]
        next_ = _address_after(request, Mark(query.mark_source, value, pk))
    return {"items": [_record(resource, values) for values in found[:size]], "next": next_}


def one_of(resource: Resource, pk: object) -> Record:
    """The record of that id, also one that the list leaves out. Raises Http404."""
    rows = resource.listing.for_list(resource.listing.rows().filter(pk=pk))
    for values in csv_file.values(rows, resource.listing.fields):
        return _record(resource, values)
    raise Http404


def _record(resource: Resource, values: list[Any]) -> Record:
    return dict(zip(resource.names, values, strict=False))


def _query(resource: Resource, parameters: QueryDict, person: User) -> ListQuery:
    known = names_of(resource.listing)
    wrong = {name: _("There is no such parameter.") for name in parameters if name not in known}
    for name in known & set(parameters):
        texts = parameters.getlist(name)
        is_text = name in texts_of(resource.listing)
        if not all(text if is_text else text.strip() for text in texts):
            wrong[name] = _("Give it a value, or leave it out.")
        elif len(texts) > MOST_VALUES:
            wrong[name] = _("At most %(most)s values at once.") % {"most": MOST_VALUES}
    query = ListQuery(resource.listing, parameters, person=person)
    if query.mark and not query.mark.forward:
        wrong["after"] = _("This link leads back; only the one in “next” can be followed.")
    if wrong or query.errors:
        raise InvalidCall(query.errors | wrong)
    return query


def _address_after(request: HttpRequest, mark: Mark) -> str:
    asked = request.GET.copy()
    asked["after"] = mark.token
    return request.build_absolute_uri(f"{request.path}?{asked.urlencode()}")
