"""What people decide about a plan of many changes and about the run that it becomes."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models.functions import Now

from resellers import audit
from resellers.clock import database_now
from resellers.models import BulkRun, PlannedChange
from resellers.storable import storable
from resellers.wake import wake

from ..preflight import Preflight
from ..reasons import wanting_reasons
from ..requests import NotAllowed, WritesPaused
from . import telling
from .verbs import verb_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

TASK = "resellers.release_bulk"
GOOD_FOR = timedelta(days=1)
TYPED_ABOVE = 20  # so many changes are confirmed without their number being typed


class NotNow(Exception):
    """The run stands otherwise by now; str() says how."""


class Expired(NotNow):
    """The plan is too old to be confirmed."""


class WrongCount(Exception):
    """The number that was typed is not the number of changes."""


class ReasonWanted(Exception):
    """The policy wants a reason for this."""


def confirm(run: BulkRun, *, by: "User", count: int | None, reason: str = "") -> BulkRun:
    """Let the run release its changes, once: whoever confirms it again gets the run as it is.

    Raises NotAllowed, WritesPaused, ReasonWanted, WrongCount, Expired or NotNow; then nothing is
    released.
    """
    verb = verb_of(run.kind)
    answer = Preflight(by).in_general(verb.kind)
    if not answer.is_allowed:
        raise NotAllowed(answer.why)
    reason = storable(reason).strip()
    with transaction.atomic():
        run = _locked(run)
        if not run.is_planned:
            return run
        if run.by_id != by.pk:
            raise NotAllowed("Somebody else made this plan. Make one of your own.")
        if not answer.may:
            raise WritesPaused(answer.obstacles[0])
        if not reason and verb.kind in wanting_reasons():
            raise ReasonWanted("Say why, for whoever reads this later.")
        waiting = run.changes.waiting().count()
        if not waiting:
            raise NotNow("Nothing of this plan can be done.")
        if waiting > TYPED_ABOVE and count != waiting:
            raise WrongCount(f"This is not it. Type {waiting:,}.")
        if database_now() - run.planned_at > GOOD_FOR:
            raise Expired("This plan is older than a day. Make it anew.")
        _change(
            run,
            "bulk.confirmed",
            by,
            {"reason": reason, "count": waiting},
            state=BulkRun.State.RUNNING,
            reason=reason,
            confirmed_at=Now(),
            next_run_at=Now(),
        )
    wake(TASK, run.pk)
    return run


def pause(run: BulkRun, *, by: "User") -> BulkRun:
    """Release nothing more until somebody resumes it; what is under way goes on. Raises NotNow."""
    with transaction.atomic():
        run = _locked(run)
        if run.state != BulkRun.State.RUNNING:
            raise NotNow(_stands(run))
        return _change(run, "bulk.paused", by, {}, state=BulkRun.State.PAUSED, waiting_for="")


def resume(run: BulkRun, *, by: "User") -> BulkRun:
    """Release the changes that are left. Raises NotNow, WritesPaused."""
    answer = Preflight(by).in_general(verb_of(run.kind).kind)
    with transaction.atomic():
        run = _locked(run)
        if run.state != BulkRun.State.PAUSED:
            raise NotNow(_stands(run))
        if answer.obstacles:
            raise WritesPaused(answer.obstacles[0])
        going = {"state": BulkRun.State.RUNNING, "next_run_at": Now(), "waiting_for": ""}
        run = _change(run, "bulk.resumed", by, {}, **going)
    wake(TASK, run.pk)
    return run


def stop(run: BulkRun, *, by: "User") -> BulkRun:
    """Release nothing more, for good; what is under way goes on to its end. Raises NotNow."""
    with transaction.atomic():
        run = _locked(run)
        if run.is_planned or run.is_over:
            raise NotNow(_stands(run))
        why = f"{by} stopped the run before its turn came."
        stopped = PlannedChange.Outcome.STOPPED
        left = run.changes.waiting().update(outcome=stopped, why=why, decided_at=Now())
        over = {"state": BulkRun.State.STOPPED, "finished_at": Now(), "waiting_for": ""}
        run = _change(run, "bulk.stopped", by, {"left": left}, **over)
        telling.tell(run, by=by)
        return run


def _locked(run: BulkRun) -> BulkRun:
    """The run's row, which nobody else decides about or releases from until the commit."""
    return BulkRun.objects.select_for_update(no_key=True).get(pk=run.pk)


def _change(run: BulkRun, event: str, by: "User", body: dict[str, Any], **values: Any) -> BulkRun:
    BulkRun.objects.filter(pk=run.pk).update(**values)
    audit.record(event, by=by, body={"run": run.pk, "kind": run.kind, **body})
    run.refresh_from_db()
    return run


def _stands(run: BulkRun) -> str:
    words = {
        BulkRun.State.PLANNED: "Nobody has confirmed it yet.",
        BulkRun.State.RUNNING: "It is running.",
        BulkRun.State.PAUSED: "It is paused already.",
        BulkRun.State.STOPPED: "It was stopped already.",
        BulkRun.State.DONE: "It had ended already.",
    }
    return f"Nothing was changed. {words[BulkRun.State(run.state)]}"
