"""Every count that is kept is the count of its rows, whatever was written, by whom and in which
order; and what is wrong all the same is found, told and mended."""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Count, Q
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from resellers import tallies
from resellers import triggers as database
from resellers.mirror import figures
from resellers.models import (
    Account,
    CatalogProduct,
    Package,
    ProductInstance,
    Site,
    Tally,
    TallyCheck,
    scope,
)
from resellers.models.instance_querysets import (
    ACCESSIBLE,
    CANCELED,
    ENABLED,
    ENDED,
    FAILED,
    FLOATING,
    FREE,
    LIVE,
    NO_SITE,
    REFERABLE,
)
from resellers.models.querysets import (
    BLOCKED,
    GONE,
    NEVER_READ,
    PRESENT,
    PUBLISHED,
    TRASHED,
    UNNAMED,
    UNPUBLISHED,
    USABLE,
)
from resellers.models.tallies import number
from resellers.tallies import triggers
from tests import worlds
from tests.randomness import examples

pytestmark = pytest.mark.django_db

Of = Tally.Of
OF_SERVICES = (PRESENT, GONE, LIVE, ENDED, FAILED, CANCELED, ENABLED, NO_SITE, FLOATING, ACCESSIBLE)
CONDITIONS: dict[str, tuple[Any, tuple[Q, ...]]] = {
    Of.SERVICES: (ProductInstance, (*OF_SERVICES, FREE, Q(cycle_unit=""), Q(failure_code="X"))),
    Of.PRODUCTS: (ProductInstance, (*OF_SERVICES, REFERABLE, Q(product__name="P1"))),
    Of.CUSTOMERS: (ProductInstance, (PRESENT, GONE)),
    Of.PACKAGES: (Package, (PRESENT, GONE)),
    Of.SITES: (
        Site,
        (PRESENT, GONE, TRASHED, BLOCKED, NEVER_READ, PUBLISHED, UNPUBLISHED, USABLE),
    ),
    Of.ACCOUNTS: (Account, (PRESENT, GONE, UNNAMED, PRESENT & ~UNNAMED)),
}
GROUPS = ("", "North", "South")


def hold_all() -> None:
    """Hold each count against its rows, of everything and of each group."""
    person = worlds.user("viewer", f"viewer-{worlds.new_id()}")
    for groups in (None, *((group,) for group in GROUPS), GROUPS[1:]):
        limit = None if groups is None else scope.Scope(person.pk, groups)
        for of, (model, conditions) in CONDITIONS.items():
            for condition in conditions:
                rows = model.objects.all().visible_to(limit).filter(condition).count()
                kept = Tally.objects.of(of).visible_to(limit).filter(condition).total()
                assert kept == rows, (of, condition, groups)
    for field, of in (("product", Of.PRODUCTS), ("account", Of.CUSTOMERS)):
        rows = ProductInstance.objects.present().order_by().values_list(field)
        kept = Tally.objects.of(of).filter(PRESENT).values_list(field)
        held = {key: n for key, n in kept.annotate(n=number()) if n}
        assert held == dict(rows.annotate(n=Count("pk")))
    assert tallies.check() == 0


# --- whatever is written -------------------------------------------------------------------------

Draw = Callable[[st.SearchStrategy[Any]], Any]


def pick(draw: Draw, model: Any) -> Any:
    rows = list(model.objects.order_by("pk"))
    return rows[draw(st.integers(0, len(rows) - 1))] if rows else None


def change(draw: Draw) -> None:
    """One of the things that readings, imports, people and old processes do with rows."""
    now = timezone.now()
    maybe: Any = draw(st.sampled_from([None, now, now - timedelta(days=3)]))
    several = ProductInstance.objects.filter(
        status=draw(st.sampled_from(["ENABLED", "FAILED", "ODD"]))
    )
    account, service = pick(draw, Account), pick(draw, ProductInstance)
    name, group = draw(st.sampled_from(["", "Bakery"])), draw(st.sampled_from(GROUPS))
    match draw(st.integers(0, 13)):
        case 0:
            worlds.account(name, group=group)
        case 1:
            of, on = worlds.package(account), draw(st.booleans())
            product = pick(draw, CatalogProduct)
            code = draw(st.sampled_from(["", "X"]))
            more = {"product": product, "failure_code": code, "gone_at": maybe}
            worlds.instance(of, floating=on, **more)
        case 2 if service:
            ProductInstance.objects.filter(pk=service.pk).update(
                status=draw(st.sampled_from(["ENABLED", "FAILED", "CANCELED", "ODD"])),
                site=pick(draw, Site) if draw(st.booleans()) else None,
            )
        case 3:
            several.update(gone_at=maybe)
        case 4:
            several.update(status=draw(st.sampled_from(["ENABLED", "CANCELED"])))
        case 5:
            Account.objects.filter(pk=account.pk).update(group=group, name=name)
        case 6:
            Account.objects.update(group=group)
        case 7 if service:
            ProductInstance.objects.filter(pk=service.pk).update(
                account=account, product=pick(draw, CatalogProduct)
            )
        case 8:
            worlds.site(account, gone_at=maybe, published=draw(st.booleans()))
        case 9:
            Site.objects.filter(account=account).update(
                trashed_at=maybe, blocked=draw(st.booleans()), last_confirmed_at=maybe
            )
        case 10:
            Package.objects.filter(account=account).update(gone_at=maybe)
        case 11 if service:
            service.cycle_unit, service.cycle_count = draw(
                st.sampled_from([("", None), ("YEAR", 2)])
            )
            service.reference_instance_id = draw(st.sampled_from([None, account.pk]))
            ProductInstance.objects.bulk_update(
                [service], ["cycle_unit", "cycle_count", "reference_instance_id"]
            )
        case 12 if service:
            service.delete()
        case 13:
            tallies.fold()


@pytest.mark.every_value
@examples(12, full=300)
@given(data=st.data())
def test_every_kept_count_is_the_count_of_its_rows_after_any_order_of_changes(data):
    with transaction.atomic():
        worlds.account()
        for name in ("P1", "P2"):
            worlds.product(name, reference=name == "P1" or None)
        for _ in range(data.draw(st.integers(1, 25), "how many")):
            try:
                with transaction.atomic():
                    change(data.draw)
                    if data.draw(st.integers(0, 5)) == 0:
                        raise InterruptedError
            except InterruptedError:
                pass  # what is rolled back was never counted
        hold_all()
        transaction.set_rollback(True)


def test_rows_may_be_written_before_the_customer_of_whom_they_are():
    service = worlds.instance(worlds.package(worlds.account(group="North")))
    account = Account.objects.get(pk=service.account_id)
    with transaction.atomic():
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET CONSTRAINTS ALL DEFERRED")
        Account.objects.filter(pk=account.pk)._raw_delete(using="default")
        kept = Tally.objects.of(Of.SERVICES).filter(PRESENT)
        assert kept.filter(group="").total() == 1
        assert kept.filter(group="North").total() == 0
        account.group = "South"
        account.save(force_insert=True)
    hold_all()


def test_what_is_folded_is_one_entry_of_each_and_says_the_same():
    account = worlds.account(group="North")
    for _ in range(5):
        worlds.instance(worlds.package(account), floating=True)
    ProductInstance.objects.update(status="FAILED")
    before = figures.read().counts

    tallies.fold()

    assert Tally.objects.of(Of.SERVICES).count() == 1
    assert figures.read().counts == before
    hold_all()


def test_tallies_are_folded_once_they_are_many(monkeypatch):
    worlds.instance()
    assert not tallies.fold_if_many()

    monkeypatch.setattr(tallies.keeping, "MANY", 5)

    assert tallies.fold_if_many()
    assert not tallies.fold_if_many(), "nothing was written since"
    hold_all()


# --- who counts wrongly is told of ---------------------------------------------------------------


def test_what_is_wrong_is_told_once_and_mended(caplog):
    worlds.instance(worlds.package(worlds.account(group="North")))
    Tally.objects.create(of=Of.PACKAGES, group="North", number=3)
    Tally.objects.of(Of.SERVICES).delete()

    with caplog.at_level(logging.ERROR):
        assert tallies.check() == 4

    assert "figures were wrong by 4 records" in caplog.text
    assert "packages -3 of group North" in caplog.text
    check = TallyCheck.objects.get()
    assert check.wrong == 4
    assert check.wrong_at == check.checked_at
    hold_all()
    check.refresh_from_db()
    assert (check.wrong, len(check.found)) == (0, 2), "what was found last stays to be read"


def test_without_its_triggers_everything_is_counted_when_they_are_laid():
    database.drop(triggers.FAMILY)
    worlds.instance(worlds.package(worlds.account(group="North")), status="FAILED")
    assert Tally.objects.of(Of.SERVICES).total() == 0

    tallies.lay()

    hold_all()
    assert database.names(triggers.FAMILY) == {trigger.name for trigger in triggers.triggers()}


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_anybody_to_count_and_nothing_is_lost_by_folding_meanwhile():
    account = worlds.account(group="North")
    packages = [worlds.package(account) for _ in range(4)]
    product, site = worlds.product(), worlds.site(account)
    ready, wrong = threading.Barrier(5), []

    def write(package: Package) -> None:
        try:
            ready.wait()
            for _ in range(10):
                worlds.instance(package, site, product=product)
        except Exception as error:  # noqa: BLE001
            wrong.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[package]) for package in packages]
    with transaction.atomic():
        # A transaction that has counted and is not over: nobody waits for it.
        worlds.instance(packages[0], site, product=product)
        for thread in threads:
            thread.start()
        ready.wait()
        for thread in threads:
            thread.join()
            tallies.fold()

    assert wrong == []
    assert figures.read().counts["instances"] == 41
    hold_all()
