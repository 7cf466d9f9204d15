"""Readings of Wix, from the sandbox over HTTP."""

from datetime import timedelta
from io import StringIO

import pytest
import requests
from django.core.management import CommandError, call_command
from django.utils import timezone

from resellers import policy
from resellers.connection import wix_client
from resellers.mirror import figures, sync
from resellers.mirror.sync import ends
from resellers.models import (
    Account,
    CatalogProduct,
    Change,
    Package,
    ProductInstance,
    Site,
    SyncRun,
)
from resellers.wix import BillingInfo, NewProduct
from tests import practice, worlds
from tests.mirrors import read

pytestmark = pytest.mark.django_db(transaction=True)

Kind, State = SyncRun.Kind, SyncRun.State


def truth(sandbox) -> dict[str, str]:
    """The status of each instance at Wix, by id."""
    answer = requests.get(f"{sandbox.url}/_sandbox/packages", timeout=10).json()["packages"]
    return {
        instance["instanceId"]: instance["status"]
        for package in answer
        for instance in package["productInstances"]
    }


def test_a_full_reading_shows_everything_as_wix_has_it(mirror):
    held = {str(pk): status for pk, status in ProductInstance.objects.values_list("id", "status")}

    assert held == truth(mirror.sandbox)
    assert mirror.run.state == State.SUCCEEDED
    assert mirror.run.packages_seen >= 39
    assert Site.objects.exclude(display_name="").exists()
    assert figures.read().mirror_whole_at == mirror.run.started_at


def test_every_record_says_when_it_was_last_checked(mirror):
    assert not Package.objects.filter(last_confirmed_at__lt=mirror.run.started_at).exists()
    assert not Account.objects.filter(sites_checked_at=None).exists()


def test_names_come_from_the_agencys_own_list(mirror):
    assert Account.objects.exclude(name="").count() > 8
    assert figures.read().counts["unnamed_products"] == 0


def test_reading_again_changes_nothing(mirror):
    before = Change.objects.count()

    again = read(Kind.FULL)

    assert again.rows_changed == 0
    assert Change.objects.count() == before


def test_what_changed_at_wix_is_found_by_the_next_short_reading(mirror):
    instance, target = mirror.movable()
    practice.change(mirror.sandbox, instance.pk, siteId=str(target.pk))

    run = read(Kind.INCREMENTAL)

    assert run.packages_seen < mirror.run.packages_seen
    instance.refresh_from_db()
    assert instance.site_id == target.pk
    assert not Change.objects.filter(instance=instance, field="site").get().is_ours


def test_what_did_not_change_is_checked_again_in_turn(mirror):
    Package.objects.update(last_confirmed_at=timezone.now() - timedelta(hours=2))

    run = read(Kind.INCREMENTAL)

    assert not Package.objects.filter(last_confirmed_at__lt=run.started_at).exists()
    assert run.rows_changed == 0


@pytest.mark.parametrize("kind", [Kind.INCREMENTAL, Kind.CHOSEN])
def test_what_a_list_leaves_in_doubt_is_settled_by_a_get_in_the_same_reading(mirror, kind):
    """It shows something else, and the date of the last change did not move on."""
    service, target = mirror.movable()
    package = service.package
    SyncRun.objects.update(high_water=None)
    practice.change(mirror.sandbox, service.pk, siteId=str(target.pk))
    updated = package.updated_at.isoformat()
    practice.change_package(mirror.sandbox, package.pk, updatedDate=updated)

    if kind == Kind.CHOSEN:
        sync.run(sync.want_chosen([package.pk]).pk)
    else:
        read(kind)

    assert ProductInstance.objects.get(pk=service.pk).site_id == target.pk


def test_a_pending_service_is_asked_for_until_it_is_settled(mirror):
    instance, _ = mirror.movable()
    practice.change(mirror.sandbox, instance.pk, status="PENDING")
    read(Kind.INCREMENTAL)
    assert ProductInstance.objects.get(pk=instance.pk).status == "PENDING"
    practice.change(mirror.sandbox, instance.pk, status="ENABLED")

    read(Kind.UNSETTLED)

    assert ProductInstance.objects.get(pk=instance.pk).status == "ENABLED"


def test_one_package_is_read_by_one_call(mirror):
    instance, target = mirror.movable()
    practice.change(mirror.sandbox, instance.pk, siteId=str(target.pk))

    run = read(Kind.PACKAGE, package=instance.package)

    assert run.calls == 1
    assert ProductInstance.objects.get(pk=instance.pk).site_id == target.pk


def test_one_account_is_read_with_its_sites(mirror):
    instance, _ = mirror.movable()

    run = read(Kind.ACCOUNT, account=instance.account)

    assert run.sites_seen == Site.objects.filter(account=instance.account, gone_at=None).count()
    instance.account.refresh_from_db()
    assert instance.account.sites_checked_at >= run.started_at


@pytest.mark.once
@pytest.mark.parametrize("rule", [{"after": 1, "times": 1}, {}], ids=["one", "every one"])
def test_a_refused_cursor_goes_on_where_the_last_page_ended(mirror, monkeypatch, rule):
    monkeypatch.setattr("resellers.mirror.sync.reading.PAGE", 5)
    Package.objects.update(last_confirmed_at=mirror.run.requested_at)
    practice.faults(mirror.sandbox, {"match": "query", "effect": "expired_cursor"} | rule)

    run = read(Kind.FULL)

    held = {str(pk) for pk in ProductInstance.objects.values_list("id", flat=True)}
    assert run.state == State.SUCCEEDED
    assert run.restarts == 1 if rule else run.restarts >= Package.objects.count() // 5 - 1
    assert not Package.objects.filter(last_confirmed_at__lt=run.started_at).exists()
    assert held == truth(mirror.sandbox).keys()


def test_where_each_cursor_is_refused_what_changed_is_read_to_its_end(mirror, monkeypatch):
    monkeypatch.setattr("resellers.mirror.sync.reading.PAGE", 5)
    SyncRun.objects.update(high_water=None)
    practice.faults(mirror.sandbox, {"match": "query", "effect": "expired_cursor"})

    run = read(Kind.INCREMENTAL)

    assert run.state == State.SUCCEEDED, run.error
    assert run.restarts > 1


class Killed(BaseException):
    """The process ends here, and nothing of it goes on."""


def test_killed_at_every_page_a_reading_ends_whole(mirror, monkeypatch):
    """Each process keeps its place twice, and dies with the next step done and the place lost."""
    monkeypatch.setattr("resellers.mirror.sync.reading.PAGE", 5)
    monkeypatch.setattr("resellers.mirror.sync.phases.PAGE", 5)
    keep_place, phases = ends.save, set()
    steps = iter(())
    some = list(ProductInstance.objects.order_by("id").values_list("pk", flat=True)[:3])
    ProductInstance.objects.filter(pk__in=some).update(status="FORGOTTEN")

    def keep_twice(run):
        phases.add(run.phase)
        if next(steps, None) is None:
            raise Killed
        keep_place(run)

    monkeypatch.setattr(ends, "save", keep_twice)
    run = sync.want(Kind.FULL)
    deaths = 0
    while run.is_open:
        steps = iter(range(2))
        try:
            sync.run(run.pk)
        except Killed:
            deaths += 1
        SyncRun.objects.filter(pk=run.pk).update(lease_until=None)
        run.refresh_from_db()

    assert deaths > Package.objects.count() // 5
    assert phases == {"accounts", "packages", "by account", "missing", "sites"}
    assert run.state == State.SUCCEEDED
    held = {str(pk): status for pk, status in ProductInstance.objects.values_list("id", "status")}
    assert held == truth(mirror.sandbox)
    assert not Package.objects.filter(last_confirmed_at__lt=run.started_at).exists()
    assert not Account.objects.filter(sites_checked_at__lt=run.started_at).exists()


def test_a_package_that_only_its_own_account_shows_is_found_all_the_same(mirror):
    state = requests.get(f"{mirror.sandbox.url}/_sandbox/state", timeout=10).json()

    (hidden,) = state["unlisted_package_ids"]

    assert Package.objects.filter(pk=hidden).exists()


def test_where_the_whole_list_leaves_customers_out_each_is_asked_for_in_every_full_reading(mirror):
    """Though each was asked for by itself a moment ago, and has ordered elsewhere since."""
    customer = mirror.movable()[0].account
    practice.switches(mirror.sandbox, query_scope="account")
    with wix_client("people") as wix:
        product = str(CatalogProduct.objects.get(name="Mailbox Starter").pk)
        made = wix.create_package(
            account_id=str(customer.pk),
            products=[NewProduct(product, "DE", BillingInfo("RECURRING", "YEAR", 1))],
        ).package

    run = read(Kind.FULL)

    assert run.state == State.SUCCEEDED
    assert Package.objects.get(pk=made.id).account == customer
    assert not Package.objects.filter(last_confirmed_at__lt=run.started_at).exists()


def test_a_package_wix_no_longer_has_is_marked_gone_and_kept(mirror):
    gone = worlds.package(
        mirror.movable()[0].account, last_confirmed_at=timezone.now() - timedelta(days=1)
    )
    worlds.instance(gone, floating=True)

    read(Kind.FULL)

    gone.refresh_from_db()
    assert gone.gone_at is not None
    assert gone.instances.get().gone_at is not None
    assert Change.objects.filter(package=gone, field="gone_at").count() == 2


def test_a_run_that_stops_half_way_goes_on_where_it_stood(mirror):
    run = sync.want(Kind.FULL)

    sync.run(run.pk, seconds=0)
    run.refresh_from_db()
    assert run.state == State.RUNNING
    assert run.lease_until is None

    while (left := sync.run(run.pk, seconds=0.02)) and left.is_open:
        pass
    run.refresh_from_db()
    assert run.state == State.SUCCEEDED
    assert run.rows_changed == 0


def test_the_same_is_not_read_twice_at_once(mirror):
    assert sync.want(Kind.FULL) == sync.want(Kind.FULL)
    assert SyncRun.objects.filter(state=State.QUEUED).count() == 1


def test_a_person_can_stop_a_reading(mirror):
    run = sync.want(Kind.FULL)

    sync.stop(run, by=worlds.user("operator"))

    assert sync.run(run.pk).state == State.STOPPED


def test_with_wix_away_a_reading_waits_and_says_so(mirror, settings):
    settings.WIX_BASE_URL = "http://127.0.0.1:9"
    settings.OPERATIONS = settings.OPERATIONS | {"CALL_SECONDS": 1}

    run = read(Kind.INCREMENTAL)

    assert run.state == State.RUNNING
    assert run.failures == 1
    assert run.next_run_at > timezone.now()
    assert run.error
    assert settings.WIX_API_KEY not in run.error


def test_a_refused_key_ends_the_reading_with_words_and_pauses_writes(mirror, settings):
    settings.WIX_API_KEY = "a-key-wix-does-not-know"

    run = read(Kind.FULL)

    assert run.state == State.FAILED
    assert run.wix_request_id
    assert policy.writes_are_paused()


def test_the_command_says_what_was_read(mirror):
    out = StringIO()

    call_command("sync_mirror", "--full", stdout=out)

    assert out.getvalue().startswith("Read ")
    assert "0 rows changed" in out.getvalue()


def test_the_command_refuses_an_account_that_is_no_id():
    with pytest.raises(CommandError, match="not an id: 'nonsense'") as refused:
        call_command("sync_mirror", account="nonsense")

    assert refused.value.returncode == 2


def test_the_counts_of_every_page_equal_the_rows(mirror):
    counts = figures.read().counts

    assert counts["instances"] == ProductInstance.objects.filter(gone_at=None).count()
    loose = ProductInstance.objects.filter(gone_at=None, site=None)
    assert counts["floating"] == loose.exclude(status__in=["FAILED", "CANCELED"]).count()
    assert sum(counts["status"].values()) == counts["instances"]
