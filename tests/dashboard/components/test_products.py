"""Types and features of products where they are chosen and held, and what is free for a time."""

from datetime import UTC, datetime

import pytest

from tests import worlds
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SHOP = {"service_type": "ONLINE_SHOP", "features": ["100 products", "Abandoned carts"]}
WORDS = "Online shop · 100 products, Abandoned carts"


def test_an_order_says_of_the_chosen_product_what_it_brings(operator):
    account, shop = worlds.account(), worlds.product("Shop", **SHOP)
    address = f"/packages/new/?account={account.pk}"

    unchosen = operator.get(address).content.decode()
    redraw = {"lines": "1", "lines-0-target_product": str(shop.pk), "redraw": "1"}
    chosen = operator.post(address, redraw).content.decode()

    assert '<p class="hint" id="lines-0-about"></p>' in unchosen
    assert f'<p class="hint" id="lines-0-about">{WORDS}</p>' in chosen


def test_what_a_service_may_become_is_told_with_what_it_brings(operator):
    service = worlds.instance(product=worlds.product("Small", service_type="ONLINE_SHOP"))
    worlds.product("Shop", **SHOP)

    page = text(operator.get(f"{service.get_absolute_url()}adjust/"))

    assert f"{WORDS} · 1 month, 1 year" in page


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (datetime(2027, 3, 3, 12, tzinfo=UTC), "not charged, until 3 Mar 2027."),
        (None, "not charged. Wix gives no date of its end."),
    ],
)
def test_a_free_service_says_that_it_is_for_a_time_and_until_when(viewer, ends, words):
    paid = worlds.instance()
    about = {"reference_instance_id": paid.pk, "expires_at": ends}
    free = worlds.instance(paid.package, product=worlds.product("Shop", **SHOP), **about)

    page = text(viewer.get(free.get_absolute_url()))

    assert f"Free with it: time-limited, {words}" in page
    assert "100 products, Abandoned carts" in page
    assert "Free with it" not in text(viewer.get(paid.get_absolute_url()))


def test_the_words_of_wix_are_explained_on_the_page_of_all_words(viewer):
    page = text(viewer.get("/help/"))

    for term in ("Service type", "Feature", "Voucher", "Reference service", "Floating"):
        assert term in page
    product = worlds.product()
    assert 'href="/help/#words"' in viewer.get(product.get_absolute_url()).content.decode()
