"""How an operation ends that Wix refused is told from what our own calls did and was read then.

"Rolled back" is said only where a call of ours moved the thing and another one put it back.
"""

import pytest

from resellers.models import (
    Account,
    CatalogProduct,
    OperationState,
    Site,
)
from resellers.operations import engine
from tests import practice
from tests.dashboard.submitting import text
from tests.worlds import end

from .found_services import adjustable_and_movable
from .refused_calls import (
    LONG_AGO,
    REFUSED,
    STRATEGIES,
    order,
    site_of,
    sites_read,
    was_elsewhere,
    writes,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

State = OperationState


def test_what_wix_refused_is_no_waiting_wish_though_wix_cannot_be_read_just_now(mirror, ask):
    service, target = mirror.movable()
    practice.faults(
        mirror.sandbox,
        {"match": "unassign", "effect": REFUSED},
        {"match": "get", "effect": "bare:501", "after": 1},
    )
    operation = ask("reassign", service, site_id=target.pk)

    engine.run(operation.pk)

    assert writes(operation) == ["unassign"]
    assert end(operation).state == State.CONFIRMING


def test_a_straight_move_that_may_be_half_done_and_cannot_be_read_comes_to_a_person(
    mirror, ask, settings
):
    settings.WIX_REASSIGN = "direct"
    service, target = mirror.movable()
    practice.faults(
        mirror.sandbox,
        {"match": "assign", "effect": REFUSED},
        {"match": "get", "effect": "refuse:PACKAGE_NOT_FOUND", "after": 1},
    )
    operation = ask("reassign", service, site_id=target.pk)

    engine.run(operation.pk)

    assert writes(operation) == ["move"]
    assert end(operation).state == State.NEEDS_ATTENTION


# --- nothing of ours was carried out --------------------------------------------------------------


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_move_refused_at_once_says_that_nothing_was_changed(
    mirror, ask, run_due, settings, strategy
):
    settings.WIX_REASSIGN = strategy
    service, target = mirror.movable()
    step = "unassign" if strategy == "two_step" else "assign"
    practice.faults(mirror.sandbox, {"match": step, "effect": REFUSED})

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    assert end(operation).state == State.FAILED
    assert operation.outcome.endswith("Nothing was changed.")
    assert not operation.changed_by_others
    assert len(writes(operation)) == 1


@pytest.mark.parametrize("lost", [False, True], ids=["at once", "after a lost answer"])
@pytest.mark.parametrize("kind", ["adjust", "cancel_instance", "cancel_package", "external_id"])
def test_what_wix_refuses_and_nobody_touches_says_that_nothing_was_changed(
    mirror, ask, run_due, kind, lost
):
    service, wish, _ = adjustable_and_movable()
    thing, wished = {
        "adjust": (service, wish.as_json()),
        "cancel_instance": (service, {}),
        "cancel_package": (service.package, {}),
        "external_id": (service.package, {"external_id": "another-name"}),
    }[kind]
    refusal = {"match": kind, "effect": "refuse:PRODUCT_NOT_FOUND"}
    lost_first = {"match": kind, "effect": "drop_before", "times": 1}
    practice.faults(mirror.sandbox, *([lost_first] if lost else []), refusal)

    operation = ask(kind, thing, **wished)
    run_due()

    assert end(operation).state == State.FAILED
    assert operation.outcome.endswith("Nothing was changed.")
    assert len(writes(operation)) == 1 + lost


def test_a_name_that_others_gave_while_wix_refused_ours_comes_to_a_person_after_two_readings(
    mirror, ask, run_due, meanwhile
):
    package = mirror.movable()[0].package
    practice.faults(mirror.sandbox, {"match": "external_id", "effect": "refuse:PRODUCT_NOT_FOUND"})
    theirs = {"externalId": "their-name"}
    meanwhile("rename", lambda: practice.change_package(mirror.sandbox, package.pk, **theirs))

    operation = ask("external_id", package, external_id="our-name")
    run_due()

    assert end(operation).state == State.NEEDS_ATTENTION
    assert "nobody here asked for" in operation.outcome
    external_ids = [a.seen["external_id"] for a in operation.attempts.filter(seen__isnull=False)]
    assert external_ids[-2:] == ["their-name", "their-name"]


def test_a_service_that_others_took_off_its_site_is_not_put_back_nor_said_to_be(
    mirror, ask, run_due, meanwhile, viewer
):
    """Staff read “It was put back”, of a service that floated."""
    service, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": REFUSED})
    meanwhile("unassign", lambda: practice.change(mirror.sandbox, service.pk, siteId=None))

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    assert end(operation).state == State.FAILED
    assert "No call of ours changed anything. Changed by others meanwhile" in operation.outcome
    assert "Wix shows Floating" in operation.outcome
    assert writes(operation) == ["unassign"]
    assert site_of(mirror, service) is None
    page = text(viewer.get(operation.get_absolute_url()))
    assert "Wix refused; others changed it meanwhile." in page
    assert "nothing was changed" not in page
    assert "put back" not in page


def test_an_adjustment_refused_while_others_moved_the_service_is_not_rolled_back(
    mirror, ask, run_due, meanwhile
):
    service, wish, elsewhere = adjustable_and_movable()
    practice.faults(mirror.sandbox, {"match": "adjust", "effect": "refuse:PRODUCT_NOT_FOUND"})
    elsewhere_id = str(elsewhere)
    meanwhile("adjust", lambda: practice.change(mirror.sandbox, service.pk, siteId=elsewhere_id))

    operation = ask("adjust", service, **wish.as_json())
    run_due()

    assert end(operation).state == State.FAILED
    assert operation.changed_by_others
    assert "No call of ours changed anything. Changed by others meanwhile" in operation.outcome
    assert "another site than before" in operation.outcome


def test_a_cancellation_refused_while_others_moved_the_service_says_so(
    mirror, ask, run_due, meanwhile
):
    service, target = mirror.movable()
    practice.faults(
        mirror.sandbox, {"match": "cancel_instance", "effect": "refuse:PRODUCT_NOT_FOUND"}
    )
    meanwhile("cancel", lambda: practice.change(mirror.sandbox, service.pk, siteId=str(target.pk)))

    operation = ask("cancel_instance", service)
    run_due()

    assert end(operation).state == State.FAILED
    assert operation.changed_by_others
    assert "another site than before" in operation.outcome


def test_an_order_refused_while_others_ordered_under_its_name_is_not_taken_for_ours(
    mirror, ask, run_due, meanwhile
):
    account, name = Account.objects.exclude(name="").order_by("id").first(), "order-2026-1"
    mailbox = CatalogProduct.objects.get(name="Mailbox Starter")
    line = {"product_id": str(mailbox.pk), "cycle": "1 YEAR", "country": "DE", "site_id": None}
    practice.faults(
        mirror.sandbox,
        {"match": "create", "effect": "refuse:PRODUCT_LIMIT_EXCEEDED", "after": 1},
    )
    meanwhile("create", lambda: order(account, mailbox, name))

    operation = ask("create_package", account, external_id=name, lines=[line])
    run_due()

    assert end(operation).state == State.FAILED
    assert operation.changed_by_others
    assert operation.package is None
    assert "No call of ours changed anything." in operation.outcome


def test_an_odd_reading_after_a_refusal_accuses_nobody_and_puts_nothing_back(mirror, ask, run_due):
    service, target = mirror.movable()
    was_elsewhere(mirror, service, None)
    practice.faults(
        mirror.sandbox,
        {"match": "unassign", "effect": REFUSED},
        {"match": "get", "effect": LONG_AGO, "after": 1, "times": 1},
    )

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    assert end(operation).state == State.FAILED
    assert not operation.changed_by_others
    assert "Nothing was changed." in operation.outcome
    assert "In between Wix showed Floating" in operation.outcome
    assert sites_read(operation) == [str(service.site_id), None, str(service.site_id)]
    assert writes(operation) == ["unassign"]


def test_a_plan_is_not_said_to_have_moved_for_one_odd_reading(mirror, ask, run_due):
    service, target = mirror.movable()
    was_elsewhere(mirror, service, None)
    practice.faults(mirror.sandbox, {"match": "get", "effect": LONG_AGO, "times": 1})

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    assert sites_read(operation)[:2] == [None, str(service.site_id)]
    assert end(operation).state == State.SUCCEEDED, operation.outcome
    assert site_of(mirror, service) == target.pk


def test_a_refused_call_whose_thing_cannot_be_read_is_not_told_as_unsent(mirror, ask, run_due):
    service, target = mirror.movable()
    practice.faults(
        mirror.sandbox,
        {"match": "unassign", "effect": REFUSED},
        {"match": "get", "effect": "refuse:PACKAGE_NOT_FOUND", "after": 1},
    )

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    assert end(operation).state == State.FAILED
    assert "Wix had refused our call, so no call of ours changed anything." in operation.outcome
    assert "Nothing was sent" not in operation.outcome


def test_a_wish_that_others_made_true_after_wix_refused_ours_says_whose_doing_it_was(
    mirror, ask, run_due, meanwhile
):
    service, target = mirror.movable()
    practice.faults(mirror.sandbox, {"match": "unassign", "effect": REFUSED})
    meanwhile(
        "unassign", lambda: practice.change(mirror.sandbox, service.pk, siteId=str(target.pk))
    )

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    assert end(operation).state == State.SUCCEEDED
    assert "though it refused our call: that was others' doing" in operation.outcome


# --- what a person decides rests on two readings --------------------------------------------------


def test_a_third_site_that_one_odd_reading_shows_brings_nobody_in(mirror, ask, run_due):
    service, target = mirror.movable()
    third = Site.objects.exclude(pk__in=[service.site_id, target.pk]).first()
    was_elsewhere(mirror, service, third.pk)
    practice.faults(mirror.sandbox, {"match": "get", "effect": LONG_AGO, "after": 1, "times": 1})

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    assert str(third.pk) in sites_read(operation)
    assert end(operation).state == State.SUCCEEDED, operation.outcome
