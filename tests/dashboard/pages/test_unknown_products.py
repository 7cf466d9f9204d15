"""A product that a reading met and nobody named yet: where it stands, it leads to its name."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers.models import CatalogProduct
from tests import worlds
from tests.dashboard.listing import crowd
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LISTS = ("/instances/", "/failures/failed-services/", "/packages/")


@pytest.fixture
def unknown(db):
    """A failed service of a product without a name, in a package beside one of a known product."""
    package = worlds.package(worlds.account("Harbour Yoga"))
    worlds.instance(package, status="FAILED", product=worlds.product("Mailbox"))
    product = worlds.product("", service_type="", imported_at=None)
    return worlds.instance(package, status="FAILED", product=product)


def pages_of(service) -> tuple[str, ...]:
    records = (service, service.package, service.account)
    return (*(record.get_absolute_url() for record in records), *LISTS)


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_an_unknown_product_leads_whoever_may_write_the_catalogue_to_it(log_in, unknown, role):
    client = log_in(role)
    for path in pages_of(unknown):
        html = client.get(path).content.decode()
        links = re.findall(r'<a class="edit" href="(/catalog/[^"]+)" aria-label="([^"]+)"', html)

        name = f"Unknown product {str(unknown.product_id)[:8]}"
        assert links == [(unknown.product.get_absolute_url(), f"Add to the catalogue: {name}")], (
            path
        )
        assert "Save" in client.get(links[0][0]).content.decode()


@pytest.mark.parametrize("role", ["viewer", "operator"])
def test_who_may_not_write_the_catalogue_is_not_sent_there(log_in, unknown, role):
    client = log_in(role)
    for path in pages_of(unknown):
        html = client.get(path).content.decode()

        assert "Unknown product" in html
        assert "Add to the catalogue" not in html, path


def test_the_page_of_a_service_says_that_its_product_is_unknown(manager, unknown):
    words = text(manager.get(unknown.get_absolute_url()))

    assert "Not in the imported catalogue. Add to the catalogue" in words


def test_lists_take_the_same_queries_however_many_products_are_unknown(manager, unknown):
    def queries(path):
        manager.get(path)
        with CaptureQueriesContext(connection) as captured:
            manager.get(path)
        return len(captured)

    crowd(30)  # first, for with its operations the manager has news, which is a statement more
    few = [queries(path) for path in LISTS]
    CatalogProduct.objects.update(name="")

    assert [queries(path) for path in LISTS] == few
