"""Two readings that bring the same records in at once wait for each other, and both succeed."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection

from resellers.mirror.ingest import ingest_packages, ingest_sites, mark_package_gone
from resellers.mirror.ingest.accounts import come_back, mark_account_gone
from resellers.models import Account, Change, Package, ProductInstance, Site, Unreadable
from resellers.wix import Package as WixPackage
from resellers.wix import Site as WixSite
from resellers.wix.parsing import read_package, read_site
from tests import worlds
from tests.randomness import FULL

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
MANY, ROUNDS = 40, 6 if FULL else 3


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Carry these out at the same moment, each on a connection of its own; what they raised."""
    raised: list[BaseException] = []
    ready = threading.Barrier(len(works))

    def carry_out(work: Callable[[], object]) -> None:
        try:
            ready.wait()
            work()
        except Exception as error:  # noqa: BLE001  (whatever it is, the test wants to see it)
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=carry_out, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


class World:
    """Many packages of one account, each with a service that stands on another site each round."""

    def __init__(self) -> None:
        self.account = str(worlds.new_id())
        self.ids = [[str(worlds.new_id()) for _ in range(4)] for _ in range(MANY)]

    def packages(self, moved: int) -> list[WixPackage]:
        return [self._package(number, moved) for number in range(MANY)]

    def sites(self, moved: int) -> list[WixSite]:
        return [
            read_site({"id": site, "displayName": f"{site} {moved}"}, "site")
            for _, _, _, site in self.ids
        ]

    def _package(self, number: int, moved: int) -> WixPackage:
        package, instance, product, _ = self.ids[number]
        updated = (START + timedelta(minutes=moved)).isoformat()
        service = {
            "instanceId": instance,
            "catalogProductId": product,
            "siteId": self.ids[(number + moved) % MANY][3],
            "status": "ENABLED",
        }
        return read_package(
            {
                "id": package,
                "accountId": self.account,
                "externalId": f"order-{number}-{moved}",
                "createdDate": START.isoformat(),
                "updatedDate": updated,
                "productInstances": [service],
            },
            "package",
        )


@pytest.mark.parametrize("known", ["nothing", "customer and products", "sites too"])
def test_the_same_new_records_met_by_two_readings_are_kept_once(known):
    for _ in range(ROUNDS):
        world = World()
        before = Package.objects.count()
        if known != "nothing":
            customer = worlds.account(id=UUID(world.account))
            for _, _, product, site in world.ids:
                worlds.product(id=UUID(product))
                if known == "sites too":
                    worlds.site(customer, id=UUID(site))
        packages = world.packages(0)

        raised = at_once(
            lambda p=packages: ingest_packages(p, fetch_started_at=START),
            lambda p=packages[::-1]: ingest_packages(p, fetch_started_at=START),
        )

        assert raised == []
        assert Package.objects.count() == before + MANY
        seen = Change.objects.filter(field="seen", account=world.account)
        assert seen.filter(instance=None).count() == MANY
        assert seen.exclude(instance=None).count() == MANY


def test_two_readings_in_opposite_order_both_end_and_the_newer_one_stands():
    world = World()
    ingest_packages(world.packages(0), fetch_started_at=START)
    account = Account.objects.get()

    for moved in range(1, ROUNDS):
        at = START + timedelta(minutes=10 * moved)
        older, newer = world.packages(moved), world.packages(moved + 1)
        sites = world.sites(moved)
        raised = at_once(
            lambda p=older[::-1], at=at: ingest_packages(p, fetch_started_at=at),
            lambda p=newer, at=at: ingest_packages(p, fetch_started_at=at + timedelta(minutes=1)),
            lambda s=sites[::-1], at=at: ingest_sites(account, s, fetch_started_at=at),
            lambda s=sites, at=at: ingest_sites(
                account, s, fetch_started_at=at + timedelta(minutes=1)
            ),
        )

        assert raised == []
        wanted = {instance.id: instance.site_id for p in newer for instance in p.instances}
        held = ProductInstance.objects.values_list("id", "site_id")
        assert {str(id_): str(site) for id_, site in held} == wanted
        assert not Site.objects.exclude(display_name__endswith=f" {moved}").exists()


def test_a_package_is_not_marked_gone_by_an_answer_older_than_what_the_mirror_holds():
    world = World()
    ingest_packages(world.packages(0), fetch_started_at=START + timedelta(minutes=5))
    package = Package.objects.first()

    assert mark_package_gone(package, fetch_started_at=START) == 0
    assert mark_package_gone(package, fetch_started_at=START + timedelta(minutes=6)) == 2

    package.refresh_from_db()
    assert package.gone_at is not None


def test_a_site_that_was_confirmed_during_a_reading_is_not_marked_gone_by_it():
    account = worlds.account()
    seen = worlds.site(account, last_confirmed_at=START + timedelta(minutes=5))
    left = worlds.site(account, last_confirmed_at=START)

    assert ingest_sites(account, [], fetch_started_at=START + timedelta(minutes=1)) == 1

    assert list(Site.objects.exclude(gone_at=None)) == [left]
    assert list(Site.objects.present()) == [seen]


def test_a_package_is_not_marked_gone_while_a_call_for_it_may_be_on_its_way():
    operation = worlds.operation(state="confirming")
    later = operation.package.last_confirmed_at + timedelta(minutes=5)

    assert mark_package_gone(operation.package, fetch_started_at=later) == 0


def test_a_customer_is_not_marked_gone_while_a_call_for_a_package_may_be_on_its_way():
    operation = worlds.operation(state="confirming")
    later = operation.package.last_confirmed_at + timedelta(minutes=5)

    assert mark_account_gone(operation.account, fetch_started_at=later) == 0

    operation.account.refresh_from_db()
    assert operation.account.gone_at is None


def test_a_customer_who_left_comes_back_by_a_newer_answer_only_and_leaves_nothing_unreadable():
    account = worlds.account()
    Unreadable.objects.create(
        subject=f"sites:{account.pk}", part="sites", account=account, since=START, last_at=START
    )
    mark_account_gone(account, fetch_started_at=START)

    assert not Unreadable.objects.standing().exists()
    assert come_back([account.pk], fetch_started_at=START - timedelta(minutes=1)) == 0
    assert come_back([account.pk], fetch_started_at=START + timedelta(minutes=1)) == 1


def test_a_site_is_not_renamed_by_an_answer_older_than_what_the_mirror_holds():
    world = World()
    ingest_packages(world.packages(0), fetch_started_at=START)
    account = Account.objects.get()
    ingest_sites(account, world.sites(2), fetch_started_at=START + timedelta(minutes=2))

    ingest_sites(account, world.sites(1), fetch_started_at=START + timedelta(minutes=1))

    assert not Site.objects.exclude(display_name__endswith=" 2").exists()


def test_an_empty_list_of_sites_alone_says_nothing_of_a_customer():
    """Wix may not know the id at all."""
    account = worlds.account(last_confirmed_at=None)

    ingest_sites(account, [], fetch_started_at=START)

    account.refresh_from_db()
    assert (account.sites_checked_at, account.last_confirmed_at) == (START, None)
