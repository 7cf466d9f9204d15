"""Ways in that work once: an invitation, another password, the command for the first admin."""

import io
import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from resellers.models import AuditEntry, SignInLink
from resellers.people import limits
from tests import worlds
from tests.dashboard.signin.second_factors import code_of, give_app

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PASSWORD = "copper kettle and a violin"
NEW = {"new_password1": PASSWORD, "new_password2": PASSWORD}


def link_on(answer):
    return re.search(r"/login/link/[\w-]{40,}/", answer.content.decode())[0]


def invite(admin, **fields):
    form = {"username": "newcomer", "role": "operator", "email": "new@agency.example"}
    return admin.post("/people/invite/", form | fields)


def test_an_invited_colleague_sets_a_password_and_is_in_once(admin):
    link = link_on(invite(admin))
    newcomer, late = Client(), Client()

    assert newcomer.get(link)["Location"] == "/login/link/"
    assert late.get(link)["Location"] == "/login/link/"
    weak = newcomer.post("/login/link/", {"new_password1": "1", "new_password2": "1"})
    assert weak.status_code == 422
    assert "too short" in weak.content.decode()
    assert newcomer.post("/login/link/", NEW)["Location"] == "/"
    assert newcomer.get("/").status_code == 200

    person = User.objects.get(username="newcomer")
    assert (person.has_perm("resellers.operate"), person.has_perm("resellers.cancel")) == (1, 0)
    assert late.post("/login/link/", NEW).status_code == 410
    assert Client().get(link).status_code == 410
    events = AuditEntry.objects.filter(event__startswith="person.").values_list(
        "event", "actor__username"
    )
    assert set(events) == {("person.invited", "admin"), ("person.accepted", "newcomer")}


def test_of_a_link_only_its_hash_is_kept_and_its_time_runs_out(admin):
    link = link_on(invite(admin))
    secret = link.split("/")[3]
    client = Client()
    client.get(link)

    assert secret not in str(list(SignInLink.objects.values()))
    assert secret not in str(dict(client.session))
    length = SignInLink.objects.get().ends_at - timezone.now()
    assert timedelta(hours=71) < length <= timedelta(hours=72)
    SignInLink.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert client.post("/login/link/", NEW).status_code == 410


def test_an_invitation_goes_by_mail_and_is_shown_to_nobody_else(admin, settings):
    settings.MAIL_IS_ON = True
    settings.SITE_URL = "https://dashboard.example"

    answer = invite(admin, by_mail="on")

    assert "/login/link/" not in answer.content.decode()
    [sent] = mail.outbox
    assert sent.to == ["new@agency.example"]
    assert re.search(r"https://dashboard\.example/login/link/[\w-]{40,}/", sent.body)


def test_a_name_that_somebody_has_however_it_is_written_is_taken(admin):
    worlds.user("viewer", "Newcomer")

    assert invite(admin, username="newcomer").status_code == 422
    assert invite(admin, username="two words").status_code == 422
    assert invite(admin, username="other", role="king").status_code == 422
    assert invite(admin, username="other", by_mail="on", email="").status_code == 422


def test_a_new_password_by_an_admins_link_ends_other_sessions_and_asks_for_the_factor(admin):
    person = worlds.user("viewer")
    old = Client()
    old.force_login(person)
    secret = give_app(person)
    for _ in range(5):
        limits.begin("viewer", None)
    with pytest.raises(limits.TooManyTries):
        limits.begin("viewer", None)

    link = link_on(admin.post(f"/people/{person.pk}/link/"))
    client = Client()
    client.get(link)
    assert client.post("/login/link/", NEW)["Location"] == "/login/code/"
    assert client.get("/")["Location"].startswith("/login/?next=")
    assert client.post("/login/code/", {"code": code_of(secret)})["Location"] == "/"
    assert old.get("/")["Location"].startswith("/login/?next=")


def test_the_command_lets_the_first_admin_in_and_again_who_is_locked_out(client):
    out = io.StringIO()
    call_command("invite", "first", "--role", "admin", stdout=out, stderr=io.StringIO())

    link = re.search(r"/login/link/[\w-]+/", out.getvalue())[0]
    client.get(link)
    assert client.post("/login/link/", NEW)["Location"] == "/"
    assert client.get("/people/").status_code == 200
    person = User.objects.get(username="first")
    give_app(person)
    call_command("invite", "first", "--reset-factors", stdout=out, stderr=io.StringIO())
    assert not person.authenticator_set.exists()
    with pytest.raises(CommandError, match="say --role"):
        call_command("invite", "second")
    with pytest.raises(CommandError, match="another role"):
        call_command("invite", "first", "--role", "viewer")
