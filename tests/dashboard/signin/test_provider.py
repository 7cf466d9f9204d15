"""The agency's own sign-in, against a provider that runs here."""

import re

import pytest
import requests
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from dashboard.environment import Environment
from dashboard.sign_in_settings import Oidc, sign_in_settings
from resellers.models import AuditEntry
from resellers.people.rights import role_of
from tests import worlds
from tests.dashboard.signin import providers
from tests.dashboard.signin.providers import log_in

pytestmark = [pytest.mark.django_db, pytest.mark.once]
ROLES = {"Desk": "operator", "Heads": "manager"}


@pytest.fixture(scope="module")
def issuer():
    with providers.running() as address:
        yield address


@pytest.fixture
def oidc(issuer, settings):
    settings.SITE_URL = ""
    settings.OIDC = Oidc(issuer, "desk", "a secret", "Agency ID", roles=ROLES)
    return settings


@pytest.mark.usefixtures("oidc")
def test_who_a_group_gives_a_role_is_in_and_known_by_issuer_and_subject_alone(issuer):
    somebody_else = worlds.user("admin")  # who has the name that bo goes by at the provider
    client = Client()

    assert "Go on with Agency ID" in client.get("/login/").content.decode()
    before = client.session.session_key
    answer = log_in(client, "bo-2", "/login/provider/?next=/instances/")

    assert answer["Location"] == "/instances/"
    assert client.session.session_key != before
    person = User.objects.get(socialaccount__uid="bo-2")
    assert (person.username, role_of(person)) == ("admin2", "manager")
    assert person != somebody_else
    assert person.socialaccount_set.get().provider == issuer
    assert not person.has_usable_password()
    again = Client()
    assert log_in(again, "bo-2")["Location"] == "/"
    assert User.objects.count() == 2
    assert AuditEntry.objects.filter(event="log_in", actor=person).count() == 2


def test_roles_follow_the_groups_at_each_log_in_and_without_one_nobody_is_in(oidc, issuer):
    log_in(Client(), "ann-1")
    person = User.objects.get(username="ann")
    oidc.OIDC = Oidc(issuer, "desk", "a secret", "Agency ID", roles={"Desk": "viewer"})

    assert log_in(Client(), "ann-1")["Location"] == "/"
    assert role_of(User.objects.get(pk=person.pk)) == "viewer"
    stranger = Client()
    assert log_in(stranger, "cy-3")["Location"] == "/login/?trouble=role"
    assert "gives you no role" in stranger.get("/login/?trouble=role").content.decode()
    assert stranger.get("/").status_code == 302
    person.is_active = False
    person.save()
    assert log_in(Client(), "ann-1")["Location"] == "/login/closed/"


def test_without_groups_one_comes_by_an_invitation_and_is_connected(oidc, issuer, admin):
    oidc.OIDC = Oidc(issuer, "desk", "a secret", "Agency ID")
    assert log_in(Client(), "cy-3")["Location"] == "/login/?trouble=unknown"
    page = admin.post("/people/invite/", {"username": "cyril", "role": "viewer"})
    link = re.search(r"/login/link/[\w-]{40,}/", page.content.decode())[0]
    client = Client()
    client.get(link)

    assert log_in(client, "cy-3")["Location"] == "/"

    assert User.objects.get(socialaccount__uid="cy-3").username == "cyril"
    assert Client().get(link).status_code == 410
    assert log_in(Client(), "cy-3")["Location"] == "/"
    # Who is in already connects from their own page.
    assert log_in(admin, "bo-2", "/login/provider/?connect=1")["Location"] == "/me/"
    assert admin.user.socialaccount_set.get().uid == "bo-2"
    assert log_in(admin, "cy-3", "/login/provider/?connect=1")["Location"] == "/me/?connected=no"


def test_passwords_and_passkeys_are_closed_by_a_setting(oidc):
    oidc.PASSWORD_SIGN_IN = False
    worlds.user("viewer")
    client = Client()

    page = client.get("/login/").content.decode()
    form = {"username": "viewer", "password": worlds.PASSWORD}
    assert 'name="password"' not in page
    assert client.post("/login/", form).status_code == 403
    assert client.get("/login/passkey/").status_code == 403
    assert client.get("/").status_code == 302
    assert log_in(client, "ann-1")["Location"] == "/"
    assert client.get("/me/password/").status_code == 403


@pytest.mark.usefixtures("oidc")
def test_an_answer_of_another_log_in_is_none():
    """Neither without the state that this browser was given, nor a second time."""
    mine, theirs = Client(), Client()
    there = mine.get("/login/provider/")["Location"]
    back = requests.post(there, data={"sub": "ann-1"}, timeout=5, allow_redirects=False)
    address = back.headers["Location"].partition("testserver")[2]

    assert theirs.get(address)["Location"] == "/login/?trouble=provider"
    assert mine.get(address)["Location"] == "/"
    assert mine.get(address)["Location"] != "/"
    assert "/login/?trouble=provider" in theirs.get(address)["Location"]


def test_with_the_provider_away_the_log_in_says_so(oidc):
    oidc.OIDC = Oidc("http://127.0.0.1:9", "desk", "a secret", "Agency ID")

    assert Client().get("/login/provider/")["Location"] == "/login/?trouble=provider"
    oidc.OIDC = Oidc()
    assert Client().get("/login/provider/").status_code == 404


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"OIDC_ISSUER": "https://id.example"}, "OIDC_CLIENT_ID and OIDC_CLIENT_SECRET"),
        ({"OIDC_CLIENT_SECRET": "x"}, "OIDC_ISSUER"),
        ({"OIDC_ROLES": "Desk=viewer"}, "OIDC_ROLES"),
        ({"PASSWORD_SIGN_IN": "false"}, "PASSWORD_SIGN_IN"),
        ({"OIDC_ISSUER": "http://id.example"}, "OIDC_ISSUER"),
        ({"OIDC_ROLES": "Desk=king"}, "OIDC_ROLES"),
    ],
)
def test_what_is_set_by_half_refuses_to_start_naming_it(monkeypatch, given, named):
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(ImproperlyConfigured, match=named):
        sign_in_settings(Environment(), demo=False)
