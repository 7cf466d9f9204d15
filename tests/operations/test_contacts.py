"""Contacts of registrants: personal data, which stand in one table and nowhere else."""

import json
import logging

import pytest
from django.apps import apps
from django.core import serializers

from resellers import countries
from resellers.models import AuditEntry, Operation, RegistrantContact
from resellers.sandbox.api.registered_domains import SUBDIVIDED
from tests import practice, worlds
from tests.dashboard.submitting import text
from tests.worlds import end

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

PERSON = {
    "first_name": "Zsofia",
    "last_name": "Quillfeather",
    "email": "zsofia.quillfeather@canary.example",
    "phone": "+49 30 7771234",
    "address": "Canarygasse 77",
    "postal_code": "79997",
    "city": "Canaryhausen",
    "country_code": "DE",
    "subdivision_code": "BY",
}
# Nothing else of the world is spelt so.
CANARIES = ("zsofia", "quillfeather", "7771234", "canarygasse", "79997", "canaryhausen")


def of(account, rest: str = "") -> str:
    return f"/accounts/{account.pk}/contacts/{rest}"


def test_a_contact_is_written_down_and_stands_in_no_other_table_log_or_file(
    mirror,
    domain_service,
    log_in,
    ask,
    run_due,
    caplog,
):
    caplog.set_level(logging.DEBUG)
    account, manager = domain_service.account, log_in("manager")

    assert manager.post(of(account, "new/"), PERSON)["Location"] == of(account)
    contact = RegistrantContact.objects.get()
    about = {"contact_id": contact.pk, "site_id": ""}
    # Wix may say in its refusal what it was sent.
    practice.faults(mirror.sandbox, {"match": "domains", "effect": "500_after", "times": 1})
    lost = ask("register_domain", domain_service, domain="canary-one.example", **about)
    run_due()
    refused = ask("register_domain", domain_service, domain="taken-canary.example", **about)
    run_due()
    manager.post(of(account, f"{contact.pk}/"), PERSON | {"city": "Canaryhausen-Süd"})

    assert end(lost).state == "succeeded"
    assert end(refused).state == "failed"
    sent = mirror.sandbox.world.registered_domains["canary-one.example"].contacts["registrant"]
    assert sent["lastName"] == "Quillfeather"
    for model in apps.get_models():
        if model is not RegistrantContact:
            held = serializers.serialize("json", model._default_manager.all()).lower()
            assert not [word for word in CANARIES if word in held], model
    # The test's own statements, which Django logs at this level alone, are no log of ours.
    ours = [record for record in caplog.records if record.name != "django.db.backends"]
    said = "\n".join(record.getMessage() for record in ours).lower()
    assert not [word for word in CANARIES if word in said]
    for noun in ("accounts", "operations", "audit", "domains", "instances"):
        file = b"".join(manager.get(f"/{noun}/export.csv").streaming_content).decode().lower()
        assert not [word for word in CANARIES if word in file], noun


def test_only_who_registers_sees_them_and_a_file_of_them_is_taken_on_purpose(log_in):
    viewer = log_in("viewer")
    account = worlds.account()
    contact = worlds.contact(account, **PERSON)

    assert viewer.get(of(account)).status_code == 403
    assert "Quillfeather" not in text(viewer.get(account.get_absolute_url()))
    operator, manager = log_in("operator"), log_in("manager")
    assert "Quillfeather" in text(operator.get(of(account)))
    assert manager.get(of(account, "export/")).status_code == 405
    file = manager.post(of(account, "export/")).content.decode()
    assert f"{contact.pk},Zsofia,Quillfeather" in file
    [entry] = AuditEntry.objects.filter(event="contacts.exported")
    assert (entry.actor, entry.body) == (manager.user, {"contacts": 1})


def test_an_erased_contact_is_gone_unless_a_registration_is_under_way(manager, ask, settings):
    settings.WIX_REGISTERED_DOMAINS = True
    product = worlds.product("Domain", service_type="DOMAIN", tld="example")
    service = worlds.instance(floating=True, product=product)
    account = service.account
    contact = worlds.contact(account, **PERSON)
    about = {"domain": "one.example", "contact_id": contact.pk, "site_id": ""}
    operation = ask("register_domain", service, **about)

    manager.post(of(account, f"{contact.pk}/erase/"))
    assert RegistrantContact.objects.get().last_name == "Quillfeather"
    Operation.objects.filter(pk=operation.pk).update(state="canceled")
    manager.post(of(account, f"{contact.pk}/erase/"))

    contact.refresh_from_db()
    assert contact.erased_at
    assert contact.full_name == contact.email == contact.address == ""
    assert manager.get(of(account, f"{contact.pk}/")).status_code == 404
    trail = json.dumps(list(AuditEntry.objects.values_list("body", flat=True))).lower()
    assert not [word for word in CANARIES if word in trail]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"subdivision_code": ""}, "Wix registers nothing without it in this country."),
        ({"subdivision_code": "XX"}, "This country has no such part: choose one."),
        ({"email": "a@b@canary.example"}, "Write it as name@host.example"),
        ({"email": f"a@{'b' * 56}.example"}, "63 behind"),
        ({"city": "X"}, "at least 2 characters"),
        ({"phone": "+" + "1" * 20}, "at most 20 characters"),
        ({"country_code": "ZZ"}, "Select a valid choice"),
    ],
)
def test_what_wix_would_refuse_is_said_beside_its_field_and_all_typed_is_kept(
    operator, wrong, words
):
    account = worlds.account()

    answer = operator.post(of(account, "new/"), PERSON | wrong)

    assert answer.status_code == 422
    assert words in text(answer)
    assert 'value="Canarygasse 77"' in answer.content.decode()
    assert not RegistrantContact.objects.exists()


def test_the_parts_of_any_country_are_offered_and_demanded_where_wix_demands_one(operator):
    assert countries.SUBDIVIDED == SUBDIVIDED
    account = worlds.account()

    # Without a script: the button only shows what there is to choose from.
    shown = operator.post(of(account, "new/"), {"country_code": "LT", "city": "K", "regions": "1"})
    assert shown.status_code == 200
    assert 'value="K"' in shown.content.decode()
    assert "Vilniaus" in text(shown)
    taken = PERSON | {"country_code": "FR", "subdivision_code": ""}
    assert operator.post(of(account, "new/"), taken).status_code == 302
    for country, part in (("AU", "WA"), ("MX", "NL"), ("JP", "13"), ("US", "CA")):
        values = PERSON | {"country_code": country, "subdivision_code": part}
        assert operator.post(of(account, "new/"), values).status_code == 302, country
