"""Ordering many of one product at once: floating, or one on each site that can take it."""

import json
from typing import Any

import pytest
from django.utils import timezone

from resellers.models import Operation
from resellers.operations.kinds import kind_of
from tests import worlds
from tests.dashboard.actions.test_orders import address, fields
from tests.dashboard.submitting import hidden_fields, pressed_again, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def customer():
    return worlds.account("North Bakery")


@pytest.fixture
def mailbox():
    return worlds.product("Mailbox")


def sent(plan) -> list[dict[str, Any]]:
    return json.loads(plan.context["body"])["products"]


def test_forty_floating_mailboxes_are_one_product_with_a_quantity(operator, customer, mailbox):
    plan = operator.post(
        address(customer), fields({"target_product": mailbox.pk, "quantity": "40"})
    )
    operator.post(address(customer), hidden_fields(plan, "confirm"))

    assert "40 of Mailbox, 1 year, floating, for Germany (DE)" in text(plan)
    assert "Order 40 products as" in text(plan)
    assert len(sent(plan)) == 40
    assert not any("siteId" in one for one in sent(plan))
    operation = Operation.objects.get()
    assert len(operation.wish["lines"]) == 40


def test_an_order_of_many_fills_in_its_form_as_it_was_filled_in(operator, customer, mailbox):
    sites = [worlds.site(customer) for _ in range(2)]
    core = worlds.product("Core")
    typed = fields(
        {"target_product": mailbox.pk, "quantity": "40"},
        {"target_product": core.pk, "target_site": sites[0].pk},
        {"target_product": worlds.product("Calendar").pk, "target_site": "each"},
    )
    plan = operator.post(address(customer), typed)
    operator.post(address(customer), hidden_fields(plan, "confirm"))
    Operation.objects.update(state="failed", finished_at=timezone.now())

    page = operator.get(Operation.objects.get().get_absolute_url())
    filled = hidden_fields(page, address(customer))

    assert len(sent(plan)) == 43
    assert filled["lines"] == "3"
    assert [filled[f"lines-{n}-quantity"] for n in range(3)] == ["40", "1", "1"]
    assert "lines-0-target_site" not in filled
    assert [filled[f"lines-{n}-target_site"] for n in (1, 2)] == [str(sites[0].pk), "each"]


def test_one_on_each_site_goes_to_those_that_can_take_it_and_names_them(operator, customer):
    plan_product = worlds.product("Core", service_type="PLAN", premium=True)
    shop = worlds.product("Shop", service_type="SHOP", needs_premium=True, one_per_site=True)
    able, taken, coming, bare = (
        worlds.site(customer, name=name, premium=False)
        for name in ("able", "taken", "coming", "bare")
    )
    for site in (able, taken):
        worlds.instance(worlds.package(customer), site, product=plan_product)
    worlds.instance(worlds.package(customer), taken, product=shop)
    worlds.instance(worlds.package(customer), coming, product=plan_product, status="PENDING")

    plan = operator.post(
        address(customer), fields({"target_product": shop.pk, "target_site": "each"})
    )

    assert [one["siteId"] for one in sent(plan)] == [str(able.pk)]
    everywhere = {"target_product": worlds.product("Mailbox").pk, "target_site": "each"}
    plan = operator.post(address(customer), fields(everywhere))
    assert f"one on each of {able}, {bare}, {coming} and {taken}" in text(plan)
    assert {one["siteId"] for one in sent(plan)} == {
        str(site.pk) for site in (able, taken, coming, bare)
    }


@pytest.mark.parametrize(
    ("line", "field", "words"),
    [
        ({"quantity": "0"}, "quantity", "Order one at least, or remove the product."),
        ({"quantity": "1001"}, "quantity", "An order has 1,000 services at most."),
        ({"quantity": "some"}, "quantity", "Write the quantity as a whole number."),
        ({"quantity": "2", "target_site": "a site"}, "quantity", "Order more than one floating"),
        ({"quantity": "2", "target_site": "each"}, "quantity", "Each site gets one"),
        ({"quantity": "2", "reference": "a service"}, "reference", "Only one can be free"),
    ],
)
def test_a_quantity_that_cannot_be_is_refused_beside_its_field_and_stays(
    operator, customer, mailbox, line, field, words
):
    site = worlds.site(customer)
    service = worlds.instance(worlds.package(customer))
    ids = {"a site": str(site.pk), "a service": str(service.pk)}
    line = {name: ids.get(value, value) for name, value in line.items()}

    refused = operator.post(address(customer), fields({"target_product": mailbox.pk} | line))

    assert refused.status_code == 422
    assert f'id="lines-0-{field}-error"' in refused.content.decode()
    assert text(refused).count(words) == 2  # above the form, and beside the field
    assert pressed_again(refused, address(customer))["lines-0-quantity"] == line["quantity"]


def test_a_product_that_no_site_can_take_goes_to_each_of_none(operator, customer):
    worlds.site(customer, premium=False)
    shop = worlds.product("Shop", needs_premium=True)

    refused = operator.post(
        address(customer), fields({"target_product": shop.pk, "target_site": "each"})
    )

    assert refused.status_code == 422
    assert "No site of this customer can take Shop now." in text(refused)


def test_a_thousand_services_are_one_order_and_one_more_is_none(operator, customer, mailbox):
    half = {"target_product": mailbox.pk, "quantity": "500"}

    plan = operator.post(address(customer), fields(half, half))
    refused = operator.post(address(customer), fields(half, half | {"quantity": "501"}))

    assert len(sent(plan)) == 1000
    assert refused.status_code == 422
    assert "1,000 services at most, and this one has 1,001" in text(refused)
    assert 'id="lines-1-quantity-error"' in refused.content.decode()


def test_many_that_need_a_plan_first_wait_together_and_one_of_them_is_free_with_it(
    operator, customer
):
    plan = worlds.product("Core", service_type="Premium plan", premium=True, reference=True)
    domain = worlds.product("Domain .de", service_type="Domain", needs_premium=True, tld="de")
    site = worlds.site(customer, "shop", premium=False)
    typed = fields(
        {"target_product": plan.pk, "target_site": site.pk},
        {"target_product": domain.pk, "quantity": "3"},
    )

    divided = operator.post(address(customer), typed | {"plan_first": "1"})
    planned = operator.post(address(customer), pressed_again(divided, address(customer)))
    operator.post(address(customer), hidden_fields(planned, "confirm"))

    assert "3 of Domain .de, 1 year, floating" in text(divided)
    assert "To be ordered second, by itself 3 of Domain .de, 1 year, floating" in text(planned)
    first = Operation.objects.get()
    assert len(first.wish["then"]) == 3
    package = worlds.package(customer)
    paid = worlds.instance(package, site, product=plan)
    done = {"state": "succeeded", "finished_at": timezone.now()}
    Operation.objects.update(package=package, **done)
    second = pressed_again(operator.get(f"{address(customer)}&after={first.pk}"), address(customer))
    assert [second[f"lines-{n}-quantity"] for n in range(2)] == ["1", "2"]
    assert [second[f"lines-{n}-reference"] for n in range(2)] == [str(paid.pk), ""]


def test_a_version_before_quantities_orders_the_same(customer, mailbox):
    line = {"product_id": str(mailbox.pk), "site_id": "", "cycle": "1 YEAR", "country": "DE"}
    stored = {"external_id": "order-1", "lines": [line] * 40, "again_of": ""}
    wish_class = kind_of("create_package").wish_class

    by_items = wish_class.from_json(stored | {"items": [{"count": 40, "on_each_site": False}]})

    assert by_items.lines == wish_class.from_json(stored).lines
    assert by_items.as_json()["lines"] == wish_class.from_json(stored).as_json()["lines"]
