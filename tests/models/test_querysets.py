"""Each word of the domain, as the database is asked for it, means what it says in plain Python."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone

from resellers.models import (
    Account,
    CatalogProduct,
    Operation,
    Package,
    ProductInstance,
    ProductRefusal,
    Site,
    SyncRun,
    instance_querysets,
    operation_querysets,
    querysets,
)
from tests import worlds
from tests.one_of_everything import one_of_everything

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]


@pytest.fixture
def world(db):
    one_of_everything(worlds.user("manager"))


def is_live(service: ProductInstance) -> bool:
    return service.gone_at is None and service.status not in ("FAILED", "CANCELED")


def floats(service: ProductInstance) -> bool:
    return is_live(service) and service.site_id is None


def ends_within(service: ProductInstance, days: int) -> bool:
    ends, now = service.expires_at, timezone.now()
    return is_live(service) and ends is not None and now <= ends < now + timedelta(days=days)


def has_floated(service: ProductInstance, days: int) -> bool:
    since = service.floating_since
    return floats(service) and since is not None and since < timezone.now() - timedelta(days=days)


def has_expired(service: ProductInstance) -> bool:
    ends, since = service.expires_at, service.status_since
    if service.gone_at or not ends or service.status == "FAILED":
        return False
    if service.status == "CANCELED" and since and since >= ends:
        return True
    by_then = is_live(service) or since is None or since >= ends - timedelta(days=1)
    return ends <= timezone.now() and by_then


SERVICES = {
    "expired": has_expired,
    "present": lambda one: one.gone_at is None,
    "live": is_live,
    "ended": lambda one: one.status in ("FAILED", "CANCELED"),
    "failed": lambda one: one.status == "FAILED",
    "unsettled": lambda one: one.status in ("PENDING", "AWAITING_ACTION"),
    "without_site": lambda one: one.site_id is None,
    "floating": floats,
    "accessible": lambda one: (
        one.gone_at is None and one.status == "ENABLED" and one.site_id is not None
    ),
    "floating_long": lambda one: has_floated(one, 14),
    "referable": lambda one: (
        one.gone_at is None
        and one.status in ("PENDING", "ENABLED")
        and one.product.reference is not False
    ),
}
OPERATIONS = {
    "open": ("queued", "running", "confirming", "needs_attention"),
    "under_way": ("queued", "running", "confirming"),
    "moving": ("running", "confirming"),
    "needing_attention": ("needs_attention",),
    "succeeded": ("succeeded",),
    "refused": ("failed", "rolled_back"),
    "gone_wrong": ("failed", "rolled_back", "needs_attention"),
    "repeatable": ("failed", "rolled_back", "canceled"),
}
SITES = {
    "trashed": querysets.TRASHED,
    "blocked": querysets.BLOCKED,
    "unread": querysets.NEVER_READ,
    "published": querysets.PUBLISHED,
    "unpublished": querysets.UNPUBLISHED,
}


def ids(rows: Any) -> set[Any]:
    return {row.pk for row in rows}


@pytest.mark.parametrize("word", SERVICES)
def test_a_word_about_services_picks_those_it_describes(world, word):
    found, every = getattr(ProductInstance.objects, word)(), ProductInstance.objects.all()

    assert ids(found) == {one.pk for one in every if SERVICES[word](one)}
    assert 0 < len(found) < len(every)


@pytest.mark.parametrize("days", [30, 60])
def test_what_expires_lives_and_ends_within_so_many_days(world, days):
    every = ProductInstance.objects.all()

    expected = {one.pk for one in every if ends_within(one, days)}
    assert ids(ProductInstance.objects.expiring(days)) == expected
    assert expected


def test_a_service_answers_to_the_words_that_pick_it(world):
    words = {"live": "is_live", "ended": "is_ended", "floating": "is_floating"}
    words |= {"referable": "is_referable", "accessible": "is_accessible"}
    for word, name in words.items():
        picked = ids(getattr(ProductInstance.objects, word)())
        for service in ProductInstance.objects.all():
            assert getattr(service, name) is (service.pk in picked), (name, service.status)


def test_a_service_says_where_it_is_floating_only_while_it_waits_for_a_site(world):
    floating = ids(ProductInstance.objects.floating())
    for service in ProductInstance.objects.select_related("site"):
        nowhere = "Floating" if service.pk in floating else "No site"
        assert service.place == (str(service.site) if service.site else nowhere)


@pytest.mark.parametrize("word", OPERATIONS)
def test_a_word_about_operations_picks_their_states(world, word):
    found = getattr(Operation.objects, word)()

    assert {one.state for one in found} == set(OPERATIONS[word])
    assert len(found) == Operation.objects.filter(state__in=OPERATIONS[word]).count()


def test_an_operation_answers_to_the_words_that_pick_it(world):
    for operation in Operation.objects.all():
        assert operation.is_open is (operation.state in OPERATIONS["open"])
        assert operation.is_repeatable is (operation.state in OPERATIONS["repeatable"])


@pytest.mark.parametrize("state", SITES)
def test_a_site_is_in_the_one_state_that_its_badge_shows(world, state):
    picked = Site.objects.present().filter(SITES[state])

    assert ids(picked) == {site.pk for site in Site.objects.present() if site.state == state}
    assert picked


def test_a_site_is_usable_unless_it_is_gone_thrown_away_or_blocked(world):
    wrong = ("gone", "trashed", "blocked")
    usable = {site.pk for site in Site.objects.all() if site.state not in wrong}

    assert ids(Site.objects.usable()) == usable
    assert {site.pk for site in Site.objects.all() if site.usable} == usable


def test_a_condition_counts_what_the_method_of_its_name_picks(world):
    services = ("present", "live", "ended", "failed", "unsettled", "floating", "referable")
    operations = ("open", "under_way", "needing_attention", "succeeded", "refused")
    for model, home, words in (
        (ProductInstance, instance_querysets, services),
        (Operation, operation_querysets, operations),
    ):
        conditions: dict[str, Q] = {word: getattr(home, word.upper()) for word in words}
        counts = model.objects.aggregate(
            **{word: Count("pk", filter=condition) for word, condition in conditions.items()}
        )
        assert counts == {word: getattr(model.objects, word)().count() for word in words}


def test_records_count_what_they_hold_that_is_still_at_wix(world):
    services = list(ProductInstance.objects.present())
    for model, field in ((Package, "package"), (Site, "site"), (CatalogProduct, "product")):
        for row in model.objects.with_services():
            held = [one for one in services if getattr(one, f"{field}_id") == row.pk]
            assert row.services == len(held), row
    for account in Account.objects.with_holdings():
        assert account.services == sum(one.account_id == account.pk for one in services)
        for name, model in (("packages_held", Package), ("sites_held", Site)):
            held = model.objects.filter(account=account, gone_at__isnull=True)
            assert getattr(account, name) == len(held)


def test_a_product_is_refused_while_a_refusal_stands_and_unnamed_until_it_has_a_name(world):
    standing = {one.product_id for one in ProductRefusal.objects.all() if one.cleared_at is None}

    assert ids(CatalogProduct.objects.refused()) == standing
    assert ids(ProductRefusal.objects.cleared()).isdisjoint(ids(ProductRefusal.objects.standing()))
    unnamed = {one.pk for one in CatalogProduct.objects.all() if not one.is_named}
    assert ids(CatalogProduct.objects.unnamed()) == unnamed
    assert ids(CatalogProduct.objects.named()) == ids(CatalogProduct.objects.all()) - unnamed
    assert standing
    assert unnamed


def test_a_reading_is_open_until_it_has_ended(world):
    assert {run.state for run in SyncRun.objects.open()} == {"queued", "running"}
    assert all(run.is_open for run in SyncRun.objects.open())


@pytest.mark.parametrize("word", ["floating", "without_site"])
def test_what_is_on_no_site_is_listed_in_its_order_from_an_index(db, word):
    rows = getattr(ProductInstance.objects.present(), word)().order_by("-created_at", "-id")[:51]

    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # A table of a few rows is read whole, and sorted, unless that is forbidden.
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        plan = rows.explain()

    # SQLite finds them in the index by site as well, which has the same order.
    assert re.search("index.* instance_(floating|by_site)", plan, re.IGNORECASE), plan
    assert not re.search("sort|temp b-tree", plan, re.IGNORECASE), plan
    if connection.vendor == "postgresql":
        assert "instance_floating" in plan
