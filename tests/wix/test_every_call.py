"""What holds for every call the client has."""

import inspect

import pytest

from resellers.wix import (
    NextMove,
    WixAuthError,
    WixBadPayload,
    WixClient,
    WixError,
    WixOutcomeUnknown,
    WixServerError,
)

from .every_call import EVERY_CALL, READS, WRITES
from .examples import KEY
from .scripted import hang_up, reply, reset

PUBLIC = {
    name
    for name, member in inspect.getmembers(WixClient, inspect.isfunction)
    if not name.startswith("_") and name not in ("close", "in_lane", "not_after")
}


def test_no_call_is_left_out_here():
    assert {case.name for case in EVERY_CALL} == PUBLIC


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_arguments_are_given_by_name_only(name):
    parameters = list(inspect.signature(getattr(WixClient, name)).parameters.values())[1:]

    assert {parameter.kind for parameter in parameters} <= {inspect.Parameter.KEYWORD_ONLY}


@pytest.mark.parametrize("case", EVERY_CALL, ids=str)
def test_a_call_goes_to_its_path_with_its_account(wix, client, case):
    wix.answers(reply(200, case.answer))

    answer = getattr(client, case.name)(**case.arguments)

    [sent] = wix.received
    assert (sent.method, sent.path) == (case.method, case.path)
    assert sent.headers.get("wix-account-id") == case.account
    assert ("content-type" in sent.headers) == bool(sent.body)
    assert answer.call.path == case.path.partition("?")[0]
    assert (answer.call.status, answer.call.attempts) == (200, 1)


@pytest.mark.parametrize("case", WRITES, ids=str)
@pytest.mark.parametrize("fault", [reply(500), reply(503), reply(408), reset, hang_up])
def test_no_write_is_ever_sent_twice(wix, client, case, fault):
    wix.answers(fault, reply(200, case.answer))

    with pytest.raises(WixOutcomeUnknown) as unknown:
        getattr(client, case.name)(**case.arguments)

    assert len(wix.received) == 1
    assert unknown.value.next_move is NextMove.LOOK_FIRST


@pytest.mark.parametrize("case", READS, ids=str)
@pytest.mark.parametrize("fault", [reply(503), reset])
def test_every_read_is_tried_again(wix, client, case, fault):
    wix.answers(fault, reply(200, case.answer))

    answer = getattr(client, case.name)(**case.arguments)

    assert answer.call.attempts == len(wix.received) == 2


@pytest.mark.parametrize("case", EVERY_CALL, ids=str)
@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{", b"7"])
def test_every_answer_that_is_no_object_is_a_bad_payload(wix, client, case, body):
    wix.answers(reply(200, body))

    with pytest.raises(WixBadPayload) as bad:
        getattr(client, case.name)(**case.arguments)

    assert bad.value.place == "the answer"
    assert len(wix.received) == 1


@pytest.mark.parametrize("case", EVERY_CALL, ids=str)
def test_a_rejected_key_is_never_tried_again_by_itself(wix, client, case):
    wix.answers(*[reply(401)] * 4)

    with pytest.raises(WixAuthError):
        getattr(client, case.name)(**case.arguments)

    assert [call.headers.get("authorization") for call in wix.received][-1] == KEY
    assert sum("authorization" in call.headers for call in wix.received) == 1


@pytest.mark.parametrize("case", EVERY_CALL, ids=str)
def test_the_error_of_every_call_says_what_was_sent(wix, client, case):
    wix.answers(*[reply(502)] * 4)

    with pytest.raises(WixError) as error:
        getattr(client, case.name)(**case.arguments)

    assert type(error.value) is (WixServerError if case.repeatable else WixOutcomeUnknown)
    assert error.value.call.method == case.method
    assert error.value.call.status == error.value.status == 502
    assert error.value.call.path in str(error.value) or "{" in str(error.value)
