"""A personal token opens what its person may see now, for as long as it lasts, and no more."""

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from resellers import scopes, tokens
from resellers.models import AuditEntry, PersonalToken
from tests import worlds
from tests.dashboard.api.callers import API, Caller

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PAGE = "/me/tokens/"
ADDRESS = f"{API}customers"


@pytest.fixture
def customer():
    return worlds.account("North Bakery", group="Food")


def status(text: str) -> int:
    client = Client(headers={"Authorization": f"Bearer {text}"})
    return client.get(ADDRESS).status_code


def test_it_is_made_and_shown_once_without_a_script_and_revoked(operator, customer):
    made = operator.post(PAGE, {"name": "nightly report", "days": "30"})

    [text] = re.findall(r"<code>(desk_[^<]+)</code>", made.content.decode())
    token = PersonalToken.objects.get()
    assert text not in operator.get(PAGE).content.decode()
    assert text.startswith(token.prefix)
    assert text not in str(list(PersonalToken.objects.values())) + str(
        list(AuditEntry.objects.values())
    )
    assert timedelta(days=29) < token.expires_at - timezone.now() <= timedelta(days=30)
    assert status(text) == 200

    again = operator.post(PAGE, {"name": "nightly report", "days": "30"})
    assert again.status_code == 422
    assert "You have a token of this name" in again.content.decode()
    for wrong in ({"name": "", "days": "30"}, {"name": "x", "days": "366"}, {"name": "a\nb"}):
        assert operator.post(PAGE, wrong).status_code == 422
    assert PersonalToken.objects.count() == 1

    operator.post(f"{PAGE}{token.pk}/revoke/")
    assert status(text) == 401
    assert [entry.event for entry in AuditEntry.objects.order_by("seq")] == [
        "token.made",
        "token.revoked",
        "token.refused",
    ]


def test_nobody_revokes_or_reads_of_anothers(operator):
    other = Caller(worlds.user("manager", "colleague"), "a colleague's")

    assert operator.post(f"{PAGE}{other.token.pk}/revoke/").status_code == 404
    assert "a colleague" not in operator.get(PAGE).content.decode()
    assert other.get("customers").status_code == 200


def test_what_opens_nothing_is_refused_alike_and_told_in_the_trail(customer):
    caller = Caller(worlds.user("viewer"))
    person, text, rows = caller.token.person, caller.text, PersonalToken.objects.all()
    half = text[:-1] + ("a" if text[-1] != "a" else "b")

    assert status(text) == 200
    shown = [f"Bearer {one}" for one in (half, "", "desk_", "ä" * 59, text + "x", text.upper())]
    shown += [f"Bearer {text} {text}", f"Basic {text}", text]
    refused = [Client(headers={"Authorization": one}).get(ADDRESS) for one in shown]
    refused.append(Client().get(f"{ADDRESS}?token={text}&access_token={text}"))
    with_cookie = Client()
    with_cookie.force_login(person)
    refused.append(with_cookie.get(ADDRESS))
    rows.update(expires_at=timezone.now())
    refused.append(caller.get("customers"))
    rows.update(expires_at=timezone.now() + timedelta(days=1))
    person.is_active = False
    person.save()
    refused.append(caller.get("customers"))

    assert {(one.status_code, one["WWW-Authenticate"]) for one in refused} == {(401, "Bearer")}
    assert len({one.content for one in refused}) == 1
    assert not any(one.cookies for one in refused)
    entries = AuditEntry.objects.filter(event="token.refused").order_by("seq")
    assert [(entry.actor, entry.body["why"]) for entry in entries] == [
        (None, "unknown"),  # once for many
        (person, "expired"),
        (person, "closed"),
    ]


def test_rights_and_customers_are_those_of_the_moment(customer):
    admin, person = worlds.user("admin"), worlds.user("manager")
    other = worlds.account("South Garage", group="Cars")
    caller = Caller(person)
    assert len(caller.every("customers")) == 2

    scopes.limit(person, ["Food"], by=admin)
    assert [one["account_name"] for one in caller.every("customers")] == ["North Bakery"]
    assert caller.get(f"customers/{other.pk}").status_code == 404
    assert caller.get(f"customers/{customer.pk}").json()["group"] == "Food"
    assert len(Caller(admin).every("customers")) == 2  # nothing is left behind in the thread

    person.groups.clear()
    assert caller.get("customers").status_code == 403


def test_use_is_noted_once_a_minute_and_calls_are_limited(customer, monkeypatch):
    caller = Caller(worlds.user("viewer"))
    caller.get("customers")
    first = PersonalToken.objects.get().last_used_at
    caller.get("customers")
    assert first == PersonalToken.objects.get().last_used_at

    monkeypatch.setattr("resellers.call_limits.time.time", lambda: 1_800_000_030.0)
    monkeypatch.setitem(settings.API, "TOKEN_CALLS", 2)
    monkeypatch.setitem(settings.API, "WRONG_TOKENS", 3)
    answers = [caller.get("customers") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 429, 429]
    assert answers[-1]["Retry-After"] == "30"
    assert [status("desk_") for _ in range(5)] == [401, 401, 401, 429, 429]
    assert status(Caller(worlds.user("admin")).text) == 200  # others at that address go on
    monkeypatch.setitem(settings.API, "ADDRESS_CALLS", 1)
    assert status(Caller(worlds.user("manager")).text) == 429
    monkeypatch.setattr("resellers.call_limits.time.time", lambda: 1_800_000_061.0)
    assert caller.get("customers").status_code == 200


def test_nothing_can_be_changed_and_no_limit_is_longer_than_a_year(customer):
    caller = Caller(worlds.user("admin"))
    for name in ("customers", f"customers/{customer.pk}"):
        for method in ("post", "put", "patch", "delete", "head", "options", "trace"):
            assert getattr(caller.client, method)(f"{API}{name}").status_code == 405
    with pytest.raises(tokens.NotMade):
        tokens.make(caller.token.person, "for ever", 366)
