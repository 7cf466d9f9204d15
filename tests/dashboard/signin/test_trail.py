"""The trail of ways in and out, rights and rules: each entry says who, from where, in which log-in,
and reads as a sentence."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dashboard.pages.audit.sentences import sentence, who
from resellers import audit, breaker
from resellers.models import AuditEntry, LogInTries
from tests import worlds
from tests.dashboard.signin.second_factors import give_app

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HERE = "203.0.113.7"
# What nobody who is logged in does, and what the system does.
OF_NOBODY = {"log_in.failed", "log_in.slowed", "log_in.held", "password.asked"}
OF_THE_SYSTEM = {"key.changed"}


def logged_in(name, address=HERE):
    client = Client(REMOTE_ADDR=address)
    client.post("/login/", {"username": name, "password": worlds.PASSWORD})
    return client


@pytest.fixture
def entries(settings):
    """The trail after one of everything."""
    settings.MAIL_IS_ON, settings.SITE_URL = True, "https://dashboard.example"
    admin = worlds.user("admin")
    mary = worlds.user("operator", "mary", email="mary@agency.example")
    breaker.note_key()
    client = logged_in("admin")
    key = client.session.session_key
    mine = f"/people/{mary.pk}/"
    for place in range(6):
        form = {"username": "mary" if place else "nobody-at-all", "password": "a guess"}
        Client(REMOTE_ADDR=HERE).post("/login/", form)
    Client(REMOTE_ADDR=HERE).post("/login/", {"username": "mary", "password": "a guess"})
    held = LogInTries.objects.get(scope="name", key="mary")
    client.post(f"/people/holds/{held.pk}/lift/")
    for name in ("mary", "nobody-at-all"):
        Client(REMOTE_ADDR=HERE).post("/login/forgotten/", {"username": name})
    settings.SIGN_IN = settings.SIGN_IN | {"NAME_HOLD": 0}
    Client(REMOTE_ADDR=HERE).post("/login/", {"username": "x", "password": "a guess"})
    settings.SIGN_IN = settings.SIGN_IN | {"NAME_HOLD": 20}
    LogInTries.objects.all().delete()

    theirs = logged_in("mary")
    theirs.get("/policy/")
    client.post("/people/invite/", {"username": "newcomer", "role": "viewer"})
    client.post(f"{mine}link/")
    client.post(f"{mine}role/", {"role": "viewer", "export": "on"})
    client.post(f"{mine}role/", {"role": "viewer"})
    client.post(f"{mine}scope/", {"limited": "some", "groups": ["Food"]})
    give_app(mary)
    client.post(f"{mine}factors/reset/")
    client.post(f"{mine}sessions/end/")
    client.post(f"{mine}deactivate/")
    client.post(f"{mine}reactivate/")
    b"".join(client.get("/accounts/export.csv"))
    file = SimpleUploadedFile("list.csv", f"product_id,name\n{worlds.new_id()},Wild\n".encode())
    shown = client.post("/catalog/import/", {"file": file})
    plan = re.search(r'name="plan" value="([^"]+)"', client.get(shown["Location"]).content.decode())
    client.post(shown["Location"] if "run" in shown["Location"] else "", {"plan": plan[1]})
    client.post("/policy/second-factor/", {"roles": ["manager"]})
    client.post("/policy/read-only/", {"reason": "An audit."})
    client.post("/policy/read-only/lift/")
    client.post("/policy/reasons/", {"kinds": ["assign"]})
    client.post("/logout/")
    return admin, key, list(AuditEntry.objects.order_by("seq"))


def test_each_entry_of_people_and_rules_says_who_from_where_in_which_log_in(entries):
    admin, key, rows = entries

    lacking = []
    for row in rows:
        is_persons = row.event not in OF_NOBODY | OF_THE_SYSTEM
        row.operation = row.product = None
        row.account_name = row.product_name = ""
        words = re.sub(r"<[^>]+>", "", str(sentence(row)))
        wrong = {
            "person": is_persons and row.actor is None,
            "address": row.event not in OF_THE_SYSTEM and row.address != HERE,
            "session": is_persons and not row.session,
            "sentence": words.startswith(f"{who(row)}: "),
        }
        lacking += [(row.event, name, words) for name, is_so in wrong.items() if is_so]
    assert lacking == []
    assert {row.session for row in rows if row.actor == admin} == {audit.session_fingerprint(key)}
    assert {row.event for row in rows} >= OF_NOBODY | OF_THE_SYSTEM
