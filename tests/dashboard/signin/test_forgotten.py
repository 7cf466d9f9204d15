"""A forgotten password: a link by mail, once, for a while, and the same words for every name."""

import contextlib
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from resellers import notify
from resellers.models import AuditEntry, Delivery, LogInTries, SignInLink
from resellers.people import limits, links
from tests import worlds
from tests.dashboard.signin.second_factors import code_of, give_app
from tests.dashboard.submitting import OWN_SETTINGS

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PASSWORD = "copper kettle and a violin"
NEW = {"new_password1": PASSWORD, "new_password2": PASSWORD}


@pytest.fixture(autouse=True)
def mailed(settings):
    settings.MAIL_IS_ON = True
    settings.SITE_URL = "https://dashboard.example"


@pytest.fixture
def mary():
    return worlds.user("viewer", "mary", email="mary@agency.example")


def ask(name, client=None, **headers):
    return (client or Client()).post("/login/forgotten/", {"username": name}, **headers)


def send_all():
    for pk in notify.due():
        notify.send(pk)


def links_mailed():
    """The paths of the links in the mails that have left, in order."""
    send_all()
    found = [
        re.search(r"https://dashboard\.example(/login/link/[\w-]{40,}/)", one.body)
        for one in mail.outbox
    ]
    return [one[1] for one in found]


def test_a_mailed_link_sets_a_password_once_ends_other_log_ins_and_asks_for_the_factor(mary):
    elsewhere = Client()
    elsewhere.post("/login/", {"username": "mary", "password": worlds.PASSWORD})
    assert elsewhere.get("/").status_code == 200
    secret = give_app(mary)

    page = Client().get("/login/").content.decode()
    assert 'href="/login/forgotten/"' in page
    answer = ask("mary")
    assert "is on its way" in Client().get(answer["Location"]).content.decode()
    [link] = links_mailed()

    [sent] = mail.outbox
    assert sent.to == ["mary@agency.example"]
    assert "You log in as mary" in sent.body
    client, late = Client(), Client()
    assert late.get(link)["Location"] == client.get(link)["Location"] == "/login/link/"
    assert client.post("/login/link/", NEW)["Location"] == "/login/code/"
    assert client.get("/")["Location"].startswith("/login/?next=")
    assert elsewhere.get("/")["Location"].startswith("/login/?next=")
    assert client.post("/login/code/", {"code": code_of(secret)})["Location"] == "/"
    assert late.post("/login/link/", NEW).status_code == 410
    over = Client().get(link)
    assert over.status_code == 410
    assert 'href="/login/forgotten/"' in over.content.decode()
    form = {"username": "mary", "password": PASSWORD}
    assert Client().post("/login/", form)["Location"] == "/login/code/"
    trail = AuditEntry.objects.order_by("seq").values_list("event", "actor__username")
    assert list(trail) == [
        ("log_in", "mary"),
        ("password.asked", None),
        ("session.ended", "mary"),
        ("password.changed", "mary"),
        ("log_in", "mary"),
    ]


def test_the_secret_is_in_the_mail_alone_and_good_for_an_hour(mary):
    ask("mary@AGENCY.example")
    [link] = links_mailed()

    secret = link.split("/")[3]
    kept = str([list(model.objects.values()) for model in (SignInLink, Delivery, AuditEntry)])
    assert secret not in kept
    length = SignInLink.objects.get().ends_at - timezone.now()
    assert timedelta(minutes=59) < length <= timedelta(hours=1)
    SignInLink.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert Client().get(link).status_code == 410


def test_the_same_is_said_of_every_name_and_only_who_has_a_password_is_mailed(mary):
    worlds.user("viewer", "no-address")
    worlds.user("viewer", "left", email="left@agency.example", is_active=False)
    invited = worlds.user("viewer", "invited", email="new@agency.example")
    invited.set_unusable_password()
    invited.save()

    answers = [ask(name) for name in ("mary", "nobody", "no-address", "left", "invited")]
    pages = {
        (one.status_code, one["Location"], Client().get(one["Location"]).content.decode())
        for one in answers
    }

    assert len(pages) == 1
    assert len(links_mailed()) == 1
    asked = AuditEntry.objects.filter(event="password.asked").order_by("seq")
    assert [one.body for one in asked] == [
        {"name": "mary"},
        *[{"name": "", "unknown": True}] * 4,
    ]
    assert ask("").status_code == 422


def test_a_forged_host_is_in_no_mail(mary, settings):
    settings.ALLOWED_HOSTS = ["*"]
    forged = {"HTTP_HOST": "evil.example", "HTTP_X_FORWARDED_HOST": "evil.example"}

    ask("mary", **forged)

    [link] = links_mailed()
    assert "evil.example" not in str(mail.outbox[0].message())
    assert Client().get(link).status_code == 302


def test_of_many_asked_for_three_are_mailed_and_unknown_names_are_counted_alike(mary):
    known, unknown = (
        [ask(name, REMOTE_ADDR=f"203.0.113.{place}") for place in range(5)]
        for name in ("mary", "nobody")
    )

    assert [one.status_code for one in known] == [302] * 3 + [429] * 2
    assert [one.status_code for one in unknown] == [302] * 3 + [429] * 2
    assert "asked for too often" in known[4].content.decode()
    assert len(links_mailed()) == 3
    # Mails that somebody else asks for keep nobody from logging in.
    form = {"username": "mary", "password": worlds.PASSWORD}
    assert Client().post("/login/", form).status_code == 302
    # From one address, under many names.
    many = [ask(f"person{place}", REMOTE_ADDR="198.51.100.9") for place in range(22)]
    assert [one.status_code for one in many] == [302] * 20 + [429] * 2
    assert LogInTries.objects.filter(scope="mail", key="mary").get().held_until is not None


def test_asking_takes_back_no_link_of_an_admin_and_lifts_no_hold(mary):
    given = links.make(mary)
    for _ in range(6):
        with contextlib.suppress(limits.TooManyTries):
            limits.begin("mary", None)

    ask("mary")

    [link] = links_mailed()
    assert links.found_by(links.key_of(given)) is not None
    assert limits.held_name("mary") is not None
    # Once a password is set, no other link is good.
    client = Client()
    client.get(link)
    assert client.post("/login/link/", NEW).status_code == 302
    assert links.found_by(links.key_of(given)) is None


def test_what_lies_in_a_mailbox_is_void_once_password_or_address_are_others(log_in):
    client = log_in("viewer", "rita")
    person = client.user
    person.email = "rita@agency.example"
    person.save()
    for path, form in (
        ("/me/password/", NEW),
        ("/me/", OWN_SETTINGS | {"email": "other@agency.example"}),
    ):
        ask("rita")
        link = links_mailed()[-1]
        secret = urlsplit(link).path.split("/")[3]
        assert links.found_by(links.key_of(secret)) is not None
        assert client.post(path, form).status_code in (200, 302), path
        assert links.found_by(links.key_of(secret)) is None, path
        LogInTries.objects.all().delete()


@pytest.mark.parametrize("missing", ["MAIL_IS_ON", "SITE_URL"])
def test_without_mail_the_page_says_whom_to_ask(mary, settings, missing):
    setattr(settings, missing, False if missing == "MAIL_IS_ON" else "")

    page = Client().get("/login/forgotten/")

    assert "Ask an admin of your agency" in page.content.decode()
    assert "<form" not in page.content.decode()
    assert ask("mary").status_code == 409
    assert not Delivery.objects.exists()


def test_where_passwords_are_closed_none_can_be_forgotten(mary, settings):
    settings.PASSWORD_SIGN_IN = False

    assert Client().get("/login/forgotten/").status_code == 403
    assert ask("mary").status_code == 403
    assert not Delivery.objects.exists()


def test_a_mail_that_waited_for_too_long_brings_no_link(mary):
    ask("mary")
    Delivery.objects.update(created_at=timezone.now() - timedelta(hours=2))

    send_all()

    assert mail.outbox == []
    assert not SignInLink.objects.exists()
    assert Delivery.objects.get().state == "failed"
