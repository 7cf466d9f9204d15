"""Before a person is told to end something at Wix, two sorts of call have shown it, apart.

Whoever obeys a false one cancels what a customer has: it cannot be had back.
"""

import inspect
import re
from datetime import timedelta

import pytest
from django.db.models import F

from resellers.models import Account, CatalogProduct, Operation, OperationState, Package
from resellers.operations.kind import Kind
from resellers.operations.kinds import KINDS
from tests import practice
from tests.worlds import end, go_on_now

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState
NAME = "order-2026-1"
WORDS = "Cancel the one that is too many."


@pytest.fixture
def customer(mirror) -> Account:
    return Account.objects.filter(is_main=False).exclude(name="").order_by("id").first()


@pytest.fixture
def order(customer, ask) -> Operation:
    """An order of one product, confirmed and not begun."""
    product = CatalogProduct.objects.get(name="Mailbox Starter")
    line = {"product_id": str(product.pk), "site_id": "", "cycle": "1 YEAR", "country": "DE"}
    return ask("create_package", customer, external_id=NAME, lines=[line])


def packages(mirror) -> list[str]:
    """The ids of the packages under that external id as they really are."""
    rows = mirror.sandbox.world.packages.rows.values()
    return sorted(package.id for package in rows if package.external_id == NAME)


def is_carried_out_twice(mirror) -> None:
    """Have the order carried out twice: its first answer is lost, and keys count for nothing."""
    practice.faults(
        mirror.sandbox,
        {"match": "create", "effect": "drop_after", "times": 1},
        {"match": "create", "effect": "ignore_idempotency"},
        # So long that the package is not seen before the order is sent once more.
        {"match": "query", "effect": "stale:600000", "times": 9},
    )


def seconds_pass(order: Operation, seconds: float) -> None:
    """As if all that the order has called so far had been called so long before."""
    order.attempts.update(sent_at=F("sent_at") - timedelta(seconds=seconds))


def reads(order: Operation) -> list[str]:
    """How Wix was read since the last write: by a list or by an id."""
    last = order.attempts.filter(writes=True).order_by("id").last()
    found = order.attempts.filter(pk__gt=last.pk).order_by("id").values_list("path", flat=True)
    return ["list" if path.endswith("/query") else "id" for path in found]


def test_a_package_that_was_really_made_twice_is_told_once_each_was_asked_for_by_its_id(
    mirror, order, run_due
):
    is_carried_out_twice(mirror)

    run_due()

    first, second = packages(mirror)
    assert end(order).state == State.NEEDS_ATTENTION
    assert order.outcome_code == "ordered_twice"
    assert order.outcome == (
        f"There are 2 packages under this external id, {first[:8]} and {second[:8]}. {WORDS}"
    )
    assert reads(order)[-2:] == ["list", "id"]
    asked = [c["path"] for c in practice.journal(mirror.sandbox) if c["method"] == "GET"]
    assert {path.rpartition("/")[2] for path in asked[-2:]} == {first, second}
    assert Package.objects.filter(external_id=NAME).count() == 2


def test_nobody_is_told_before_half_a_minute_whatever_dies_and_begins_anew(
    mirror, order, run_due, settings
):
    """All that is known in between is the row and its attempts."""
    is_carried_out_twice(mirror)
    run_due(until=lambda: len(packages(mirror)) == 2)
    settings.OPERATIONS = settings.OPERATIONS | {"READ_LADDER": (0, 0, 0, 0, 0, 30)}

    for _ in range(3):
        assert go_on_now(order).state == State.CONFIRMING
        assert "read once more" in order.waiting_for
    assert set(reads(order)) == {"list"}
    seconds_pass(order, 30)

    assert go_on_now(order).outcome_code == "ordered_twice"
    assert reads(order)[-1] == "id"


@pytest.mark.once
def test_one_package_that_lists_show_twice_is_told_to_nobody(mirror, order, run_due):
    practice.faults(
        mirror.sandbox,
        {"match": "create", "effect": "drop_after", "times": 1},
        {"match": "query", "effect": "duplicate_rows"},
    )

    run_due()

    assert end(order).state == State.SUCCEEDED, order.outcome
    assert [str(order.package_id)] == packages(mirror)


@pytest.mark.once
def test_where_the_ids_show_one_package_what_lists_say_ends_nothing(mirror, order, run_due):
    """Lists that lag behind go on showing the second one under the name that it had."""
    is_carried_out_twice(mirror)
    run_due(until=lambda: len(packages(mirror)) == 2)
    package_id = str(order.attempts.get(package_id__isnull=False).package_id)
    [other] = set(packages(mirror)) - {package_id}
    practice.clock(mirror.sandbox, advance_seconds=60)
    practice.change_package(mirror.sandbox, other, externalId="somebody-elses")
    practice.faults(mirror.sandbox, {"match": "query", "effect": "stale:30000"})

    run_due()

    assert end(order).state == State.SUCCEEDED, order.outcome
    assert str(order.package_id) == package_id
    assert reads(order)[-2:] == ["list", "id"]


@pytest.mark.once
def test_where_an_id_cannot_be_read_nobody_is_told_to_end_anything(mirror, order, run_due):
    is_carried_out_twice(mirror)
    run_due(until=lambda: len(packages(mirror)) == 2)
    practice.faults(mirror.sandbox, {"match": "get", "effect": "refuse:PERMISSION_DENIED"})

    run_due()

    assert end(order).state == State.NEEDS_ATTENTION
    assert order.outcome_code == "PERMISSION_DENIED"
    assert "ancel" not in order.outcome


@pytest.mark.once
def test_with_wix_away_in_between_it_is_looked_at_once_wix_is_back(mirror, order, run_due):
    is_carried_out_twice(mirror)
    run_due(until=lambda: len(packages(mirror)) == 2)
    practice.faults(mirror.sandbox, {"match": "get", "effect": "drop_before", "times": 4})

    run_due()

    assert end(order).outcome_code == "ordered_twice"
    assert WORDS in order.outcome


@pytest.mark.once
def test_whatever_kind_tells_a_person_to_end_something_can_be_looked_at_more_closely():
    """Its words say so in the imperative; then the engine is told, and has another sort of call."""
    telling = set()
    for name, kind in KINDS.items():
        methods = [getattr(type(kind), each, None) for each in ("decide", "judge")]
        source = "".join(inspect.getsource(method) for method in methods if method)
        if re.search(r"\b(Cancel|Remove|Delete|End|Take off|Trash) ", source):
            telling.add(name)
            assert "is_to_be_ended=True" in source, name
            assert type(kind).look_closer is not Kind.look_closer, name

    assert telling == {"create_package"}
