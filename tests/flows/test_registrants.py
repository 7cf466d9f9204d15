"""Who a domain is registered for stands in one table, all through a purchase and its stop."""

import logging

import pytest
from django.db import connection
from kombu.transport.memory import Channel

from resellers import cases, contacts
from resellers.models import Case, Flow, RegistrantContact, Site
from tests import practice
from tests.dashboard.api.callers import Caller
from tests.flows.buyers import Guided
from tests.operations.test_contacts import CANARIES, PERSON
from tests.paid_domains import buy

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

DAYS = 86400
READ_BY_PROGRAMS = ("customers", "packages", "services", "operations", "cases")
EXPORTED = (
    "accounts",
    "packages",
    "instances",
    "domains",
    "sites",
    "operations",
    "flows",
    "failures",
)


def told(text: str) -> list[str]:
    """What it tells of the person."""
    return [word for word in CANARIES if word in text.lower()]


def tables_that_tell() -> list[str]:
    """Every table of the database in which the person stands, Django's and the cache's too."""
    found = []
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            if told(str(cursor.fetchall())):
                found.append(name)
    return found


def test_no_log_table_file_or_message_tells_of_a_registrant_at_any_step(
    mirror, settings, admin, run_due, caplog
):
    settings.WIX_REGISTERED_DOMAINS = True
    practice.switches(mirror.sandbox, registered_domains="on", registration_seconds=0)
    caplog.set_level(logging.DEBUG)
    service = buy(mirror)
    site = Site.objects.usable().filter(account=service.account_id).first()
    plan = {} if Site.objects.premium().filter(pk=site.pk).exists() else {"plan": "none"}
    # Wix names in its answer who has not answered ICANN.
    person = PERSON | {"email": "unanswered.quillfeather@canary.example"}
    contact = contacts.add(service.account, person, by=admin.user)
    buyer = Guided("domain_purchase", admin, run_due)
    buyer.begin(site=str(site.pk), words="canary-three.example")
    buyer.answer(domain="canary-three.example", words="")
    buyer.answer(paid_by=f"paid:{service.pk}", country="DE", **plan)
    buyer.answer(contact=str(contact.pk))
    practice.faults(
        mirror.sandbox, {"match": "domains", "effect": "500_after", "times": 1, "after": 1}
    )
    buyer.confirm()
    assert buyer.step == "active", buyer.page
    practice.clock(mirror.sandbox, advance_seconds=16 * DAYS)
    buyer.look()
    cases.keep()

    registered = mirror.sandbox.world.registered_domains["canary-three.example"]
    assert told(str(registered.contacts)), "Wix was told"
    assert buyer.flow.state == Flow.State.STOPPED
    assert Case.objects.filter(flow=buyer.flow).exists()
    assert tables_that_tell() == [RegistrantContact._meta.db_table]
    ours = [one for one in caplog.records if one.name != "django.db.backends"]
    assert told("\n".join(one.getMessage() for one in ours)) == []
    assert told(str([list(queue.queue) for queue in Channel.queues.values()])) == []
    assert told(buyer.page) == []
    for noun in EXPORTED:
        file = b"".join(admin.get(f"/{noun}/export.csv").streaming_content).decode()
        assert told(file) == [], noun
    program = Caller(admin.user)
    for noun in READ_BY_PROGRAMS:
        assert told(str(program.every(noun))) == [], noun

    contacts.erase(contact, by=admin.user)
    assert tables_that_tell() == []
