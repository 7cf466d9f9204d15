"""One flow on its way: begun, answered and confirmed by staff, and moved on in time."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import close_old_connections
from django.db.models.functions import Now
from django.test import override_settings
from redis import Redis

from resellers import breaker, policy
from resellers.clock import database_now
from resellers.flows import deciding
from resellers.flows import engine as flows
from resellers.flows.kinds import FLOW_KINDS
from resellers.flows.steps import QuestionStep, latest
from resellers.mirror import sync
from resellers.models import Flow, FlowStep, Operation, SyncRun
from resellers.operations import engine
from resellers.operations.plan import make_plan
from resellers.operations.requests import PlanMoved, WritesPaused
from tests import practice, processes
from tests.chaos.ground import Ground
from tests.chaos.turns import PACE

from .routes import ROUTES, Route
from .supplies import Supplies

if TYPE_CHECKING:
    from django.contrib.auth.models import User

State = Flow.State
# Longer than this nobody waits here: time is moved on.
PATIENCE = 1.0
DAYS = 2 * 86_400 + 60  # seconds: by then the net has found a domain
FIRST, LAST, ASKED = "first", "last", "asked"


@dataclass
class Journey:
    """A flow, the way it goes, and the sandbox's mark from before it was begun."""

    ground: Ground
    name: str
    flow: Flow
    since: int
    _hurried: tuple[int, int] = (0, 0)

    @classmethod
    def begun(cls, ground: Ground, supplies: Supplies, name: str) -> "Journey":
        """A new one of that route. Raises LookupError where this world has nothing for it."""
        since, kind = ground.mark(), FLOW_KINDS[ROUTES[name].kind]
        for answers in ROUTES[name].begin(supplies):
            flow = deciding.start(kind, answers, by=ground.by, request_id=uuid4())
            return cls(ground, name, flow, since)
        raise LookupError(f"this world has nothing left for {name}")

    @property
    def route(self) -> Route:
        return ROUTES[self.name]

    @property
    def row(self) -> FlowStep | None:
        """The step it stands at, None once it is over; both are read anew, by one statement."""
        current = FlowStep.objects.filter(flow=self.flow.pk, state=FlowStep.State.CURRENT)
        row = current.select_related("flow", "operation").first()
        self.flow = row.flow if row else Flow.objects.get(pk=self.flow.pk)
        return row

    @property
    def asks(self) -> str:
        """The name of the step at which it waits for somebody to act; empty where it does not."""
        row = self.row
        return row.name if row is not None and self.flow.state == State.OPEN else ""

    @property
    def operations(self) -> list[Operation]:
        """All that it asked for, and what was asked for again in their place."""
        tied = Operation.objects.filter(flow_step__flow=self.flow)
        again = Operation.objects.filter(retry_of__in=tied)
        return list((tied | again).distinct().order_by("id"))

    # --- what people do --------------------------------------------------------------------------

    def act(self, by: "User", at: str = "") -> bool:
        """Answer or confirm what it asks now, at that step alone if one is named; whether it did.

        Raises what `deciding` does.
        """
        row = self.row
        if row is None or self.flow.state != State.OPEN or (at and row.name != at):
            return False
        step = FLOW_KINDS[self.flow.kind].step(self.flow, row.name)
        if isinstance(step, QuestionStep):
            deciding.answer(self.flow, row.name, self.route.answer(self.flow, row.name), by=by)
            return True
        plan = make_plan(*step.wanted(self.flow))  # type: ignore[attr-defined]
        try:
            deciding.confirm(self.flow, row.name, plan.fingerprint, by=by)
        except (PlanMoved, WritesPaused):
            return False
        return True

    def hurry(self, until: str = "") -> None:
        """Have pass what it waits for, but at that step: Wix delivers, days go by there, the mirror
        is read."""
        row = self.row
        if row is None or self.flow.state != State.WAITING or not row.looks or row.name == until:
            return
        if self._hurried == (row.pk, row.looks):
            return
        self._hurried = row.pk, row.looks
        if row.name == "delivered":
            practice.clock(self.ground.sandbox, deliver_now=True)
            sync.want(SyncRun.Kind.ACCOUNT, account=self.flow.account)
        elif row.name == "found":
            practice.clock(self.ground.sandbox, advance_seconds=DAYS)
        elif row.name == "active":
            practice.clock(self.ground.sandbox, advance_seconds=60)
        if (self.flow.next_run_at - database_now()).total_seconds() > PATIENCE:
            deciding.look_now(self.flow, by=self.flow.owner)

    # --- in this process, to a place of its way --------------------------------------------------

    def walk_to(self, step: str, phase: str) -> FlowStep:
        """Take it to where that step is due to be looked at: for the first time, with its operation
        just asked for, or with all that it waits for true. Raises AssertionError."""
        give_up_at = time.monotonic() + 60
        while time.monotonic() < give_up_at:
            row = self.row
            assert row is not None, f"it ended before {step}: {self.flow.state}"
            is_there = row.name.partition(":")[0] == step
            if is_there and self._is_at(row, phase):
                Flow.objects.filter(pk=self.flow.pk).update(next_run_at=Now())
                return row
            operation = latest(row)
            if self.act(self.ground.by):
                continue
            if operation is not None and operation.is_open:
                Operation.objects.filter(pk=operation.pk).update(next_run_at=Now())
                engine.run(operation.pk)
                continue
            self.hurry()
            for run_id in sync.due():
                sync.run(run_id, seconds=10)
            if not (is_there and self._is_at(row, phase)):
                self.look_once()
        raise AssertionError(f"it never came to {step}: {self.told}")

    def look_once(self) -> None:
        """Have it looked at here, once."""
        Flow.objects.filter(pk=self.flow.pk).update(next_run_at=Now())
        with override_settings(OPERATIONS=settings.OPERATIONS | {"TASK_SECONDS": 0}):
            flows.run(self.flow.pk)

    def _is_at(self, row: FlowStep, phase: str) -> bool:
        if self.flow.state != State.WAITING:
            return False
        operation = latest(row)
        if phase == ASKED:
            return operation is not None
        if phase == FIRST:
            return operation is None and not row.looks
        if operation is not None:
            return operation.state == "succeeded"
        return self._hurried == (row.pk, row.looks)

    @property
    def told(self) -> str:
        """How it stands, in a line."""
        row = self.row
        if row is None:
            return str(self.flow.state)
        words = row.outcome or row.waiting_for
        return f"{self.flow.state} at {row.name.partition(':')[0]}: {words!r} {row.code}".strip()


@contextmanager
def at_work(ground: Ground, **env: str) -> Iterator[None]:
    """A worker and the sweep, which carry on what is due."""
    with ground.worker("ops,sync", **env), ground.process(*processes.SWEEP, **env):
        yield


def attend(
    journeys: Iterable[Journey],
    seconds: float,
    *,
    by: "Callable[[str], User] | None" = None,
    until: str = "",
) -> bool:
    """Answer, confirm and hurry these as they ask, while others carry them on, until each is done
    or has stopped, or stands at that step and waits there; whether all do within that time.

    `by` says who acts at a step, each time just before.
    """
    give_up_at, waiting = time.monotonic() + seconds, list(journeys)
    with Redis.from_url(waiting[0].ground.redis_url) as redis:
        while waiting and time.monotonic() < give_up_at:
            close_old_connections()
            redis.delete(PACE)
            if policy.current().writes_paused:
                breaker.resume_writes(by=waiting[0].ground.by)
            waiting = [one for one in waiting if not _is_at_rest(one, until)]
            for journey in waiting:
                step = journey.asks
                if step and step == until:
                    continue
                if not step or not journey.act(by(step) if by else journey.flow.owner, step):
                    journey.hurry(until)
            time.sleep(0.1)
    return not waiting


def _is_at_rest(journey: Journey, until: str) -> bool:
    row = journey.row
    if row is None or journey.flow.state == State.STOPPED:
        return True
    return row.name == until and (journey.flow.state == State.OPEN or row.looks > 0)
