"""The figures of filters that are kept with the changes are those that counting gives, and nothing
is counted where they are tallied."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from dashboard.lists.declaration import List
from dashboard.lists.query import ListQuery
from dashboard.pages.accounts.list import ACCOUNTS
from dashboard.pages.failures.services_list import FAILED_SERVICES
from dashboard.pages.instances.list import INSTANCES
from dashboard.pages.packages.list import PACKAGES
from dashboard.pages.reports import services as reports
from dashboard.pages.sites.list import SITES
from resellers.models import scope
from tests import worlds
from tests.one_of_everything import one_of_everything

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]

# What may be told by counting: how long ago something was, whose it is, and rare choices.
COUNTED = {
    *("created", "age", "expiring", "floating_for", "from", "to"),
    *("owner", "looked_after", "ordered_again", "ahead"),
    *("reference=used", "reference=unused", "state=unknown"),
}


def options(list_: List) -> Iterator[tuple[str, str]]:
    """Every choice of its filters."""
    for item in list_.filters:
        if not item.is_discovered:
            yield from ((item.name, value) for value, _ in item.options)


def asking(list_: List, *asked: tuple[str, str]) -> ListQuery:
    parameters = QueryDict(mutable=True)
    for name, value in asked:
        parameters.appendlist(name, value)
    return ListQuery(list_, parameters)


@pytest.mark.parametrize("list_", [INSTANCES, FAILED_SERVICES, PACKAGES, SITES, ACCOUNTS])
def test_what_is_kept_is_what_counting_gives_under_any_of_the_filters(list_, monkeypatch):
    monkeypatch.setattr(reports, "LARGEST", 2)
    one_of_everything(worlds.user("manager"))
    limited = scope.Scope(worlds.user("viewer").pk, ("North",))
    firsts = {name: (name, value) for name, value in options(list_)}
    held = 0
    for beside in ((), *((one,) for one in firsts.values())):
        for option in options(list_):
            query = asking(list_, *beside, option)
            if not (tallied := query.tallied()):
                continue
            held += 1
            for whose in (None, limited):
                scope.put_in_force(whose)
                try:
                    figures, which = tallied[0], tallied[1]
                    assert figures.count([which]) == [query.rows().count()], (beside, option)
                finally:
                    scope.put_in_force(None)
    assert held


@pytest.mark.parametrize("list_", [INSTANCES, PACKAGES, SITES, ACCOUNTS])
def test_without_other_filters_nothing_is_counted_but_by_the_time_that_passes(list_):
    for name, value in options(list_):
        if not COUNTED & {name, f"{name}={value}"}:
            assert asking(list_, (name, value)).tallied(), (name, value)


def test_the_list_of_services_reads_its_figures_and_counts_no_more_than_times(viewer):
    one_of_everything(worlds.user("manager"))
    viewer.get("/instances/facets/")

    with CaptureQueriesContext(connection) as captured:
        viewer.get("/instances/facets/")

    [counted] = [one["sql"] for one in captured if "AS facet" in one["sql"]]
    asked = counted.count("AS facet")
    times = sum(
        counted.count(f'"{name}"')
        for name in ("created_at", "updated_at", "expires_at", "floating_since")
    )
    assert asked <= 20
    assert times >= asked
