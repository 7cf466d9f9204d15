"""Making a client: what it refuses to be made with, and what it needs to run."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

import resellers.wix
from resellers.wix import WixClient, WixError, WixPaceTimeout, WixRateLimited, WixUnreachable
from resellers.wix.pacing import LocalPacer

from .examples import CUSTOMER, KEY, MAIN, SITE
from .scripted import reply


@pytest.mark.parametrize(
    "base_url",
    [
        "https://www.wixapis.com",
        "https://WWW.WIXAPIS.COM/",
        "https://wix.example:8443",
        "http://localhost:8001",
        "http://127.0.0.1:8001",
        "http://127.9.9.9:8001",
        "http://[::1]:8001",
    ],
)
def test_a_base_address_is_https_or_on_this_machine(base_url):
    WixClient(base_url=base_url, api_key=KEY, account_id=MAIN).close()


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "www.wixapis.com",
        "ftp://www.wixapis.com",
        "http://www.wixapis.com",
        "http://10.0.0.1",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "https://somebody@wix.example",
        "https://somebody:else@wix.example",
        "https://wix.example/v1",
        "https://wix.example/..",
        "https://wix.example?x=1",
        "https://wix.example#x",
        "https://wix.example\\@evil.example",
        "https://wix.example\n",
        "https://wix.example:port",
        "https://wix.example:99999",
        "https://",
    ],
)
def test_any_other_base_address_is_refused(base_url):
    with pytest.raises(ValueError, match="base_url"):
        WixClient(base_url=base_url, api_key=KEY, account_id=MAIN)


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("api_key", ""),
        ("api_key", "two words"),
        ("api_key", "key\n"),
        ("api_key", "schlüssel"),
        ("account_id", "main"),
        ("lane", "fast"),
        ("deadline", 0),
        ("deadline", float("nan")),
    ],
)
def test_a_setting_that_cannot_be_is_named_and_not_shown(setting, value):
    settings = {"api_key": KEY, "account_id": MAIN} | {setting: value}

    with pytest.raises(ValueError, match=setting) as error:
        WixClient(**settings)

    if setting == "api_key" and value:
        assert value not in str(error.value)


def test_the_client_runs_without_django():
    folder = Path(resellers.wix.__file__).parents[2]
    script = "import sys, resellers.wix; print('django' in sys.modules, 'redis' in sys.modules)"

    found = subprocess.run(
        [sys.executable, "-c", script], cwd=folder, capture_output=True, text=True, check=True
    )

    assert found.stdout.split() == ["False", "False"]


def test_type_checkers_find_our_types():
    assert (Path(resellers.wix.__file__).parent / "py.typed").exists()


def test_a_call_waits_for_its_turn_and_says_so_when_there_is_none(wix, make_client):
    pacer = LocalPacer(60, burst=1)
    client = make_client(pacer=pacer, deadline=0.5)
    wix.answers(reply(200, {"count": 1}))

    client.count_sites(account_id=CUSTOMER)
    with pytest.raises(WixUnreachable, match="no room") as refused:
        client.count_sites(account_id=CUSTOMER)

    assert refused.value.call.attempts == 0
    assert 0.5 < refused.value.wait <= 1
    assert len(wix.received) == 1


def test_a_write_that_waited_its_turn_still_has_time_for_its_answer(wix, make_client):
    """With half its time gone it does not leave: its outcome would be unknown for nothing."""
    pacer = LocalPacer(60, burst=1)
    client = make_client(pacer=pacer, deadline=1.6)
    pacer.acquire("people", 0)

    with pytest.raises(WixPaceTimeout) as refused:
        client.publish_site(site_id=SITE)

    assert 0.8 < refused.value.wait < 1.6
    assert wix.received == []


def test_a_429_stops_every_client_of_the_pacer(wix, make_client):
    pacer = LocalPacer(60_000)
    wix.answers(reply(429, b"{}", {"Retry-After": "30"}))

    with pytest.raises(WixRateLimited):
        make_client(pacer=pacer).publish_site(site_id=SITE)
    with pytest.raises(WixUnreachable, match="no room"):
        make_client(pacer=pacer, lane="sync").count_sites(account_id=CUSTOMER)

    assert len(wix.received) == 1


def test_a_read_goes_on_when_the_wait_wix_asked_for_is_over(wix, make_client):
    wix.answers(reply(429, b"{}", {"Retry-After": "1"}), reply(200, {"count": 1}))

    answer = make_client(pacer=LocalPacer(60_000)).count_sites(account_id=CUSTOMER)

    assert answer.call.attempts == 2


def test_a_read_does_not_wait_for_what_lies_beyond_its_deadline(wix, make_client):
    wix.answers(reply(429, b"{}", {"Retry-After": "30"}))

    with pytest.raises(WixRateLimited) as limited:
        make_client().count_sites(account_id=CUSTOMER)

    assert limited.value.wait == 30


@pytest.mark.parametrize("status", [200, 404, 503])
def test_every_answer_tells_what_time_it_is_at_wix(wix, make_client, status):
    seen = []
    client = make_client(observer=seen.append)
    date = {"Date": "Fri, 20 Nov 2026 09:14:02 GMT"}
    wix.answers(*[reply(status, {"packages": []}, date)] * 4)

    try:
        client.query_packages()
    except WixError:
        assert status != 200

    assert seen[-1].wix_date == datetime(2026, 11, 20, 9, 14, 2, tzinfo=UTC)


@pytest.mark.parametrize("date", ["", "yesterday", "Fri, 99 Nov 2026 99:99:99 GMT", "0"])
def test_a_date_that_nobody_can_read_is_none(wix, make_client, date):
    wix.answers(reply(200, {"packages": []}, {"Date": date}))

    assert make_client().query_packages().call.wix_date is None
