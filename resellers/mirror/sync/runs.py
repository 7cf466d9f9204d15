"""Readings of Wix: claimed, carried out for some seconds at a time, resumable.

A run goes through the phases of its kind. Its `position` says where the phase goes on: `cursor` of
the next page, `before` (the last stored row's createdDate, where to go on once Wix refuses the
cursor), or `offset`. Every page is brought in, and then the position behind it kept, so a run that
dies costs at most that page: it is read once more.
"""

import logging
import time

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import DatabaseError
from django.db import Error as DatabaseFault
from django.db.models.functions import Coalesce, Now

from resellers import leases, throttling
from resellers.clock import database_now
from resellers.connection import wix_client
from resellers.database_faults import trouble_of
from resellers.mirror import figures
from resellers.models import SyncRun
from resellers.storable import storable
from resellers.throttling import Meaning
from resellers.wake import wake
from resellers.wix import NextMove, WixClient, WixError

from . import ends
from .context import Standstill, SyncContext
from .phases import PHASES, Phase
from .reading import read_next_alone
from .why import why_unread

logger = logging.getLogger(__name__)

MANY_INTERRUPTIONS = 10  # in a row at one place, and staff are told on every page
PATIENCE = 5  # failed calls in a row before a run that a person waits for gives up


def due() -> list[int]:
    """The ids of the runs that nobody carries out though their time has come."""
    runs = leases.due(SyncRun.objects.open())
    return list(runs.order_by("requested_at", "id").values_list("pk", flat=True))


def run(run_id: int, *, seconds: float | None = None) -> SyncRun | None:
    """Carry the run out for at most `seconds` and return it; None if it is another worker's.

    What is left is woken again. Without `seconds` it is carried to its end.
    """
    claimed = _claim(run_id)
    if claimed is None:
        return None
    deadline = None if seconds is None else time.monotonic() + seconds
    try:
        try:
            _work(claimed, deadline)
        except (*leases.TRANSIENT, SoftTimeLimitExceeded) as error:
            logger.exception("reading %s was interrupted", run_id)
            _interrupted(claimed, error)
        except leases.LostLease:
            raise
        except Exception as error:
            logger.exception("reading %s crashed", run_id)
            _crashed(claimed, error)
    except leases.LostLease:
        return None
    claimed.refresh_from_db()
    return claimed


def _work(run: SyncRun, deadline: float | None) -> None:
    if run.interruptions and not run.error:
        words = "The process that read this stopped in the midst of it. Another one goes on."
        run.error = _with_interruptions(run.interruptions, words)
        leases.save(run, error=run.error)
    with wix_client("people" if run.kind in SyncRun.AWAITED else "sync") as wix:
        _carry_out(run, wix, deadline)


def _interrupted(run: SyncRun, error: Exception) -> None:
    """Go on a little later where the row says that it stood: what memory says may not be stored.

    However often: it is our own hiccup, and what was read by then is kept.
    """
    because = trouble_of(error).value if isinstance(error, DatabaseFault) else "It took too long"
    words = _with_interruptions(run.interruptions + 1, f"{because} ({type(error).__name__}).")
    wait = leases.interrupted(run, error=words, error_code="", wix_request_id="")
    if run.interruptions + 1 >= MANY_INTERRUPTIONS and run.kind not in SyncRun.AWAITED:
        _note_unread(words)
    wake("resellers.run_sync", run.pk, after=min(wait, 30))


def _with_interruptions(interruptions: int, words: str) -> str:
    if interruptions < MANY_INTERRUPTIONS:
        return words
    often = f"It was interrupted {interruptions} times in a row at the same place; see the log."
    return f"{often} {words}"


def _note_unread(words: str) -> None:
    """Have every page say it, as far as the database takes that just now."""
    try:
        figures.note_unread(words)
    except DatabaseError as error:
        logger.warning("that readings are interrupted could not be noted: %s", error)


def _crashed(run: SyncRun, error: Exception) -> None:
    """End it by a fault of ours, in words that hold nothing of what the error itself says."""
    words = f"A fault of the dashboard stopped it ({type(error).__name__}): see the log."
    outcome = {"error": words, "error_code": "", "wix_request_id": ""}
    try:
        ends.finish(run, SyncRun.State.FAILED, **outcome)
    except leases.LostLease:
        raise
    except Exception:
        # Whatever else is noted at an end, the row itself must not go on saying that it runs.
        logger.exception("reading %s could not be ended as others are", run.pk)
        leases.drop_broken_connection()
        leases.end(run, state=SyncRun.State.FAILED, finished_at=Now(), **outcome)


class _Stopped(Exception):
    """A person wants the run to end."""


def _claim(run_id: int) -> SyncRun | None:
    return leases.claim(
        SyncRun.objects.open().select_related("account", "package"),
        run_id,
        state=SyncRun.State.RUNNING,
        started_at=Coalesce("started_at", Now()),
    )


def _carry_out(run: SyncRun, wix: WixClient, deadline: float | None) -> None:
    """Take the run as far as it will go now, and keep how that ended."""
    try:
        if _read(run, wix, deadline):
            state, outcome = _end_of(run)
            ends.finish(run, state, **outcome)
    except WixError as error:
        _failed(run, error, wix)
    except Standstill as error:
        ends.finish(run, SyncRun.State.FAILED, error=str(error), error_code="", wix_request_id="")
    except _Stopped:
        ends.finish(run, SyncRun.State.STOPPED)


def _read(run: SyncRun, wix: WixClient, deadline: float | None) -> bool:
    """Go through the phases; whether that has come to the end of the last one."""
    phases = PHASES[SyncRun.Kind(run.kind)]
    names = list(phases)
    context = SyncContext(run=run, wix=wix, now=database_now, save=lambda: ends.save(run))
    if not run.phase:
        _enter(run, names[0])
    while True:
        if SyncRun.objects.filter(pk=run.pk, stop_wanted=True).exists():
            raise _Stopped
        if deadline is not None and time.monotonic() > deadline:
            ends.release(run)
            return False
        place = context.phase_number = names.index(run.phase)
        has_more = _step(context, phases[run.phase])
        run.failures = 0
        run.error = run.error_code = run.wix_request_id = ""
        is_over = not has_more and place + 1 == len(names)
        if not has_more and not is_over:
            run.position = {}
            _enter(run, names[place + 1])
        ends.save(run)
        if is_over:
            return True


def _step(context: SyncContext, phase: Phase) -> bool:
    """One step of the phase, or of what it has left to be read alone; whether there is more."""
    position = context.run.position
    if position.get("alone"):
        read_next_alone(context)
    elif position.get("ended") or not phase(context):
        if not context.run.position.get("alone"):
            return False
        context.run.position |= {"ended": True}
    return True


def _enter(run: SyncRun, phase: str) -> None:
    run.phase, run.phase_began_at, run.phase_began_calls = phase, database_now(), run.calls


def _end_of(run: SyncRun) -> tuple[SyncRun.State, dict[str, str]]:
    """How a run ends that has come to its end: it may not have read what it was wanted for."""
    if not run.shortfall:
        return SyncRun.State.SUCCEEDED, {}
    return SyncRun.State.FAILED, {"error_code": "", "wix_request_id": ""} | run.shortfall


def _failed(run: SyncRun, error: WixError, wix: WixClient) -> None:
    """Try again later, or give up: where Wix refuses, and where somebody has waited long enough.

    What the schedule wants goes on where it stood, however long Wix is away.
    """
    outcome = {
        "error_code": storable(error.code or "")[:200],
        "error": storable(why_unread(error)),
        "wix_request_id": error.request_id or "",
    }
    verdict = throttling.judge(error, wix)
    if verdict.meaning is Meaning.THROTTLED:
        words = "Wix takes no calls for now; the reading goes on more slowly."
        ends.later(run, verdict.wait, **outcome | {"error": words})
        return
    if verdict.meaning is Meaning.REPLACED:
        words = "Wix's key was replaced; the reading goes on with the new one."
        ends.later(run, 0, **outcome | {"error": words})
        return
    run.failures += 1
    is_refused = verdict.meaning is Meaning.KEY or error.next_move is NextMove.STOP
    if is_refused or (run.kind in SyncRun.AWAITED and run.failures >= PATIENCE):
        ends.finish(run, SyncRun.State.FAILED, **outcome)
    else:
        ends.later(run, _backoff(run.failures), **outcome)


def _backoff(failures: int) -> float:
    waits: tuple[float, ...] = settings.MIRROR["RETRY_SECONDS"]
    return waits[min(max(failures, 1), len(waits)) - 1]
