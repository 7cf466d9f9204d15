"""A new spelling is no change: dates, numbers, empty values, names of Wix's fields."""

from datetime import UTC, datetime, timedelta

import pytest

from resellers.mirror.ingest import ingest_packages, ingest_sites
from resellers.mirror.ingest.values import same_json, same_moment
from resellers.models import Change, Package, ProductInstance, Site
from resellers.wix.fields import read_moment
from resellers.wix.parsing import read_package, read_site
from tests import worlds

START = datetime(2026, 11, 20, 9, 14, 2, tzinfo=UTC)
# The same date, as Wix may write it.
SPELLINGS = (
    "2027-11-20T09:14:02.118Z",
    "2027-11-20T09:14:02Z",
    "2027-11-20T09:14:02.118423Z",
    "2027-11-20T11:14:02.118+02:00",
    {"seconds": "1826702042", "nanos": 118_000_000},
    {"seconds": 1826702042},
)
PACKAGE, ACCOUNT, INSTANCE, PRODUCT, SITE = (str(worlds.new_id()) for _ in range(5))


def raw_package(updated: str = "2026-11-20T09:14:02.118Z", **instance) -> dict:
    return {
        "id": PACKAGE,
        "accountId": ACCOUNT,
        "externalId": "order-1",
        "createdDate": "2026-11-20T09:14:02.118Z",
        "updatedDate": updated,
        "productInstances": [
            {
                "instanceId": INSTANCE,
                "catalogProductId": PRODUCT,
                "siteId": SITE,
                "status": "ENABLED",
                "expirationDate": SPELLINGS[0],
                "billingInfo": {
                    "type": "RECURRING",
                    "cycleDuration": {"unit": "YEAR", "count": 1},
                },
            }
            | instance
        ],
    }


def ingest(raw: dict, *, minutes: int, authoritative: bool = False) -> int:
    """Bring it in as of so many minutes after START; returns how many rows changed."""
    found = ingest_packages(
        [read_package(raw, "package")],
        fetch_started_at=START + timedelta(minutes=minutes),
        authoritative=authoritative,
    )
    assert not found.doubtful
    return found.rows_changed


def changes() -> list[tuple[str, str, str]]:
    return list(Change.objects.exclude(field="seen").values_list("field", "old", "new"))


@pytest.mark.parametrize("second", SPELLINGS)
@pytest.mark.parametrize("first", SPELLINGS)
@pytest.mark.parametrize("authoritative", [False, True])
@pytest.mark.django_db
def test_a_date_that_is_spelt_otherwise_is_no_change(first, second, authoritative):
    ingest(raw_package(expirationDate=first), minutes=1)

    changed = ingest(raw_package(expirationDate=second), minutes=2, authoritative=authoritative)

    assert changed == 0
    assert changes() == []


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_a_date_a_second_later_is_another_one(spelling):
    moment = read_moment(spelling, "")

    assert same_moment(moment, read_moment(SPELLINGS[0], ""))
    assert not same_moment(moment + timedelta(seconds=1), moment)


@pytest.mark.django_db
def test_an_expiry_that_moves_is_told_however_it_is_spelt():
    ingest(raw_package(expirationDate=SPELLINGS[0]), minutes=1)

    later = raw_package("2026-11-20T09:20:00Z", expirationDate="2027-11-20T09:14:03Z")
    ingest(later, minutes=20)

    assert [field for field, *_ in changes()] == ["expires_at"]


@pytest.mark.django_db
def test_the_same_moment_of_change_without_its_fraction_is_not_taken_for_a_later_one():
    """Then an older copy of the record would win over the newer one."""
    ingest(raw_package("2026-11-20T09:14:02Z"), minutes=1)

    odd = raw_package("2026-11-20T09:14:02.118Z", status="PENDING")
    found = ingest_packages(
        [read_package(odd, "package")], fetch_started_at=START + timedelta(minutes=2)
    )

    assert [str(package.pk) for package in found.doubtful] == [PACKAGE]
    assert changes() == []


@pytest.mark.parametrize(
    "change",
    [
        {"billingInfo": {"cycleDuration": {"count": 1, "unit": "YEAR"}, "type": "RECURRING"}},
        {"billingInfo": {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": 1.0}}},
        {"billingInfo": {"type": "RECURRING", "cycleDuration": {"unit": "YEAR", "count": "1"}}},
        {"failure": None, "discountCode": "", "countryCode": None},
        {"addedLater": {"note": "no document names this", "values": [1, None, True]}},
    ],
)
@pytest.mark.django_db
def test_what_is_only_written_otherwise_writes_no_entry_and_counts_as_no_change(change):
    ingest(raw_package(), minutes=1)

    assert ingest(raw_package(**change), minutes=2, authoritative=True) == 0
    assert changes() == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
        (1, 1.0),
        ("1", 1),
        ("0.1", 0.1),
        ({"value": "order-1"}, "order-1"),
        ({"seconds": "1826702042", "nanos": 118_000_000}, "2027-11-20T09:14:02.118Z"),
        ({"a": []}, {}),
        ({"a": None, "b": "", "c": False, "d": {}}, {}),
        ([{"a": "1"}], [{"a": 1, "b": None}]),
    ],
)
def test_the_same_in_another_dress_is_the_same(one, other):
    assert same_json(one, other)
    assert same_json(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 2),
        (1, True),
        ("1", "2"),
        ("order-1", "order-2"),
        ("12345678901234567890", "12345678901234567891"),
        ({"a": 1}, {}),
        ({"a": 0}, {}),
        ([1], [1, 1]),
        (["a", "b"], ["b", "a"]),
        ("2027-11-20T09:14:02.118Z", "2027-11-20T09:14:02.119Z"),
        ({"a": {"b": True}}, {"a": {"b": False}}),
    ],
)
def test_what_says_something_else_is_not_the_same(one, other):
    assert not same_json(one, other)
    assert not same_json(other, one)


@pytest.mark.parametrize(
    "unreadable",
    [
        {"expirationDate": "in a year"},
        {"status": {"is": "ENABLED"}},
        {"billingInfo": "yearly"},
        {"discountCode": ["SPRING"]},
        {"failure": "none"},
    ],
)
@pytest.mark.django_db
def test_what_nobody_can_read_leaves_the_record_as_it_is(unreadable):
    ingest(raw_package(), minutes=1)
    before = ProductInstance.objects.values().get()

    ingest(raw_package("2026-11-20T10:00:00Z", **unreadable), minutes=60)

    after = ProductInstance.objects.values().get()
    assert changes() == []
    assert {name for name in after if after[name] != before[name]} <= {"raw", "updated_at"}


@pytest.mark.django_db
def test_a_site_whose_trash_date_nobody_can_read_is_not_told_to_have_left_the_trash():
    site = worlds.site(trashed_at=START, last_confirmed_at=START)
    raw = {"id": str(site.pk), "trashedDate": "yesterday", "displayName": site.display_name}

    ingest_sites(
        site.account, [read_site(raw, "site")], fetch_started_at=START + timedelta(hours=1)
    )

    assert Site.objects.get().trashed_at == START
    assert "trashed_at" not in {field for field, *_ in changes()}


@pytest.mark.django_db
def test_the_record_as_wix_last_gave_it_is_kept_with_a_real_change():
    ingest(raw_package(), minutes=1)

    ingest(raw_package("2026-11-20T09:30:00Z", status="PENDING"), minutes=20)

    assert ProductInstance.objects.get().raw["status"] == "PENDING"
    assert Package.objects.get().raw["updatedDate"] == "2026-11-20T09:30:00Z"
