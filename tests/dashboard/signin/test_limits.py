"""However often somebody tries: names and addresses wait, are held, and are let go by an admin."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import perf_counter

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from resellers.models import AuditEntry, LogInTries
from resellers.people import limits
from tests import worlds

pytestmark = pytest.mark.django_db


def guess(client, name="admin", password="a guess", address="203.0.113.7"):
    form = {"username": name, "password": password}
    return client.post("/login/", form, REMOTE_ADDR=address)


def said(answer):
    html = answer.content.decode()
    return html.partition('id="login-error">')[2].partition("</p>")[0]


def events(*kinds):
    return list(AuditEntry.objects.filter(event__in=kinds).values_list("event", flat=True))


@pytest.mark.once
def test_of_sixty_guesses_five_are_looked_at_and_the_name_is_held(client):
    worlds.user("admin")

    answers = [guess(client, address=f"203.0.113.{place}") for place in range(60)]

    assert [one.status_code for one in answers] == [422] * 5 + [429] * 55
    assert len(events("log_in.failed")) == 5
    assert events("log_in.slowed", "log_in.held") == ["log_in.held", "log_in.slowed"]
    row = limits.held().get()
    assert (row.scope, row.key, row.is_lasting) == ("name", "admin", True)
    right = guess(client, password=worlds.PASSWORD, address="198.51.100.1")
    assert right.status_code == 429
    assert "not looked at" in said(right)


@pytest.mark.once
def test_a_name_that_nobody_has_is_told_the_same_at_the_same_time():
    worlds.user("admin")
    words, seconds = {}, {}
    for place, name in enumerate(("admin", "nobody")):
        client = Client()
        answers, took = [], []
        for number in range(7):
            begun = perf_counter()
            answers.append(guess(client, name, address=f"203.0.113.{place * 100 + number}"))
            took.append(perf_counter() - begun)
        words[name] = [(one.status_code, said(one).replace("’", "")) for one in answers]
        seconds[name] = min(took[:5])

    assert [w[0] for w in words["admin"]] == [422] * 5 + [429] * 2
    assert words["admin"] == words["nobody"]
    assert 0.4 < seconds["admin"] / seconds["nobody"] < 2.5


@pytest.mark.once
def test_an_address_that_tries_many_names_has_to_wait_and_no_other_address(client):
    worlds.user("viewer")

    answers = [guess(client, f"person{number}") for number in range(22)]

    assert [one.status_code for one in answers] == [422] * 20 + [429] * 2
    assert guess(client, "viewer", worlds.PASSWORD).status_code == 429
    assert guess(client, "viewer", worlds.PASSWORD, "198.51.100.1").status_code == 302
    # What comes from an address that waits holds no name.
    assert not LogInTries.objects.filter(scope="name", key="viewer").exists()


@pytest.mark.once
def test_a_wait_ends_by_itself_and_who_logs_in_begins_anew(client):
    worlds.user("viewer")
    with time_machine.travel(timezone.now(), tick=False):
        for _ in range(6):
            guess(client, "viewer")
    LogInTries.objects.update(held_until=timezone.now() - timedelta(seconds=1))

    assert guess(client, "viewer", worlds.PASSWORD).status_code == 302
    assert not LogInTries.objects.filter(scope="name").exists()


@pytest.mark.once
def test_what_was_typed_as_an_unknown_name_is_not_in_the_trail(client):
    guess(client, "correct horse battery")

    entry = AuditEntry.objects.get(event="log_in.failed")
    assert entry.body == {"name": "", "unknown": True, "wrong": "password"}
    assert (entry.actor, entry.address) == (None, "203.0.113.7")


def test_guesses_at_once_are_not_more_than_guesses_in_turn(transactional_db):
    """Counted before anything is looked at, so that none passes while another is on its way."""
    from django.db import connection

    def one(number):
        try:
            limits.begin("admin", f"203.0.113.{number}")
        except limits.TooManyTries:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(one, range(16)))

    assert sum(passed) == 5


@pytest.mark.once
def test_one_subscriber_of_ipv6_is_one_address():
    for number in range(20):
        limits.begin(f"person{number}", f"2001:db8::{number:x}")
    with pytest.raises(limits.TooManyTries):
        limits.begin("another", "2001:db8::ffff")
    limits.begin("another", "2001:db8:0:1::1")
