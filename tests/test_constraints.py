"""A refusal of the database is taken for what it is: the rule that was meant, and no other."""

import threading
from collections import Counter

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction

from resellers.constraints import is_taken, violates
from resellers.mirror import imports, naming, sync
from resellers.models import CatalogProduct, Operation, Package, SyncRun
from resellers.operations import decisions
from resellers.operations.engine import claims
from resellers.operations.plan import make_plan
from resellers.operations.requests import request_operation
from resellers.operations.site_wishes import UnassignWish
from tests import worlds

pytestmark = [pytest.mark.django_db, pytest.mark.every_value]

NAMES = [
    constraint.name
    for model in apps.get_models()
    if model.__module__.startswith(("resellers.", "dashboard."))
    for constraint in model._meta.constraints
]


def broken(do):
    """The error that this raises."""
    with pytest.raises(IntegrityError) as raised, transaction.atomic():
        do()
    return raised.value


def names_in(error):
    return [name for name in NAMES if violates(error, name)]


def same_subject():
    instance = worlds.instance()
    worlds.operation(instance)
    return broken(lambda: worlds.operation(instance))


def same_external_id():
    wish = {"wish": {"external_id": "order-7"}}
    worlds.operation(**wish)
    return broken(lambda: worlds.operation(**wish))


def same_package():
    package = worlds.package()
    worlds.operation(worlds.instance(package), state="running")
    return broken(lambda: worlds.operation(worlds.instance(package), state="confirming"))


def unknown_state():
    return broken(lambda: worlds.operation(state="lost"))


def same_reading():
    sync.want("full")
    return broken(lambda: SyncRun.objects.create(kind="full", subject="full"))


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (same_subject, "one_open_operation_per_subject"),
        (same_external_id, "one_open_operation_per_external_id"),
        (same_package, "one_moving_operation_per_package"),
        (unknown_state, "operation_state_is_known"),
        (same_reading, "one_open_sync_run_per_subject"),
    ],
)
def test_each_rule_is_told_from_every_other(make, name):
    assert names_in(make()) == [name]


def test_a_value_that_another_row_has_is_told_by_its_column():
    first, product = worlds.operation(), worlds.product()
    worlds.operation()

    of_request = broken(lambda: worlds.operation(request_id=first.request_id))
    of_key = broken(lambda: CatalogProduct.objects.create(id=product.pk))

    assert is_taken(of_request, Operation, "request_id")
    assert is_taken(of_key, CatalogProduct, "id")
    for other in (of_request, of_key):
        assert names_in(other) == []
        assert not is_taken(other, Operation, "id")
        assert not is_taken(other, Package, "id")
    assert not is_taken(of_key, Operation, "request_id")


def test_a_missing_value_is_none_of_them():
    error = broken(lambda: SyncRun.objects.create(kind="full", subject=None))

    assert names_in(error) == []
    assert not is_taken(error, SyncRun, "subject")


@pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model.__name__)
def test_no_two_rules_are_about_the_same_columns(model):
    """SQLite names the columns of a rule, not the rule."""
    columns = Counter(
        rule.fields
        for rule in model._meta.constraints
        if isinstance(rule, models.UniqueConstraint) and rule.fields
    )

    assert all(count == 1 for count in columns.values())


# --- what nobody meant comes through --------------------------------------------------------------


@pytest.fixture
def refusing():
    """A function that has the database refuse a write to that table, for no known reason."""

    def refuse(model, what="INSERT"):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute(
                    f"CREATE TRIGGER refuses BEFORE {what} ON {table}"
                    " BEGIN SELECT RAISE(ABORT, 'NOT NULL constraint failed: nobody.meant'); END"
                )
                return
            cursor.execute(
                "CREATE FUNCTION refuses() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
                " RAISE not_null_violation; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER refuses BEFORE {what} ON {table}"
                " FOR EACH ROW EXECUTE FUNCTION refuses()"
            )

    return refuse


def test_a_reading_that_is_refused_for_another_reason_is_not_wanted_for_ever(refusing):
    refusing(SyncRun)

    with pytest.raises(IntegrityError):
        sync.want("full")


def test_another_refusal_of_a_claim_is_not_a_busy_package(refusing):
    operation = worlds.operation()
    refusing(Operation, "UPDATE")

    with pytest.raises(IntegrityError):
        claims.claim(operation.pk)


def test_another_refusal_of_a_decision_is_not_a_busy_package(refusing):
    operation = worlds.operation(state="needs_attention")
    refusing(Operation, "UPDATE")

    with pytest.raises(IntegrityError):
        decisions.try_again(operation, by=operation.requested_by)


def test_another_refusal_of_a_product_is_not_one_that_is_there(refusing):
    refusing(CatalogProduct)

    with pytest.raises(IntegrityError):
        naming.add_product(worlds.new_id(), {"name": "Core"}, by=worlds.user())


def test_another_refusal_of_an_import_is_not_tried_anew(refusing):
    refusing(CatalogProduct)

    with pytest.raises(IntegrityError):
        imports.apply(imports.CATALOG, f"product_id,name\n{worlds.new_id()},Core\n".encode())


def test_another_refusal_of_a_wish_is_not_one_that_is_open(refusing):
    service = worlds.instance()
    plan = make_plan(service, UnassignWish())
    refusing(Operation)

    with pytest.raises(IntegrityError):
        request_operation(
            service,
            UnassignWish(),
            by=worlds.user(),
            request_id=worlds.new_id(),
            fingerprint=plan.fingerprint,
        )


@pytest.mark.django_db(transaction=True)
def test_a_reading_of_a_package_that_is_gone_from_the_tables_is_refused():
    package = worlds.package()
    Package.objects.all().delete()

    with pytest.raises(IntegrityError):
        sync.want("package", package=package)


@pytest.mark.django_db(transaction=True)
def test_a_reading_that_ends_while_it_is_wanted_makes_room_for_the_next():
    stopped = threading.Event()

    def end_all() -> None:
        while not stopped.is_set():
            SyncRun.objects.open().update(state=SyncRun.State.SUCCEEDED)
        connection.close()

    ender = threading.Thread(target=end_all)
    ender.start()
    try:
        runs = [sync.want("full") for _ in range(60)]
    finally:
        stopped.set()
        ender.join()

    assert all(run.pk for run in runs)
