"""One process at a time holds a flow, whatever stands still, dies or breaks in the midst of it."""

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from resellers import leases
from resellers.clock import database_now
from resellers.flows import deciding, engine, progress
from resellers.models import Flow, OperationState
from resellers.operations import engine as operations
from resellers.operations.decisions import finish_by_hand
from resellers.operations.engine import failpoints
from tests import practice, worlds
from tests.flows.buyers import Guided
from tests.flows.test_domain_connection import premium_site

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """As if the process had been killed: nothing of ours catches it."""


@pytest.fixture
def connected(mirror, operator, run_due) -> Guided:
    """Somebody whose domain is connected, and waits to be found."""
    somebody = Guided("domain_connection", operator, run_due)
    somebody.begin(site=str(premium_site().pk), domain="north-bakery.example", way="POINTING")
    somebody.confirm()
    somebody.answer()
    assert somebody.step == "found", somebody.page
    return somebody


def due(flow: Flow) -> Flow:
    Flow.objects.filter(pk=flow.pk).update(next_run_at=Now())
    return flow


def at_point(monkeypatch, name: str, act) -> None:
    """Have that done where the engine comes by."""
    usual = failpoints.at

    def at(here: str, step: str = "") -> None:
        usual(here, step)
        if here == name:
            act()

    monkeypatch.setattr(failpoints, "at", at)


def test_who_stood_still_after_a_step_does_not_go_on_under_the_lease_of_another(
    mirror, operator, monkeypatch
):
    somebody = Guided("domain_connection", operator, lambda: None)
    somebody.begin(site=str(premium_site().pk), domain="north-bakery.example", way="POINTING")
    engine.run(somebody.flow.pk)
    somebody.confirm()
    operations.run_due()

    def another_claims() -> None:
        Flow.objects.filter(pk=somebody.flow.pk).update(lease_until=None)
        assert leases.claim(Flow.objects.all(), somebody.flow.pk) is not None

    at_point(monkeypatch, "flow-written", another_claims)
    engine.run(due(somebody.flow).pk)

    assert somebody.step == "setup"
    somebody.flow.refresh_from_db()
    assert "records" not in somebody.flow.data
    assert somebody.flow.lease_until is not None


@pytest.mark.parametrize("by_whom", ["another process", "a person"])
def test_what_was_seen_of_a_flow_that_was_lost_or_paused_meanwhile_is_not_written(
    mirror, operator, monkeypatch, by_whom
):
    somebody = Guided("domain_connection", operator, lambda: None)
    somebody.begin(site=str(premium_site().pk), domain="north-bakery.example", way="POINTING")
    engine.run(somebody.flow.pk)
    somebody.confirm()
    operations.run_due()
    before = somebody.step

    def take_it() -> None:
        if by_whom == "a person":
            deciding.pause(somebody.flow, by=operator.user)
            return
        Flow.objects.filter(pk=somebody.flow.pk).update(lease_until=None)
        assert leases.claim(Flow.objects.all(), somebody.flow.pk) is not None

    at_point(monkeypatch, "flow-looked", take_it)
    engine.run(due(somebody.flow).pk)

    somebody.flow.refresh_from_db()
    assert somebody.step == before
    assert (somebody.flow.state == Flow.State.PAUSED) is (by_whom == "a person")


@pytest.mark.once
def test_what_was_seen_of_a_try_is_not_told_of_the_next_one(db, monkeypatch):
    """While it is looked at, somebody finishes what needed a person by hand and tries again."""
    anna = worlds.user("operator", "anna")
    flow = worlds.flow(anna, at="transfer", state=Flow.State.STOPPED)
    stuck = worlds.operation(by=anna, state=OperationState.NEEDS_ATTENTION)
    flow.steps.filter(name="transfer").update(operation=stuck)

    def begin_anew() -> None:
        if not flow.steps.filter(tries=2).exists():
            finish_by_hand(stuck, by=anna, succeeded=False, note="nothing was transferred")
            deciding.try_again(flow, by=anna)

    at_point(monkeypatch, "flow-looked", begin_anew)
    engine.run(flow.pk)

    flow.refresh_from_db()
    assert flow.steps.get(state="current").tries == 2
    assert flow.state == Flow.State.OPEN, "it asks to be confirmed once more"


def test_who_is_killed_with_the_last_step_written_leaves_no_lease(mirror, connected, monkeypatch):
    practice.clock(mirror.sandbox, advance_seconds=2 * 86_400 + 60)

    def die() -> None:
        raise Killed

    at_point(monkeypatch, "flow-written", die)
    with pytest.raises(Killed):
        engine.run(due(connected.flow).pk)

    connected.flow.refresh_from_db()
    assert (connected.flow.state, connected.flow.lease_until) == (Flow.State.DONE, None)


def test_what_stopped_a_check_is_looked_at_by_itself_until_it_is_mended(mirror, connected, run_due):
    long_ago = database_now() - timedelta(hours=49)
    connected.flow.steps.filter(name="found").update(begun_at=long_ago)
    connected.look()
    assert connected.flow.state == Flow.State.STOPPED
    assert "goes on by itself" in progress.current_row(connected.flow).outcome

    practice.clock(mirror.sandbox, advance_seconds=2 * 86_400 + 60)
    due(connected.flow)
    run_due()

    connected.flow.refresh_from_db()
    assert connected.flow.state == Flow.State.DONE


def test_a_flow_that_nobody_can_tell_of_stops_and_keeps_no_other_from_its_turn(
    connected, monkeypatch
):
    kind = type(engine.FLOW_KINDS["domain_connection"])

    def broken(self, flow):
        raise RuntimeError("no such thing")

    monkeypatch.setattr(kind, "steps", broken)
    monkeypatch.setattr(kind, "title", broken)

    engine.run(due(connected.flow).pk)

    connected.flow.refresh_from_db()
    assert (connected.flow.state, connected.flow.lease_until) == (Flow.State.STOPPED, None)
    assert engine.due() == []
