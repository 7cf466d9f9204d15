"""What is free with what: both ends say so on pages, in lists, and where one is chosen."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import worlds
from tests.dashboard.submitting import pressed_again, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def customer():
    return worlds.account("North Bakery")


@pytest.fixture
def paid(customer):
    site = worlds.site(customer, "shop")
    return worlds.instance(worlds.package(customer), site, product=worlds.product("Business"))


@pytest.fixture
def free(paid):
    package = worlds.package(paid.account)
    product = worlds.product("Domain .com")
    return worlds.instance(package, paid.site, product=product, reference_instance_id=paid.pk)


def test_each_end_names_the_other_and_leads_to_it(viewer, paid, free):
    of_free, of_paid = (viewer.get(one.get_absolute_url()) for one in (free, paid))

    assert "Free with Business on shop.example" in text(of_free)
    assert f'href="{paid.get_absolute_url()}"' in of_free.content.decode()
    assert "Used for Domain .com on shop.example" in text(of_paid)
    assert f'href="{free.get_absolute_url()}"' in of_paid.content.decode()


def test_a_reference_that_is_not_known_here_is_shown_by_its_id(viewer, customer):
    unknown = worlds.new_id()
    service = worlds.instance(worlds.package(customer), reference_instance_id=unknown)

    assert f"Free with {str(unknown)[:8]}" in text(viewer.get(service.get_absolute_url()))


@pytest.mark.parametrize("where", ["/packages/{package}/", "/accounts/{account}/", "/instances/"])
def test_the_word_free_stays_with_what_is_free(viewer, paid, free, where):
    address = where.format(package=free.package_id, account=free.account_id)

    page = viewer.get(address).content.decode()

    assert page.count(">free</span>") == 1


@pytest.mark.parametrize(
    ("word", "expected"), [("free", {"Domain .com"}), ("used", {"Business"}), ("unused", {"Core"})]
)
def test_free_services_and_references_are_found_by_a_filter(
    viewer, customer, paid, free, word, expected
):
    worlds.instance(worlds.package(customer), product=worlds.product("Core", reference=True))
    free.product.reference = False
    free.product.save(update_fields=["reference"])

    page = viewer.get(f"/instances/?reference={word}")

    rows = {str(row.product) for row in page.context["page"].rows}
    assert rows == expected
    assert "Free with, or used for" in text(page)


def test_the_list_names_both_ends_in_a_column(viewer, paid, free):
    page = text(viewer.get("/instances/?columns=service,reference"))

    assert "Free with Business on shop.example" in page
    assert "Used for Domain .com on shop.example" in page


def test_of_many_services_the_picker_finds_any_by_words(operator, customer, monkeypatch):
    monkeypatch.setattr("dashboard.actions.order_choices.MOST_REFERENCES", 2)
    monkeypatch.setattr("dashboard.actions.order_line_options.MOST_REFERENCES", 2)
    long_ago = timezone.now() - timedelta(days=900)
    old = worlds.instance(
        worlds.package(customer), product=worlds.product("Old Plan"), created_at=long_ago
    )
    for number in range(3):
        worlds.instance(worlds.package(customer), product=worlds.product(f"Plan {number}"))
    address = f"/packages/new/?account={customer.pk}"

    form = operator.get(address)
    typed = {"lines": "1", "lines-0-find_reference": "old pl", "redraw": "1"}
    found = operator.post(address, typed)

    assert "The 2 newest of 4: find others by words" in text(form)
    assert f'value="{old.pk}"' not in form.content.decode()
    assert f'value="{old.pk}"' in found.content.decode()
    assert "1 found" in text(found)
    chosen = pressed_again(found, address) | {"lines-0-reference": str(old.pk)}
    other = chosen | {"lines-0-find_reference": "plan 1", "redraw": "1"}
    kept = operator.post(address, other).content.decode()
    assert f'<option value="{old.pk}" selected>' in kept


def test_where_all_fit_into_the_list_nothing_is_to_be_found(operator, paid):
    page = operator.get(f"/packages/new/?account={paid.account_id}").content.decode()

    assert "find_reference" not in page


def test_services_of_one_name_have_their_ids_in_the_picker(operator, customer):
    core = worlds.product("Core")
    two = [worlds.instance(worlds.package(customer), floating=True, product=core) for _ in "ab"]

    page = operator.get(f"/packages/new/?account={customer.pk}").content.decode()

    assert all(f"Core floating, {one.short_id}" in page for one in two)
