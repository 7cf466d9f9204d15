"""Every domain service in one list: when it ends, and what can be done."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resellers.models import OperationState
from tests import worlds
from tests.dashboard.listing import PART, listed_ids, table
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def domain(days: int | None = 20, **fields):
    ends = None if days is None else timezone.now() + timedelta(days=days, hours=1)
    product = fields.pop("product", None) or worlds.product("Domain .example", tld="example")
    return worlds.instance(product=product, expires_at=ends, **fields)


def test_what_ends_next_stands_first_with_its_days_left_and_no_other_service(manager):
    later, soon = domain(200), domain(20)
    worlds.instance(expires_at=timezone.now() + timedelta(days=5))
    worlds.operation(
        soon,
        by=manager.user,
        kind="register_domain",
        subject="domain:bakery.example",
        state=OperationState.SUCCEEDED,
    )

    page = manager.get("/domains/")

    assert listed_ids(manager, "/domains/") == [str(soon.pk), str(later.pk)]
    assert listed_ids(manager, "/domains/?expiring=30") == [str(soon.pk)]
    assert "Wix offers no extension by API" in text(page)
    assert "bakery.example" in text(page)
    [row, _] = table(manager.get("/domains/export.csv"))
    assert (row["registered_as"], row["days_left"]) == ("bakery.example", "20")


def test_who_may_order_is_led_from_a_row_to_the_same_product_for_the_same_customer(log_in):
    ending = domain()
    way = f"/packages/new/?account={ending.account_id}&amp;product={ending.product_id}"

    for role, may in (("viewer", False), ("operator", True)):
        assert (way in log_in(role).get("/domains/").content.decode()) is may


def test_a_page_of_many_takes_no_more_statements_than_one_of_few(
    manager, django_assert_max_num_queries
):
    product = worlds.product("Domain .example", tld="example")
    domain(product=product)
    manager.get("/domains/", headers=PART)
    with django_assert_max_num_queries(40) as few:
        manager.get("/domains/", headers=PART)
    for days in range(1, 12):
        domain(days, product=product)

    with django_assert_max_num_queries(len(few)):
        manager.get("/domains/", headers=PART)
