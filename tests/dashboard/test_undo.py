"""Taking back what was done, where it still stands."""

import pytest
from django.utils import timezone

from resellers.models import Operation, OperationState, ProductInstance
from tests import worlds
from tests.dashboard.submitting import hidden_fields, text

pytestmark = pytest.mark.django_db


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
