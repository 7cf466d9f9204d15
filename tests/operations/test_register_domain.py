"""A domain bought once, though Wix takes no key for it."""

import pytest

from resellers.connection import wix_client
from resellers.mirror import sync
from resellers.models import (
    Account,
    CatalogProduct,
    OperationState,
    ProductInstance,
    SyncRun,
)
from resellers.operations.kinds.register_domain import RegisterDomainWish
from resellers.operations.plan import make_plan
from resellers.operations.requests import AlreadyOpen
from resellers.wix import BillingInfo, Contact, NewProduct
from tests import practice, worlds
from tests.dashboard.submitting import text
from tests.operations.test_kinds import REGISTRANT
from tests.worlds import end

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState


@pytest.fixture
def domain_service(mirror, settings) -> ProductInstance:
    """A floating service for a domain, bought and delivered just now."""
    settings.WIX_REGISTERED_DOMAINS = True
    practice.switches(mirror.sandbox, registered_domains="on", registration_seconds=0)
    account = Account.objects.filter(is_main=False).exclude(name="").order_by("id").first()
    product = CatalogProduct.objects.get(name="Domain .example")
    yearly = BillingInfo("RECURRING", "YEAR", 1)
    with wix_client("people") as wix:
        bought = wix.create_package(
            account_id=str(account.pk),
            products=[NewProduct(str(product.pk), "DE", billing=yearly)],
        )
    practice.clock(mirror.sandbox, deliver_now=True)
    sync.run(sync.want(SyncRun.Kind.ACCOUNT, account=account).pk)
    return ProductInstance.objects.select_related("package", "account", "product").get(
        pk=bought.package.instances[0].id
    )


@pytest.mark.parametrize("effect", ["", "drop_before", "drop_after", "500_before", "500_after"])
def test_a_domain_is_registered_once_though_wix_takes_no_key(
    mirror, domain_service, ask, run_due, effect
):
    """P20: never registered again before Wix has said that there is no such domain."""
    if effect:
        rule = {"match": "domains", "effect": effect, "times": 1, "after": 1}
        practice.faults(mirror.sandbox, rule)

    operation = ask(
        "register_domain",
        domain_service,
        domain="north-bakery.example",
        registrant=REGISTRANT,
        site_id="",
    )
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    registered = mirror.sandbox.world.registered_domains["north-bakery.example"]
    assert registered.instance_id == str(domain_service.pk)
    assert practice.applied(mirror.sandbox).count("register") == 1


def test_an_account_that_may_not_register_is_told_before_anything_is_sent(domain_service, settings):
    settings.WIX_REGISTERED_DOMAINS = False
    wish = RegisterDomainWish("north-bakery.example", Contact(**REGISTRANT))

    plan = make_plan(domain_service, wish)

    assert [refusal.code for refusal in plan.refusals] == ["DOMAINS_CLOSED"]


@pytest.mark.parametrize(
    ("domain", "code"),
    [
        ("a", "DOMAIN_TOO_SHORT"),
        (f"{'a' * 60}.example", "DOMAIN_TOO_LONG"),
        ("north_bakery.example", "INVALID_DOMAIN"),
        ("north-bakery", "INVALID_DOMAIN"),
        ("north-bakery.com", "INVALID_TLD"),
        ("www.north-bakery.example", "SUBDOMAIN_NOT_SUPPORTED"),
    ],
)
def test_a_name_that_wix_would_refuse_is_refused_beside_its_field(domain_service, domain, code):
    wish = RegisterDomainWish(domain, Contact(**REGISTRANT))

    plan = make_plan(domain_service, wish)

    assert [(r.field, r.code) for r in plan.refusals] == [("domain", code)]


@pytest.mark.parametrize("domain", ["a.example", "x1.example", f"{'a' * 55}.example"])
def test_the_length_of_a_name_is_counted_with_its_ending(domain_service, domain):
    wish = RegisterDomainWish(domain, Contact(**REGISTRANT))

    assert make_plan(domain_service, wish).possible


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("register", "register_another"),
        ("register", "cancel_instance"),
        ("register", "assign"),
        ("register", "cancel_package"),
        ("cancel_instance", "register"),
        ("cancel_package", "register"),
    ],
)
def test_a_service_gets_one_domain_and_nothing_else_happens_to_it_meanwhile(
    settings, ask, first, second
):
    """One paid service was promised to two domains and to its own cancellation."""
    settings.WIX_REGISTERED_DOMAINS = True
    product = worlds.product("Domain", service_type="DOMAIN", tld="example")
    service = worlds.instance(floating=True, product=product)
    contact = {"registrant": REGISTRANT, "site_id": ""}
    wishes = {
        "register": ("register_domain", service, {"domain": "one.example"} | contact),
        "register_another": ("register_domain", service, {"domain": "two.example"} | contact),
        "cancel_instance": ("cancel_instance", service, {}),
        "cancel_package": ("cancel_package", service.package, {}),
        "assign": ("assign", service, {"site_id": worlds.site(service.account).pk}),
    }
    kind, thing, wish = wishes[first]
    recorded = ask(kind, thing, **wish)

    kind, thing, wish = wishes[second]
    with pytest.raises(AlreadyOpen) as refused:
        ask(kind, thing, **wish)

    assert refused.value.operation == recorded


def test_a_domain_wish_stands_on_the_page_of_its_service(settings, ask, viewer):
    settings.WIX_REGISTERED_DOMAINS = True
    product = worlds.product("Domain", service_type="DOMAIN", tld="example")
    service = worlds.instance(floating=True, product=product)

    operation = ask(
        "register_domain", service, domain="one.example", registrant=REGISTRANT, site_id=""
    )

    page = text(viewer.get(service.get_absolute_url()))
    assert f"Register domain #{operation.pk} is under way" in page
