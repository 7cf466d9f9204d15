"""Two services of one name never stand together without what tells them apart."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resellers import formats
from resellers.models import InstanceStatus
from resellers.operations.kinds.cancel_package import CancelPackageWish
from resellers.operations.namesakes import distinctions, names_of
from resellers.operations.plan import make_plan
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def package():
    return worlds.package(worlds.account("North Bakery"))


@pytest.fixture
def mailbox():
    return worlds.product("Mailbox")


def test_namesakes_have_their_ids_and_what_they_differ_in(package, mailbox):
    site = worlds.site(package.account, "shop")
    ends = timezone.now() + timedelta(days=20)
    one = worlds.instance(package, site, product=mailbox, cycle_unit="MONTH")
    two = worlds.instance(package, floating=True, product=mailbox, expires_at=ends)
    alone = worlds.instance(package, floating=True, product=worlds.product("Core"))

    found = distinctions([one, two, alone])

    assert found == {
        one.pk: f"{one.short_id}, on shop.example, 1 month, no end",
        two.pk: f"{two.short_id}, floating, 1 year, ends {formats.day(ends)}",
    }


def test_what_stands_beside_them_anyway_is_not_said_twice(package, mailbox):
    services = [worlds.instance(package, product=mailbox) for _ in range(2)]

    assert distinctions(services, beside=("place",)) == {one.pk: one.short_id for one in services}


def test_services_of_two_customers_are_no_namesakes(mailbox):
    services = [worlds.instance(product=mailbox) for _ in range(2)]

    assert distinctions(services) == {}
    assert set(names_of(services).values()) == {"Mailbox"}


def test_a_plan_that_ends_two_of_one_name_names_each(package, mailbox):
    for status in (InstanceStatus.ENABLED, InstanceStatus.PENDING):
        worlds.instance(package, product=mailbox, status=status)
    worlds.instance(package, product=worlds.product("Core"))

    plan = make_plan(package, CancelPackageWish())

    named = {one.short_id for one in package.instances.filter(product=mailbox)}
    assert {row.label for row in plan.rows} == {"Core"} | {f"Mailbox {id_}" for id_ in named}


def test_two_of_one_name_that_rest_on_a_plan_are_both_named(package, mailbox):
    site = worlds.site(package.account, "shop", premium=False)
    worlds.instance(package, site, product=worlds.product("Core", premium=True))
    domain = worlds.product("Domain .de", service_type="Domain", needs_premium=True)
    other = worlds.package(package.account)
    resting = [worlds.instance(other, site, product=domain) for _ in range(2)]

    plan = make_plan(package, CancelPackageWish())

    assert {found.words for found in plan.dependants} == {
        f"Domain .de {one.short_id} on shop.example needs a Premium plan" for one in resting
    }
