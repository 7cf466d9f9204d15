"""Customers who left the agency at Wix are marked gone with all they had, and come back."""

import pytest

from resellers.connection import wix_client
from resellers.models import Account
from tests import practice, worlds
from tests.mirrors import read


@pytest.mark.django_db(transaction=True)
def test_a_customer_who_left_is_gone_with_all_they_had_and_comes_back(mirror):
    account = mirror.movable()[0].account
    practice.change_account(mirror.sandbox, account.pk, left=True)

    read("full")

    account.refresh_from_db()
    assert account.gone_at is not None
    assert not account.packages.filter(gone_at=None).exists()
    assert not account.sites.filter(gone_at=None).exists()
    assert account.changes.filter(field="gone_at", package=None, site=None).exists()
    practice.change_account(mirror.sandbox, account.pk, left=False)
    read("full")
    account.refresh_from_db()
    assert account.gone_at is None
    assert not account.packages.exclude(gone_at=None).exists()
    assert not account.sites.exclude(gone_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_a_customer_whom_only_our_own_table_names_has_not_left(mirror):
    invented = worlds.account("Invented", last_confirmed_at=None)

    read("full")

    invented.refresh_from_db()
    assert invented.gone_at is None


@pytest.fixture
def empty(mirror) -> Account:
    """A customer without a package or a site, whom a full reading has met."""
    with wix_client("people") as wix:
        made = wix.create_account(email="new@customer.example").account.id
    read("full")
    return Account.objects.get(pk=made, gone_at=None)


@pytest.mark.django_db(transaction=True)
def test_a_customer_whom_the_list_leaves_out_is_gone_after_two_full_readings_and_not_after_one(
    mirror, empty
):
    """Wix refuses nothing of it, and shows nothing either: the list may have been wrong once."""
    practice.change_account(mirror.sandbox, empty.pk, unlisted=True)

    first = read("full")

    empty.refresh_from_db()
    assert (empty.gone_at, empty.missing_since) == (None, first.started_at)
    read("full")
    empty.refresh_from_db()
    assert empty.gone_at is not None


@pytest.mark.django_db(transaction=True)
def test_a_customer_whom_the_list_leaves_out_now_and_then_stays(mirror, empty):
    for unlisted in (True, False, True):
        practice.change_account(mirror.sandbox, empty.pk, unlisted=unlisted)
        read("full")

    empty.refresh_from_db()
    assert empty.gone_at is None


@pytest.mark.django_db(transaction=True)
def test_a_customer_whose_packages_wix_shows_stays_though_no_list_names_them(mirror):
    account = mirror.movable()[0].account
    Account.objects.filter(pk=account.pk).update(missing_since=account.listed_at)
    practice.change_account(mirror.sandbox, account.pk, unlisted=True)

    for _ in range(2):
        read("full")

    account.refresh_from_db()
    assert (account.gone_at, account.missing_since) == (None, None)


@pytest.mark.django_db(transaction=True)
def test_of_a_list_of_customers_that_is_not_whole_nobody_is_missing(mirror, empty):
    Account.objects.filter(pk=empty.pk).update(missing_since=empty.listed_at)
    practice.faults(mirror.sandbox, {"match": "accounts", "effect": "empty_page"})

    read("full")

    empty.refresh_from_db()
    assert empty.gone_at is None


@pytest.mark.django_db(transaction=True)
def test_the_agencys_own_account_never_leaves_whatever_wix_refuses_of_it(mirror):
    """No list of child accounts names it."""
    main = Account.objects.get(is_main=True)
    for package in main.packages.all():
        practice.change_package(mirror.sandbox, package.pk, hidden=True, access=404)
    practice.faults(mirror.sandbox, {"match": "sites", "effect": "refuse:PERMISSION_DENIED:403"})

    read("full")

    main.refresh_from_db()
    assert main.gone_at is None
