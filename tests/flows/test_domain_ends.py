"""A domain that does not come stops its flow in words with what can be done, as a case that closes
once the domain works after all."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db.models.functions import Now

from resellers import cases
from resellers.clock import database_now
from resellers.flows import deciding, engine
from resellers.models import Case, CaseState, Flow, FlowStep
from resellers.sandbox.world.clock import DAY
from resellers.sandbox.world.entities import ConnectedDomain, RegisteredDomain
from tests import practice, worlds
from tests.dashboard.submitting import text

pytestmark = pytest.mark.django_db

DAYS = 86400
GOES_ON = "The flow goes on by itself once the domain is active."


@pytest.fixture
def account(sandbox, settings):
    settings.WIX_REGISTERED_DOMAINS = True
    practice.switches(sandbox, registered_domains="on")
    return worlds.account(id=UUID(practice.state(sandbox)["child_account_ids"][0]))


def at(step: str, account, by, domain: str, kind="domain_purchase", **data) -> Flow:
    """A flow about that domain that waits at that step by itself."""
    flow = Flow.objects.create(
        kind=kind,
        owner=by,
        begun_by=by,
        account=account,
        site=worlds.site(account),
        data={"domain": domain, "rounds": 1, "by_api": True, "way": "NAMESERVERS"} | data,
    )
    FlowStep.objects.create(flow=flow, name=step, looks=1)
    return flow


def look(flow: Flow) -> FlowStep:
    """Look at it now; the step that it stands at then, or ended with."""
    Flow.objects.filter(pk=flow.pk).update(next_run_at=Now())
    assert engine.run(flow.pk)
    flow.refresh_from_db()
    return flow.steps.latest("pk")


def time_ran_out(flow: Flow) -> None:
    flow.steps.update(begun_at=database_now() - timedelta(hours=49))


def registered(sandbox, account, domain: str, email="ada@bakery.example", **fields) -> None:
    """Have the world hold it, registered just now."""
    world = sandbox.world
    now = world.clock.now()
    values = {
        "domain": domain,
        "account_id": str(account.pk),
        "instance_id": str(worlds.new_id()),
        "site_id": None,
        "status": "ACTIVE",
        "contacts": {"registrant": {"email": email}},
        "term_years": 1,
        "created": now,
        "updated": now,
    }
    world.put_registered_domain(RegisteredDomain(**values | fields), now)


def comes_after_all(sandbox, domain: str) -> None:
    world = sandbox.world
    row = world.registered_domains[domain]
    contacts = {"registrant": {"email": "ada@bakery.example"}}
    mended = replace(row, status="ACTIVE", failure=None, contacts=contacts)
    world.put_registered_domain(mended, world.clock.now())
    world.clock.advance(8 * DAY)


ENDS = {
    "FAILED_REGISTRATION": (
        {"status": "FAILED_REGISTRATION", "failure": "the registry refused the address"},
        0,
        "The registry refused the domain: look at the contact's address. Put it right, then have"
        " Wix B2B register the domain with it",
    ),
    "DOMAIN_CANCELED": ({"status": "CANCELED"}, 0, "ask Wix B2B whether it can be redeemed"),
    "ICANN_EXPIRED": (
        {"email": "unanswered@bakery.example"},
        16 * DAYS,
        "Nobody answered ICANN's mail in time, and the domain does not work without",
    ),
    "DNS_FAILED": (
        {"domain": "no-dns-bakery.example"},
        0,
        "The domain is not found in the net: ask Wix B2B what is wrong with its DNS.",
    ),
    "too_long": (
        {"status": "PENDING_REGISTRATION", "email": "unanswered@bakery.example"},
        0,
        "It is not active after 48 hours: it waits for the registry, the registrant's answer to"
        " ICANN's mail, the DNS. Ask Wix B2B what the registry says. Have the registrant answer"
        " ICANN's mail; it may lie among the junk.",
    ),
}


@pytest.mark.parametrize("code", ENDS)
def test_each_end_says_what_can_be_done_and_is_a_case_until_the_domain_works(
    code, sandbox, account, operator
):
    fields, seconds, words = ENDS[code]
    domain = fields.get("domain", "north-bakery.example")
    registered(sandbox, account, **{"domain": domain} | fields)
    practice.clock(sandbox, advance_seconds=seconds)
    flow = at("active", account, operator.user, domain)
    if code == "too_long":
        assert look(flow).waiting_for.startswith("Waits for the registry, ")
        time_ran_out(flow)

    row = look(flow)

    assert (flow.state, row.code) == (Flow.State.STOPPED, code)
    page = text(operator.get(flow.get_absolute_url()))
    assert words in page
    assert GOES_ON in page
    case = Case.objects.get()
    assert (case.state, case.code, case.account_id) == (CaseState.OPEN, code, account.pk)
    assert f"Case {case.pk} is open" in page
    # It is looked at seldom by now, and a person's look is one at once.
    assert flow.next_run_at - database_now() > timedelta(minutes=1)

    comes_after_all(sandbox, domain)
    deciding.look_now(flow, by=operator.user)
    look(flow)

    assert flow.state == Flow.State.DONE
    case.refresh_from_db()
    assert (case.state, case.end) == (CaseState.CLOSED, "settled")
    cases.keep()
    assert not Case.objects.unclosed().exists()


def test_a_domain_that_wix_does_not_know_after_its_registration_is_told(sandbox, account, operator):
    flow = at("active", account, operator.user, "nowhere.example")

    assert look(flow).code == "REGISTERED_DOMAIN_NOT_FOUND"
    assert "Wix has no such registered domain." in text(operator.get(flow.get_absolute_url()))


def test_the_48_hours_are_counted_down_on_the_page(sandbox, account, operator):
    registered(sandbox, account, "slow.example", status="PENDING_REGISTRATION")
    flow = at("active", account, operator.user, "slow.example")
    look(flow)
    for hours, words in ((0, "48 h of 48 h left"), (17, "31 h of 48 h left"), (47.5, "of 48 h")):
        begun = database_now() - timedelta(hours=hours, seconds=-1)
        flow.steps.update(begun_at=begun, waits_until=begun + timedelta(hours=48))
        page = text(operator.get(flow.get_absolute_url()))
        assert words in page
    assert "30 min of 48 h left, until" in page


def connected(sandbox, account, domain: str) -> None:
    world = sandbox.world
    now = world.clock.now()
    world.connect_domain(ConnectedDomain(domain, str(account.pk), "NAMESERVERS", now))


@pytest.mark.parametrize(
    ("code", "domain", "words"),
    [
        ("DNS_FAILED", "unset-bakery.example", "Wix does not find the domain. Wix says only"),
        ("too_long", "bakery.example", "Wix does not find the domain after 48 hours. Wix says"),
    ],
)
def test_a_connected_domain_that_is_not_found_leads_back_to_its_records(
    code, domain, words, sandbox, account, operator
):
    connected(sandbox, account, domain)
    records = [["NS", domain, ["ns1.dns.example"], 3600]]
    flow = at("found", account, operator.user, domain, "domain_connection", records=records)
    if code == "DNS_FAILED":
        practice.clock(sandbox, advance_seconds=2 * DAYS + 60)
    else:
        time_ran_out(flow)

    assert look(flow).code == code
    page = text(operator.get(flow.get_absolute_url()))
    assert words in page
    assert "Have the records set at the registrar." in page
    assert Case.objects.get().code == code
    assert "Retry leads back to “Set the records at the registrar”." in page
    operator.post(f"{flow.get_absolute_url()}retry/")
    look(flow)
    assert "ns1.dns.example" in text(operator.get(flow.get_absolute_url()))
    assert not Case.objects.unclosed().exists()
