"""How much of a list is otherwise by now: what an open page offers to show."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers.models import Change
from tests import worlds
from tests.dashboard.listing import EVERY_LIST, asking, crowd

pytestmark = [pytest.mark.django_db]


def changed(service, **fields) -> Change:
    about = {"instance": service, "package": service.package, "account": service.account}
    return Change.objects.create(**about, field="status", **fields)


def answer(client, path: str, **query):
    return client.get(asking(f"{path}changed/", made=a_minute_ago(), **query))


def a_minute_ago() -> str:
    return (timezone.now() - timedelta(minutes=1)).isoformat()


def test_rows_that_changed_since_the_page_was_made_are_counted_each_once(viewer):
    one, other, old = worlds.instance(), worlds.instance(), worlds.instance()
    for _ in range(3):
        changed(one)
    changed(other)
    changed(old, at=timezone.now() - timedelta(minutes=2))

    for path in ("/instances/", "/packages/", "/accounts/"):
        page = answer(viewer, path).content.decode()
        assert "<p>2 changed</p>" in page, path
        assert f'href="{path}"' in page


def test_only_rows_that_the_address_asks_for_count_and_the_way_there_keeps_it(viewer):
    mine, other = worlds.instance(), worlds.instance()
    changed(other)

    assert answer(viewer, "/instances/", account=mine.account_id).status_code == 204
    changed(mine)
    page = answer(viewer, "/instances/", account=mine.account_id, sort="created").content.decode()

    assert "<p>1 changed</p>" in page
    assert f'href="/instances/?account={mine.account_id}&amp;sort=created"' in page


def test_operations_count_as_they_are_asked_for_and_as_they_end(viewer):
    long_ago = timezone.now() - timedelta(days=1)
    worlds.operation(requested_at=long_ago)

    assert answer(viewer, "/operations/").status_code == 204
    worlds.operation(requested_at=long_ago, state="succeeded", finished_at=timezone.now())
    worlds.operation(requested_at=timezone.now())

    assert "<p>2 changed</p>" in answer(viewer, "/operations/").content.decode()


def test_more_than_anybody_counts_is_not_counted(viewer):
    product = worlds.product()
    for _ in range(101):
        changed(worlds.instance(product=product))

    assert "More than 99 changed" in answer(viewer, "/instances/").content.decode()


@pytest.mark.parametrize("made", ["", "yesterday", "2026-02-31T00:00:00Z", "2026-11-29T08:00:00"])
def test_a_moment_that_makes_no_sense_is_refused_in_words(viewer, made):
    refused = viewer.get(asking("/instances/changed/", made=made))

    assert refused.status_code == 422
    assert "when the page was made" in refused.content.decode()


@pytest.mark.parametrize("path", EVERY_LIST)
def test_every_list_answers_in_the_same_few_queries(manager, path):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert answer(manager, path).status_code in (200, 204)
        return len(captured)

    queries()
    crowd(2)
    few = queries()
    crowd(20)

    assert queries() <= few <= 7


def test_a_list_for_some_is_counted_for_nobody_else(operator):
    assert answer(operator, "/audit/").status_code == 403
