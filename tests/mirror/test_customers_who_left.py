"""Customers who left the agency at Wix are marked gone with all they had, and come back."""

import pytest

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
