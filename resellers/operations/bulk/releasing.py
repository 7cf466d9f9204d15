"""Releasing a run's changes: each becomes one operation, once its turn has come.

One process at a time holds the run's lease. A change and its operation are written in one
transaction, with the run's row locked: who dies before its end has released nothing, who dies after
it one change, and whoever pauses or stops the run does so between two changes. So few are under way
at once that what people ask for one by one never waits for long.
"""

import logging
import time
from enum import Enum, auto
from typing import Any
from uuid import uuid5

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import Error as DatabaseFault
from django.db.models.functions import Now

from resellers import audit, leases
from resellers.database_faults import trouble_of
from resellers.models import BulkRun, Operation, PlannedChange
from resellers.transactions import briefly
from resellers.wake import wake

from ..engine import failpoints
from ..kinds import kind_of
from ..requests import (
    AlreadyOpen,
    AlreadyUsed,
    NotAllowed,
    NotPossible,
    PlanMoved,
    WritesPaused,
    request_operation,
)
from ..wish import UnreadableWish
from . import telling
from .deciding import TASK
from .figures import figures_of
from .verbs import VERBS

logger = logging.getLogger(__name__)

Outcome, State = PlannedChange.Outcome, BulkRun.State


class _Went(Enum):
    """What came of the look at a run's next change."""

    ON = auto()  # it was released or skipped
    FULL = auto()  # enough are under way
    OUT = auto()  # none is left
    OFF = auto()  # a person wants no more of it


class _Skip(Exception):
    """The change is not released; str() says why."""

    def __init__(self, words: str, code: str) -> None:
        self.code = code
        super().__init__(words)


def due() -> list[int]:
    """The ids of the runs that nobody releases from though their time has come."""
    runs = leases.due(BulkRun.objects.running())
    return list(runs.order_by("next_run_at", "id").values_list("pk", flat=True))


def release_next() -> bool:
    """Go on with the run that is due first; whether there was one."""
    return any(release(pk) for pk in due()[:1])


def release(run_id: int) -> bool:
    """Release as many changes of the run as may be under way, and note its end.

    Whether it was this process that did. Safe to call at any time, and twice.
    """
    run = leases.claim(BulkRun.objects.running(), run_id)
    if run is None:
        return False
    try:
        _carry_on(run)
    except leases.LostLease:
        logger.info("bulk run %s went on in another process", run_id)
    return True


def _carry_on(run: BulkRun) -> None:
    try:
        _release_some(run)
    except leases.LostLease:
        raise
    except WritesPaused as stopped:
        seconds = float(settings.OPERATIONS["SWEEP_SECONDS"])
        leases.release(run, after=seconds, waiting_for=str(stopped)[:300])
    except NotAllowed as barred:
        _pause(run, f"{run.by} may not do this any more. {barred}")
    except (*leases.TRANSIENT, SoftTimeLimitExceeded) as error:
        logger.exception("bulk run %s was interrupted", run.pk)
        because = (
            trouble_of(error).value if isinstance(error, DatabaseFault) else "It took too long"
        )
        wait = leases.interrupted(run, waiting_for=f"{because}: it goes on by itself.")
        wake(TASK, run.pk, after=min(wait, 30))
    except Exception as error:
        logger.exception("bulk run %s crashed", run.pk)
        leases.drop_broken_connection()
        _pause(run, f"A fault of the dashboard stopped it ({type(error).__name__}): see the log.")


def _release_some(run: BulkRun) -> None:
    give_up_at = time.monotonic() + settings.OPERATIONS["TASK_SECONDS"]
    while (went := _release_one(run)) is _Went.ON and time.monotonic() < give_up_at:
        leases.renew(run, waiting_for="")
    if went is _Went.OFF or (went is _Went.OUT and _note_end(run)):
        leases.save(run, lease_until=None)
        return
    again = 0 if went is _Went.ON else float(settings.OPERATIONS["BULK_SECONDS"])
    leases.release(run, after=again)
    wake(TASK, run.pk, after=again)


def _release_one(run: BulkRun) -> _Went:
    """Make the next change an operation, or leave it out where it is not as planned."""
    if _under_way() >= settings.OPERATIONS["BULK_AT_ONCE"]:
        return _Went.FULL
    with briefly():
        held = _held(run)
        if held.state != State.RUNNING:
            return _Went.OFF
        related = ("account", "retry_of")
        change = held.changes.waiting().select_related(*related).order_by("number").first()
        if change is None:
            return _Went.OUT
        failpoints.at("releasing")
        try:
            operation = _ask(held, change)
        except _Skip as skip:
            _decide(change, Outcome.SKIPPED, code=skip.code[:200], why=str(skip))
            audit.record(
                "bulk.skipped",
                account_id=change.account_id,
                instance_id=change.instance_id,
                body={"run": run.pk, "number": change.number, "code": skip.code, "why": str(skip)},
            )
        else:
            _decide(change, Outcome.RELEASED, operation=operation)
        failpoints.at("released")
    failpoints.at("committed")
    return _Went.ON


def _ask(run: BulkRun, change: PlannedChange) -> Operation:
    """Record the change's operation as the person would who confirmed the run.

    Its request id is the change's own, so that no second one can come of it. Raises _Skip,
    WritesPaused, NotAllowed.
    """
    verb, kind = VERBS[run.kind], kind_of(change.kind)
    records = verb.load([verb.record_id(change)])
    if not records:
        raise _Skip("It is not known here any more.", "GONE")
    [record] = records
    if verb.before(record) != change.before:
        raise _Skip(verb.moved(record, change.before), "plan_moved")
    try:
        return request_operation(
            verb.thing_of(record),
            kind.wish_class.from_json(change.wish or {}),
            by=run.by,
            request_id=uuid5(run.request_id, str(change.number)),
            fingerprint=change.fingerprint,
            reason=run.reason,
            retry_of=change.retry_of,
        )
    except NotPossible as error:
        raise _Skip(str(error), error.plan.refusals[0].code) from error
    except PlanMoved as error:
        raise _Skip("It has changed since the plan was made.", "plan_moved") from error
    except (AlreadyOpen, AlreadyUsed) as error:
        raise _Skip(str(error), "UNDER_WAY") from error
    except UnreadableWish as error:
        raise _Skip("What was planned cannot be read any more.", "UNREADABLE") from error


def _decide(change: PlannedChange, outcome: PlannedChange.Outcome, **values: Any) -> None:
    PlannedChange.objects.filter(pk=change.pk).update(outcome=outcome, decided_at=Now(), **values)


def _note_end(run: BulkRun) -> bool:
    """End a run whose operations have all ended or come to a person; whether they have."""
    with briefly():
        held = _held(run)
        figures = figures_of(held)
        if held.state != State.RUNNING or figures.waiting or figures.under_way:
            return held.state != State.RUNNING
        ended_with = {
            "carried_out": figures.carried_out,
            "in_vain": figures.in_vain,
            "needing_a_person": figures.needing_a_person,
            "skipped": figures.skipped,
        }
        BulkRun.objects.filter(pk=run.pk).update(
            state=State.DONE, finished_at=Now(), waiting_for="", ended_with=ended_with
        )
        held.state, held.ended_with = State.DONE, ended_with
        telling.tell(held)
        audit.record("bulk.ended", body={"run": run.pk, "kind": run.kind, **ended_with})
        failpoints.at("closing")
    return True


def _pause(run: BulkRun, why: str) -> None:
    """Have the run wait for a person, and say why."""
    with briefly():
        held = _held(run)
        if held.state == State.RUNNING:
            held.state, held.waiting_for = State.PAUSED, why[:300]
            held.save(update_fields=["state", "waiting_for"])
            telling.tell(held)
            audit.record("bulk.paused", body={"run": run.pk, "kind": run.kind, "why": why})
    leases.save(run, lease_until=None)


def _held(run: BulkRun) -> BulkRun:
    """The run's row, locked, while it is the caller's. Raises LostLease."""
    held = BulkRun.objects.select_for_update(no_key=True).filter(pk=run.pk, fence=run.fence).first()
    if held is None:
        raise leases.LostLease
    return held


def _under_way() -> int:
    """How many operations of all runs the engine is at."""
    return Operation.objects.under_way().filter(planned_change__isnull=False).count()
