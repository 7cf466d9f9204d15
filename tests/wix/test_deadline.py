"""No call outlasts its deadline and no answer outgrows its limits, whatever the other side does."""

import gzip
import json
import socket
import time
import tracemalloc
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection

import pytest

from resellers.wix import (
    NextMove,
    WixBadPayload,
    WixError,
    WixOutcomeUnknown,
    WixRefused,
    WixUnreachable,
)

from .examples import CUSTOMER, INSTANCE, PACKAGE, SITE, package
from .scripted import drip, hang, message, raw, reply, zipped

DEADLINE = 0.6
# What spoils a call goes on for longer than this. So a call that took less was ended by its
# deadline, on however busy a machine.
HUNG = 30
WHOLE = message(200, {"package": package()})


def read(client):
    return client.get_package(account_id=CUSTOMER, package_id=PACKAGE)


def write(client):
    return client.assign_product_instance(account_id=CUSTOMER, instance_id=INSTANCE, site_id=SITE)


@pytest.mark.parametrize("call", [read, write])
@pytest.mark.parametrize(
    "fault",
    [
        drip(WHOLE, every=0.1),
        drip(b"HTTP/1.1 200 OK\r\n" + b"x-pad: pad\r\n" * 100, every=0.05),
        drip(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n{\r\n" * 200,
            every=0.05,
        ),
        hang(2 * HUNG),
        raw(WHOLE[:30]),
        raw(WHOLE[:-1]),
    ],
    ids=["dripping", "dripping headers", "dripping chunks", "silent", "headers cut", "body cut"],
)
def test_a_call_ends_at_its_deadline(wix, make_client, fault, call):
    wix.answers(*[fault] * 4)
    client = make_client(deadline=DEADLINE)
    started = time.monotonic()

    with pytest.raises(WixUnreachable if call is read else WixOutcomeUnknown):
        call(client)

    assert time.monotonic() - started < HUNG
    assert wix.received


def test_silence_after_the_first_bytes_does_not_begin_the_time_anew(wix, make_client):
    def falter(connection):
        drip(WHOLE[:18], every=0.05)(connection)
        return hang(2 * HUNG)(connection)

    wix.answers(falter)
    started = time.monotonic()

    with pytest.raises(WixOutcomeUnknown):
        write(make_client(deadline=1.0))

    assert time.monotonic() - started < HUNG


def test_a_read_that_hangs_leaves_time_for_another_try(wix, make_client):
    wix.answers(hang(2 * HUNG), reply(200, {"package": package()}))

    answer = read(make_client(deadline=4.0))

    assert answer.call.attempts == 2


def test_a_name_that_is_looked_up_for_ever_does_not_hold_a_call(make_client, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(2 * HUNG) or [])
    client = make_client(base_url="https://slow.example", deadline=DEADLINE)
    started = time.monotonic()

    with pytest.raises(WixUnreachable, match=r"looking up slow\.example took too long"):
        write(client)

    assert time.monotonic() - started < HUNG


@contextmanager
def deaf_listener(address):
    """A listener whose queue is full: who connects waits and hears nothing."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(address)
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()


def test_a_host_that_accepts_no_connection_means_nothing_was_sent(make_client):
    started = time.monotonic()

    with deaf_listener(("127.0.0.1", 0)) as (host, port), pytest.raises(WixUnreachable):
        write(make_client(base_url=f"http://{host}:{port}", deadline=DEADLINE))

    assert time.monotonic() - started < HUNG


@pytest.fixture
def two_addresses(wix, monkeypatch):
    """`localhost` has 127.0.0.2 as its first address, where nothing of ours listens."""
    look_up = socket.getaddrinfo

    def look_up_both(host, *args, **kwargs):
        hosts = ["127.0.0.2", "127.0.0.1"] if host == "localhost" else [host]
        return [entry for each in hosts for entry in look_up(each, *args, **kwargs)]

    monkeypatch.setattr(socket, "getaddrinfo", look_up_both)
    return wix.url.replace("127.0.0.1", "localhost")


def test_an_address_that_refuses_gives_way_to_the_next_one(wix, two_addresses, make_client):
    wix.answers(reply(200, {"package": package()}))

    assert write(make_client(base_url=two_addresses)).call.attempts == 1


def test_an_address_that_is_deaf_leaves_time_for_the_next_one(wix, two_addresses, make_client):
    wix.answers(reply(200, {"package": package()}))
    port = int(wix.url.rpartition(":")[2])

    with deaf_listener(("127.0.0.2", port)):
        answer = write(make_client(base_url=two_addresses, deadline=4.0))

    assert answer.call.attempts == 1


def test_a_connection_is_used_again_after_a_whole_answer(wix, client):
    wix.answers(
        *[reply(200, {"package": package()})] * 3, reply(428, b"{}"), reply(200, {"count": 1})
    )

    for _ in range(3):
        read(client)
    with pytest.raises(WixRefused):
        write(client)
    client.count_sites(account_id=CUSTOMER)

    assert wix.connections == 1


def test_packed_answers_are_read(wix, client):
    wix.answers(zipped(json.dumps({"package": package()}).encode()))

    assert read(client).package.id == PACKAGE


def test_chunked_answers_are_read(wix, client):
    body = json.dumps({"package": package()}).encode()
    chunks = (
        b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:7], body[7:]))
        + b"0\r\n\r\n"
    )
    wix.answers(raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks))

    assert read(client).package.id == PACKAGE


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (reply(200, b" " * (5 * 1024 * 1024 + 1)), "is larger than 5 MB"),
        (zipped(b" " * (64 * 1024 * 1024)), "is larger than 5 MB"),
        (reply(200, gzip.compress(b"{}")[:-4], {"Content-Encoding": "gzip"}), "is cut short"),
        (reply(200, b"{}", {"Content-Encoding": "gzip"}), "is not gzip although it says so"),
        (reply(200, b"{}", {"Content-Encoding": "br"}), "is packed in a way"),
        (reply(200, b"{}", {"Content-Encoding": "gzip, gzip"}), "is packed in a way"),
    ],
    ids=["large", "bomb", "cut", "not gzip", "brotli", "twice"],
)
def test_an_answer_beyond_the_limits_is_given_up(wix, client, answer, why):
    wix.answers(answer)

    with pytest.raises(WixBadPayload, match=why):
        write(client)


def test_a_bomb_is_not_unpacked_beyond_the_limit(wix, client):
    wix.answers(zipped(b" " * (64 * 1024 * 1024)))

    tracemalloc.start()
    with pytest.raises(WixBadPayload):
        write(client)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak < 32 * 1024 * 1024


def test_a_bomb_in_a_redirect_is_not_unpacked(wix, client):
    bomb = gzip.compress(b" " * (64 * 1024 * 1024))
    wix.answers(reply(302, bomb, {"Content-Encoding": "gzip", "Location": "ftp://%zz"}))

    with pytest.raises(WixRefused) as refused:
        write(client)

    assert refused.value.raw == ""


def test_cookies_are_not_kept(wix, client):
    wix.answers(*[reply(200, {"package": package()}, {"Set-Cookie": "a=b; Path=/"})] * 2)

    read(client)
    read(client)

    assert all("cookie" not in call.headers for call in wix.received)


def test_the_environment_has_no_say(wix, make_client, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    wix.answers(reply(200, {"package": package()}))

    assert read(make_client()).package.id == PACKAGE
    assert wix.received[0].headers["user-agent"].startswith("wix-reseller-dashboard/")


@pytest.mark.parametrize(
    "answer",
    [
        b"\0" * 100,
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nx: " + b"y" * 70_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n{}   ",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n{}\r\n",
        b"HTTP/1.1 200 OK\r\n: :\r\n\xff\xfe: \xff\r\n\r\n",
        b"HTTP/1.1 103 Early\r\n\r\n",
        b"HTTP/1.1 204 No\r\n\r\n",
        b"220 mail.example ESMTP\r\n",
        b"",
    ],
)
def test_nonsense_on_the_wire_is_a_wix_error(wix, make_client, answer):
    client = make_client(deadline=DEADLINE)
    wix.answers(*[raw(answer, then_close=True)] * 5)

    for call in (read, write):
        with pytest.raises(WixError) as error:
            call(client)
        assert error.value.call is not None


# --- nothing leaves late -------------------------------------------------------------------------


def stands_still(seconds, call, monkeypatch, owner, name):
    """As if the process stood still for so long after that call: SIGSTOP, a swapped-out machine."""

    def slow(*arguments, **options):
        answer = call(*arguments, **options)
        time.sleep(seconds)
        return answer

    monkeypatch.setattr(owner, name, slow)


def test_a_write_whose_moment_is_over_does_not_leave(wix, client):
    with pytest.raises(WixUnreachable, match="too late") as refused:
        write(client.not_after(time.monotonic() - 0.001))

    assert refused.value.next_move is NextMove.RETRY
    assert refused.value.status is None
    assert wix.received == []


def test_a_write_that_stood_still_while_it_connected_does_not_leave(wix, client, monkeypatch):
    stands_still(0.3, socket.getaddrinfo, monkeypatch, socket, "getaddrinfo")

    with pytest.raises(WixUnreachable, match="too late"):
        write(client.not_after(time.monotonic() + 0.15))

    assert wix.received == []


def test_a_write_that_stood_still_behind_its_headers_keeps_its_body(wix, client, monkeypatch):
    wix.answers(reply(200, {"package": package()}))
    stands_still(0.3, HTTPConnection.send, monkeypatch, HTTPConnection, "send")

    with pytest.raises(WixUnreachable, match="too late"):
        write(client.not_after(time.monotonic() + 0.15))

    time.sleep(0.1)
    assert [request.body for request in wix.received] in ([], [b""]), "the wish itself has left"
    monkeypatch.undo()
    wix.script[:] = [reply(200, {"package": package()})]
    write(client)
    assert wix.connections == 2, "the broken request's connection was used again"


def test_a_write_in_time_leaves_and_the_client_itself_knows_no_such_moment(wix, client):
    wix.answers(*[reply(200, {"package": package()})] * 2)

    write(client.not_after(time.monotonic() + HUNG))
    client.not_after(time.monotonic() - 1)
    write(client)

    assert len(wix.received) == 2
    assert wix.connections == 1
