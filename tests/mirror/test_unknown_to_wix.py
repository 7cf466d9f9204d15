"""A customer's id that was written here and that Wix never shows is said to be unknown to it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from resellers.mirror import figures
from resellers.models import Account
from tests import worlds
from tests.dashboard.listing import rows
from tests.mirrors import read

pytestmark = pytest.mark.django_db

UNREAD = {"last_confirmed_at": None, "sites_checked_at": None}


def written(name: str, *, days: int = 2, **fields) -> Account:
    """A customer whose id a file brought so many days ago, and no reading has shown."""
    account = worlds.account(name, **UNREAD | fields)
    since = timezone.now() - timedelta(days=days)
    Account.objects.filter(pk=account.pk).update(first_seen_at=since)
    return account


def unknown() -> list[str]:
    return [account.name for account in Account.objects.unknown_to_wix()]


def test_what_no_reading_showed_within_a_day_is_unknown_to_wix():
    now = timezone.now()
    written("Ghost")
    written("New", days=0)
    written("Listed", listed_at=now)
    written("Confirmed", last_confirmed_at=now)
    worlds.package(written("Customer"))
    worlds.site(written("Owner"))
    written("Gone", gone_at=now)

    assert unknown() == [], "Wix was never read in full: nothing follows"
    figures.note_whole(now)

    assert unknown() == ["Ghost"]


def test_nothing_is_said_while_wix_was_not_read_since():
    written("Ghost", days=2)
    figures.note_whole(timezone.now() - timedelta(days=3))

    assert unknown() == []


@pytest.mark.django_db(transaction=True)
def test_readings_confirm_all_but_the_ghost(mirror):
    written("Ghost")

    read("full")

    assert unknown() == ["Ghost"]


def test_its_page_and_the_list_say_so(manager):
    ghost = written("Ghost")
    worlds.account("Known")
    figures.note_whole(timezone.now())

    page = manager.get(f"/accounts/{ghost.pk}/").content.decode()
    listed = rows(manager.get("/accounts/?state=unknown"))

    assert "Unknown to Wix." in page
    assert len(listed) == 1
    assert "unknown to Wix" in listed[0]
    assert "unknown to Wix" not in "".join(rows(manager.get("/accounts/?q=Known")))
