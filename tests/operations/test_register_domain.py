"""A domain bought once, though Wix takes no key for it."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from resellers.clock import database_now
from resellers.models import (
    Operation,
    OperationState,
    ProductInstance,
)
from resellers.operations.engine import settle
from resellers.operations.kinds.register_domain import RegisterDomainWish
from resellers.operations.plan import make_plan
from resellers.operations.requests import AlreadyOpen
from tests import practice, worlds
from tests.dashboard.submitting import text
from tests.worlds import end

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState


def wanted(service: ProductInstance, domain: str) -> RegisterDomainWish:
    return RegisterDomainWish(domain, worlds.contact(service.account).pk)


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
        contact_id=worlds.contact(domain_service.account).pk,
        site_id="",
    )
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    registered = mirror.sandbox.world.registered_domains["north-bakery.example"]
    assert registered.instance_id == str(domain_service.pk)
    assert practice.applied(mirror.sandbox).count("register") == 1


def test_an_account_that_may_not_register_is_told_before_anything_is_sent(domain_service, settings):
    settings.WIX_REGISTERED_DOMAINS = False
    wish = wanted(domain_service, "north-bakery.example")

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
    wish = wanted(domain_service, domain)

    plan = make_plan(domain_service, wish)

    assert [(r.field, r.code) for r in plan.refusals] == [("domain", code)]


@pytest.mark.parametrize("domain", ["a.example", "x1.example", f"{'a' * 55}.example"])
def test_the_length_of_a_name_is_counted_with_its_ending(domain_service, domain):
    wish = wanted(domain_service, domain)

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
    contact = {"contact_id": worlds.contact(service.account).pk, "site_id": ""}
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
        "register_domain",
        service,
        domain="one.example",
        contact_id=worlds.contact(service.account).pk,
        site_id="",
    )

    page = text(viewer.get(service.get_absolute_url()))
    assert f"Register domain #{operation.pk} is under way" in page


def test_a_domain_is_asked_for_until_it_is_active_and_people_read_how_far_it_is(
    mirror, domain_service, ask, run_due, viewer
):
    practice.switches(mirror.sandbox, registration_seconds=3600)
    about = wanted(domain_service, "north-bakery.example").as_json()
    operation = ask("register_domain", domain_service, **about)
    run_due()
    assert "the domain is pending registration." in shown(viewer, operation)

    for _ in range(3):
        look_again(operation, hours=5)
        assert "the domain is pending registration." in shown(viewer, operation)
        assert end(operation).settle_at is not None, "it is asked for again"
    practice.clock(mirror.sandbox, advance_seconds=3600)
    look_again(operation, hours=5)

    page = shown(viewer, operation)
    assert "Wix shows it: the domain is active." in page
    assert "pending registration." not in page.partition("What happened")[0]
    assert end(operation).settle_at is None
    assert practice.applied(mirror.sandbox).count("register") == 1


def test_a_domain_that_never_becomes_active_is_not_asked_for_for_ever(
    mirror, domain_service, ask, run_due
):
    practice.switches(mirror.sandbox, registration_seconds=10**6)
    about = wanted(domain_service, "north-bakery.example").as_json()
    operation = ask("register_domain", domain_service, **about)
    run_due()

    look_again(operation, hours=49)

    assert end(operation).settle_at is None


def shown(client, operation) -> str:
    return text(client.get(operation.get_absolute_url()))


def look_again(operation, *, hours: float) -> None:
    """The reading that is due so long after the operation had succeeded."""
    since = database_now() - timedelta(hours=hours)
    Operation.objects.filter(pk=operation.pk).update(settle_at=Now(), finished_at=since)
    settle.settle_due()
