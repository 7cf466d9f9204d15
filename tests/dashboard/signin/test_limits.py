"""However often somebody tries: names and addresses wait, are held, and are let go by an admin."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from time import perf_counter

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from resellers import audit
from resellers.models import AuditEntry, AuditHead, Delivery, LogInTries
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


def at_once(number, act):
    """What each of so many comes to that do this at the same time."""
    from django.db import connection

    AuditHead.objects.get_or_create(pk=1)  # as the migrations leave it
    begin = Barrier(number)

    def one(place):
        begin.wait()
        try:
            return act(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))


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

    def one(place):
        try:
            limits.begin("admin", f"203.0.113.{place}")
        except limits.TooManyTries:
            return False
        return True

    assert sum(at_once(16, one)) == 5


def test_of_twenty_wrong_passwords_at_once_each_counts_and_the_next_is_held(
    transactional_db, settings
):
    settings.SIGN_IN = settings.SIGN_IN | {"NAME_TRIES": 100, "ADDRESS_TRIES": 100}
    worlds.user("admin")

    answers = at_once(20, lambda _: guess(Client()).status_code)

    assert answers == [422] * 20
    counts = {row.scope: (row.recent, row.failures) for row in LogInTries.objects.all()}
    assert counts == {"name": (20, 20), "address": (20, 20)}
    assert events("log_in.failed") == ["log_in.failed"] * 20
    assert guess(Client(), password=worlds.PASSWORD).status_code == 429
    assert limits.held().get().is_lasting
    assert list(audit.verify()) == []


def test_right_passwords_at_once_leave_no_count_behind(transactional_db):
    worlds.user("viewer")

    answers = at_once(
        5, lambda place: guess(Client(), "viewer", worlds.PASSWORD, f"192.0.2.{place}").status_code
    )

    assert answers == [302] * 5
    assert not LogInTries.objects.filter(failures__gt=0).exists()


def test_of_links_asked_for_at_once_no_more_are_mailed_than_in_turn(transactional_db, settings):
    settings.MAIL_IS_ON, settings.SITE_URL = True, "https://dashboard.example"
    worlds.user("viewer", "mary", email="mary@agency.example")

    def ask(place):
        form = {"username": "mary"}
        address = f"203.0.113.{place}"
        return Client().post("/login/forgotten/", form, REMOTE_ADDR=address).status_code

    assert sorted(at_once(8, ask)) == [302] * 3 + [429] * 5
    assert Delivery.objects.count() == 3


@pytest.mark.once
def test_one_subscriber_of_ipv6_is_one_address():
    for number in range(20):
        limits.begin(f"person{number}", f"2001:db8::{number:x}")
    with pytest.raises(limits.TooManyTries):
        limits.begin("another", "2001:db8::ffff")
    limits.begin("another", "2001:db8:0:1::1")
