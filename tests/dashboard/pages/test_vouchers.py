"""Vouchers that come with a product are told wherever somebody may have to tell the customer."""

import pytest

from resellers.models import OperationState
from tests import worlds
from tests.dashboard.actions.test_orders import address, fields
from tests.dashboard.components.test_wix_b2b import mails
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def plan():
    return worlds.product("Core", voucher="a domain for 1 year")


def test_the_field_of_the_country_says_what_it_is_for_and_whom_to_ask(operator):
    customer = worlds.account()

    page = operator.get(address(customer))

    assert "Where the customer may claim vouchers that come with the product." in text(page)
    assert any(str(customer.pk) in body for _, _, body in mails(page.content.decode()))


def test_the_plan_of_an_order_says_which_voucher_comes_with_it_and_where_it_is_claimed(
    operator, plan
):
    without = worlds.product("Mailbox")
    customer = worlds.account()

    page = text(
        operator.post(
            address(customer), fields({"target_product": plan.pk}, {"target_product": without.pk})
        )
    )

    assert (
        "Core comes with a voucher: a domain for 1 year. The customer may claim it in Germany (DE)."
    ) in page
    assert "Mailbox comes with" not in page


def test_the_page_of_a_service_says_which_voucher_came_with_it(viewer, plan):
    service = worlds.instance(product=plan, country_code="LT")

    page = viewer.get(service.get_absolute_url())

    assert "a domain for 1 year The customer may claim it in Lithuania (LT)." in text(page)
    assert any(str(service.pk) in body for _, _, body in mails(page.content.decode()))
    assert "Voucher" not in text(viewer.get(worlds.instance().get_absolute_url()))


def test_a_product_that_is_offered_says_which_voucher_comes_with_it(operator, plan):
    service = worlds.instance()
    page = text(operator.get(f"{service.get_absolute_url()}adjust/"))

    assert "with a voucher: a domain for 1 year" in page


@pytest.mark.parametrize("state", [OperationState.SUCCEEDED, OperationState.FAILED])
def test_the_customers_timeline_says_which_voucher_was_ordered(viewer, plan, state):
    line = {"product_id": str(plan.pk), "country": "DE"}
    other = {"product_id": str(worlds.product("Mailbox").pk), "country": "DE"}
    operation = worlds.operation(
        kind="create_package",
        state=state,
        finished_at=worlds.timezone.now(),
        wish={"external_id": "ord-1", "lines": [line, other, line], "again_of": ""},
    )

    page = text(viewer.get(operation.account.get_absolute_url(), {"tab": "timeline"}))

    words = (
        "Core comes with a voucher: a domain for 1 year. The customer may claim it in Germany (DE)."
    )
    assert page.count(words) == (state == OperationState.SUCCEEDED)
    assert "Mailbox comes" not in page
