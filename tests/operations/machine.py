"""A machine that does what may happen, in any order, and looks after each statement.

It asks, wakes workers, lets them die, stand still and wake late, spoils Wix's answers, and decides
as a person does. `run` tells whether anything was found that must not be.
"""

import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import override_settings
from hypothesis import HealthCheck, Phase
from hypothesis import settings as how
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from resellers import leases
from resellers.clock import database_now
from resellers.models import (
    MOVING_STATES,
    OPEN_STATES,
    Operation,
    OperationAttempt,
    ProductInstance,
)
from resellers.operations import engine
from resellers.operations.decisions import NotNow, finish_by_hand, look_again, try_again, withdraw
from resellers.operations.engine import claims, failpoints
from resellers.operations.requests import AlreadyOpen
from tests import practice
from tests.chaos import verdict
from tests.chaos.ground import Ground
from tests.chaos.kinds import KINDS, STEPS
from tests.chaos.places import places
from tests.chaos.services import service_as_read

from .four_services import WishesFor, two_packages
from .watched import ENDS, WRONG, State, Watched, more_than_one

ROUNDS_TO_REST = 80

# What may be asked of a service.
# What ends a service cannot be set back for the next life.
KNOWN = [key for key in STEPS if KINDS[key[0]].as_read is service_as_read]
WRITES = ("unassign", "assign", "adjust")
NO_FAULT = ((), "")
FAULTS = (
    *[NO_FAULT] * 5,
    (WRITES, "drop_before"),
    (WRITES, "drop_after"),
    (WRITES, "500_before"),
    (WRITES, "500_after"),
    (WRITES, "sticky_500"),
    (WRITES, "bad_json"),
    (("assign",), "half_move"),
    (("assign",), "refuse:PRODUCT_TYPE_ALREADY_ASSIGNED"),
    (WRITES, "bare:404"),
    (("get",), "500_before"),
    (("get",), "bad_json"),
)
NUMBERS = {
    "CALL_SECONDS": 1,
    "READ_LADDER": (0, 0),
    "RETRY_SECONDS": (0,),
}
EVENTS = ("ask", "work", "work", "work", "work", "decide", "wake late")
THEN = ("go on", "go on", "die", "die", "die", "stand still", "stand still", "forget")
DECISIONS = ("withdraw", "retry", "retry", "look", "right", "wrong")
which = st.integers(0, 999)


class Died(BaseException):
    """The process is gone: nothing that would tidy up may catch this."""


class Engine(RuleBasedStateMachine):
    """Operations on the services of two packages, and what workers, people and Wix do to them."""

    def __init__(self, ground: Ground, services: list[ProductInstance], found: list[str]) -> None:
        super().__init__()
        self.found = found
        self.ground, self.services = ground, services
        self.at_first = [ground.sandbox.world.packages.instance(str(s.pk)) for s in services]
        self.since = ground.mark()
        watched = Watched(self._note)
        self.rows = watched.rows
        self.judged: set[int] = set()
        self.forgotten: list[Operation] = []
        self.all = transaction.atomic()
        self.all.__enter__()
        self.watch = connection.execute_wrapper(watched)
        self.watch.__enter__()
        practice.faults(ground.sandbox)

    @property
    def something_is_open(self) -> bool:
        return any(row["state"] in OPEN_STATES for row in self.rows.values())

    # --- what happens ----------------------------------------------------------------------------

    @initialize(kind=st.sampled_from(KNOWN), service=which)
    def somebody_asks_first(self, kind, service):
        self.somebody_asks(kind, service)

    @rule(event=st.sampled_from(EVENTS), data=st.data())
    def something_happens(self, event, data):
        """One rule for all, since rules of their own would be switched off for whole runs."""
        if event == "ask" or not self.something_is_open:
            self.somebody_asks(data.draw(st.sampled_from(KNOWN)), data.draw(which))
        elif event == "work":
            self.a_worker_is_woken(
                data.draw(which),
                in_time=data.draw(st.sampled_from((True, True, False))),
                fault=data.draw(st.sampled_from(FAULTS)),
                times=data.draw(st.integers(1, 3)),
                then=data.draw(st.sampled_from(THEN)),
                place=data.draw(which),
            )
        elif event == "decide":
            self.a_person_decides(data.draw(which), data.draw(st.sampled_from(DECISIONS)))
        elif self.forgotten:
            self.an_old_worker_wakes_late(data.draw(which))

    def somebody_asks(self, kind, service):
        instance = self.services[service % len(self.services)]
        is_open = Operation.objects.open().filter(instance=instance).exists()
        wishes = WishesFor(self.ground.by, instance)
        try:
            wishes.ask(*kind)
        except LookupError:
            return  # there is nothing of this kind that Wix would not refuse
        except AlreadyOpen:
            assert is_open
        else:
            assert not is_open

    def a_worker_is_woken(self, operation, in_time, fault, times, then, place):
        """Whether or not there is anything to do; Wix answers well, or a few times not."""
        if in_time:
            self.time_passes()
        calls, effect = fault
        rules = ({"match": call, "effect": effect, "times": times} for call in calls)
        practice.faults(self.ground.sandbox, *rules)
        pk = self._one(operation)
        if then == "go on":
            engine.run(pk)
        elif then == "die":
            with suppress(Died):
                self._run_until(place, pk, _die)
        elif then == "stand still":
            with override_settings(OPERATIONS=dict(settings.OPERATIONS)):
                self._run_until(place, pk, lambda: self._others_go_on_with(pk))
        elif claimed := claims.claim(pk):
            self.forgotten.append(claimed)

    def an_old_worker_wakes_late(self, number):
        old = self.forgotten[number % len(self.forgotten)]
        if Operation.objects.get(pk=old.pk).fence > old.fence:
            with pytest.raises(leases.LostLease):
                leases.save(old, outcome="written by a worker that woke late")

    def time_passes(self) -> None:
        """Leases run out, and what was to wait is due."""
        past = database_now() - timedelta(hours=1)
        open_ones = Operation.objects.open()
        open_ones.update(next_run_at=past)
        open_ones.filter(lease_until__isnull=False).update(lease_until=past)

    def a_person_decides(self, operation, act):
        row = Operation.objects.get(pk=self._one(operation))
        by, state = self.ground.by, row.state
        try:
            if act == "withdraw":
                withdraw(row, by=by)
            elif act == "retry":
                try_again(row, by=by)
            elif act == "look":
                look_again(row, by=by)
            else:
                finish_by_hand(row, by=by, succeeded=act == "right", note="seen by a person")
        except NotNow:
            return
        assert state == (State.QUEUED if act == "withdraw" else State.NEEDS_ATTENTION)

    # --- what always holds -----------------------------------------------------------------------

    @invariant()
    def one_is_open_for_a_thing_and_one_moves_a_package(self):
        assert not more_than_one("subject", OPEN_STATES)
        assert not more_than_one("package", MOVING_STATES)

    @invariant()
    def what_has_ended_ended_rightly(self):
        """By its row, Wix's truth, the mirror, the audit and the calls, once, as it ends."""
        for operation in Operation.objects.filter(state__in=ENDS).exclude(pk__in=self.judged):
            self.judged.add(operation.pk)
            if operation.settled_by_id:
                continue
            if operation.outcome.startswith("Withdrawn"):
                assert not verdict.writes(self.ground, operation, since=self.since)
                continue
            wrongs = verdict.wrongs(self.ground, operation, since=self.since)
            assert not wrongs, [*wrongs, *verdict.story(operation)]

    def teardown(self) -> None:
        """Left alone, everything comes to rest; then the world is as it was."""
        self._note(sys.exc_info()[1])
        try:
            practice.faults(self.ground.sandbox)
            for _ in range(ROUNDS_TO_REST):
                self.time_passes()
                if not engine.run_due():
                    break
            for operation in Operation.objects.under_way():
                pytest.fail("\n".join(["never comes to rest", *verdict.story(operation)]))
            self.what_has_ended_ended_rightly()
        except WRONG as wrong:
            self._note(wrong)
            raise
        finally:
            self.watch.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.all.__exit__(None, None, None)
            self._restore()

    # --- how -------------------------------------------------------------------------------------

    def _note(self, wrong: BaseException | None) -> None:
        if isinstance(wrong, WRONG):
            self.found.append(str(wrong))

    def _one(self, number: int) -> int:
        """Mostly one that is open, now and then one that has ended."""
        is_open = [pk for pk, row in self.rows.items() if row["state"] in OPEN_STATES]
        choice = is_open if number % 5 else list(self.rows)
        return choice[number // 5 % len(choice)]

    def _run_until(self, number: int, operation_id: int, meanwhile: Callable[[], None]) -> None:
        """Run the operation, and do something when the engine comes to that place on its way."""
        place = self._place(number, operation_id)
        marker = self.ground.folder / "arrived"
        marker.unlink(missing_ok=True)
        failpoints._arrivals.clear()  # a process comes to a point once; this one lives many lives
        before = signal.signal(signal.SIGUSR1, lambda *_: meanwhile())
        try:
            with override_settings(ENGINE_FAILPOINT=f"{place}=interrupt@{marker}"):
                engine.run(operation_id)
        finally:
            signal.signal(signal.SIGUSR1, before)

    def _place(self, number: int, operation_id: int) -> str:
        """Somewhere on the way that this operation still has before it, mostly around a write."""
        row = self.rows[operation_id]
        steps = STEPS[row["kind"], row["strategy"]]
        attempts = OperationAttempt.objects.filter(operation=operation_id, writes=True)
        if attempts.filter(state=OperationAttempt.State.REFUSED).exists():
            steps = ("assign_back",)
        answered = set(
            attempts.filter(state=OperationAttempt.State.ANSWERED).values_list("step", flat=True)
        )
        to_come = [step for step in steps if step not in answered]
        ways = places(to_come or steps)
        ways += [place for place in ways if ":" in place] * 2
        return ways[number % len(ways)]

    def _others_go_on_with(self, operation_id: int) -> None:
        for _ in range(3):
            self.time_passes()
            engine.run(operation_id)
        # To the worker that wakes now its lease is long over.
        settings.OPERATIONS["LEASE_SECONDS"] = 0

    def _restore(self) -> None:
        world = self.ground.sandbox.world
        for instance in self.at_first:
            world.change_instance(
                instance.id,
                site_id=instance.site_id,
                product_id=instance.product_id,
                billing=instance.billing,
            )


def _die() -> None:
    raise Died


def run(ground: Ground, *, lives: int, length: int, found: list[str] | None = None) -> None:
    """So many lives of so many events; fails with one in which something is wrong.

    With a list for what is found, that is put there, and every run draws the same lives.
    """
    services = two_packages()
    assert len(services) == 4
    always_the_same = {} if found is None else {"derandomize": True, "phases": [Phase.generate]}
    run_state_machine_as_test(
        lambda: Engine(ground, services, [] if found is None else found),
        settings=how(
            max_examples=lives,
            stateful_step_count=length,
            suppress_health_check=list(HealthCheck),
            **always_the_same,
        ),
        _min_steps=length,
    )
