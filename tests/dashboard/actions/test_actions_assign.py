"""Putting a floating service on a site, and taking one off."""

import pytest

from resellers.models import Operation, OperationState
from tests import practice, worlds
from tests.dashboard.submitting import hidden_fields

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def path(instance, action: str) -> str:
    return f"/instances/{instance.pk}/{action}/"


def test_a_floating_service_offers_assign_and_no_move(operator):
    page = operator.get(worlds.instance(floating=True).get_absolute_url()).content.decode()

    assert " Assign</a>" in page
    assert " Reassign</a>" not in page
    assert " Unassign</a>" not in page


def test_a_service_on_a_site_offers_to_be_moved_or_taken_off(operator):
    page = operator.get(worlds.instance().get_absolute_url()).content.decode()

    assert " Assign</a>" not in page
    assert " Reassign</a>" in page
    assert " Unassign</a>" in page


def test_no_plan_is_offered_where_no_site_could_take_it(operator):
    account = worlds.account()
    blocked = worlds.site(account, blocked=True)
    instance = worlds.instance(worlds.package(account), floating=True)

    page = operator.get(path(instance, "assign")).content.decode()
    assert "Show the plan" not in page
    assert str(blocked.pk) in page

    worlds.site(account)
    assert "Show the plan" in operator.get(path(instance, "assign")).content.decode()


@pytest.mark.parametrize("action", ["assign", "unassign"])
def test_a_viewer_may_not(viewer, action):
    instance = worlds.instance(floating=action == "assign")

    assert viewer.get(path(instance, action)).status_code == 403
    assert viewer.post(path(instance, action)).status_code == 403


def test_taking_off_warns_of_what_stops_working(operator):
    site = worlds.site(domain_connected=True)
    plan = worlds.product("Core", service_type="Premium plan")
    instance = worlds.instance(worlds.package(site.account), site, product=plan)

    answer = operator.post(path(instance, "unassign"), {})

    assert answer.status_code == 200
    assert f"The domain connected to {site} is disconnected" in answer.content.decode()
    assert not Operation.objects.exists()


def test_assigning_to_a_site_that_has_one_of_its_type_is_refused_beside_the_field(operator):
    plan = worlds.product("Core", service_type="Premium plan", one_per_site=True)
    site = worlds.site()
    worlds.instance(worlds.package(site.account), site, product=plan)
    floating = worlds.instance(worlds.package(site.account), floating=True, product=plan)

    answer = operator.post(path(floating, "assign"), {"target_site": str(site.pk)})

    assert answer.status_code == 422
    assert "may have only one" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("action", ["unassign", "assign"])
def test_what_is_confirmed_is_carried_out(mirror, operator, run_due, action):
    instance, target = mirror.movable()
    chosen = {}
    if action == "assign":
        practice.change(mirror.sandbox, instance.pk, siteId=None)
        operator.post(f"/instances/{instance.pk}/refresh/")
        run_due()
        chosen = {"target_site": str(target.pk)}

    plan = operator.post(path(instance, action), chosen)
    answer = operator.post(path(instance, action), hidden_fields(plan, "confirm"))
    run_due()

    operation = Operation.objects.get()
    assert answer.headers["Location"] == operation.get_absolute_url()
    assert operation.state == OperationState.SUCCEEDED, operation.outcome
    expected = str(target.pk) if action == "assign" else None
    assert practice.truth(mirror.sandbox, instance.pk)["siteId"] == expected
    assert practice.applied(mirror.sandbox) == [action]
