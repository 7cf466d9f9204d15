"""What past answers taught: kept on the product until a person clears it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers.mirror import learned_refusals
from resellers.models import AuditEntry, ProductRefusal
from tests import worlds

pytestmark = pytest.mark.django_db


def test_a_refusal_that_nobody_could_foresee_stands_on_its_product():
    product, operation = worlds.product(), worlds.operation()

    refusal = learned_refusals.learn(
        product, "PRODUCT_LIMIT_EXCEEDED", "25 of 25", "req-1", operation
    )

    assert learned_refusals.standing([product]) == {product.pk: [refusal]}
    refusal.refresh_from_db()
    assert (refusal.message, refusal.wix_request_id, refusal.operation) == (
        "25 of 25",
        "req-1",
        operation,
    )


@pytest.mark.parametrize("code", ["", "MISSING_BILLING_CYCLE", "SITE_NOT_FOUND", "NEVER_HEARD_OF"])
def test_what_is_foreseen_elsewhere_or_unknown_is_not_kept(code):
    assert learned_refusals.learn(worlds.product(), code) is None
    assert not ProductRefusal.objects.exists()


def test_the_same_refusal_again_renews_the_one_that_stands():
    product = worlds.product()
    first = learned_refusals.learn(product, "PRODUCT_SETTINGS_NOT_FOUND", "none", "req-1")
    # Of a minute ago: two within one millisecond of the database's clock are of one moment.
    first.at -= timedelta(minutes=1)
    first.save(update_fields=["at"])

    again = learned_refusals.learn(product.pk, "PRODUCT_SETTINGS_NOT_FOUND", "still none", "req-2")

    assert first.pk == again.pk
    assert again.at > first.at
    assert ProductRefusal.objects.get().wix_request_id == "req-2"


def test_a_site_is_kept_only_where_the_refusal_speaks_of_one():
    product, site, other = worlds.product(), worlds.site(), worlds.site()

    for place in (site, other):
        learned_refusals.learn(product, "PRODUCT_NOT_SUPPORTED_ON_SITE", site=place)
        learned_refusals.learn(product, "PRODUCT_LIMIT_EXCEEDED", site=place.pk)

    refusals = [(r.code, r.site) for r in learned_refusals.standing([product])[product.pk]]
    assert sorted(refusals, key=str) == sorted(
        [
            ("PRODUCT_NOT_SUPPORTED_ON_SITE", site),
            ("PRODUCT_NOT_SUPPORTED_ON_SITE", other),
            ("PRODUCT_LIMIT_EXCEEDED", None),
        ],
        key=str,
    )


def test_what_was_refused_as_a_target_stands_apart_from_what_was_refused_as_it_is():
    service, code = worlds.instance(), "OPERATION_NOT_SUPPORTED_FOR_PRODUCT"
    target, person = worlds.product("Bigger Plan"), worlds.user("manager")
    wish = worlds.wish("adjust", product_id=str(target.pk), cycle="1 YEAR")
    operation = worlds.planned(service, wish)

    of_target = learned_refusals.learn(target, code, operation=operation)
    of_itself = learned_refusals.learn(target, code)
    of_source = learned_refusals.learn(service.product, code, operation=operation)

    assert (of_target.as_target, of_itself.as_target, of_source.as_target) == (True, False, False)
    learned_refusals.clear(of_target, by=person)
    assert learned_refusals.standing([target])[target.pk] == [of_itself]


def test_what_stands_is_one_query_for_any_number_of_products():
    products = [worlds.product() for _ in range(5)]
    for product in products[:3]:
        learned_refusals.learn(product, "PRODUCT_NOT_SUPPORTED_ON_SITE", site=worlds.site())

    with CaptureQueriesContext(connection) as captured:
        found = learned_refusals.standing(products)
        assert [str(r.site) for rs in found.values() for r in rs]

    assert len(captured) == 1
    assert [len(found[product.pk]) for product in products] == [1, 1, 1, 0, 0]


def test_what_a_person_clears_stands_no_more_and_is_audited():
    product, person = worlds.product(), worlds.user("manager")
    refusal = learned_refusals.learn(product, "PRODUCT_LIMIT_EXCEEDED", "25 of 25", "req-1")

    assert learned_refusals.clear(refusal, by=person)
    assert not learned_refusals.clear(refusal, by=person), "it is cleared once"

    assert learned_refusals.standing([product])[product.pk] == []
    [entry] = AuditEntry.objects.filter(event="product.refusal_cleared")
    assert (entry.actor, entry.body["code"]) == (person, "PRODUCT_LIMIT_EXCEEDED")
    assert entry.body["wix_request_id"] == "req-1"
    learned_refusals.learn(product, "PRODUCT_LIMIT_EXCEEDED", "25 of 25", "req-2")
    assert len(learned_refusals.standing([product])[product.pk]) == 1, "it may be learned anew"
