"""Wherever two services of one name stand together on a page, each has its id beside it."""

import pytest

from resellers.models import Change
from tests import worlds
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def two():
    package = worlds.package(worlds.account("North Bakery"), external_id="order-1")
    mailbox = worlds.product("Mailbox")
    return [worlds.instance(package, floating=True, product=mailbox) for _ in range(2)]


@pytest.mark.parametrize(
    "where",
    [
        "/packages/{package}/",
        "/packages/{package}/?tab=timeline",
        "/accounts/{account}/",
        "/instances/",
        "/search/?q=mailbox",
        "/packages/{package}/cancel/",
        "/instances/{instance}/cancel/",
    ],
)
def test_each_has_its_id(manager, two, where):
    one = two[0]
    for service in two:
        of = {"account": service.account, "package": service.package, "instance": service}
        Change.objects.create(field="status", old="PENDING", new="ENABLED", **of)
    address = where.format(package=one.package_id, account=one.account_id, instance=one.pk)

    page = text(manager.get(address))

    assert [service.short_id in page for service in two] == [True, True]


def test_a_row_that_is_read_again_by_itself_keeps_its_id(operator, two):
    page = operator.get(f"/instances/?package={two[0].package_id}&account={two[0].account_id}")
    alone = operator.get(f"/instances/?q={two[0].pk}")

    assert two[0].short_id in text(page)
    assert two[0].short_id in text(alone)


def test_who_has_no_namesake_has_no_id_in_the_way(operator):
    service = worlds.instance(product=worlds.product("Core"))

    assert service.short_id not in text(operator.get("/instances/"))
