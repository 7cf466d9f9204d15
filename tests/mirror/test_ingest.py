"""Packages in, changed rows out."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from resellers.mirror.ingest import ingest_packages, mark_package_gone
from resellers.models import Change, OperationState, Package, ProductInstance, Unreadable
from resellers.wix import Call
from resellers.wix import Package as WixPackage
from resellers.wix.parsing import read_package
from tests import worlds

from .given_packages import ACCOUNT, INSTANCE, PACKAGE, PRODUCT, SITE, as_wix_gives_it, at

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]


def test_a_first_reading_makes_rows_for_everything_it_names():
    result = ingest_packages([as_wix_gives_it(siteId=SITE)], fetch_started_at=at(1))

    instance = ProductInstance.objects.get()
    assert result.rows_changed == 2
    assert str(instance.site_id) == SITE
    assert str(instance.product) == f"Unknown product {PRODUCT[:8]}"
    assert str(instance.account) == f"Unnamed customer {ACCOUNT[:8]}"
    assert instance.last_confirmed_at == at(1)


def test_the_same_answer_again_writes_only_when_it_was_checked():
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))

    result = ingest_packages([as_wix_gives_it()], fetch_started_at=at(2))

    assert result.rows_changed == 0
    assert Package.objects.get().last_confirmed_at == at(2)
    assert Change.objects.exclude(field="seen").count() == 0


def answer(request_id: str, status: int = 200) -> Call:
    """An answer of Wix that took a second."""
    return Call(
        method="GET",
        path_template="/",
        path="/",
        status=status,
        code=None,
        request_id=request_id,
        sent_at=at(1),
        duration_ms=1000,
        attempts=1,
        idempotency_key=None,
    )


def last_answer() -> tuple[str, int | None, datetime | None]:
    answer = Package.objects.get().confirmation
    return answer.wix_request_id, answer.wix_status, answer.wix_answered_at


def test_a_package_keeps_the_answer_that_confirmed_it_last():
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1), call=answer("first"))
    assert last_answer() == ("first", 200, at(1) + timedelta(seconds=1))

    ingest_packages([as_wix_gives_it()], fetch_started_at=at(2), call=answer("second"))
    assert last_answer()[0] == "second"

    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1), call=answer("older"))
    assert last_answer()[0] == "second"

    mark_package_gone(Package.objects.get(), fetch_started_at=at(3), call=answer("gone", 404))
    assert last_answer()[:2] == ("gone", 404)


def test_an_answer_that_nobody_knows_is_not_told_as_an_earlier_one():
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1), call=answer("first"))
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(2))

    assert last_answer() == ("", None, None)


def test_a_change_is_written_and_told_as_outside():
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))

    ingest_packages([as_wix_gives_it(minutes=5, siteId=SITE)], fetch_started_at=at(6))

    change = Change.objects.exclude(field="seen").get()
    assert (change.field, change.old, change.new) == ("site", "", SITE)
    assert not change.is_ours


def test_an_older_answer_never_goes_over_a_newer_one():
    ingest_packages([as_wix_gives_it(minutes=5, siteId=SITE)], fetch_started_at=at(6))

    result = ingest_packages([as_wix_gives_it(minutes=9)], fetch_started_at=at(3))

    assert result.rows_changed == 0
    assert str(ProductInstance.objects.get().site_id) == SITE


def test_other_content_under_the_same_date_waits_for_a_get():
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))
    odd = as_wix_gives_it(siteId=SITE)

    doubted = ingest_packages([odd], fetch_started_at=at(2))

    assert [str(package.pk) for package in doubted.doubtful] == [PACKAGE]
    assert ProductInstance.objects.get().is_floating
    settled = ingest_packages([odd], fetch_started_at=at(3), authoritative=True)
    assert settled.rows_changed == 1
    assert str(ProductInstance.objects.get().site_id) == SITE


def test_what_waited_for_a_get_unsaid_is_written_once_there_is_one():
    """Nothing that people read differs, so nobody is sent to ask; the next Get settles it."""
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))
    odd = as_wix_gives_it(updatedDate=at(30).isoformat())

    assert ingest_packages([odd], fetch_started_at=at(2)).doubtful == []
    ingest_packages([odd], fetch_started_at=at(3), authoritative=True)

    assert ProductInstance.objects.get().updated_at == at(30)


def test_a_package_that_has_changed_and_can_be_read_again_is_no_longer_unreadable():
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))
    Unreadable.objects.create(
        subject=f"package:{PACKAGE}",
        part=Unreadable.Part.PACKAGE,
        package=Package.objects.get(),
        account_id=ACCOUNT,
        since=at(2),
        last_at=at(2),
    )

    ingest_packages([as_wix_gives_it(minutes=5, siteId=SITE)], fetch_started_at=at(6))

    assert Unreadable.objects.get().ended_at == at(6)


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        (OperationState.RUNNING, False),
        (OperationState.CONFIRMING, False),
        (OperationState.QUEUED, True),
        (OperationState.NEEDS_ATTENTION, True),
        (OperationState.SUCCEEDED, True),
    ],
)
def test_a_sync_keeps_off_a_package_while_a_call_may_be_on_its_way(state, changes):
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))
    worlds.operation(ProductInstance.objects.get(), state=state)

    ingest_packages([as_wix_gives_it()], fetch_started_at=at(3))
    confirmed_at = Package.objects.get().last_confirmed_at
    ingest_packages([as_wix_gives_it(minutes=5, siteId=SITE)], fetch_started_at=at(6))

    assert (confirmed_at == at(3)) is changes
    assert (not ProductInstance.objects.get().is_floating) is changes


def test_an_instance_that_left_its_package_is_kept_and_marked_gone():
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))
    other = str(worlds.new_id())

    ingest_packages([as_wix_gives_it(minutes=5, instanceId=other)], fetch_started_at=at(6))

    assert ProductInstance.objects.get(pk=INSTANCE).gone_at is not None
    assert ProductInstance.objects.get(pk=other).gone_at is None


def test_a_package_that_is_gone_comes_back_when_wix_shows_it_again():
    ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))
    mark_package_gone(Package.objects.get(), fetch_started_at=at(2))
    assert ProductInstance.objects.get().gone_at is not None

    ingest_packages([as_wix_gives_it()], fetch_started_at=at(3), authoritative=True)

    assert Package.objects.get().gone_at is None
    assert ProductInstance.objects.get().gone_at is None


def test_of_a_package_shown_twice_on_a_moving_list_the_later_version_counts():
    twice = [as_wix_gives_it(minutes=5, siteId=SITE), as_wix_gives_it()]

    ingest_packages(twice, fetch_started_at=at(6))

    assert str(ProductInstance.objects.get().site_id) == SITE


@pytest.mark.parametrize("is_held", [False, True])
def test_a_service_that_its_package_names_twice_is_one_service(is_held):
    if is_held:
        ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))
    twice = as_wix_gives_it(minutes=1, status="FAILED").raw
    twice["productInstances"].insert(0, twice["productInstances"][0] | {"status": "PENDING"})

    ingest_packages([read_package(twice, "package")], fetch_started_at=at(2))

    assert ProductInstance.objects.get().status == "FAILED"
    assert Change.objects.filter(field="status").count() == is_held


@pytest.mark.parametrize("is_held", [False, True])
def test_a_service_that_two_packages_name_is_one_service_and_stays(is_held):
    if is_held:
        ingest_packages([as_wix_gives_it()], fetch_started_at=at(1))
    other = str(worlds.new_id())
    both = [as_wix_gives_it(minutes=1, package=p) for p in (PACKAGE, other)]

    ingest_packages(both, fetch_started_at=at(2))

    service = ProductInstance.objects.get()
    assert (str(service.package_id), service.gone_at) == (other, None)


def test_an_unknown_status_is_kept_as_it_is():
    ingest_packages([as_wix_gives_it(status="ON_PROBATION")], fetch_started_at=at(1))

    assert ProductInstance.objects.get().status == "ON_PROBATION"


def test_text_that_no_database_holds_is_kept_but_for_the_character_at_fault():
    odd = as_wix_gives_it(failure={"code": "X\0Y", "message": "half \ud800 pair"})

    ingest_packages([odd], fetch_started_at=at(1))

    instance = ProductInstance.objects.get()
    assert instance.failure_code == "X\ufffdY"
    assert instance.failure_message == "half \ufffd pair"


def test_a_record_with_an_unusable_product_id_costs_nobody_else():
    bad = as_wix_gives_it(package=str(worlds.new_id()), catalogProductId="not-an-id")

    result = ingest_packages([bad, as_wix_gives_it()], fetch_started_at=at(1))

    assert result.rejected == 1
    assert Package.objects.count() == 1


def test_a_page_costs_the_same_statements_for_one_package_as_for_many():
    def page(size: int) -> list[WixPackage]:
        account = str(worlds.new_id())
        return [
            as_wix_gives_it(
                package=str(worlds.new_id()), account=account, instanceId=str(worlds.new_id())
            )
            for _ in range(size)
        ]

    def statements(packages: list[WixPackage]) -> int:
        with CaptureQueriesContext(connection) as queries:
            ingest_packages(packages, fetch_started_at=at(1))
        return len(queries)

    ingest_packages(page(1), fetch_started_at=at(1))  # the product is known from here on
    # SQLite takes 999 values a statement, so a batch that fits into one is compared.
    assert statements(page(1)) == statements(page(30))
