"""A domain is found, chosen, paid for, registered once and followed until it works."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from resellers import cases
from resellers.mirror import sync
from resellers.models import (
    Case,
    CatalogProduct,
    DomainProposal,
    Flow,
    Operation,
    Site,
    SyncRun,
)
from resellers.operations.engine import settle
from tests import practice, worlds
from tests.dashboard.submitting import text
from tests.flows.buyers import Guided
from tests.paid_domains import buy

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def opened(mirror, settings):
    """A Wix that registers domains by API, within seconds."""
    settings.WIX_REGISTERED_DOMAINS = True
    practice.switches(mirror.sandbox, registered_domains="on", registration_seconds=0)
    return mirror


class Buyer(Guided):
    """Somebody of staff who buys a domain."""

    def __init__(self, client, run_due) -> None:
        super().__init__("domain_purchase", client, run_due)

    def begin(self, site, words: str):
        return super().begin(site=str(site.pk), words=words)


def free_site(mirror):
    """A site of a customer that has no plan."""
    sites = Site.objects.usable().filter(account__is_main=False, account__gone_at=None)
    sites = sites.exclude(pk__in=Site.objects.premium().values("pk"))
    site = sites.exclude(account__name="").select_related("account").order_by("id").first()
    sync.run(sync.want(SyncRun.Kind.ACCOUNT, account=site.account).pk)
    return site


def test_from_words_to_a_domain_that_works_on_a_site_that_had_no_plan(opened, manager, run_due):
    site, buyer = free_site(opened), Buyer(manager, run_due)
    practice.switches(opened.sandbox, registration_seconds=7200)
    buyer.begin(site, "north bakery")
    assert buyer.step == "pick_1"
    # Words that find nothing, and a name somebody else has, lead to a new search.
    buyer.answer(words="taken-bakery.example", domain="")
    assert buyer.step == "pick_2"
    assert "taken-bakery.example is taken." in buyer.page
    buyer.answer(words="new-bakery.example")
    page = buyer.page
    assert "Domain .example has to be ordered" in page
    assert "- new-bakery.example" in page, "the text for the owner"
    buyer.answer(domain="new-bakery.example", by_owner="on", words="")
    assert DomainProposal.objects.get().chosen == "new-bakery.example"

    domain = CatalogProduct.objects.get(name="Domain .example")
    plan = CatalogProduct.objects.named().premium_plans().first()
    cycle = plan.billing_cycles[0]
    paid_by, plan_line = f"{domain.pk}|1 YEAR", f"{plan.pk}|{cycle}"
    buyer.answer(paid_by=paid_by, plan=plan_line, country="DE")
    assert buyer.step == "order", buyer.page
    buyer.confirm()
    practice.clock(opened.sandbox, deliver_now=True)
    sync.run(sync.want(SyncRun.Kind.ACCOUNT, account=site.account).pk)
    buyer.look()
    assert buyer.step == "contact", buyer.page
    contact = worlds.contact(site.account)
    buyer.answer(contact=str(contact.pk))
    buyer.confirm()

    assert buyer.step == "active", buyer.page
    assert "Waits for the registry, the registrant's answer to ICANN's mail, the DNS." in buyer.page
    assert "48 h of 48 h left, until" in buyer.page
    practice.clock(opened.sandbox, advance_seconds=7300)
    buyer.look()

    assert buyer.flow.state == Flow.State.DONE, buyer.page
    registered = opened.sandbox.world.registered_domains["new-bakery.example"]
    assert (registered.site_id, registered.status) == (str(site.pk), "ACTIVE")
    assert practice.applied(opened.sandbox).count("register") == 1
    held = str(list(Flow.objects.values_list("data", flat=True)))
    assert contact.last_name not in held + buyer.page.partition("What happened")[0]


@pytest.mark.parametrize("effect", ["drop_before", "drop_after", "hang_after", "500_after"])
def test_a_paid_domain_is_used_and_registered_once_whatever_answer_is_lost(
    opened, manager, run_due, settings, effect
):
    settings.OPERATIONS = settings.OPERATIONS | {"CALL_SECONDS": 2}
    service = buy(opened)
    site = Site.objects.premium().filter(account=service.account_id).first()
    site = site or Site.objects.usable().filter(account=service.account_id).first()
    buyer = Buyer(manager, run_due)
    buyer.begin(site, "once-only.example")
    assert "Domain .example is paid and unused" in buyer.page
    buyer.answer(domain="once-only.example", words="")
    plan = {} if Site.objects.premium().filter(pk=site.pk).exists() else {"plan": "none"}
    buyer.answer(paid_by=f"paid:{service.pk}", country="DE", **plan)
    contact = worlds.contact(service.account)
    assert buyer.step == "contact", buyer.page
    buyer.answer(contact=str(contact.pk))
    practice.faults(opened.sandbox, {"match": "domains", "effect": effect, "times": 1, "after": 1})

    buyer.confirm()

    buyer.flow.refresh_from_db()
    assert buyer.flow.state == Flow.State.DONE, buyer.page
    assert practice.applied(opened.sandbox).count("register") == 1
    assert Operation.objects.filter(kind="register_domain").count() == 1
    # Nothing more is paid by a service that is spent.
    again = Buyer(manager, run_due)
    again.begin(site, "another-one.example")
    assert "paid and unused" not in again.page


def test_what_the_registry_refuses_stops_the_flow_and_becomes_a_case(opened, manager, run_due):
    practice.switches(opened.sandbox, registration_seconds=3600)
    service = buy(opened)
    site = Site.objects.usable().filter(account=service.account_id).first()
    buyer = Buyer(manager, run_due)
    buyer.begin(site, "wrong-address.example")
    buyer.answer(domain="wrong-address.example", words="")
    plan = {} if Site.objects.premium().filter(pk=site.pk).exists() else {"plan": "none"}
    buyer.answer(paid_by=f"paid:{service.pk}", country="DE", **plan)
    contact = worlds.contact(service.account, postal_code="00000")
    buyer.answer(contact=str(contact.pk))
    buyer.confirm()
    practice.clock(opened.sandbox, advance_seconds=3700)

    buyer.look()

    assert buyer.flow.state == Flow.State.STOPPED
    assert "look at the contact's address" in buyer.page
    operation = Operation.objects.get(kind="register_domain")
    for _ in range(2):
        Operation.objects.filter(pk=operation.pk).update(settle_at=Now())
        settle.settle_due()
        Operation.objects.filter(doubted_at__isnull=False).update(
            doubted_at=Now() - timedelta(minutes=5)
        )
    cases.keep()
    assert Case.objects.open().filter(operation=operation).exists()


def test_without_the_call_somebody_registers_it_at_wix_and_says_so(mirror, operator, run_due):
    service = buy(mirror)
    site = Site.objects.usable().filter(account=service.account_id).first()
    buyer = Buyer(operator, run_due)
    buyer.begin(site, "by-hand.example")
    buyer.answer(domain="by-hand.example", words="")
    plan = {} if Site.objects.premium().filter(pk=site.pk).exists() else {"plan": "none"}
    buyer.answer(paid_by=f"paid:{service.pk}", country="DE", **plan)

    assert buyer.step == "by_hand", buyer.page
    assert buyer.answer().status_code == 422
    buyer.answer(registered="on")

    buyer.flow.refresh_from_db()
    assert buyer.flow.state == Flow.State.DONE
    # What was registered so has its name in the list, and pays for no other one.
    assert "by-hand.example" in text(operator.get("/domains/"))
    file = b"".join(operator.get("/domains/export.csv").streaming_content).decode()
    assert file.count("by-hand.example") == 1
    again = Buyer(operator, run_due)
    again.begin(site, "another-one.example")
    assert "paid and unused" not in again.page
