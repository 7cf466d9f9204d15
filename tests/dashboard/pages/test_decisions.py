"""What a person may decide about an operation, on its page."""

import pytest

from resellers import breaker, policy
from resellers.models import (
    AuditEntry,
)
from resellers.refusals import explain
from tests.dashboard.stories import State, call, move
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


# --- what a person may do ------------------------------------------------------------------------

BUTTONS = {
    "Withdraw": {State.QUEUED},
    "Retry": {State.NEEDS_ATTENTION, State.FAILED, State.ROLLED_BACK, State.CANCELED},
    "Finish by hand": {State.NEEDS_ATTENTION},
    'id="look-again">Look again': {State.NEEDS_ATTENTION},
}


@pytest.mark.parametrize("state", list(State))
def test_each_button_is_there_where_it_makes_sense_and_for_operators_only(log_in, state):
    address = move(state).get_absolute_url()
    operators = log_in("operator", "operator2").get(address).content.decode()
    viewers = log_in("viewer").get(address).content.decode()

    there = {button for button in BUTTONS if f"{button}</button>" in operators}
    assert there == {button for button, states in BUTTONS.items() if state in states}
    assert not [button for button in BUTTONS if f"{button}</button>" in viewers]


DECISIONS = ("withdraw", "retry", "look-again", "finish")


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_viewer_may_not(viewer, decision):
    operation = move(State.NEEDS_ATTENTION)

    answer = viewer.post(
        f"{operation.get_absolute_url()}{decision}/", {"succeeded": "yes", "note": "x"}
    )

    assert answer.status_code == 403
    operation.refresh_from_db()
    assert operation.state == State.NEEDS_ATTENTION


@pytest.mark.parametrize("decision", DECISIONS)
def test_looking_at_a_deed_does_nothing(operator, decision):
    assert operator.get(f"{move().get_absolute_url()}{decision}/").status_code == 405


@pytest.mark.parametrize("decision", DECISIONS)
def test_a_deed_on_an_unknown_operation_is_not_found(operator, decision):
    answer = operator.post(f"/operations/999999/{decision}/", {"succeeded": "yes", "note": "x"})

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


@pytest.mark.parametrize("decision", ["retry", "look-again"])
def test_a_person_lets_it_go_on(operator, decision):
    operation = move(State.NEEDS_ATTENTION)

    answer = operator.post(f"{operation.get_absolute_url()}{decision}/")

    assert answer.status_code == 302
    operation.refresh_from_db()
    assert operation.state == State.CONFIRMING
    assert operation.look_only is (decision == "look-again")


@pytest.mark.parametrize("stopped", ["read-only", "paused"])
def test_while_nothing_is_written_it_is_looked_at_again_and_not_tried_again(
    operator, admin, stopped
):
    operation = move(State.NEEDS_ATTENTION)
    if stopped == "read-only":
        policy.set_read_only("Wix moves our account.", by=admin.user)
    else:
        breaker.pause_writes("Wix moves our account.")

    answer = operator.post(f"{operation.get_absolute_url()}retry/")

    assert answer.status_code == 409
    assert "Wix moves our account." in text(answer)
    operation.refresh_from_db()
    assert operation.state == State.NEEDS_ATTENTION
    entry = AuditEntry.objects.get(event="operation.not_resumed")
    assert (entry.actor, entry.operation_id) == (operator.user, operation.pk)
    assert operator.post(f"{operation.get_absolute_url()}look-again/").status_code == 302
    operation.refresh_from_db()
    assert (operation.state, operation.look_only) == (State.CONFIRMING, True)


@pytest.mark.parametrize("decision", ["retry", "look-again", "finish"])
def test_what_needs_nobody_is_left_alone(operator, decision):
    operation = move(State.SUCCEEDED)

    address = f"{operation.get_absolute_url()}{decision}/"
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
    ("state", "head"),
    [
        (State.SUCCEEDED, "the wish is true"),
        (State.FAILED, "the wish is not true"),
    ],
)
def test_the_page_of_what_a_person_ended_says_their_words_first_and_wixs_as_history(
    viewer, operator, state, head
):
    code = "PRODUCT_TYPE_ALREADY_ASSIGNED"
    operation = move(
        state,
        outcome_code=code,
        outcome="It could not be put back.",
        settled_by=operator.user,
        settled_note="It stands on the new site.",
    )
    call(operation, "assign", "refused", status=428, code=code, message="Product type: x is …")

    page = viewer.get(operation.get_absolute_url())

    words = text(page)
    first, _, history = words.partition("What Wix had refused before")
    assert f"Finished by hand by operator: {head} “It stands on the new site.”" in first
    assert code in history
    assert "“Product type: x is …”" in history
    assert str(explain(code).words) in history
    assert "Read back from Wix, and true" not in words
    assert "Wix refused; nothing was changed" not in words
    assert f'href="/help/#state-{state}-by-hand"' in page.content.decode()


def test_what_a_person_ended_without_any_refusal_tells_of_none(viewer, operator):
    operation = move(State.SUCCEEDED, settled_by=operator.user, settled_note="Looked at Wix.")

    words = text(viewer.get(operation.get_absolute_url()))

    assert "“Looked at Wix.”" in words
    assert "had refused" not in words


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
