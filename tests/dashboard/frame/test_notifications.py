"""The bell: what a person asked for, how it ended, what needs them, and what they have seen."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from resellers import cases, notify
from resellers.models import Case, Notice, Operation, OperationAttempt, OperationState
from tests import worlds
from tests.dashboard.submitting import hidden_fields
from tests.reordering import failed

pytestmark = [pytest.mark.django_db, pytest.mark.once]

READ = "/me/notifications/read/"


def ended(person, state=OperationState.SUCCEEDED, *, days=0, **fields):
    """An operation of that person that ended so many days ago."""
    operation = worlds.operation(worlds.instance(), by=person, state=state, **fields)
    then = timezone.now() - timedelta(days=days)
    open_ = state == OperationState.NEEDS_ATTENTION
    Operation.objects.filter(pk=operation.pk).update(
        requested_at=then - timedelta(minutes=1), finished_at=None if open_ else then
    )
    operation.refresh_from_db()
    return operation


def new_in(client) -> str:
    """What the bell says to who hears the page: how many are new."""
    html = client.get("/help/").content.decode()
    return re.search(r'aria-label="Notifications(?:, (\S+) new)?"', html)[1] or ""


def told(client, address="/help/") -> list[str]:
    """The operations that the page tells of, by their addresses and in its order."""
    html = client.get(address).content.decode()
    return re.findall(r'class="notification[^"]*" href="([^"]+)"', html)


def addresses(*operations) -> list[str]:
    return [one.get_absolute_url() for one in operations]


def test_what_i_asked_for_and_how_it_ended_is_told_and_nothing_of_others(operator, manager):
    mine = ended(operator.user)
    ended(manager.user)
    worlds.operation(worlds.instance(), by=operator.user, state=OperationState.RUNNING)

    assert new_in(operator) == "1"
    assert told(operator) == addresses(mine)


def test_what_needs_me_stands_before_what_is_new_and_that_before_the_rest(operator):
    seen = ended(operator.user)
    operator.get(seen.get_absolute_url())
    waits = ended(operator.user, OperationState.NEEDS_ATTENTION, days=20)
    undone = ended(operator.user, OperationState.ROLLED_BACK, days=2)
    new = ended(operator.user)

    assert told(operator) == addresses(undone, waits, new, seen)
    assert operator.get("/help/").content.decode().count("Needs you") == 2


@pytest.mark.parametrize("state", [OperationState.SUCCEEDED, OperationState.NEEDS_ATTENTION])
def test_opening_it_marks_it_as_read_and_nobody_else_can(operator, manager, state):
    operation = ended(operator.user, state)

    manager.get(operation.get_absolute_url())
    assert new_in(operator) == "1"
    operator.get(operation.get_absolute_url())

    assert new_in(operator) == ""
    assert told(operator) == addresses(operation)


def test_it_is_news_again_once_it_needs_me_anew_ended_or_is_true_no_more(operator):
    operation = ended(operator.user, OperationState.NEEDS_ATTENTION)
    rows = Operation.objects.filter(pk=operation.pk)
    for change in (
        {"fence": operation.fence + 1},
        {"state": OperationState.SUCCEEDED, "finished_at": Now()},
        {"drifted_at": Now()},
    ):
        operator.get(operation.get_absolute_url())
        assert new_in(operator) == ""

        rows.update(**change)

        assert new_in(operator) == "1", change


def test_all_that_was_shown_is_marked_as_read_at_once_and_what_ended_since_is_not(operator):
    ended(operator.user)
    ended(operator.user, OperationState.NEEDS_ATTENTION)
    shown = hidden_fields(operator.get("/help/"), READ)
    later = ended(operator.user)

    answer = operator.post(READ, shown, HTTP_REFERER="http://testserver/instances/?q=x")

    assert answer["Location"] == "/instances/?q=x"
    assert new_in(operator) == "1"
    assert told(operator, "/me/notifications/?show=new")[3:] == addresses(later)
    operator.post(READ, {"until": "nonsense"})
    assert new_in(operator) == ""


def test_what_was_read_singly_stays_read_when_less_was_marked(operator):
    ended(operator.user, days=1)
    shown = hidden_fields(operator.get("/help/"), READ)
    single = ended(operator.user)
    operator.get(single.get_absolute_url())

    operator.post(READ, shown)

    assert new_in(operator) == ""


def test_what_ended_over_a_week_ago_is_not_new_to_who_comes_back(operator):
    old = ended(operator.user, days=8)

    assert new_in(operator) == ""
    assert told(operator) == addresses(old)


def test_more_than_twenty_are_counted_as_such_and_all_have_a_page(operator):
    operations = [ended(operator.user) for _ in range(53)]

    assert new_in(operator) == "20+"
    assert len(told(operator)) == 20
    first = operator.get("/me/notifications/")
    older = re.search(r'href="([^"]+)">Next<', first.content.decode())[1]
    newest = addresses(*operations)[::-1]
    page = operator.get(older).content.decode()
    assert told(operator, "/me/notifications/")[20:] == newest[:50]
    assert told(operator, older)[20:] == newest[50:]
    newer = re.search(r'href="([^"]+)">Previous<', page)[1]
    assert told(operator, newer)[20:] == newest[:50]
    assert ">First<" in page


@pytest.mark.parametrize("query", ["before=x", "after=-1", f"before={10**40}", "show=all", ""])
def test_an_address_that_makes_no_sense_shows_the_newest(operator, query):
    operation = ended(operator.user)

    assert told(operator, f"/me/notifications/?{query}")[1:] == addresses(operation)


@pytest.mark.parametrize("show", ["", "new", "needs"])
def test_where_there_is_none_the_page_says_so(viewer, show):
    html = viewer.get(f"/me/notifications/?show={show}").content.decode()

    assert re.search(r"<h2>Nothing (yet|is new|needs you)</h2>", html)


def test_the_bell_is_one_statement_however_many_there_are_and_none_where_nothing_was_asked(
    operator, manager
):
    def bell_statements():
        with CaptureQueriesContext(connection) as statements:
            operator.get("/help/")
        return [one for one in statements if "dashboard_readnotice" in one["sql"]]

    ended(manager.user)
    assert bell_statements() == []
    ended(operator.user)
    assert len(bell_statements()) == 1
    for _ in range(25):
        ended(operator.user, OperationState.ROLLED_BACK)
    assert len(bell_statements()) == 1


def test_a_part_of_a_page_asks_for_no_bell(operator):
    ended(operator.user)
    with CaptureQueriesContext(connection) as statements:
        operator.get("/instances/", headers={"HX-Request": "true", "HX-Target": "list"})

    assert [one for one in statements if "dashboard_readnotice" in one["sql"]] == []


def given(person, by, number: int = 1) -> list[int]:
    """New cases that are given to that person."""
    for _ in range(number):
        failed()
    cases.keep()
    ids = list(Case.objects.filter(owner=None).values_list("pk", flat=True))
    cases.assign(ids, to=person, by=by)
    return ids


def test_who_is_given_or_mentioned_on_a_case_is_told_until_they_have_read_it(operator, manager):
    [case] = given(operator.user, manager.user)
    cases.note([case], "@operator: look at this", by=manager.user)

    assert new_in(operator) == "2"
    assert new_in(manager) == ""
    page = operator.get("/help/").content.decode()
    assert "Failed service: Business Plan of North Bakery" in page
    assert "Given to you by manager" in page
    assert "manager mentioned you" in page
    manager.get(f"/failures/{case}/")
    assert new_in(operator) == "2"
    operator.get(f"/failures/{case}/")
    assert new_in(operator) == ""
    assert len(told(operator)) == 2

    given(operator.user, manager.user)
    shown = hidden_fields(operator.get("/help/"), READ)
    given(operator.user, manager.user)
    operator.post(READ, shown)
    assert new_in(operator) == "1"
    Notice.objects.update(at=timezone.now() - timedelta(days=8), read_at=None)
    assert new_in(operator) == ""


def test_an_operation_that_takes_too_long_is_told_and_read_with_it(operator, manager):
    operation = worlds.operation(worlds.instance(), by=operator.user, state="confirming")
    begun = timezone.now() - timedelta(minutes=9)
    attempt = {"step": "read", "writes": False, "fence": 1, "idempotency_key": "of-the-first"}
    OperationAttempt.objects.create(operation=operation, **attempt)
    OperationAttempt.objects.update(sent_at=begun)
    notify.tell_what_is_due()

    assert (new_in(operator), new_in(manager)) == ("1", "1")
    assert told(manager) == addresses(operation)
    assert "Waits for too long" in manager.get("/help/").content.decode()
    manager.get(operation.get_absolute_url())
    assert (new_in(operator), new_in(manager)) == ("1", "")


def test_cases_and_operations_stand_in_one_order_and_each_on_one_page(operator, manager):
    moment = timezone.now() - timedelta(hours=1)
    given(operator.user, manager.user, 40)
    operations = [ended(operator.user) for _ in range(40)]
    Operation.objects.update(finished_at=moment)
    Notice.objects.update(at=moment)
    last = ended(operator.user)

    pages, address = [], "/me/notifications/"
    while address:
        html = operator.get(address).content.decode()
        pages.append(told(operator, address)[20:])
        found = re.search(r'href="([^"]+)">Next<', html)
        address = found and found[1].replace("&amp;", "&")

    assert [len(page) for page in pages] == [50, 31]
    every = [link for page in pages for link in page]
    assert every[:41] == addresses(last, *operations[::-1])
    assert all("/failures/" in link for link in every[41:])
    newer = re.search(r'href="([^"]+)">Previous<', html)[1].replace("&amp;", "&")
    assert told(operator, newer)[20:] == pages[0]


def test_what_was_told_is_read_with_one_statement_however_much_it_is(operator, manager):
    def statements():
        with CaptureQueriesContext(connection) as found:
            operator.get("/help/")
        return len(found)

    given(operator.user, manager.user)
    few = statements()
    given(operator.user, manager.user, 25)

    assert statements() == few
