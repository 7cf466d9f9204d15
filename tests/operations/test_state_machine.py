"""Any order of wishes, calls, deaths and late wakes leaves only what may be.

And the machine that says so would notice: it is set on engines with a known fault, and finds each.
"""

import signal
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection
from hypothesis.errors import Flaky

from resellers import audit, leases
from resellers.models import Operation, OperationAttempt, OperationState
from resellers.models.operation_querysets import OperationQuerySet
from resellers.models.states import UNDER_WAY_STATES
from resellers.operations import requests
from resellers.operations.engine import calls, failpoints
from resellers.operations.kinds import kind_of
from resellers.operations.steps import Back, Decision, Send
from tests.chaos.ground import Ground
from tests.databases import POSTGRES, wanted
from tests.randomness import FULL

from . import machine

pytestmark = pytest.mark.django_db(transaction=True)

LIVES, LENGTH = (300, 50) if FULL else (2 if wanted() == POSTGRES else 4, 15)
# A fault that so many lives do not show is one that the machine does not find.
SEARCH = 60
State = OperationState


@pytest.fixture
def ground(mirror, person, settings, tmp_path, monkeypatch) -> Ground:
    settings.OPERATIONS = settings.OPERATIONS | machine.NUMBERS
    monkeypatch.setitem(failpoints.ACTIONS, "interrupt", signal.SIGUSR1)
    return Ground(mirror.sandbox, "", {}, person, tmp_path)


def test_any_order_of_events_leaves_only_allowed_states_and_one_open_operation_a_thing(
    ground,
):
    """P1, P2, P6: and each end is right by the row, Wix's truth, the mirror, audit and calls."""
    machine.run(ground, lives=LIVES, length=LENGTH)


# --- faults, each planted alone ------------------------------------------------------------------


def the_fence_is_not_checked(patch: pytest.MonkeyPatch) -> None:
    def save(operation: Operation, **values: Any) -> None:
        Operation.objects.filter(pk=operation.pk).update(**values)

    patch.setattr(leases, "save", save)


def two_may_be_open_for_a_thing(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(requests, "open_among", lambda wanted: [])
    without_constraint("one_open_operation_per_subject")


def two_may_move_a_package(patch: pytest.MonkeyPatch) -> None:
    without_constraint("one_moving_operation_per_package")


def the_attempt_is_written_once_wix_has_answered(patch: pytest.MonkeyPatch) -> None:
    usual, put_off = failpoints.at, []

    def at(name: str, step: str = "") -> None:
        if name == "sending":
            attempt = OperationAttempt.objects.filter(writes=True).latest("id")
            put_off[:] = [OperationAttempt.objects.get(pk=attempt.pk)]
            attempt.delete()
        usual(name, step)
        if name == "answered":
            OperationAttempt.objects.bulk_create(put_off)

    patch.setattr(failpoints, "at", at)


def an_ended_row_is_taken_up_again(patch: pytest.MonkeyPatch) -> None:
    taken_up = (*UNDER_WAY_STATES, State.SUCCEEDED, State.FAILED)
    patch.setattr(OperationQuerySet, "under_way", lambda rows: rows.filter(state__in=taken_up))


def a_live_lease_keeps_nobody_off(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(leases, "due", lambda rows: rows)


def a_lost_answer_counts_as_a_refusal(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(calls, "what_is_known", lambda error: OperationAttempt.State.REFUSED)


def the_first_reading_is_believed_for_ever(patch: pytest.MonkeyPatch) -> None:
    usual, known = calls.read, {}

    def read(operation: Operation, *rest: Any) -> Any:
        answer = usual(operation, *rest)
        return known.setdefault((operation.pk, operation.fence), answer)

    patch.setattr(calls, "read", read)


def a_refused_move_is_left_half_way(patch: pytest.MonkeyPatch) -> None:
    kind = type(kind_of("reassign"))
    usual = kind.decide

    def decide(self: Any, *what_is_known: Any) -> Decision:
        decision = usual(self, *what_is_known)
        return Back() if isinstance(decision, Send) and decision.is_way_back else decision

    patch.setattr(kind, "decide", decide)


def an_end_keeps_its_lease(patch: pytest.MonkeyPatch) -> None:
    usual = leases.save

    def save(operation: Operation, **values: Any) -> None:
        if values.get("state") in machine.ENDS:
            values.pop("lease_until", None)
        usual(operation, **values)

    patch.setattr(leases, "save", save)


def the_audit_misses_an_end(patch: pytest.MonkeyPatch) -> None:
    usual = audit.record

    def record(event: str, **details: Any) -> Any:
        if event != "operation.succeeded":
            return usual(event, **details)
        return None

    patch.setattr(audit, "record", record)


def without_constraint(name: str) -> None:
    constraint = next(c for c in Operation._meta.constraints if c.name == name)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Operation, constraint)


@pytest.fixture
def constraints_come_back(ground):
    """Whatever a fault took from the table is there again for the next test."""
    yield
    Operation.objects.all().delete()
    with connection.cursor() as cursor:
        there = connection.introspection.get_constraints(cursor, Operation._meta.db_table)
    for constraint in Operation._meta.constraints:
        if constraint.name not in there:
            with connection.schema_editor() as editor:
                editor.add_constraint(Operation, constraint)


GRAVE: list[Callable[[pytest.MonkeyPatch], None]] = [
    the_fence_is_not_checked,
    two_may_be_open_for_a_thing,
    an_ended_row_is_taken_up_again,
]
OTHERS: list[Callable[[pytest.MonkeyPatch], None]] = [
    the_attempt_is_written_once_wix_has_answered,
    two_may_move_a_package,
    a_live_lease_keeps_nobody_off,
    a_lost_answer_counts_as_a_refusal,
    the_first_reading_is_believed_for_ever,
    a_refused_move_is_left_half_way,
    an_end_keeps_its_lease,
    the_audit_misses_an_end,
]


@pytest.mark.at_length
# With FULL=1 all of them: each takes some seconds.
@pytest.mark.standalone
@pytest.mark.parametrize(
    "fault", GRAVE + (OTHERS if FULL else []), ids=lambda fault: fault.__name__
)
def test_the_machine_finds_an_engine_in_which(fault, ground, constraints_come_back):
    found: list[str] = []

    # Such an engine may not even do the same twice, which is an error to the machine's driver.
    with pytest.MonkeyPatch.context() as patch, suppress(*machine.WRONG, Flaky):
        fault(patch)
        machine.run(ground, lives=SEARCH, length=LENGTH, found=found)

    assert found, "so many lives, and nothing was found"
