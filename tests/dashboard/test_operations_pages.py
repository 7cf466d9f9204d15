"""Operations: the list, and one operation's page in every state it can be in."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from resellers.models import (
    AuditEntry,
    Operation,
    OperationAttempt,
    OperationKind,
    OperationState,
    Package,
)
from resellers.operations.plan import make_plan
from resellers.refusals import explain, explain_state
from tests import practice, worlds
from tests.dashboard.submitting import hidden_fields, text

pytestmark = pytest.mark.django_db

State = OperationState
ENDED = (State.SUCCEEDED, State.FAILED, State.ROLLED_BACK, State.CANCELED)
POLL = {"HX-Request": "true", "HX-Target": "operation", "X-Poll": "1"}


def move(state=State.QUEUED, **fields):
    """A planned move from old-shop.example to new-shop.example in that state."""
    account = worlds.account()
    instance = worlds.instance(worlds.package(account), on=worlds.site(account, "old-shop"))
    target = worlds.site(account, "new-shop")
    plan = make_plan("reassign", instance, {"site_id": str(target.pk)})
    if state in ENDED:
        fields.setdefault("finished_at", timezone.now())
    return worlds.operation(
        instance,
        site=target,
        state=state,
        before=plan.before,
        plan=plan.as_json(),
        strategy="two_step",
        **fields,
    )


def call(operation, step, state, **fields):
    """A call of the operation, as the engine records it."""
    defaults = {
        "fence": 1,
        "writes": step != "read",
        "answered_at": timezone.now() if state in ("answered", "refused") else None,
        "status": 200 if state == "answered" else None,
    }
    return OperationAttempt.objects.create(
        operation=operation, step=step, state=state, **(defaults | fields)
    )


def seen(operation, site_id):
    return operation.before | {"site_id": site_id}


# --- every state ---------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(State))
def test_each_state_says_what_it_means_what_was_asked_by_whom_and_why(viewer, state):
    operation = move(state, reason="customer moved")

    words = text(viewer.get(operation.get_absolute_url()))

    assert explain_state(state).meaning in words
    assert "Reassign Business Plan" in words
    assert "asked by operator" in words
    assert "“customer moved”" in words
    assert "Site before old-shop.example" in words
    assert "Site after new-shop.example" in words


@pytest.mark.parametrize("state", [State.RUNNING, State.CONFIRMING])
def test_a_moving_operation_is_watched_every_second(viewer, state):
    operation = move(state)

    page = viewer.get(operation.get_absolute_url()).content.decode()
    part = viewer.get(operation.get_absolute_url(), headers=POLL).content.decode()

    for shown in (page, part):
        assert f'hx-get="{operation.get_absolute_url()}' in shown
        assert 'hx-trigger="every 1s"' in shown
    assert "<html" not in part


def test_a_waiting_operation_is_watched_more_slowly(viewer):
    page = viewer.get(move(State.QUEUED).get_absolute_url()).content.decode()

    assert 'hx-trigger="every 3s"' in page


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

    assert "Not taken: 429 RESOURCE_EXHAUSTED. Nothing was sent." in words


def test_a_call_on_its_way_says_how_long_it_is_waited_for(viewer):
    lease = timezone.now() + timedelta(seconds=30)
    operation = move(State.RUNNING, lease_until=lease)
    call(operation, "unassign", "sent")

    assert "no answer yet; waited for up to 20 s" in text(viewer.get(operation.get_absolute_url()))


def test_a_call_whose_worker_died_says_so(viewer):
    operation = move(State.RUNNING, lease_until=timezone.now() - timedelta(seconds=1))
    call(operation, "unassign", "sent")

    words = text(viewer.get(operation.get_absolute_url()))

    assert "Its worker stopped before the answer came; another one looks first" in words


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

    assert "Recorded 3 min ago; no worker has taken it up yet. It is not lost" in words


# --- how it ended --------------------------------------------------------------------------------


def test_a_refusal_tells_code_words_meaning_and_what_to_do(viewer):
    code = "PRODUCT_TYPE_ALREADY_ASSIGNED"
    operation = move(
        State.ROLLED_BACK,
        outcome_code=code,
        outcome=f"{explain(code).words} It was put back.",
        wix_request_id="dead-beef",
    )
    call(operation, "unassign", "answered")
    call(operation, "assign", "refused", status=428, code=code, message="Product type: x is …")

    words = text(viewer.get(operation.get_absolute_url()))

    assert code in words
    assert "“Product type: x is …”" in words
    assert explain(code).words in words
    assert explain(code).next_step in words
    assert "dead-beef" in words


def test_an_end_of_our_own_is_not_blamed_on_wix(viewer):
    operation = move(
        State.CANCELED, outcome_code="plan_moved", outcome="The service had changed at Wix."
    )

    words = text(viewer.get(operation.get_absolute_url()))

    assert "The service had changed at Wix." in words
    assert "Wix's code" not in words


def test_a_success_says_when_it_is_read_once_more_and_how_long_the_gap_was(viewer):
    operation = move(
        State.SUCCEEDED,
        outcome="Wix shows it.",
        outage_seconds=0.4,
        settle_at=timezone.now() + timedelta(seconds=60),
    )

    words = text(viewer.get(operation.get_absolute_url()))

    assert "Checked once more" in words
    assert "on no site for 0.4 s" in words


def test_a_success_that_did_not_last_says_so(viewer):
    operation = move(State.SUCCEEDED, outcome="Wix shows it.", drifted_at=timezone.now())

    assert "It was true, and is so no more." in text(viewer.get(operation.get_absolute_url()))


def test_what_needs_a_person_says_what_is_known_and_what_is_not(viewer):
    operation = move(State.NEEDS_ATTENTION, outcome="Sent 3 times, and Wix does not show it.")
    call(operation, "unassign", "answered")
    call(operation, "read", "answered", seen=seen(operation, None))
    call(operation, "assign", "unknown", duration_ms=20_000)

    words = text(viewer.get(operation.get_absolute_url()))

    known, _, unknown = words.partition("What is known")[2].partition("What is not known")
    assert "Wix showed: Floating, enabled." in known
    assert "Unassigned from old-shop.example: Wix answered 200." in known
    assert "Whether Wix carried out “Assign to new-shop.example”: its answer was lost." in unknown
    assert "Wix has not been read since the last call." in unknown


def test_remote_words_are_never_markup(viewer):
    operation = move(State.FAILED, outcome_code="X", outcome="It was refused.")
    call(
        operation, "unassign", "refused", status=428, code="X", message="<script>alert(1)</script>"
    )

    assert "<script>alert" not in viewer.get(operation.get_absolute_url()).content.decode()


# --- what a person may do ------------------------------------------------------------------------

BUTTONS = {
    "Withdraw": {State.QUEUED},
    "Retry": {State.NEEDS_ATTENTION, State.FAILED, State.ROLLED_BACK, State.CANCELED},
    "Finish by hand": {State.NEEDS_ATTENTION},
    'id="look-again">Look again': {State.NEEDS_ATTENTION},
}


@pytest.mark.parametrize("button", BUTTONS)
@pytest.mark.parametrize("state", list(State))
def test_each_button_is_there_where_it_makes_sense_and_for_operators_only(log_in, state, button):
    address = move(state).get_absolute_url()
    operators = log_in("operator", "operator2").get(address).content.decode()
    viewers = log_in("viewer").get(address).content.decode()

    assert (f"{button}</button>" in operators) is (state in BUTTONS[button])
    assert f"{button}</button>" not in viewers


DEEDS = ("withdraw", "retry", "look-again", "finish")


@pytest.mark.parametrize("deed", DEEDS)
def test_a_viewer_may_not(viewer, deed):
    operation = move(State.NEEDS_ATTENTION)

    answer = viewer.post(
        f"{operation.get_absolute_url()}{deed}/", {"succeeded": "yes", "note": "x"}
    )

    assert answer.status_code == 403
    operation.refresh_from_db()
    assert operation.state == State.NEEDS_ATTENTION


@pytest.mark.parametrize("deed", DEEDS)
def test_looking_at_a_deed_does_nothing(operator, deed):
    assert operator.get(f"{move().get_absolute_url()}{deed}/").status_code == 405


@pytest.mark.parametrize("deed", DEEDS)
def test_a_deed_on_an_unknown_operation_is_not_found(operator, deed):
    answer = operator.post(f"/operations/999999/{deed}/", {"succeeded": "yes", "note": "x"})

    assert answer.status_code == 404


def test_withdraw_ends_what_was_not_begun(operator):
    operation = move()

    answer = operator.post(f"{operation.get_absolute_url()}withdraw/")

    assert answer.status_code == 302
    operation.refresh_from_db()
    assert operation.state == State.CANCELED
    assert "Withdrawn by operator" in text(operator.get(answer["Location"]))


def test_what_is_under_way_cannot_be_withdrawn(operator):
    operation = move(State.RUNNING)

    answer = operator.post(f"{operation.get_absolute_url()}withdraw/")

    assert answer.status_code == 409
    assert "It is under way already" in text(answer)


@pytest.mark.parametrize("deed", ["retry", "look-again"])
def test_a_person_lets_it_go_on(operator, deed):
    operation = move(State.NEEDS_ATTENTION)

    answer = operator.post(f"{operation.get_absolute_url()}{deed}/")

    assert answer.status_code == 302
    operation.refresh_from_db()
    assert operation.state == State.CONFIRMING
    assert operation.look_only is (deed == "look-again")


@pytest.mark.parametrize("deed", ["retry", "look-again", "finish"])
def test_what_needs_nobody_is_left_alone(operator, deed):
    operation = move(State.SUCCEEDED)

    address = f"{operation.get_absolute_url()}{deed}/"
    answer = operator.post(address, {"succeeded": "no", "note": "looked"})

    assert answer.status_code == 409
    operation.refresh_from_db()
    assert operation.state == State.SUCCEEDED


@pytest.mark.parametrize(("word", "state"), [("yes", State.SUCCEEDED), ("no", State.FAILED)])
def test_finish_by_hand_ends_it_on_a_persons_word(operator, word, state):
    operation = move(State.NEEDS_ATTENTION)

    answer = operator.post(
        f"{operation.get_absolute_url()}finish/", {"succeeded": word, "note": "looked at Wix"}
    )

    operation.refresh_from_db()
    assert (operation.state, operation.settled_by) == (state, operator.user)
    words = text(operator.get(answer["Location"]))
    assert "Finished by hand by operator" in words
    assert "“looked at Wix”" in words
    assert AuditEntry.objects.filter(event="operation.finished_by_hand").exists()


@pytest.mark.parametrize(
    ("sent", "wrong"),
    [
        ({"note": "looked at Wix"}, "succeeded-error"),
        ({"succeeded": "perhaps", "note": "looked at Wix"}, "succeeded-error"),
        ({"succeeded": "yes", "note": "  "}, "note-error"),
    ],
)
def test_finish_by_hand_wants_a_word_and_a_note(operator, sent, wrong):
    operation = move(State.NEEDS_ATTENTION)

    answer = operator.post(f"{operation.get_absolute_url()}finish/", sent)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert f'id="{wrong}"' in page
    assert sent["note"] in page
    operation.refresh_from_db()
    assert operation.state == State.NEEDS_ATTENTION


# --- the list ------------------------------------------------------------------------------------


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
        "succeeded": move(State.SUCCEEDED, kind=OperationKind.ADJUST),
    }
    account = rows["failed"].account
    account.name = "Lantern Books"
    account.save(update_fields=["name"])

    page = viewer.get("/operations/", query).content.decode()

    shown = {name for name, row in rows.items() if f'href="/operations/{row.pk}/"' in page}
    assert shown == found


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

    told = b"".join(answer.streaming_content).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(told))
    assert row["operation_id"] == str(operation.pk)
    assert (row["before"], row["after"]) == ("old-shop.example", "new-shop.example")
    assert row["reason"] == "'=1+1"
    assert row["requested_by"] == "operator"


# --- the whole way -------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_a_move_that_wix_refuses_half_way_is_told_as_rolled_back(mirror, operator, run_due):
    instance, target = mirror.movable()
    address = f"/instances/{instance.pk}/reassign/"
    planned = operator.post(address, {"target_site": str(target.pk)})
    practice.faults(
        mirror.sandbox,
        {"match": "assign", "effect": "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED", "times": 1},
    )
    answer = operator.post(address, hidden_fields(planned, "confirm"))

    run_due()

    words = text(operator.get(answer["Location"]))
    assert Operation.objects.get().state == State.ROLLED_BACK
    assert "PRODUCT_TYPE_ALREADY_ASSIGNED" in words
    assert f"Assigned back to {instance.site}" in words
    assert "Retry" in words


@pytest.mark.django_db(transaction=True)
def test_what_wix_changed_after_the_plan_is_withdrawn_unsent(mirror, operator, run_due):
    instance, target = mirror.movable()
    address = f"/instances/{instance.pk}/reassign/"
    planned = operator.post(address, {"target_site": str(target.pk)})
    answer = operator.post(address, hidden_fields(planned, "confirm"))
    practice.change(mirror.sandbox, instance.pk, siteId=None)

    run_due()

    words = text(operator.get(answer["Location"]))
    assert Operation.objects.get().state == State.CANCELED
    assert "had changed at Wix since the plan was shown, so nothing was sent" in words
    assert Package.objects.get(pk=instance.package_id).last_confirmed_at
