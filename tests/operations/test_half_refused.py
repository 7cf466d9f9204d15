"""How an operation ends of which our calls did one half, and Wix refused the other."""

import pytest

from resellers.models import CatalogProduct, OperationState
from tests import practice
from tests.worlds import end

from .refused_calls import LONG_AGO, REFUSED, site_of, sites_read, writes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

State = OperationState


@pytest.mark.parametrize("lost", ["", "unassign", "assign_back"])
def test_what_a_call_of_ours_moved_and_another_put_back_is_rolled_back(mirror, ask, run_due, lost):
    service, target = mirror.movable()
    rules = [{"match": "assign", "effect": REFUSED, "times": 1}]
    if lost:
        match, after = ("unassign", 0) if lost == "unassign" else ("assign", 1)
        rules.append({"match": match, "effect": "drop_after", "after": after, "times": 1})
    practice.faults(mirror.sandbox, *rules)

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    assert end(operation).state == State.ROLLED_BACK
    assert "It was put back" in operation.outcome
    assert not operation.changed_by_others
    assert writes(operation) == ["unassign", "assign", "assign_back"]
    assert site_of(mirror, service) == service.site_id


def test_a_straight_move_that_wix_did_by_half_and_we_put_back_is_rolled_back(
    mirror, ask, run_due, settings
):
    settings.WIX_REASSIGN = "direct"
    service, target = mirror.movable()
    practice.faults(
        mirror.sandbox,
        {"match": "assign", "effect": "half_move", "times": 1},
        {"match": "assign", "effect": REFUSED, "times": 1},
    )

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    assert end(operation).state == State.ROLLED_BACK, operation.outcome
    assert writes(operation) == ["move", "assign_back"]
    assert site_of(mirror, service) == service.site_id


def test_what_others_put_back_before_we_could_is_not_said_to_be_our_doing(
    mirror, ask, run_due, meanwhile
):
    service, target = mirror.movable()
    home = str(service.site_id)
    practice.faults(mirror.sandbox, {"match": "assign", "effect": REFUSED})
    meanwhile("assign", lambda: practice.change(mirror.sandbox, service.pk, siteId=home))

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    assert end(operation).state == State.FAILED
    assert operation.changed_by_others
    assert "A call of ours had changed it, and none put it back." in operation.outcome
    assert "Changed by others meanwhile: they put it back" in operation.outcome
    assert writes(operation) == ["unassign", "assign"]


def test_a_stale_reading_after_a_refusal_leaves_no_service_floating_unsaid(mirror, ask, run_due):
    """Staff read “It was put back”: Wix had shown the site of before our own first call."""
    service, target = mirror.movable()
    practice.faults(
        mirror.sandbox,
        {"match": "assign", "effect": REFUSED, "times": 1},
        {"match": "get", "effect": LONG_AGO, "after": 2, "times": 1},
    )

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    home = str(service.site_id)
    assert sites_read(operation) == [home, None, home, None, home]
    assert end(operation).state == State.ROLLED_BACK
    assert writes(operation) == ["unassign", "assign", "assign_back"]
    assert site_of(mirror, service) == service.site_id


def test_put_back_by_us_and_changed_by_others_meanwhile_says_both(mirror, ask, run_due, meanwhile):
    service, target = mirror.movable()
    like = CatalogProduct.objects.filter(service_type=service.product.service_type)
    other = like.exclude(pk=service.product_id).first()
    practice.faults(mirror.sandbox, {"match": "assign", "effect": REFUSED, "times": 1})
    meanwhile(
        "assign_back",
        lambda: practice.change(mirror.sandbox, service.pk, catalogProductId=str(other.pk)),
    )

    operation = ask("reassign", service, site_id=target.pk)
    run_due()

    assert end(operation).state == State.ROLLED_BACK
    assert "It was put back" in operation.outcome
    assert "another product than before" in operation.outcome
    assert operation.changed_by_others
