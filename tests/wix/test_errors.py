import json
import logging

import pytest

from resellers.wix import (
    FieldViolation,
    NextMove,
    WixAuthError,
    WixBadPayload,
    WixError,
    WixNotFound,
    WixOutcomeUnknown,
    WixRateLimited,
    WixRefused,
    WixServerError,
    WixUnreachable,
)

from .examples import CUSTOMER, INSTANCE, KEY, PACKAGE, SITE, package, refusal
from .scripted import hang_up, raw, reply, reset


def read(client):
    return client.get_package(account_id=CUSTOMER, package_id=PACKAGE)


def write(client):
    return client.assign_product_instance(
        account_id=CUSTOMER, instance_id=INSTANCE, site_id=SITE, idempotency_key="op-9:assign:1"
    )


@pytest.mark.parametrize(
    ("status", "on_read", "on_write"),
    [
        (301, WixRefused, WixRefused),
        (303, WixServerError, WixOutcomeUnknown),
        (307, WixRefused, WixRefused),
        (400, WixRefused, WixRefused),
        (401, WixAuthError, WixAuthError),
        (403, WixRefused, WixRefused),
        (404, WixNotFound, WixNotFound),
        (408, WixServerError, WixOutcomeUnknown),
        (409, WixRefused, WixRefused),
        (418, WixRefused, WixRefused),
        (425, WixServerError, WixOutcomeUnknown),
        (428, WixRefused, WixRefused),
        (429, WixRateLimited, WixRateLimited),
        (500, WixServerError, WixOutcomeUnknown),
        (501, WixServerError, WixOutcomeUnknown),
        (503, WixServerError, WixOutcomeUnknown),
        (504, WixServerError, WixOutcomeUnknown),
        (599, WixServerError, WixOutcomeUnknown),
        (999, WixServerError, WixOutcomeUnknown),
    ],
)
def test_a_status_decides_what_may_be_done_next(wix, client, status, on_read, on_write):
    wix.answers(*[reply(status, refusal("SOME_CODE"))] * 4)
    with pytest.raises(WixError) as reading:
        read(client)
    assert type(reading.value) is on_read

    wix.script[:] = [reply(status, refusal("SOME_CODE"))]
    sent_before = len(wix.received)
    with pytest.raises(WixError) as writing:
        write(client)
    assert type(writing.value) is on_write
    assert len(wix.received) - sent_before == 1

    for error in (reading.value, writing.value):
        assert (error.status, error.code, error.message) == (status, "SOME_CODE", "Wix says no.")
        assert error.request_id == "req-1"
        assert (error.call.status, error.call.code) == (status, "SOME_CODE")


@pytest.mark.parametrize(
    ("kind", "move"),
    [
        (WixUnreachable, NextMove.RETRY),
        (WixOutcomeUnknown, NextMove.LOOK_FIRST),
        (WixBadPayload, NextMove.LOOK_FIRST),
        (WixRateLimited, NextMove.RETRY),
        (WixServerError, NextMove.RETRY),
        (WixAuthError, NextMove.RETRY),
        (WixNotFound, NextMove.STOP),
        (WixRefused, NextMove.STOP),
    ],
)
def test_each_kind_of_error_says_the_next_move(kind, move):
    assert kind("something").next_move is move


@pytest.mark.parametrize("fault", [reset, hang_up, reply(500), reply(503), reply(429), reply(408)])
def test_a_read_goes_on_after_a_passing_fault(wix, client, fault):
    wix.answers(fault, fault, fault, reply(200, {"package": package()}))

    answer = read(client)

    assert answer.package.id == PACKAGE
    assert answer.call.attempts == len(wix.received) == 4


def test_a_read_gives_up_after_four_tries(wix, client):
    wix.answers(*[reply(500)] * 9)

    with pytest.raises(WixServerError) as error:
        read(client)

    assert error.value.call.attempts == len(wix.received) == 4


def test_a_call_wix_does_not_offer_is_not_tried_again(wix, client):
    wix.answers(*[reply(501)] * 4)

    with pytest.raises(WixServerError):
        read(client)

    assert len(wix.received) == 1


@pytest.mark.parametrize(
    "fault",
    [
        reset,
        hang_up,
        raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", then_close=True),
        raw(b"nonsense\r\n\r\n", then_close=True),
    ],
)
def test_a_write_whose_answer_is_lost_is_sent_once_and_its_outcome_unknown(wix, client, fault):
    wix.answers(fault)

    with pytest.raises(WixOutcomeUnknown) as unknown:
        write(client)

    assert len(wix.received) == 1
    assert unknown.value.call.attempts == 1
    assert unknown.value.call.idempotency_key == "op-9:assign:1"


def test_where_nobody_listens_nothing_was_sent(wix, make_client):
    client = make_client(base_url="http://127.0.0.1:1", deadline=1.0)

    with pytest.raises(WixUnreachable) as reading:
        read(client)
    with pytest.raises(WixUnreachable) as writing:
        write(client)

    assert "refused" in str(writing.value)
    assert writing.value.call.status is None
    assert reading.value.call.attempts == 4


def test_a_name_that_cannot_be_looked_up_means_nothing_was_sent(make_client):
    client = make_client(base_url="https://wix.invalid", deadline=2.0)

    with pytest.raises(WixUnreachable, match=r"wix\.invalid"):
        write(client)


def test_a_peer_that_does_not_speak_tls_means_nothing_was_sent(wix, make_client):
    client = make_client(base_url=wix.url.replace("http:", "https:"), deadline=1.0)

    with pytest.raises(WixUnreachable):
        write(client)

    assert wix.received == []


@pytest.mark.parametrize(
    "body",
    [
        b"<html>fine</html>",
        b'{"package":',
        b"[]",
        b'"text"',
        b"null",
        b'{"package": NaN}',
        b'{"package": \xff}',
        b'{"a":' * 10_000,
        b'{"package": null}',
        b"{}",
        b"",
    ],
)
def test_a_2xx_that_cannot_be_read_has_an_unknown_outcome(wix, client, body):
    wix.answers(reply(200, body))

    with pytest.raises(WixBadPayload) as bad:
        write(client)

    assert bad.value.next_move is NextMove.LOOK_FIRST
    assert bad.value.place
    assert (bad.value.status, bad.value.request_id) == (200, "req-1")
    assert len(wix.received) == 1


def test_an_answer_nested_too_deeply_to_be_stored_is_not_taken(wix, client):
    deep = []
    for _ in range(100):
        deep = [deep]
    wix.answers(reply(200, {"package": package(novelty=deep)}))

    with pytest.raises(WixBadPayload, match="nested too deeply"):
        write(client)


def test_field_violations_are_kept_apart(wix, client):
    violation = {
        "field": "products[0].countryCode",
        "description": "must not be empty",
        "violatedRule": "REQUIRED_FIELD",
        "ruleName": None,
        "data": {},
    }
    body = {"message": "", "details": {"validationError": {"fieldViolations": [violation, 3]}}}
    wix.answers(reply(400, body))

    with pytest.raises(WixRefused) as refused:
        write(client)

    assert refused.value.violations == (
        FieldViolation("products[0].countryCode", "must not be empty", "REQUIRED_FIELD"),
    )
    assert refused.value.code is None
    assert refused.value.message == "products[0].countryCode must not be empty"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no reason given"),
        (b"<html><h1>403</h1></html>", "answered with a web page"),
        (b'{"message": "", "details": {}}', "no reason given"),
        (b'{"message": 7, "details": []}', "7"),
        (b'{"message": null, "details": {"applicationError": "x"}}', "no reason given"),
        (b"\xff\xfe", "no reason given"),
    ],
)
def test_a_refusal_is_a_refusal_however_it_is_written(wix, client, body, words):
    wix.answers(reply(403, body))

    with pytest.raises(WixRefused) as refused:
        write(client)

    assert refused.value.status == 403
    assert refused.value.message == words
    assert refused.value.said == ("7" if words == "7" else "")


def test_a_refusal_whose_body_breaks_off_is_still_a_refusal(wix, client):
    wix.answers(raw(b"HTTP/1.1 428 No\r\nContent-Length: 500\r\n\r\n{", then_close=True))

    with pytest.raises(WixRefused):
        write(client)


def test_at_most_two_kilobytes_of_a_refusal_are_kept(wix, client):
    wix.answers(reply(403, b"<html>" + b"x" * 100_000))

    with pytest.raises(WixRefused) as refused:
        write(client)

    assert len(refused.value.raw) == 2048


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("0", 0.0),
        ("7", 7.0),
        ("120", 120.0),
        ("121", None),
        ("-1", None),
        ("99999999", None),
        ("soon", None),
        ("nan", None),
        ("", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", None),
    ],
)
def test_the_wait_wix_asks_for_is_told_if_it_is_sane(wix, client, header, wait):
    wix.answers(reply(429, refusal("RESOURCE_EXHAUSTED"), {"Retry-After": header}))

    with pytest.raises(WixRateLimited) as limited:
        write(client)

    assert limited.value.wait == wait


def test_a_redirect_is_never_followed(wix, client):
    wix.answers(reply(302, b"", {"Location": f"{wix.url}/elsewhere"}), reply(200, {}))

    with pytest.raises(WixRefused):
        read(client)

    assert len(wix.received) == 1


def test_no_error_and_no_log_line_shows_the_key(wix, client, caplog):
    caplog.set_level(logging.DEBUG)
    echo = refusal(KEY, f"you sent {KEY}")
    echo["details"]["validationError"] = {"fieldViolations": [{"field": KEY, "description": KEY}]}
    wix.answers(
        reply(403, echo, {"x-wix-request-id": KEY}),
        reply(200, f"<html>{KEY}</html>".encode()),
        reset,
    )

    texts = []
    for _ in range(3):
        with pytest.raises(WixError) as error:
            write(client)
        texts += [str(error.value), repr(error.value), repr(vars(error.value))]
        assert error.value.__cause__ is None

    assert KEY not in "\n".join([*texts, caplog.text, repr(client)])


def test_a_key_that_json_spells_in_another_way_is_not_shown_either(wix, client):
    spelled = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
    echo = json.dumps(refusal("CODE", "words")).replace("CODE", spelled).replace("words", spelled)
    fields = {"fieldViolations": [{"field": "FIELD", "description": "FIELD"}]}
    named = json.dumps({"details": {"validationError": fields}}).replace("FIELD", spelled)
    wix.answers(reply(403, echo.encode()), reply(400, named.encode()))

    for _ in range(2):
        with pytest.raises(WixRefused) as refused:
            write(client)
        assert KEY not in repr(vars(refused.value)) + str(refused.value)


def test_an_error_is_one_line_fit_for_a_log(wix, client):
    wix.answers(reply(428, refusal("BAD\nCODE", "two\nlines \x1b[31m" + "x" * 1000)))

    with pytest.raises(WixRefused) as refused:
        write(client)

    line = str(refused.value)
    assert line.startswith("PATCH /resellers/v1/packages/product-instances/")
    assert line.isprintable()
    assert len(line) <= 500


def test_the_log_names_the_call_and_the_end_of_its_key(wix, client, caplog):
    caplog.set_level(logging.INFO, logger="resellers.wix")
    wix.answers(reply(200, {"package": package()}))

    write(client)

    line = caplog.messages[-1]
    assert "PATCH /resellers/v1/packages/product-instances/{instance_id}/{site_id}: 200" in line
    assert "request req-1, key …sign:1" in line
    assert "op-9" not in line


def test_the_observer_is_told_of_each_call_and_cannot_spoil_one(wix, make_client):
    seen = []

    def observe(call):
        seen.append((call.method, call.status, call.code))
        raise RuntimeError("a fault in counting")

    client = make_client(observer=observe)
    wix.answers(reply(200, {"package": package()}), reply(428, refusal("NO")), reset)

    assert read(client).package.id == PACKAGE
    with pytest.raises(WixRefused):
        write(client)
    with pytest.raises(WixOutcomeUnknown):
        write(client)

    assert seen == [("GET", 200, None), ("PATCH", 428, "NO"), ("PATCH", None, None)]
