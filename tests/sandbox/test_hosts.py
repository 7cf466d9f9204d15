"""Whom the sandbox obeys: a program on this machine and its own page, and no other site's page.

A browser sends what any page tells it to, also to this machine, and a name can be made to point
here after its page was loaded.
"""

import http.client
import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from resellers.sandbox import Sandbox
from tests.sandbox.conftest import PACKAGES, Caller

FAULTS = "/_sandbox/faults"
PAGE = "/_sandbox/"
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
RULES = json.dumps({"rules": [{"match": "assign", "effect": "drop_after", "times": 1}]})


def send(
    sandbox: Sandbox,
    method: str,
    path: str,
    body: str | None = None,
    headers: dict[str, str] | None = None,
) -> tuple[int, str]:
    """Status and text; these headers alone, Host included where there is one."""
    connection = http.client.HTTPConnection("127.0.0.1", _port(sandbox), timeout=10)
    given = {"Host": f"127.0.0.1:{_port(sandbox)}"} | (headers or {})
    connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
    for name, value in given.items():
        if value:
            connection.putheader(name, value)
    if body is not None:
        connection.putheader("Content-Length", str(len(body.encode())))
    connection.endheaders(body.encode() if body is not None else None)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def _port(sandbox: Sandbox) -> int:
    return int(sandbox.url.rpartition(":")[2])


def own(sandbox: Sandbox) -> dict[str, str]:
    """What a browser adds where the sandbox's own page sends a form."""
    return {"Origin": sandbox.url, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


def token(sandbox: Sandbox) -> str:
    _, text = send(sandbox, "GET", PAGE)
    return re.findall(r'name="token" value="([^"]+)"', text)[0]


def test_a_program_needs_its_content_type_and_no_other_header(wix: Caller):
    status, _ = send(wix.sandbox, "POST", FAULTS, RULES, JSON)

    assert status == 200
    assert len(wix.state()["faults"]) == 1


def test_the_command_that_newcomers_are_shown_is_obeyed(wix: Caller):
    guide = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text()
    (command,) = re.findall(r"^ +(curl .*?')$", guide, re.MULTILINE | re.DOTALL)
    words = shlex.split(command.replace("\\\n", " "))
    assert words[:3] == ["curl", "-X", "POST"]
    address, name, value = words[3], *words[words.index("-H") + 1].split(": ")
    body = words[words.index("-d") + 1]

    path = urlsplit(address).path
    status, _ = send(wix.sandbox, "POST", path, body, {name: value})

    assert status == 200
    assert wix.state()["faults"]


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "text/plain",
        "text/plain; charset=application/json",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/jsonp",
        "text/json",
    ],
)
@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("faults", RULES),
        ("clock", '{"advance_seconds": 60}'),
        ("switches", '{"has_next": true}'),
        ("reset", "{}"),
        ("instances/x", "{}"),
        ("packages/x", "{}"),
        ("accounts/x", "{}"),
    ],
)
def test_what_a_form_of_any_page_can_send_changes_nothing(
    wix: Caller, path: str, body: str, content_type: str
):
    before = wix.state()

    status, _ = send(wix.sandbox, "POST", f"{PAGE}{path}", body, {"Content-Type": content_type})

    assert status == 415
    after = wix.state()
    assert (after["faults"], after["switches"]) == (before["faults"], before["switches"])
    assert after["clock"]["ahead_seconds"] == before["clock"]["ahead_seconds"]


@pytest.mark.parametrize("content_type", ["Application/JSON", "application/json; charset=utf-8"])
def test_the_content_type_may_be_written_in_any_way(wix: Caller, content_type: str):
    status, _ = send(wix.sandbox, "POST", FAULTS, RULES, {"Content-Type": content_type})

    assert status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1"},
        {"Origin": "http://127.0.0.1.evil.example"},
        {"Origin": "file://"},
        {"Origin": "garbage"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    ],
)
@pytest.mark.parametrize("path", [FAULTS, PAGE, f"{PACKAGES}/query"])
def test_a_page_of_another_origin_is_refused_everywhere(
    wix: Caller, path: str, headers: dict[str, str]
):
    calls = wix.state()["counts"]["calls"]

    status, _ = send(wix.sandbox, "POST", path, RULES, JSON | headers)

    assert status == 403
    assert wix.state()["faults"] == []
    assert wix.state()["counts"]["calls"] == calls


def test_another_origin_may_not_even_look_but_a_link_leads_to_the_page(wix: Caller):
    foreign = {"Sec-Fetch-Site": "cross-site"}

    assert send(wix.sandbox, "GET", "/_sandbox/state", None, foreign)[0] == 403
    assert (
        send(wix.sandbox, "GET", "/_sandbox/state", None, {"Origin": "https://evil.example"})[0]
        == 403
    )
    assert send(wix.sandbox, "GET", PAGE, None, foreign | {"Sec-Fetch-Mode": "navigate"})[0] == 200


def test_no_page_of_another_origin_is_allowed_its_wish_beforehand(wix: Caller):
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}

    assert send(wix.sandbox, "OPTIONS", FAULTS, None, asked)[0] == 403
    assert send(wix.sandbox, "OPTIONS", FAULTS, None, own(wix.sandbox))[0] == 405


@pytest.mark.parametrize(
    "host",
    [
        "",
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1.evil.example:{port}",
        "localhost.evil.example",
        "localhost.",
        "127.0.0.1:{port}@evil.example",
        "evil.example@127.0.0.1:{port}",
        "127.0.0.1:port",
        "10.0.0.7:{port}",
        "127.0.0.1:{port}, evil.example",
        "127.0.0.1/",
        "[::1",
    ],
)
@pytest.mark.parametrize("path", ["/_sandbox/state", PAGE, f"{PACKAGES}/query"])
def test_a_name_that_was_made_to_point_here_is_refused_everywhere(
    wix: Caller, path: str, host: str
):
    headers = {"Host": host.format(port=_port(wix.sandbox))}

    assert send(wix.sandbox, "GET", path, None, headers)[0] == 403
    assert send(wix.sandbox, "POST", FAULTS, RULES, JSON | headers)[0] == 403
    assert wix.state()["faults"] == []


def test_a_second_host_header_is_refused(wix: Caller):
    connection = http.client.HTTPConnection("127.0.0.1", _port(wix.sandbox), timeout=10)
    connection.putrequest("GET", "/_sandbox/state", skip_host=True)
    connection.putheader("Host", "evil.example")
    connection.putheader("Host", "localhost")
    connection.endheaders()

    assert connection.getresponse().status == 403
    connection.close()


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:{port}", "127.0.0.1", "127.8.8.8:{port}", "[::1]:{port}"]
)
def test_every_name_of_this_machine_for_itself_is_accepted(wix: Caller, host: str):
    headers = {"Host": host.format(port=_port(wix.sandbox))}

    assert send(wix.sandbox, "GET", "/_sandbox/state", None, headers)[0] == 200


@pytest.fixture
def elsewhere(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox that is served on another host."""
    with Sandbox(host=request.param, accounts=2, packages=2, calls_per_minute=0) as sandbox:
        yield sandbox


@pytest.mark.parametrize(
    ("elsewhere", "host", "status"),
    [
        ("0.0.0.0", "192.168.0.7:8001", 200),
        ("0.0.0.0", "localhost", 200),
        ("0.0.0.0", "evil.example", 403),
        ("127.0.0.2", "127.0.0.2", 200),
        ("localhost", "localhost:1", 200),
        ("localhost", "evil.example", 403),
    ],
    indirect=["elsewhere"],
)
def test_what_it_was_told_to_be_served_on_is_accepted_too(
    elsewhere: Sandbox, host: str, status: int
):
    address = "127.0.0.2" if "127.0.0.2" in elsewhere.url else "127.0.0.1"
    connection = http.client.HTTPConnection(address, _port(elsewhere), timeout=10)
    connection.request("GET", "/_sandbox/state", headers={"Host": host})

    assert connection.getresponse().status == status
    connection.close()


# --- the practice page's own forms ---------------------------------------------------------------


def test_the_pages_own_form_works_with_what_a_browser_adds(wix: Caller):
    form = f"token={token(wix.sandbox)}&action=scenario&scenario=away"

    status, _ = send(wix.sandbox, "POST", PAGE, form, FORM | own(wix.sandbox))

    assert status == 303
    assert wix.state()["faults"]


@pytest.mark.parametrize("sent", ["", "token=&", "token=guessed&"])
def test_a_form_without_the_pages_token_does_nothing_and_shows_the_page_anew(
    wix: Caller, sent: str
):
    form = f"{sent}action=scenario&scenario=away"

    status, text = send(wix.sandbox, "POST", PAGE, form, FORM)

    assert status == 403
    assert 'role="alert"' in text
    assert wix.state()["faults"] == []
    again = re.findall(r'name="token" value="([^"]+)"', text)[0]
    assert send(wix.sandbox, "POST", PAGE, f"token={again}&action=clear", FORM)[0] == 303


def test_the_token_is_another_for_every_sandbox(wix: Caller):
    any_: dict[str, Any] = {"accounts": 2, "packages": 2}
    with Sandbox(**any_) as other:
        assert token(other) != token(wix.sandbox)
