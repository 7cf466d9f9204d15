"""“It was true, and is so no more” takes two readings apart, and is taken back once it is true."""

from datetime import timedelta

import pytest

from resellers.clock import database_now
from resellers.mirror import sync
from resellers.models import (
    AuditEntry,
    CatalogProduct,
    Operation,
    OperationState,
    Package,
    ProductInstance,
)
from resellers.operations.engine import drift, settle
from tests import practice, worlds
from tests.dashboard.submitting import text
from tests.worlds import end

from .found_services import plan_with_what_rests_on_it

pytestmark = pytest.mark.django_db(transaction=True)

State = OperationState
DRIFTED = "It was true, and is so no more."


@pytest.fixture
def moved(mirror, ask, run_due) -> Operation:
    """A move that succeeded a minute ago and is due to be read once more."""
    service, target = mirror.movable()
    operation = ask("reassign", service, site_id=target.pk)
    run_due()
    assert end(operation).state == State.SUCCEEDED, operation.outcome
    practice.faults(mirror.sandbox)
    worlds.time_goes_by(operation, seconds=60)
    return operation


@pytest.fixture
def production(settings) -> None:
    """The waits as they are where staff work: what counts as two readings lies half a minute apart.

    Asked for after what has been carried out with shorter ones.
    """
    settings.OPERATIONS = settings.OPERATIONS | {"READ_LADDER": (1, 2, 4, 8, 15, 30)}


def put(mirror, operation: Operation, site_id: str | None) -> None:
    practice.change(mirror.sandbox, operation.instance_id, siteId=site_id)


def events(operation: Operation) -> list[str]:
    found = AuditEntry.objects.filter(operation_id=operation.pk, event__contains="drift")
    return list(found.order_by("seq").values_list("event", flat=True))


# --- one reading says nothing ---------------------------------------------------------------------


@pytest.mark.parametrize("odd", ["a list that stays behind", "one reading by Get"])
def test_an_odd_answer_after_success_accuses_nobody(mirror, moved, production, viewer, odd):
    """Staff read “It was true, and is so no more” of 10 services that were where they should be."""
    practice.clock(mirror.sandbox, advance_seconds=100)
    fault = {"match": "query", "effect": "stale:90000"}  # a doubt is not left to the list
    if odd == "one reading by Get":  # as is read what the list leaves out
        fault = {"match": "get", "effect": "stale:90000", "times": 1}
        practice.change_package(mirror.sandbox, moved.package_id, hidden=True)
    practice.faults(mirror.sandbox, fault)
    put_before(mirror, moved)

    settle.settle_due()

    assert end(moved).doubted_at is not None
    page = text(viewer.get(moved.get_absolute_url()))
    assert DRIFTED not in page
    assert "one reading alone says nothing" in page
    worlds.a_doubt_is_due()
    settle.settle_due()
    assert (end(moved).doubted_at, moved.drifted_at) == (None, None)
    assert events(moved) == []


def put_before(mirror, operation: Operation) -> None:
    """Who is shown how it was a minute ago is shown the service floating."""
    put(mirror, operation, None)
    practice.clock(mirror.sandbox, advance_seconds=100)
    put(mirror, operation, operation.wish["site_id"])


def test_two_readings_within_a_moment_count_as_one(mirror, moved, production):
    put(mirror, moved, None)

    settle.settle_due()
    Operation.objects.update(settle_at=database_now())
    settle.settle_due()

    assert end(moved).drifted_at is None
    waits = (moved.settle_at - moved.doubted_at).total_seconds()
    assert waits == pytest.approx(30, abs=2)
    worlds.a_doubt_is_due()
    settle.settle_due()
    assert end(moved).drifted_at is not None


def test_what_an_operation_under_way_may_be_about_is_not_concluded(mirror, moved, ask, production):
    moved.instance.refresh_from_db()
    later = ask("unassign", moved.instance)
    put(mirror, moved, None)

    worlds.settle_twice()

    assert end(moved).doubted_at is None
    assert end(later).is_open


# --- what operations of ours explain --------------------------------------------------------------


def test_a_rename_of_ours_explains_no_service_that_left_its_site(mirror, moved, ask, run_due):
    rename = ask("external_id", moved.package, external_id="another-name")
    run_due()
    assert end(rename).state == State.SUCCEEDED
    put(mirror, moved, None)

    worlds.settle_twice()

    assert end(moved).drifted_at is not None


def test_an_order_whose_answer_was_lost_is_no_less_true_for_our_own_later_rename(
    mirror, ask, run_due
):
    account = mirror.movable()[0].account
    mailbox = CatalogProduct.objects.get(name="Mailbox Starter")
    line = {"product_id": str(mailbox.pk), "cycle": "1 YEAR", "country": "DE", "site_id": None}
    practice.faults(mirror.sandbox, {"match": "create", "effect": "drop_after", "times": 1})
    ordered = ask("create_package", account, external_id="order-2026-1", lines=[line])
    run_due()
    assert end(ordered).state == State.SUCCEEDED, ordered.outcome
    sync.run(sync.want("package", package=ordered.package).pk)
    renamed = ask("external_id", ordered.package, external_id="another-name")
    run_due()
    assert end(renamed).state == State.SUCCEEDED, renamed.outcome
    worlds.time_goes_by(ordered, seconds=60)

    worlds.settle_twice()

    assert end(ordered).drifted_at is None
    assert ordered.doubted_at is None


def test_what_falls_with_a_plan_that_we_moved_is_no_drift(mirror, ask, run_due, person):
    """Its plan had said so, and a person had confirmed it."""
    practice.switches(mirror.sandbox, dependents="float")
    plan, target, resting = plan_with_what_rests_on_it()
    placed = worlds.operation(
        resting,
        by=person,
        site=resting.site,
        before={"site_id": None},
        state=State.SUCCEEDED,
        finished_at=database_now() - timedelta(seconds=61),
        settle_at=database_now() - timedelta(seconds=1),
    )
    moved = ask("reassign", plan, site_id=target)
    run_due()
    assert end(moved).state == State.SUCCEEDED, moved.outcome
    assert practice.truth(mirror.sandbox, resting.pk)["siteId"] is None

    worlds.settle_twice()

    assert end(placed).drifted_at is None


@pytest.mark.once
def test_what_fell_with_a_move_that_was_asked_for_before_it_and_ended_after_it_is_no_drift(db):
    plan = worlds.instance()
    resting = worlds.instance(plan.package)
    told = {"dependant_ids": [str(resting.pk)]}
    ended = database_now()
    worlds.operation(plan, plan=told, state=State.SUCCEEDED, finished_at=ended)
    minute_ago = ended - timedelta(minutes=1)
    placed = worlds.operation(resting, state=State.SUCCEEDED, finished_at=minute_ago)

    assert drift.is_explained(placed)


# --- taken back -----------------------------------------------------------------------------------


def test_a_drift_is_taken_back_when_a_later_reading_shows_it_true(mirror, moved, viewer):
    put(mirror, moved, None)
    worlds.settle_twice()
    assert_all_say(viewer, moved, drifted=True)
    put(mirror, moved, moved.wish["site_id"])
    Operation.objects.update(settle_at=database_now())

    settle.settle_due()

    assert end(moved).drifted_at is None
    assert events(moved) == ["operation.drifted", "operation.drift_ended"]
    assert_all_say(viewer, moved, drifted=False)
    assert "that is taken back" in text(viewer.get(moved.get_absolute_url()))


def test_a_reading_of_the_mirror_that_finds_it_changed_has_a_drift_looked_at_again(mirror, moved):
    put(mirror, moved, None)
    worlds.settle_twice()
    assert end(moved).settle_at > database_now()
    put(mirror, moved, moved.wish["site_id"])

    sync.run(sync.want("package", package=moved.package).pk)
    settle.settle_due()

    assert end(moved).drifted_at is None


def test_what_drifts_again_after_it_was_taken_back_is_found_again(mirror, moved):
    for site_id in (None, moved.wish["site_id"]):
        put(mirror, moved, site_id)
        worlds.settle_twice()
        Operation.objects.update(settle_at=database_now())
    assert end(moved).drift_ended_at is not None
    put(mirror, moved, None)

    worlds.settle_twice()

    assert end(moved).drifted_at is not None
    assert moved.drift_ended_at is None


def test_what_we_changed_after_a_drift_was_found_needs_nobody(mirror, moved, ask, run_due, viewer):
    put(mirror, moved, None)
    worlds.settle_twice()
    moved.instance.refresh_from_db()
    home = moved.before["site_id"]
    later = ask("assign", moved.instance, site_id=home)
    run_due()
    assert end(later).state == State.SUCCEEDED, later.outcome

    settle.settle_due()

    assert end(moved).drift_ended_at is not None
    assert not Operation.objects.drifted_lately().exists()
    page = text(viewer.get(moved.get_absolute_url()))
    assert DRIFTED in page
    assert "an operation of ours has changed it since" in page


def assert_all_say(viewer, operation: Operation, *, drifted: bool) -> None:
    """The operation's page, the list and “What needs you” say the same of it."""
    page = text(viewer.get(operation.get_absolute_url()))
    listed = viewer.get("/operations/?state=drifted").content.decode()
    needs = text(viewer.get("/"))
    assert (DRIFTED in page) is drifted
    assert ("True no more" in page) is drifted
    assert (operation.get_absolute_url() in listed) is drifted
    assert ("change is true no more" in needs) is drifted


# --- a round goes on ------------------------------------------------------------------------------


def test_one_row_that_cannot_be_settled_keeps_no_other_from_it(mirror, moved, person):
    put(mirror, moved, None)
    unreadable = worlds.operation(
        ProductInstance.objects.exclude(package=moved.package_id).first(),
        by=person,
        wish={"site": "unheard of"},
        state=State.SUCCEEDED,
        finished_at=database_now() - timedelta(seconds=90),
        settle_at=database_now() - timedelta(seconds=30),
    )

    worlds.settle_twice()

    assert end(moved).drifted_at is not None
    assert end(unreadable).settle_at > database_now(), "it is put off"


def test_a_list_that_wix_refuses_keeps_nobody_from_being_read_alone(mirror, moved):
    put(mirror, moved, None)
    practice.faults(mirror.sandbox, {"match": "query", "effect": "bare:400"})

    worlds.settle_twice()

    assert end(moved).drifted_at is not None
    assert Package.objects.get(pk=moved.package_id).last_confirmed_at
