"""What somebody has chosen to be changed at once: ticked rows, or all that match by now."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext

from dashboard.lists.declaration import List
from dashboard.lists.filters import InvalidQuery
from dashboard.lists.selection import MOST, means_all, selected
from dashboard.lists.views import posted_query
from dashboard.pages.failures.list import CASES
from dashboard.pages.failures.services_list import FAILED_SERVICES
from dashboard.pages.instances.list import INSTANCES
from resellers.models import Case
from resellers.operations import bulk
from resellers.operations.bulk import Selection
from resellers.operations.wish import JsonObject
from resellers.wix_ids import as_wix_id

_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """A list from which rows are chosen, and the path from such a row to its service's id."""

    list: List
    path: str


# By the noun of their addresses.
SOURCES: Mapping[str, Source] = {
    INSTANCES.noun: Source(INSTANCES, "pk"),
    CASES.noun: Source(CASES, "instance"),
    FAILED_SERVICES.noun: Source(FAILED_SERVICES, "pk"),
}


def chosen(request: HttpRequest) -> Selection:
    """The services that a list's form means, or the services of the cases that it means.

    `list` names the list; with `all` its rows are looked for once more, as `query` asks. Raises
    InvalidQuery where it means none, or too many.
    """
    source = SOURCES.get(request.GET.get("list", "") or request.POST.get("list", ""))
    if means_all(request):
        if source is None:
            raise InvalidQuery(gettext("“All that match” is of no list that is known here."))
        query = posted_query(request, source.list)
        rows = selected(request, query, most=bulk.MOST).values_list(source.path, flat=True)
        said: JsonObject = {
            "list": source.list.noun,
            "query": query.query_string,
            "count": len(rows),
        }
        return Selection(frozenset(filter(None, rows)), said)
    texts = typed_ids(request.POST)
    services, cases = read_ids(texts)
    if cases:
        of_cases = Case.objects.filter(pk__in=cases, instance__isnull=False)
        services |= {id_ for id_ in of_cases.values_list("instance", flat=True) if id_}
    if not services:
        raise InvalidQuery(gettext("None of these cases is about a service."))
    noun = source.list.noun if source else ""
    return Selection(frozenset(services), {"list": noun, "count": len(texts)})


def typed_ids(sent: QueryDict) -> set[str]:
    """The ids that were sent, a thousand at most. Raises InvalidQuery."""
    texts = {text for given in sent.getlist("id") for text in given.split(",") if text}
    if not texts:
        raise InvalidQuery(gettext("Nothing is selected: tick the rows first."))
    if len(texts) > MOST:
        words = gettext("At most %(most)s at once; these are %(number)s.")
        raise InvalidQuery(words % {"most": f"{MOST:,}", "number": f"{len(texts):,}"})
    return texts


def read_ids(texts: set[str]) -> tuple[set[UUID], set[int]]:
    """The ids of services and the numbers of cases among them. Raises InvalidQuery."""
    cases = {int(text) for text in texts if _NUMBER.fullmatch(text)}
    services = {as_wix_id(text) for text in texts if not _NUMBER.fullmatch(text)}
    if None in services:
        raise InvalidQuery(gettext("What was sent holds what is neither a service nor a case."))
    return {id_ for id_ in services if id_}, cases
