"""The server itself: its port, its connections, its state file, and starting it anew."""

import http.client
import json
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import requests

from resellers.sandbox import Sandbox, SandboxError
from tests.sandbox.conftest import PACKAGES, WORLD, Caller

SMALL: dict[str, Any] = {"accounts": 4, "packages": 10, "calls_per_minute": 0}


def test_a_taken_port_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        with pytest.raises(SandboxError, match=f"port {port} on 127.0.0.1 is already taken"):
            Sandbox(port=port, **SMALL)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"port": -1}, "port"),
        ({"port": 65_536}, "port"),
        ({"accounts": -1}, "accounts"),
        ({"packages": -1}, "packages"),
        ({"calls_per_minute": -1}, "calls per minute"),
        ({"host": "no.such.host.example"}, "no.such.host.example"),
    ],
)
def test_arguments_that_make_no_sense_are_refused(wrong: dict[str, Any], words: str):
    with pytest.raises(SandboxError, match=words):
        Sandbox(**{**SMALL, **wrong})


def ask(connection: http.client.HTTPConnection) -> bytes:
    connection.request("GET", "/_sandbox/state")
    return connection.getresponse().read()


def test_stopping_closes_the_port_and_every_connection():
    sandbox = Sandbox(**SMALL)
    sandbox.start()
    connection = http.client.HTTPConnection("127.0.0.1", int(sandbox.url.rpartition(":")[2]))
    assert ask(connection)

    sandbox.stop()

    with pytest.raises((http.client.HTTPException, OSError)):
        ask(connection)
    connection.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{sandbox.url}/_sandbox/state", timeout=2)


def test_stopping_what_was_never_started_is_fine():
    Sandbox(**SMALL).stop()


def test_one_connection_carries_many_calls(wix: Caller):
    port = int(wix.sandbox.url.rpartition(":")[2])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    headers = {"Authorization": wix.sandbox.api_key, "wix-account-id": wix.sandbox.account_id}
    sockets = set()

    for _ in range(3):
        connection.request("POST", f"{PACKAGES}/query", b'{"query": {}}', headers)
        assert connection.getresponse().read().startswith(b'{"packages"')
        sockets.add(connection.sock)

    assert len(sockets) == 1
    connection.close()


def test_a_chunked_body_is_read(wix: Caller):
    def body():
        yield b'{"query": {"cursorPaging": '
        yield b'{"limit": 3}}}'

    answer = requests.post(
        f"{wix.sandbox.url}{PACKAGES}/query",
        data=body(),
        headers={"Authorization": wix.sandbox.api_key, "wix-account-id": wix.sandbox.account_id},
        timeout=5,
    )

    assert len(answer.json()["packages"]) == 3


@pytest.mark.parametrize("length", ["99999999999", "-5", "many"])
def test_a_body_of_no_sensible_length_is_413(wix: Caller, length: str):
    port = int(wix.sandbox.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        head = f"POST {PACKAGES}/query HTTP/1.1\r\nHost: x\r\nContent-Length: {length}\r\n\r\n"
        connection.sendall(head.encode())

        assert connection.recv(1000).startswith(b"HTTP/1.1 413")


def test_many_callers_at_once_leave_a_whole_world(wix: Caller):
    account = wix.sandbox.account_id
    line = wix.line("Mailbox Starter")
    before = wix.state()["counts"]["packages"]

    def order_ten() -> None:
        caller = Caller(wix.sandbox)
        for _ in range(10):
            assert caller.create(account, line).status_code == 200
        caller.session.close()

    threads = [threading.Thread(target=order_ten) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wix.state()["counts"]["packages"] == before + 80
    numbers = [one["n"] for one in wix.journal()]
    assert numbers == sorted(set(numbers))


def served(state: Path, **arguments: Any) -> tuple[Sandbox, Caller]:
    sandbox = Sandbox(state_file=state, **{**WORLD, **arguments})
    sandbox.start()
    return sandbox, Caller(sandbox)


def test_a_state_file_brings_the_same_world_back(tmp_path: Path):
    state = tmp_path / "sandbox.json"
    sandbox, wix = served(state)
    account = sandbox.account_id
    line = wix.line("Core")
    first = wix.create(account, line, idempotencyKey="k").json()
    wix.send("POST", f"{PACKAGES}/query", {"query": {}})
    wix.switch(has_next=True)
    wix.advance(1)
    before = wix.state(), wix.all_packages(), wix.journal()
    wix.session.close()
    sandbox.stop()

    sandbox, wix = served(state, seed=99, accounts=3, packages=1)
    after = wix.state(), wix.all_packages(), wix.journal()
    again = wix.create(account, line, idempotencyKey="k").json()
    another = wix.create(account, line).json()
    wix.advance(3)
    instance = first["package"]["productInstances"][0]["instanceId"]
    delivered = wix.truth(instance)["status"]
    wix.session.close()
    sandbox.stop()

    for one in (before[0], after[0]):
        del one["clock"]["now"]
    assert after == before
    assert again == first
    assert another["package"]["id"] not in [one["id"] for one in before[1]]
    assert delivered == "ENABLED"
    assert [one.name for one in tmp_path.iterdir()] == ["sandbox.json"]


def test_a_change_is_in_the_file_within_a_second_or_two(tmp_path: Path):
    state = tmp_path / "sandbox.json"
    sandbox, wix = served(state)
    made = wix.create(sandbox.account_id, wix.line("Core")).json()["package"]["id"]

    deadline = time.monotonic() + 5
    while made not in state.read_text() and time.monotonic() < deadline:
        time.sleep(0.05)

    saved = json.loads(state.read_text())
    wix.session.close()
    sandbox.stop()
    assert made in [one["id"] for one in saved["packages"]]


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"format": 99}'])
def test_a_file_that_holds_no_world_is_refused_and_left_alone(tmp_path: Path, content: str):
    state = tmp_path / "sandbox.json"
    state.write_text(content)

    with pytest.raises(SandboxError, match=r"cannot read the state file .*sandbox\.json"):
        Sandbox(state_file=state, **SMALL)

    assert state.read_text() == content


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path):
    with pytest.raises(SandboxError, match="cannot write the state file"):
        Sandbox(state_file=tmp_path / "missing" / "sandbox.json", **SMALL)


def test_a_file_whose_domains_still_carry_their_site_is_read(tmp_path: Path):
    state = tmp_path / "sandbox.json"
    sandbox, wix = served(state)
    wix.session.close()
    sandbox.stop()
    saved = json.loads(state.read_text())
    assigned = {one["domain"]: one for one in saved.pop("domain_assignments")}
    for domain in saved["connected_domains"]:
        there = assigned.get(domain["domain"], {})
        domain["site_id"] = there.get("site_id")
        domain["assignment_type"] = there.get("assignment_type", "UNKNOWN_ASSIGNMENT_TYPE")
    state.write_text(json.dumps(saved))

    sandbox, wix = served(state)
    found = {one.domain: one.site_id for one in sandbox.world.domain_assignments}
    wix.session.close()
    sandbox.stop()

    assert assigned
    assert found == {name: one["site_id"] for name, one in assigned.items()}
