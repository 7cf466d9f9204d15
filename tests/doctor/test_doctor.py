"""`manage.py doctor`: what works, what does not, and what to do about it."""

from collections.abc import Callable
from typing import Any

import pytest
import requests
from celery import Celery
from redis import Redis

from resellers import wake
from tests import practice
from tests.doctor.report import PARTS, examined

KEY = "a-key-nobody-may-read-4711"


def switch(**positions: Any) -> Callable:
    def turn(sandbox, settings):
        requests.post(f"{sandbox.url}/_sandbox/switches", json=positions, timeout=10)

    return turn


def break_with(effect: str) -> Callable:
    rule = {"match": "query", "effect": effect}
    return lambda sandbox, settings: practice.faults(sandbox, rule)


def setting(**values: str) -> Callable:
    def change(sandbox, settings):
        for name, value in values.items():
            setattr(settings, name, value)

    return change


def test_a_healthy_system_is_told_part_by_part_and_ends_well(healthy):
    report = examined()

    assert list(report.of) == PARTS
    assert report.wrong == []
    assert report.status == 0
    assert "Nothing is wrong." in report.output
    assert report.of["Database"].verdict == "ok"
    assert "all migrations are applied" in report.of["Database"].words
    assert healthy.url in report.of["Wix"].words
    assert "Practice" in report.of["Wix"].words
    assert healthy.account_id in report.of["Account"].words
    assert report.of["Child accounts"].words == "Yes: 12 accounts."
    assert report.of["Mirror"].words == "Whole 3 h ago; it holds 1 packages, 1 services."


@pytest.mark.redis
def test_a_redis_that_answers_is_told_with_what_waits_in_it(healthy, settings, redis_url):
    settings.REDIS_URL = redis_url
    with Celery(broker=redis_url, set_as_current=False) as app:
        for priority in wake.URGENCY.values():
            app.send_task("resellers.heartbeat", queue="ops", priority=priority)

    finding = examined().of["Broker"]

    assert finding.verdict == "ok"
    assert "messages waiting: 3 in ops, 0 in sync" in finding.words
    Redis.from_url(redis_url).flushdb()


BAD_DAYS = {
    "no key": (setting(WIX_API_KEY=""), "Settings", "WIX_API_KEY", "environment"),
    "no hosts": (setting(ALLOWED_HOSTS=[]), "Settings", "ALLOWED_HOSTS", "environment"),
    "no Redis": (
        setting(REDIS_URL="redis://:hush@127.0.0.1:9/0"),
        "Broker",
        "Connection refused",
        "REDIS_URL",
    ),
    "no Wix": (setting(WIX_BASE_URL="http://127.0.0.1:9"), "Wix", "does not answer", "internet"),
    "plain http": (setting(WIX_BASE_URL="http://wix.example"), "Wix", "WIX_BASE_URL", "Correct"),
    "Wix unwell": (break_with("bare:503"), "Wix", "503", "Wait"),
    "not Wix": (break_with("bad_json"), "Wix", "form nobody knows", "WIX_BASE_URL"),
    "another address": (break_with("bare:404"), "Wix", "knows no packages", "WIX_BASE_URL"),
    "a wrong key": (setting(WIX_API_KEY=KEY), "Key", "not accepted (401)", "API Keys Manager"),
    "an unknown account": (
        setting(WIX_ACCOUNT_ID="00000000-0000-4000-8000-000000000000"),
        "Key",
        "refused everything",
        "WIX_ACCOUNT_ID",
    ),
    "packages closed": (switch(key_lacks=["packages.read"]), "Reads packages", "403", "Packages"),
    "sites closed": (switch(key_lacks=["sites.read"]), "Reads sites", "403", "Read Site Data"),
    "no folder for files": (
        setting(EXPORTS_DIR="/dev/null/exports"),
        "Files",
        "cannot be written to: Not a directory",
        "EXPORTS_DIR",
    ),
    "children closed": (
        switch(key_lacks=["accounts.read"]),
        "Child accounts",
        "403",
        "Get Sub Accounts",
    ),
}


@pytest.mark.parametrize("day", BAD_DAYS)
def test_what_is_wrong_is_told_with_what_to_do(day, healthy, settings):
    cause, part, words, next_step = BAD_DAYS[day]
    cause(healthy, settings)

    report = examined()

    assert report.status == 1
    assert report.wrong == [part]
    assert words in report.of[part].words
    assert next_step in report.of[part].next_step
    assert f"1 of {len(PARTS)} is wrong: {part}." in report.output
    assert list(report.of) == PARTS


def test_a_child_account_is_told_from_the_main_one(healthy, settings):
    settings.WIX_ACCOUNT_ID = healthy.world.children[0].id

    finding = examined().of["Account"]

    assert finding.verdict == "WRONG"
    assert f"child account of {healthy.account_id}" in finding.words
