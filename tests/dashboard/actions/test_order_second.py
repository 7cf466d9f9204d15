"""What needs a plan first: that goes in a package of its own, and the rest is kept for after."""

import re
from typing import Any

import pytest

from resellers.mirror import sync
from resellers.models import Account, CatalogProduct, Operation, ProductInstance, Site, SyncRun
from tests import practice, worlds
from tests.dashboard.submitting import hidden_fields, pressed_again, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

PLAN = {"service_type": "Premium plan", "premium": True, "reference": True}
DOMAIN = {"service_type": "Domain", "needs_premium": True, "tld": "de"}
HINT = "Wix wants"
BUTTON = 'name="plan_first"'


@pytest.fixture
def customer() -> Account:
    return worlds.account("North Bakery")


def fields(*lines: dict[str, Any]) -> dict[str, str]:
    values = {"lines": str(len(lines))}
    for number, line in enumerate(lines):
        filled = {"cycle": "1 YEAR", "country": "DE"} | line
        values |= {f"lines-{number}-{name}": str(value) for name, value in filled.items()}
    return values


def address(account: Account) -> str:
    return f"/packages/new/?account={account.pk}"


def products() -> tuple[CatalogProduct, CatalogProduct]:
    return worlds.product("Core", **PLAN), worlds.product("Domain .de", **DOMAIN)


def test_a_plan_and_what_needs_it_in_one_order_are_refused_with_a_way_on(operator, customer):
    (plan, domain), site = products(), worlds.site(customer, "shop", premium=False)
    both = fields(
        {"target_product": plan.pk, "target_site": site.pk},
        {"target_product": domain.pk, "target_site": site.pk},
    )

    refused = operator.post(address(customer), both)

    assert refused.status_code == 422
    assert "Wix wants Core first, in a package of its own. What is ordered second" in text(refused)
    assert "Order the plan first" in text(refused)
    divided = operator.post(address(customer), both | {"plan_first": "1"})
    assert divided.status_code == 200
    assert "Domain .de, 1 year, on shop.example" in text(divided)
    sent = pressed_again(divided, address(customer))
    assert (sent["lines"], sent["lines-0-target_product"]) == ("1", str(plan.pk))
    assert (sent["then"], sent["then-0-target_product"]) == ("1", str(domain.pk))
    planned = operator.post(address(customer), sent)
    assert "To be ordered second, by itself Domain .de, 1 year, on shop.example" in text(planned)
    confirmed = operator.post(address(customer), hidden_fields(planned, "confirm"))
    wish = Operation.objects.get().wish
    assert [line["product_id"] for line in wish["lines"]] == [str(plan.pk)]
    assert [line["product_id"] for line in wish["then"]] == [str(domain.pk)]
    page = text(operator.get(confirmed["Location"]))
    assert "To be ordered second Domain .de, 1 year, on shop.example" in page


def test_a_floating_domain_where_no_site_has_premium_is_warned_of_with_a_way_on(operator, customer):
    _, domain = products()
    worlds.site(customer, "shop", premium=False)
    asked = fields({"target_product": domain.pk, "country": "AT"})

    plan = operator.post(address(customer), asked)

    assert plan.status_code == 200
    assert "Domain .de needs Premium, and no site of this customer has it" in text(plan)
    confirm = hidden_fields(plan, "confirm")
    divided = operator.post(address(customer), confirm | {"plan_first": "1"})
    sent = pressed_again(divided, address(customer))
    assert (sent["lines"], sent["lines-0-target_product"]) == ("1", "")
    assert (sent["lines-0-country"], sent["then-0-country"]) == ("AT", "AT")
    assert sent["then-0-target_product"] == str(domain.pk)


@pytest.mark.parametrize("has", ["premium", "a plan to come"])
def test_where_a_site_has_premium_or_will_nothing_is_said(operator, customer, has):
    plan, domain = products()
    site = worlds.site(customer, premium=has == "premium")
    if has != "premium":
        worlds.instance(worlds.package(customer), site, product=plan, status="PENDING")

    for where in ({}, {"target_site": site.pk}):
        answer = operator.post(address(customer), fields({"target_product": domain.pk} | where))
        assert answer.status_code == 200
        assert BUTTON not in answer.content.decode()


def test_what_cannot_be_read_is_mended_before_it_is_kept_for_later(operator, customer):
    plan, domain = products()
    both = fields({"target_product": plan.pk}, {"target_product": domain.pk, "country": "XX"})

    answer = operator.post(address(customer), both | {"plan_first": "1"})

    assert "No country has this code" in text(answer)
    assert pressed_again(answer, address(customer))["lines"] == "2"
    unreadable = both | {"lines": "1", "then": "1", "then-0-target_product": "nonsense"}
    refused = operator.post(address(customer), unreadable)
    assert refused.status_code == 422
    assert "What is to be ordered second cannot be read" in text(refused)
    left = operator.post(address(customer), unreadable | {"leave_out": "1"})
    assert "then" not in pressed_again(left, address(customer))


def test_a_second_order_to_one_of_another_customer_is_none(operator, customer):
    plan, domain = products()
    line = {"product_id": str(plan.pk), "site_id": "", "cycle": "1 YEAR", "country": "DE"}
    line |= {"discount_code": "", "reference_id": ""}
    second = line | {"product_id": str(domain.pk)}
    wish = worlds.wish("create_package", external_id="first", lines=[line], then=[second])
    first = worlds.planned(customer, wish)
    other = worlds.account("South Bakery")

    mine, foreign = (operator.get(f"{address(one)}&after={first.pk}") for one in (customer, other))
    refused = operator.post(
        address(other), fields({"target_product": plan.pk}) | {"after": str(first.pk)}
    )

    assert pressed_again(mine, address(customer))["after"] == str(first.pk)
    assert "after" not in pressed_again(foreign, address(other))
    assert refused.status_code == 422


def without_premium() -> tuple[Account, Site]:
    """A customer of the practice world with a site that can take a plan."""
    sites = Site.objects.usable().exclude(pk__in=Site.objects.premium()).exclude(account__name="")
    site = sites.filter(namespace="WIX", account__is_main=False).order_by("id").first()
    assert site is not None
    return site.account, site


@pytest.mark.django_db(transaction=True)
def test_from_both_in_one_order_to_the_plan_and_the_domain_that_is_free_with_it(
    mirror, operator, run_due
):
    account, site = without_premium()
    plan, domain = (CatalogProduct.objects.get(name=name) for name in ("Core", "Domain .de"))
    both = fields(
        {"target_product": plan.pk, "target_site": site.pk},
        {"target_product": domain.pk, "target_site": site.pk},
    )
    divided = operator.post(address(account), both | {"plan_first": "1"})
    planned = operator.post(address(account), pressed_again(divided, address(account)))
    first = operator.post(address(account), hidden_fields(planned, "confirm"))["Location"]
    run_due()
    assert "wait until it is delivered" in text(operator.get(first))

    practice.clock(mirror.sandbox, deliver_now=True)
    sync.run(sync.want(SyncRun.Kind.ACCOUNT, account=account).pk)
    page = operator.get(first).content.decode()
    [link] = re.findall(r'href="([^"]+after=\d+)"[^>]*>Order what comes second', page)
    form = operator.get(link.replace("&amp;", "&"))
    planned = operator.post(address(account), pressed_again(form, address(account)))
    assert f"free with {plan}" in text(planned)
    second = operator.post(address(account), hidden_fields(planned, "confirm"))["Location"]
    run_due()

    order = Operation.objects.get(pk=int(second.strip("/").split("/")[-1]))
    assert order.package is not None
    ordered = order.package.instances.get()
    truth = practice.truth(mirror.sandbox, ordered.pk)
    paid = ProductInstance.objects.get(package__account=account, product=plan, site=site)
    assert truth["referenceProductInstanceId"] == str(paid.pk)
    done = operator.get(first)
    assert "It was asked for as New package" in text(done)
    assert "Order what comes second" not in text(done)
    again = operator.get(link.replace("&amp;", "&"))
    assert "This was asked for already as ord-" in text(again)
