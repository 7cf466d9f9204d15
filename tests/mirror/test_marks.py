"""Where a reading of what changed begins: never ahead of Wix's clock, and far enough behind."""

from datetime import timedelta

import pytest
from django.conf import settings as django_settings

from resellers.clock import database_now
from resellers.mirror.sync.rolling import round_of
from resellers.models import Package, ProductInstance, SyncRun
from tests import practice
from tests.mirrors import read

AHEAD = "2099-01-01T00:00:00.000Z"


@pytest.mark.django_db(transaction=True)
def test_one_change_dated_ahead_hides_no_other_change(mirror):
    service, target = mirror.movable()
    other = Package.objects.exclude(pk=service.package_id).first()
    practice.change_package(mirror.sandbox, other.pk, updatedDate=AHEAD)
    run = read("incremental")
    assert run.high_water <= run.wix_date
    practice.change(mirror.sandbox, service.pk, siteId=str(target.pk))

    assert read("incremental").state == SyncRun.State.SUCCEEDED

    assert ProductInstance.objects.get(pk=service.pk).site_id == target.pk
    other.refresh_from_db()
    assert other.updated_at.year == 2099


@pytest.mark.django_db(transaction=True)
def test_a_mark_ahead_that_an_earlier_reading_left_counts_as_its_end(mirror):
    service, target = mirror.movable()
    SyncRun.objects.update(high_water=database_now() + timedelta(days=30_000))
    practice.change(mirror.sandbox, service.pk, siteId=str(target.pk))

    read("incremental")

    assert ProductInstance.objects.get(pk=service.pk).site_id == target.pk


@pytest.mark.django_db(transaction=True)
def test_a_change_from_before_the_mark_that_wix_shows_late_is_read_all_the_same(mirror, settings):
    service, target = mirror.movable()
    mark = database_now()
    SyncRun.objects.filter(pk=mirror.run.pk).update(high_water=mark, finished_at=mark)
    practice.change(mirror.sandbox, service.pk, siteId=str(target.pk))
    late = mark - timedelta(seconds=settings.MIRROR["OVERLAP_SECONDS"] - 60)
    practice.change_package(mirror.sandbox, service.package_id, updatedDate=late.isoformat())

    read("incremental")

    assert ProductInstance.objects.get(pk=service.pk).site_id == target.pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("kind", "state"), [("incremental", "failed"), ("unsettled", "succeeded")])
def test_a_reading_that_did_not_see_all_that_changed_leaves_no_mark(mirror, kind, state):
    service, target = mirror.movable()
    ahead = database_now() + timedelta(days=1)
    SyncRun.objects.create(
        subject=kind, kind=kind, state=state, high_water=ahead, finished_at=ahead
    )
    practice.change(mirror.sandbox, service.pk, siteId=str(target.pk))

    read("incremental")

    assert ProductInstance.objects.get(pk=service.pk).site_id == target.pk


def test_at_ten_thousand_packages_nothing_is_unchecked_for_an_hour(settings):
    settings.WIX_CALLS_PER_MINUTE = 175
    planned = round_of(10_000)

    # One that begins late, and takes its time, adds two periods of five minutes at most.
    assert planned.takes + timedelta(minutes=10) <= timedelta(hours=1)
    assert planned.calls <= 175 * 2 / 3 * 5 / 2


def test_at_a_slow_pace_the_round_takes_longer_and_no_more_than_its_share(settings):
    settings.WIX_CALLS_PER_MINUTE = 6

    planned = round_of(10_000)

    assert planned.calls == 10
    assert planned.takes == timedelta(minutes=50)
    assert django_settings.MIRROR["OVERLAP_SECONDS"] > 3600


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("found_by", ["its id", "a Get alone"])
def test_a_change_that_no_list_shows_is_found_when_its_package_comes_round(mirror, found_by):
    """The lists say nothing of it, as of what they show late, however often they are read."""
    service, target = mirror.movable()
    practice.change(mirror.sandbox, service.pk, siteId=str(target.pk))
    long_ago = database_now() - timedelta(days=2)
    practice.change_package(
        mirror.sandbox,
        service.package_id,
        updatedDate=long_ago.isoformat(),
        hidden=found_by == "a Get alone",
    )
    read("incremental")
    assert ProductInstance.objects.get(pk=service.pk).site_id == service.site_id, "just checked"
    checked = database_now() - timedelta(minutes=30)
    Package.objects.filter(pk=service.package_id).update(last_confirmed_at=checked)

    read("incremental")

    assert ProductInstance.objects.get(pk=service.pk).site_id == target.pk


@pytest.mark.django_db(transaction=True)
def test_the_longest_unchecked_go_first(mirror, settings, monkeypatch):
    monkeypatch.setattr("resellers.mirror.sync.phases.PAGE", 3)
    settings.MIRROR = settings.MIRROR | {"OVERLAP_SECONDS": 0}
    packages = list(Package.objects.present().order_by("id"))
    for number, package in enumerate(packages):
        at = database_now() - timedelta(hours=2, minutes=number)
        Package.objects.filter(pk=package.pk).update(last_confirmed_at=at)
    SyncRun.objects.update(high_water=database_now())

    run = read("incremental")

    fresh = Package.objects.filter(last_confirmed_at__gte=run.started_at)
    assert {p.pk for p in packages[-3:]} <= set(fresh.values_list("pk", flat=True))
    assert not fresh.filter(pk=packages[0].pk).exists()
