"""An order: one package, whatever becomes of the answer."""

from uuid import UUID

import pytest

from resellers.mirror import sync
from resellers.models import (
    Account,
    AuditEntry,
    CatalogProduct,
    InstanceStatus,
    Operation,
    OperationState,
    Package,
    ProductInstance,
)
from resellers.operations import engine
from resellers.operations.decisions import look_again
from resellers.operations.engine import settle
from resellers.operations.order_seen import OrderSeen
from resellers.operations.plan import make_plan
from resellers.wix.parsing import read_package
from tests import practice, worlds
from tests.randomness import FULL
from tests.worlds import end

from . import orders
from .orders import MAIL, NAME, line, order_behind_our_back, packages, wish

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState


@pytest.fixture
def customer(mirror) -> Account:
    return orders.a_customer()


def test_an_order_becomes_a_package_of_its_customer_with_every_line(mirror, customer, ask, run_due):
    operation = ask("create_package", customer, **wish(line(), line("Newsletter Basic")))
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    (made,) = packages(mirror)
    assert made.account_id == str(customer.pk)
    assert operation.package_id is not None
    assert str(operation.package_id) == made.id
    held = Package.objects.get(pk=made.id)
    assert held.external_id == NAME
    names = set(held.instances.values_list("product__name", flat=True))
    assert names == {MAIL, "Newsletter Basic"}
    assert practice.applied(mirror.sandbox) == ["create"]


def test_a_thousand_services_are_one_package_and_one_call(mirror, customer, ask, run_due):
    operation = ask("create_package", customer, **wish(*[line()] * 1000))
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    (made,) = packages(mirror)
    assert len(made.instances) == 1000
    assert Package.objects.get(pk=made.id).instances.count() == 1000
    assert practice.applied(mirror.sandbox) == ["create"]


def test_that_wix_delivers_is_no_part_of_the_order(mirror, customer, ask, run_due):
    practice.faults(mirror.sandbox, {"match": "create", "effect": "deliver:DELIVERY_TIMEOUT"})

    operation = ask("create_package", customer, **wish())
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert operation.package.instances.get().status == InstanceStatus.PENDING


LOST = ("drop_before", "drop_after", "500_before", "500_after", "bad_json", "reset_after")
# Where a key counts for nothing, what matters is whether the call was carried out.
IGNORED = LOST if FULL else ("500_before", "drop_after")


@pytest.mark.parametrize(
    ("keys", "effect"),
    [*(("honoured", effect) for effect in LOST), *(("ignored", effect) for effect in IGNORED)],
)
def test_a_lost_answer_never_makes_a_second_package(mirror, customer, ask, run_due, effect, keys):
    rules = [{"match": "create", "effect": effect, "times": 1}]
    if keys == "ignored":
        rules.append({"match": "create", "effect": "ignore_idempotency"})
    practice.faults(mirror.sandbox, *rules)

    operation = ask("create_package", customer, **wish())
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert len(packages(mirror)) == 1


def test_a_package_that_the_looking_up_does_not_show_yet_is_waited_for(
    mirror, customer, ask, run_due
):
    """Reads lag behind: Wix has named the package, so nothing is sent again, keys or none."""
    practice.faults(
        mirror.sandbox,
        {"match": "create", "effect": "ignore_idempotency"},
        {"match": "query", "effect": "stale:1500"},
        {"match": "get", "effect": "stale:1500"},
    )

    operation = ask("create_package", customer, **wish())
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert len(packages(mirror)) == 1
    assert operation.attempts.filter(writes=True).count() == 1


def test_while_it_is_being_looked_for_nothing_is_said_to_have_failed(mirror, customer, ask):
    practice.faults(mirror.sandbox, {"match": "create", "effect": "drop_after", "times": 1})

    operation = ask("create_package", customer, **wish())
    engine.run(operation.pk)

    assert end(operation).state == State.CONFIRMING
    assert not operation.outcome


def test_an_order_that_only_its_customers_own_list_shows_is_looked_up_there(
    mirror, customer, ask, run_due
):
    practice.switches(mirror.sandbox, query_scope="account")
    practice.faults(mirror.sandbox, {"match": "create", "effect": "drop_after", "times": 1})

    operation = ask("create_package", customer, **wish())
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert len(packages(mirror)) == 1


def test_two_packages_under_one_external_id_raise_an_alarm(mirror, customer, ask, run_due):
    """Sent again since nobody saw it, the first order lands late all the same: a person is told."""
    practice.faults(mirror.sandbox, {"match": "create", "effect": "drop_before", "times": 1})

    operation = ask("create_package", customer, **wish())
    run_due()
    assert end(operation).state == State.SUCCEEDED, "one of the two is seen by now"
    order_behind_our_back(mirror, customer)
    assert len(packages(mirror)) == 2, "the late one has landed"
    Operation.objects.update(settle_at=operation.finished_at)
    worlds.settle_twice()

    events = set(AuditEntry.objects.values_list("event", flat=True))
    assert "operation.repeated_write_suspected" in events
    assert end(operation).drifted_at is not None


def test_one_package_that_a_list_shows_twice_is_never_said_to_be_one_too_many(
    mirror, customer, ask, run_due
):
    """Whoever obeyed would cancel the customer's only package."""
    practice.faults(
        mirror.sandbox,
        {"match": "create", "effect": "drop_after", "times": 1},
        {"match": "query", "effect": "duplicate_rows"},
    )

    operation = ask("create_package", customer, **wish())
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert operation.package_id == UUID(packages(mirror)[0].id)
    assert len(packages(mirror)) == 1


def test_an_external_id_that_somebody_took_meanwhile_is_left_to_its_owner(
    mirror, customer, ask, run_due
):
    operation = ask("create_package", customer, **wish())
    order_behind_our_back(mirror, customer)

    run_due()

    assert end(operation).state == State.CANCELED
    assert operation.outcome_code == "plan_moved"
    assert len(packages(mirror)) == 1


def test_once_the_package_too_many_is_canceled_the_order_ends_with_the_other(
    mirror, customer, ask, run_due, person
):
    """Staff did as the page said, looked again, and were told the same for ever."""
    practice.switches(mirror.sandbox, delivery_seconds=0)
    practice.faults(mirror.sandbox, {"match": "create", "effect": "drop_after", "times": 1})
    operation = ask("create_package", customer, **wish())
    engine.run(operation.pk)
    order_behind_our_back(mirror, customer)
    run_due()
    assert end(operation).outcome_code == "ordered_twice"
    too_many, other = Package.objects.filter(external_id=NAME).order_by("id")

    cancellation = ask("cancel_package", too_many)
    run_due()
    assert end(cancellation).state == State.SUCCEEDED, cancellation.outcome
    look_again(operation, by=person)
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert operation.package == other


@pytest.mark.parametrize("later", ["adjust", "cancel_instance", "cancel_package", "external_id"])
def test_what_we_do_with_the_package_later_is_no_drift_of_the_order(
    mirror, customer, ask, run_due, later
):
    practice.switches(mirror.sandbox, delivery_seconds=0)
    operation = ask("create_package", customer, **wish())
    run_due()
    made = end(operation).package
    sync.run(sync.want("package", package=made).pk)
    service = ProductInstance.objects.select_related("package", "product", "account").get(
        package=made
    )
    standard = CatalogProduct.objects.get(name="Mailbox Standard")
    thing, more = {
        "adjust": (service, {"product_id": standard.pk, "cycle": standard.cycles[0]}),
        "cancel_instance": (service, {}),
        "cancel_package": (made, {}),
        "external_id": (made, {"external_id": "another-name"}),
    }[later]
    change = ask(later, thing, **more)
    run_due()
    assert end(change).state == State.SUCCEEDED, change.outcome

    Operation.objects.filter(pk=operation.pk).update(settle_at=operation.finished_at)
    settle.settle_due()

    assert end(operation).drifted_at is None


def test_a_refused_order_makes_nothing_and_says_why(mirror, customer, ask, run_due):
    code = "PRODUCT_SETTINGS_NOT_FOUND"
    practice.faults(mirror.sandbox, {"match": "create", "effect": f"refuse:{code}", "times": 1})

    operation = ask("create_package", customer, **wish())
    run_due()

    assert end(operation).state == State.FAILED
    assert operation.outcome_code == code
    assert packages(mirror) == []
    assert operation.attempts.filter(writes=True).count() == 1


def test_a_free_service_is_ordered_with_the_one_it_belongs_to(mirror, customer, ask, run_due):
    plans = CatalogProduct.objects.premium_plans()
    enabled = customer.instances.filter(status=InstanceStatus.ENABLED, product__in=plans)
    paid = enabled.order_by("id").first()

    operation = ask("create_package", customer, **wish(line(reference_id=str(paid.pk))))
    run_due()

    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert operation.package.instances.get().reference_instance_id == paid.pk
    again = wish(line(reference_id=str(paid.pk)), external_id="order-2026-2")
    refused = make_plan(customer, worlds.wish("create_package", **again)).refusals
    assert [r.code for r in refused] == ["INVALID_REFERENCE_PRODUCT_INSTANCE_ID"]
    assert NAME in refused[0].words, "it says which package used it"


def test_two_orders_under_one_name_are_one(mirror, customer, ask):
    from resellers.operations.requests import AlreadyOpen

    first = ask("create_package", customer, **wish())
    with pytest.raises(AlreadyOpen) as refused:
        ask("create_package", customer, **wish())

    assert refused.value.operation == first


def test_a_second_package_that_turns_up_later_under_its_name_is_told(
    mirror, customer, ask, run_due
):
    operation = ask("create_package", customer, **wish())
    run_due()
    order_behind_our_back(mirror, customer)
    Operation.objects.update(settle_at=end(operation).finished_at)

    worlds.settle_twice()

    assert end(operation).drifted_at is not None


def test_a_service_that_a_reading_shows_twice_is_one_line_of_the_order():
    ids = {name: str(worlds.new_id()) for name in ("id", "accountId")}
    service = {name: str(worlds.new_id()) for name in ("instanceId", "catalogProductId")}
    shown = read_package(ids | {"productInstances": [service, service]}, "package")

    assert OrderSeen.of([shown]).products == (service["catalogProductId"],)
