"""The list of operations: what needs a person first, filters, words, its file."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import worlds
from tests.dashboard.stories import State, move
from tests.dashboard.submitting import text

pytestmark = pytest.mark.django_db


def test_what_needs_a_person_heads_the_list_whatever_it_is_filtered_by(viewer):
    stuck = move(State.NEEDS_ATTENTION, outcome="Sent 3 times, and Wix does not show it.")
    stuck.requested_at = timezone.now() - timedelta(days=9)
    stuck.save(update_fields=["requested_at"])
    newest = move(State.SUCCEEDED)

    for address in ("/operations/", "/operations/?state=succeeded"):
        page = viewer.get(address).content.decode()
        first = page.index(f'href="/operations/{stuck.pk}/"')
        assert first < page.index(f'href="/operations/{newest.pk}/"')


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"state": "failed"}, {"failed"}),
        ({"state": "open"}, {"queued"}),
        ({"kind": "adjust"}, {"succeeded"}),
        ({"q": "Lantern"}, {"failed"}),
        ({"q": "moved away"}, {"queued"}),
    ],
)
def test_the_list_is_filtered(viewer, query, found):
    rows = {
        "queued": move(State.QUEUED, reason="moved away"),
        "failed": move(State.FAILED),
        "succeeded": move(State.SUCCEEDED, kind="adjust"),
    }
    account = rows["failed"].account
    account.name = "Lantern Books"
    account.save(update_fields=["name"])

    page = viewer.get("/operations/", query).content.decode()

    listed = {name for name, row in rows.items() if f'href="/operations/{row.pk}/"' in page}
    assert listed == found


def test_an_operation_is_found_by_its_number_and_by_its_account(viewer):
    wanted, other = move(), move()

    by_number = viewer.get("/operations/", {"q": f"#{wanted.pk}"}).content.decode()
    by_account = viewer.get("/operations/", {"account": str(wanted.account_id)}).content.decode()

    for page in (by_number, by_account):
        assert f'href="/operations/{wanted.pk}/"' in page
        assert f'href="/operations/{other.pk}/"' not in page


@pytest.mark.parametrize("query", [{"state": "melted"}, {"kind": "x"}, {"account": "17"}])
def test_a_filter_of_nonsense_is_told(viewer, query):
    assert viewer.get("/operations/", query).status_code == 422


def test_a_number_beyond_all_numbers_finds_nothing(viewer):
    assert viewer.get("/operations/", {"q": "9" * 60}).status_code == 200


def test_a_row_leads_to_what_it_is_about_and_to_whose_that_is(viewer):
    operation = worlds.operation()

    html = viewer.get("/operations/").content.decode()

    for record in (operation.instance, operation.package, operation.account):
        assert f'href="{record.get_absolute_url()}"' in html


def test_an_empty_list_says_how_operations_come_about(viewer):
    assert "Nothing was asked for yet" in text(viewer.get("/operations/"))


def test_ten_rows_cost_as_many_queries_as_fifty(viewer, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(10):
        move(State.SUCCEEDED)
    viewer.get("/operations/")
    with CaptureQueriesContext(connection) as ten:
        viewer.get("/operations/")
    for _ in range(40):
        move(State.SUCCEEDED)

    with django_assert_num_queries(len(ten)):
        viewer.get("/operations/")


def test_the_file_has_the_rows_of_the_page(viewer):
    operation = move(State.FAILED, outcome_code="X", outcome="It was refused.", reason="=1+1")
    move(State.SUCCEEDED)

    answer = viewer.get("/operations/export.csv", {"state": "failed"})

    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(content))
    assert row["operation_id"] == str(operation.pk)
    assert (row["before"], row["after"]) == ("old-shop.example", "new-shop.example")
    assert row["reason"] == "'=1+1"
    assert row["requested_by"] == "operator"


def test_operations_are_asked_for_by_the_days_they_were_asked_for(viewer):
    person, now = worlds.user("operator"), timezone.now()
    for days in (2, 6, 30):
        worlds.operation(by=person, state="succeeded", requested_at=now - timedelta(days=days))
    today = timezone.localdate()
    first, last = today - timedelta(days=40), today - timedelta(days=3)

    assert viewer.get(f"/operations/?from={first}&to={last}").context["page"].count == 2
