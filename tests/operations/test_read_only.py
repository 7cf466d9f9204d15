"""While a person has made the dashboard read-only: what waits stays, what goes back goes back."""

import pytest
from django.db.models.functions import Now

from resellers import policy
from resellers.models import Operation
from resellers.models import OperationState as State
from resellers.operations import engine
from resellers.operations.requests import WritesPaused
from tests import practice, worlds

pytestmark = pytest.mark.django_db

WHY = "Wix moves our account tonight."


@pytest.fixture
def admin_person(db):
    return worlds.user("admin")


def test_what_waits_is_not_sent_until_it_is_lifted(mirror, ask, run_due, admin_person):
    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    policy.set_read_only(WHY, by=admin_person)

    engine.run(operation.pk)

    operation.refresh_from_db()
    assert (operation.state, practice.applied(mirror.sandbox)) == (State.QUEUED, [])
    policy.lift_read_only(by=admin_person)
    Operation.objects.update(next_run_at=Now())
    run_due()
    operation.refresh_from_db()
    assert operation.state == State.SUCCEEDED


def test_a_new_wish_is_refused_with_the_reason(mirror, ask, admin_person):
    instance, target = mirror.movable()
    policy.set_read_only(WHY, by=admin_person)

    with pytest.raises(WritesPaused, match=WHY):
        ask("reassign", instance, site_id=target.pk)


def test_a_move_that_wix_refuses_half_way_is_still_put_back(mirror, ask, run_due, admin_person):
    """It is made read-only just after Wix refused the new site."""
    instance, target = mirror.movable()
    operation = ask("reassign", instance, site_id=target.pk)
    refuse = {"match": "assign", "effect": "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED", "times": 1}
    # The reading that follows the refusal fails, so the engine comes again later.
    practice.faults(mirror.sandbox, refuse, {"match": "get", "effect": "500_before", "after": 2})
    engine.run(operation.pk)
    assert practice.applied(mirror.sandbox) == ["unassign"]
    practice.faults(mirror.sandbox)
    policy.set_read_only(WHY, by=admin_person)

    run_due()

    operation.refresh_from_db()
    assert operation.state == State.ROLLED_BACK
    assert practice.truth(mirror.sandbox, instance.pk)["siteId"] == str(instance.site_id)
    assert policy.current().read_only


def test_reading_goes_on(mirror, run_due, admin_person):
    from resellers.mirror import sync
    from resellers.models import SyncRun

    policy.set_read_only(WHY, by=admin_person)
    run = sync.want(SyncRun.Kind.FULL)

    run_due()

    run.refresh_from_db()
    assert run.state == SyncRun.State.SUCCEEDED
