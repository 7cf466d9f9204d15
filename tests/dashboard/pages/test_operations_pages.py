"""One operation's page: every state it can be in, and every call as it is told."""

import re
from datetime import timedelta

import pytest
from django.db.models.functions import Now
from django.utils import timezone

from resellers.clock import database_now
from resellers.models import Operation, ProductInstance
from resellers.refusals import explain_state
from tests import worlds
from tests.dashboard.stories import ENDED, POLL, State, call, move, seen
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


HEADS = {
    State.QUEUED: "Business Plan waits to move to new-shop.example",
    State.RUNNING: "Business Plan is moving to new-shop.example",
    State.CONFIRMING: "Business Plan is moving to new-shop.example",
    State.NEEDS_ATTENTION: "Business Plan stands neither on new-shop.example nor on old-shop",
    State.SUCCEEDED: "Business Plan now stands on new-shop.example",
    State.FAILED: "Business Plan still stands on old-shop.example",
    State.ROLLED_BACK: "Business Plan still stands on old-shop.example",
    State.CANCELED: "Business Plan still stands on old-shop.example",
}


@pytest.mark.parametrize("state", list(State))
def test_each_state_is_headed_by_how_it_stands_then_what_was_asked_by_whom_and_why(viewer, state):
    operation = move(state, reason="customer moved")
    if state == State.SUCCEEDED:
        ProductInstance.objects.update(site=operation.site)

    words = text(viewer.get(operation.get_absolute_url()))

    assert HEADS[state] in words
    assert str(explain_state(state).meaning) in words
    assert f"Reassign #{operation.pk}" in words
    assert "Asked by operator" in words
    assert "“customer moved”" in words
    assert "Site before old-shop.example" in words
    is_wanted = state in (State.NEEDS_ATTENTION, State.FAILED, State.ROLLED_BACK, State.CANCELED)
    assert f"Site {'wanted' if is_wanted else 'after'} new-shop.example" in words


@pytest.mark.parametrize("state", [State.RUNNING, State.CONFIRMING])
def test_a_moving_operation_is_watched_every_second(viewer, state):
    operation = move(state)

    page = viewer.get(operation.get_absolute_url()).content.decode()
    part = viewer.get(operation.get_absolute_url(), headers=POLL).content.decode()

    for html in (page, part):
        assert f'hx-get="{operation.get_absolute_url()}' in html
        assert 'hx-trigger="every 1s"' in html
    assert "<html" not in part


@pytest.mark.parametrize(("seconds", "every"), [(0, "500ms"), (60, "3s")])
def test_a_waiting_operation_is_watched_closely_at_first_and_then_more_slowly(
    viewer, seconds, every
):
    asked_at = database_now() - timedelta(seconds=seconds)

    page = viewer.get(move(State.QUEUED, requested_at=asked_at).get_absolute_url())

    assert f'hx-trigger="every {every}"' in page.content.decode()


def menu_of(answer) -> str:
    return answer.content.decode().partition('id="menu-entries"')[2].partition("</div>")[0]


def test_the_answer_that_tells_the_end_renews_the_figures_of_the_menu(viewer):
    operation = move(State.QUEUED)
    page = operation.get_absolute_url()
    headers = POLL | {"HX-Current-URL": f"http://testserver{page}"}
    assert menu_of(viewer.get(f"{page}?seen=other", headers=headers)).count("count look") == 0
    assert "Operations</span> <span" in menu_of(viewer.get(page))

    end = {"state": State.NEEDS_ATTENTION, "outcome": "Nobody can say."}
    Operation.objects.filter(pk=operation.pk).update(**end)
    menu = menu_of(viewer.get(f"{page}?seen=other", headers=headers))
    assert 'Operations</span> <span class="count look">1<' in menu
    assert 'href="/operations/?state=open" aria-current="true"' in menu

    Operation.objects.filter(pk=operation.pk).update(state=State.SUCCEEDED, finished_at=Now())
    last = viewer.get(page, headers=headers)

    assert "Operations</span> <span" not in menu_of(last)
    assert "every" not in last.content.decode()


@pytest.mark.parametrize("state", [*ENDED, State.NEEDS_ATTENTION])
def test_the_watching_stops_where_nothing_moves_by_itself(viewer, state):
    operation = move(state)

    page = viewer.get(operation.get_absolute_url()).content.decode()
    part = viewer.get(operation.get_absolute_url(), headers=POLL).content.decode()

    assert f'hx-get="{operation.get_absolute_url()}' not in page
    assert "every 1s" not in part


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.CONFIRMING])
def test_without_javascript_there_is_a_link_to_look_again(viewer, state):
    operation = move(state)

    page = viewer.get(operation.get_absolute_url()).content.decode()

    assert f'href="{operation.get_absolute_url()}">Look again</a>' in page


def test_news_are_read_out_once(viewer):
    operation = move(State.RUNNING)
    address = operation.get_absolute_url()
    page = viewer.get(address).content.decode()
    token = re.search(r"\?seen=([^\"]+)", page)[1]

    same = viewer.get(address, {"seen": token}, headers=POLL).content.decode()
    call(operation, "read", "answered", seen=operation.before)
    news = viewer.get(address, {"seen": token}, headers=POLL).content.decode()

    assert "#announce" not in same
    assert "#announce" in news


def test_a_history_restore_gets_the_whole_page(viewer):
    operation = move(State.RUNNING)
    restore = POLL | {"HX-History-Restore-Request": "true"}

    answer = viewer.get(operation.get_absolute_url(), headers=restore)

    assert "<html" in answer.content.decode()
    assert "HX-Request" in answer["Vary"]


def test_an_unknown_operation_is_not_found(viewer):
    assert viewer.get("/operations/999999/").status_code == 404
    assert viewer.get(f"/operations/{10**30}/").status_code == 404


def test_who_is_not_logged_in_is_sent_to_log_in(client):
    answer = client.get(move().get_absolute_url())

    assert answer["Location"].startswith("/login/")


# --- what happened -------------------------------------------------------------------------------


def test_each_call_is_told_in_words_with_its_answer_and_request(viewer):
    operation = move(State.CONFIRMING)
    call(operation, "read", "answered", seen=operation.before, wix_request_id="aaaa-1111")
    call(operation, "unassign", "answered", duration_ms=412, wix_request_id="1f3a-2222-9c2e")

    answer = viewer.get(operation.get_absolute_url())

    words = text(answer)
    assert "Site old-shop.example, enabled, as planned" in words
    assert "Unassigned from old-shop.example" in words
    assert "Wix answered 200 in 412 ms" in words
    assert 'data-copy="1f3a-2222-9c2e"' in answer.content.decode()


def test_a_lost_answer_is_told_as_lost(viewer):
    operation = move(State.CONFIRMING)
    call(operation, "assign", "unknown", duration_ms=20_000)

    words = text(viewer.get(operation.get_absolute_url()))

    assert "Assign to new-shop.example" in words
    assert "Assigned to" not in words
    assert "The answer was lost after 20 s; looked instead of sending again" in words


def test_an_answer_that_says_nothing_is_told_with_its_status(viewer):
    operation = move(State.CONFIRMING)
    call(operation, "assign", "unknown", status=502, answered_at=timezone.now(), duration_ms=30)

    words = text(viewer.get(operation.get_absolute_url()))

    assert "Wix answered 502 in 30 ms, which does not say whether it was done" in words


def test_a_call_that_wix_did_not_take_was_not_sent(viewer):
    operation = move(State.RUNNING)
    call(operation, "unassign", "not_sent", status=429, code="RESOURCE_EXHAUSTED")

    words = text(viewer.get(operation.get_absolute_url()))

    assert "Not taken: 429 RESOURCE_EXHAUSTED. Nothing was changed." in words


def test_a_call_on_its_way_says_how_long_it_is_waited_for(viewer):
    lease = timezone.now() + timedelta(seconds=30)
    operation = move(State.RUNNING, lease_until=lease)
    call(operation, "unassign", "sent")

    assert "no answer yet; waited for up to 20 s" in text(viewer.get(operation.get_absolute_url()))


def test_a_call_whose_worker_died_says_so(viewer):
    operation = move(State.RUNNING, lease_until=timezone.now() - timedelta(seconds=1))
    call(operation, "unassign", "sent")

    words = text(viewer.get(operation.get_absolute_url()))

    assert "Cut off before the answer came; Wix is read first" in words


def test_readings_that_show_the_same_are_one_line(viewer):
    operation = move(State.CONFIRMING)
    for _ in range(4):
        call(operation, "read", "answered", seen=seen(operation, None))

    words = text(viewer.get(operation.get_absolute_url()))

    assert words.count("Read the package") == 1
    assert "4 times" in words
    assert "Floating, enabled" in words


def test_a_site_that_nobody_asked_for_is_called_so(viewer):
    operation = move(State.NEEDS_ATTENTION, outcome="The service is on a third site.")
    third = worlds.site(operation.account)
    call(operation, "read", "answered", seen=seen(operation, str(third.pk)))

    words = text(viewer.get(operation.get_absolute_url()))

    assert f"Site {third.short_id}, which nobody here asked for" in words


def test_what_is_awaited_and_until_when(viewer):
    operation = move(
        State.CONFIRMING,
        waiting_for="Wix to show it: read 2 of 7 was too early.",
        next_run_at=timezone.now() + timedelta(seconds=4),
    )
    call(operation, "assign", "answered")

    words = text(viewer.get(operation.get_absolute_url()))

    assert "Reading the package until Wix shows it" in words
    assert "read 2 of 7 was too early. Next reading in 4 s; nothing is sent again before" in words
    assert "If it goes wrong" in words


def test_an_operation_that_no_worker_takes_up_is_not_lost(viewer):
    past = timezone.now() - timedelta(minutes=3)
    operation = move(requested_at=past, next_run_at=past)

    words = text(viewer.get(operation.get_absolute_url()))

    assert "Recorded 3 min ago; it has not begun yet. It is not lost" in words
