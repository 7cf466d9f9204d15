"""Wix names records by their ids alone; pages say beside each whose it is."""

import re

import pytest
from django.utils import timezone

from resellers.mirror.learned_refusals import learn
from resellers.models import OperationState, Unreadable
from tests import worlds
from tests.dashboard.stories import call
from tests.dashboard.submitting import text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def refused(code, message):
    operation = worlds.operation(
        state=OperationState.FAILED, outcome_code=code, outcome="Wix would not."
    )
    call(operation, "assign", "refused", status=404, code=code, message=message)
    return operation


def test_every_id_in_wixs_words_is_followed_by_the_name_it_has_here(viewer):
    account = worlds.account("North Bakery")
    site = worlds.site(account, "bakery")
    package = worlds.package(account, external_id="order-7")
    service = worlds.instance(package, site, product=worlds.product("Business"))
    ids = (account.pk, site.pk, package.pk, service.pk, service.product_id)
    operation = refused("SOME_CODE", " and ".join(map(str, ids)).upper())

    page = text(viewer.get(operation.get_absolute_url()))

    for id_, name in zip(
        ids, ["North Bakery", "bakery.example", "order-7", "Business", "Business"], strict=True
    ):
        assert f"{str(id_).upper()} ( {name} )" in page, name


def test_what_the_mirror_does_not_know_stays_as_wix_wrote_it(viewer):
    unnamed = worlds.account("")
    message = f"Nothing of {worlds.new_id()}, {unnamed.pk} or 12345678-<b>."

    page = text(viewer.get(refused("SOME_CODE", message).get_absolute_url()))

    assert f"“{message}”" in page


def test_a_hostile_name_stands_as_text(viewer):
    account = worlds.account("<script>alert(1)</script>")
    operation = refused("ACCOUNT_NOT_FOUND", f"Account with id {account.pk} was not found.")

    page = viewer.get(operation.get_absolute_url()).content.decode()

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("known", [True, False])
def test_a_site_that_is_anothers_says_whose_it_is(viewer, known):
    owner, asking, site = worlds.account("South Bakery"), worlds.account(), worlds.site()
    owner_id = owner.pk if known else worlds.new_id()
    message = f"Site `{site.pk}` is not owned by `{asking.pk}`, but by `{owner_id}`."

    page = text(viewer.get(refused("SITE_NOT_FOUND", message).get_absolute_url()))

    assert f"The site's owner {'South Bakery' if known else owner_id}" in page


def test_a_site_of_another_customer_is_refused_with_its_owners_name(operator):
    service = worlds.instance()
    foreign = worlds.site(worlds.account("South Bakery"))

    answer = operator.post(f"{service.get_absolute_url()}reassign/", {"target_site": foreign.pk})

    assert "It belongs to South Bakery." in text(answer)


def test_names_cost_a_list_as_many_queries_for_one_row_as_for_five(
    viewer, django_assert_max_num_queries
):
    def failed():
        site = worlds.site()
        worlds.instance(
            status="FAILED", failure_code="UNKNOWN", failure_message=f"Not on {site.pk}"
        )
        return site

    viewer.get("/failures/failed-services/")
    site = failed()
    with django_assert_max_num_queries(100) as one:
        page = text(viewer.get("/failures/failed-services/"))
    for _ in range(4):
        failed()
    with django_assert_max_num_queries(len(one)):
        text(viewer.get("/failures/failed-services/"))

    assert f"Not on {site.pk} ( {site.host} )" in page


def test_a_service_a_product_and_a_timeline_name_them_too(viewer):
    site = worlds.site()
    words = f"Not on {site.pk}"
    service = worlds.instance(status="FAILED", failure_code="UNKNOWN", failure_message=words)
    learn(service.product, "PRODUCT_NOT_FOUND", words, "request-1")
    Unreadable.objects.create(
        part="package",
        subject=f"package:{service.package_id}",
        account=service.account,
        package=service.package,
        since=timezone.now(),
        last_at=timezone.now(),
        message=words,
    )

    for address in (
        service.get_absolute_url(),
        service.product.get_absolute_url(),
        service.package.get_absolute_url(),
        f"{service.package.get_absolute_url()}?tab=timeline",
    ):
        assert re.search(rf"{words} \( {site.host} \)", text(viewer.get(address))), address
