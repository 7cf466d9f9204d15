"""Taking back what was done, where it still stands."""

import re

import pytest
from django.utils import timezone

from resellers.models import Operation, OperationState, ProductInstance
from resellers.operations.kinds.cancel_instance import CancelInstanceWish
from tests import worlds
from tests.dashboard.submitting import hidden_fields, pressed_again, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def moved() -> Operation:
    """A move that succeeded, with the service where it was moved to."""
    instance = worlds.instance()
    source, target = instance.site, worlds.site(instance.account)
    operation = worlds.operation(
        instance,
        site=target,
        state=OperationState.SUCCEEDED,
        finished_at=timezone.now(),
        before={"site_id": str(source.pk), "product_id": str(instance.product_id), "cycle": ""},
    )
    ProductInstance.objects.filter(pk=instance.pk).update(site=target)
    return operation


def undo_form(client, operation: Operation) -> tuple[str, dict[str, str]]:
    address = f"/instances/{operation.instance_id}/reassign/"
    return address, hidden_fields(client.get(operation.get_absolute_url()), address)


def test_a_move_that_succeeded_can_be_undone_by_a_new_one(operator, moved):
    address, fields = undo_form(operator, moved)

    plan = operator.post(address, fields)
    operator.post(address, hidden_fields(plan, "confirm"))

    undo = Operation.objects.get(undo_of=moved)
    assert undo.wish == {"site_id": moved.before["site_id"]}
    assert undo.reason == f"Undo of operation #{moved.pk}"


def test_what_has_moved_on_since_is_honestly_refused(operator, moved):
    address, fields = undo_form(operator, moved)
    elsewhere = worlds.site(moved.account)
    ProductInstance.objects.filter(pk=moved.instance_id).update(site=elsewhere)

    answer = operator.post(address, fields)

    assert answer.status_code == 422
    assert "can no longer be undone" in text(answer)
    assert "Undo" not in text(operator.get(moved.get_absolute_url()))


@pytest.mark.parametrize("state", ["queued", "failed", "rolled_back", "needs_attention"])
def test_what_did_nothing_offers_no_undo(operator, moved, state):
    Operation.objects.update(state=state)

    assert 'id="undo"' not in operator.get(moved.get_absolute_url()).content.decode()


def test_a_viewer_is_not_offered_to_undo(viewer, moved):
    assert 'id="undo"' not in viewer.get(moved.get_absolute_url()).content.decode()


def test_it_is_offered_in_the_services_own_timeline_and_leads_to_the_same_plan(operator, moved):
    timeline = operator.get(f"{moved.instance.get_absolute_url()}?tab=timeline")

    address = f"/instances/{moved.instance_id}/reassign/"
    plan = operator.post(address, hidden_fields(timeline, address))

    assert plan.status_code == 200
    assert hidden_fields(plan, "confirm")["undo_of"] == str(moved.pk)


def test_only_the_last_change_is_offered_there_and_to_nobody_who_may_not(operator, viewer, moved):
    address = f"{moved.instance.get_absolute_url()}?tab=timeline"
    assert "Undo operation" not in viewer.get(address).content.decode()

    elsewhere = worlds.site(moved.account)
    ProductInstance.objects.filter(pk=moved.instance_id).update(site=elsewhere)

    assert "Undo operation" not in operator.get(address).content.decode()


def test_where_it_can_no_longer_be_undone_the_page_says_why(operator, moved):
    ProductInstance.objects.filter(pk=moved.instance_id).update(site=worlds.site(moved.account))

    assert "it has changed since" in text(operator.get(moved.get_absolute_url()))


def test_an_end_for_good_says_that_there_is_no_way_back(manager):
    instance = worlds.instance()
    ended = worlds.planned(
        instance, CancelInstanceWish(), state="succeeded", finished_at=timezone.now()
    )
    ProductInstance.objects.filter(pk=instance.pk).update(status="CANCELED")

    assert "Wix offers no way back." in text(manager.get(ended.get_absolute_url()))


def test_a_move_to_a_third_site_is_not_recorded_as_the_way_back(operator, moved):
    address, fields = undo_form(operator, moved)
    third = str(worlds.site(moved.account).pk)

    refused = operator.post(address, fields | {"target_site": third})
    again = pressed_again(refused, address)
    plan = operator.post(address, again)
    operator.post(address, hidden_fields(plan, "confirm"))

    assert refused.status_code == 422
    assert f"not the way back from operation #{moved.pk}" in text(refused)
    recorded = Operation.objects.exclude(pk=moved.pk).get()
    assert (recorded.wish, recorded.undo_of) == ({"site_id": third}, None)


def test_the_same_move_of_another_service_is_not_recorded_as_the_way_back(operator, moved):
    beside = worlds.instance(worlds.package(moved.account), on=moved.site)

    answer = operator.post(
        f"/instances/{beside.pk}/reassign/",
        {"target_site": moved.before["site_id"], "undo_of": str(moved.pk)},
    )

    assert answer.status_code == 422
    assert "Confirm" not in text(answer)


def test_another_kind_of_change_is_not_recorded_as_the_way_back(operator, moved):
    address = f"/instances/{moved.instance_id}/unassign/"

    answer = operator.post(address, {"undo_of": str(moved.pk)})

    assert answer.status_code == 422
    assert f"not the way back from operation #{moved.pk}" in text(answer)


def test_a_plan_to_undo_is_not_confirmed_with_another_target(operator, moved):
    address, fields = undo_form(operator, moved)
    confirm = hidden_fields(operator.post(address, fields), "confirm")
    third = str(worlds.site(moved.account).pk)

    assert operator.post(address, confirm | {"target_site": third}).status_code == 422
    assert not Operation.objects.filter(undo_of=moved).exists()


@pytest.mark.parametrize("kind", ["assign", "unassign", "adjust", "external_id"])
def test_each_way_back_that_is_offered_is_taken(operator, kind):
    instance = worlds.instance(floating=kind == "assign")
    other = worlds.site(instance.account)
    bigger = worlds.product("Bigger Plan")
    thing, wish, now = {
        "assign": (instance, {"site_id": str(other.pk)}, {"site": other}),
        "unassign": (instance, {}, {"site": None}),
        "adjust": (
            instance,
            {"product_id": str(bigger.pk), "cycle": "1 MONTH"},
            {"product": bigger, "cycle_unit": "MONTH"},
        ),
        "external_id": (instance.package, {"external_id": "new-name"}, {"external_id": "new-name"}),
    }[kind]
    past = worlds.planned(
        thing, worlds.wish(kind, **wish), state="succeeded", finished_at=timezone.now()
    )
    type(thing).objects.filter(pk=thing.pk).update(**now)
    page = operator.get(past.get_absolute_url())
    address = next(a for a in addresses(page) if thing.get_absolute_url() in a)

    plan = operator.post(address, hidden_fields(page, address))
    answer = operator.post(address, hidden_fields(plan, "confirm"))

    assert answer.status_code == 302
    assert Operation.objects.get(undo_of=past).requested_by == operator.user


def addresses(page) -> list[str]:
    return re.findall(r'<form method="post" action="([^"]+)"', page.content.decode())
