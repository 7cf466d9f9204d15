"""The second factor: set up, asked for, demanded, and passed by over no address."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from dashboard.frame.second_factor import OPEN
from resellers.models import AuditEntry, Policy
from resellers.people import factors
from tests import worlds
from tests.dashboard.every_address import every_address
from tests.dashboard.signin.second_factors import code_of, give_app, recovery_codes_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def log_in(client, name="viewer", **fields):
    return client.post("/login/", {"username": name, "password": worlds.PASSWORD} | fields)


def test_an_app_is_set_up_with_its_first_code_and_its_recovery_codes_are_shown_once(
    viewer, django_capture_on_commit_callbacks
):
    page = viewer.get("/me/factors/app/").content.decode()
    secret = re.search(r'class="secret">(\w+)<', page)[1]

    wrong = viewer.post("/me/factors/app/", {"code": "000000"})
    with django_capture_on_commit_callbacks(execute=True):
        right = viewer.post("/me/factors/app/", {"code": code_of(secret)})

    assert (wrong.status_code, right["Location"]) == (422, "/me/factors/codes/")
    codes = re.findall(r"<code>(\d{8})</code>", viewer.get("/me/factors/codes/").content.decode())
    assert codes == recovery_codes_of(viewer.user)
    assert "<code>" not in viewer.get("/me/factors/codes/").content.decode()
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert AuditEntry.objects.filter(event="factor.added", actor=viewer.user).count() == 2


def test_who_has_one_is_in_only_with_it_and_once_with_each_code(client):
    person = worlds.user("viewer")
    secret = give_app(person)

    asked = log_in(client, next="/instances/")
    assert asked["Location"] == "/login/code/"
    assert client.get("/instances/")["Location"].startswith("/login/?next=")
    assert client.post("/login/code/", {"code": "000000"}).status_code == 422
    code = code_of(secret)
    before = client.session.session_key
    assert client.post("/login/code/", {"code": code})["Location"] == "/instances/"
    assert client.session.session_key != before
    assert AuditEntry.objects.get(event="log_in").body == {"by": ["password", "totp"]}

    other = Client()
    log_in(other)
    assert other.post("/login/code/", {"code": code}).status_code == 422
    recovery = recovery_codes_of(person)[0]
    assert other.post("/login/code/", {"code": recovery})["Location"] == "/"
    another = Client()
    log_in(another)
    assert another.post("/login/code/", {"code": recovery}).status_code == 422


def test_codes_are_guessed_no_more_often_than_passwords_even_with_the_password_between(client):
    give_app(worlds.user("viewer"))
    statuses = []
    for _ in range(8):
        if log_in(client).status_code == 302:
            statuses.append(client.post("/login/code/", {"code": "000000"}).status_code)
        client.post("/logout/")

    assert statuses.count(422) == 5


def test_where_it_is_demanded_nothing_is_reached_without_by_any_address_or_method(log_in):
    client = log_in("operator")
    Policy.objects.update_or_create(pk=1, defaults={"second_factor_for": ["operator"]})

    passed = set()
    for pattern, address in every_address():
        if pattern.name == "logout":
            continue
        is_door = not getattr(pattern.callback, "login_required", True)
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            if answer.headers.get("Location") != "/me/factors/" and not is_door:
                passed.add(pattern.name)

    assert client.get("/me/factors/").status_code == 200  # nothing on the way has logged out
    assert passed <= OPEN


def test_the_pages_to_set_it_up_tell_nothing_of_the_rest(log_in):
    client = log_in("operator")
    account = worlds.account("North Bakery")
    Policy.objects.update_or_create(pk=1, defaults={"second_factor_for": ["operator"]})

    for address in ("/me/factors/", "/me/factors/app/", "/me/confirm/", "/nothing/", "/accounts/"):
        html = client.get(address, follow=True).content.decode()
        assert 'id="menu"' not in html, address
        assert account.name not in html
    part = client.get("/accounts/", headers={"HX-Request": "true"})
    assert (part.status_code, part["HX-Redirect"]) == (204, "/me/factors/")
    give_app(client.user)
    assert client.get("/accounts/").status_code == 200


def test_it_is_demanded_from_the_roles_of_the_policy(log_in):
    viewer = log_in("viewer")
    Policy.objects.update_or_create(pk=1, defaults={"second_factor_for": ["admin", "manager"]})
    assert viewer.get("/reports/").status_code == 200
    assert log_in("manager").get("/reports/")["Location"] == "/me/factors/"


def test_an_admin_resets_it_for_a_colleague(admin):
    person = worlds.user("viewer")
    give_app(person)

    assert factors.reset(person, by=admin.user) == 2

    assert not factors.has_factor(person)
    entry = AuditEntry.objects.get(event="factor.reset")
    assert entry.body == {"person": "viewer", "factors": ["recovery_codes", "totp"]}


def test_before_a_cancel_a_code_is_asked_for_beside_the_password(manager):
    service = worlds.instance()
    secret = give_app(manager.user)
    session = manager.session
    del session["password_given_at"]
    session.save()
    address = reverse("instance_cancel", args=[service.pk])
    sure = {"account_name": service.account.name, "reason": "They left."}

    alone = manager.post(address, sure | {"password": worlds.PASSWORD})
    wrong = manager.post(address, sure | {"password": worlds.PASSWORD, "code": "000000"})
    both = manager.post(address, sure | {"password": worlds.PASSWORD, "code": code_of(secret)})

    assert (alone.status_code, wrong.status_code, both.status_code) == (422, 422, 200)
    assert "code" in AuditEntry.objects.get(event="operation.not_confirmed").body["wrong"]


def test_passwords_before_a_cancel_are_guessed_no_more_often_than_at_the_door(manager):
    service = worlds.instance()
    session = manager.session
    del session["password_given_at"]
    session.save()
    address = reverse("instance_cancel", args=[service.pk])
    sure = {"account_name": service.account.name, "reason": "They left."}

    pages = [manager.post(address, sure | {"password": "a guess"}) for _ in range(7)]

    words = ["not looked at" in page.content.decode() for page in pages]
    assert words == [False] * 5 + [True] * 2
    right = manager.post(address, sure | {"password": worlds.PASSWORD})
    assert right.status_code == 422
