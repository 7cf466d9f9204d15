"""What is written on a run's row: between its pages, when it is put off, and when it ends."""

from typing import Any

from django.db.models.functions import Now

from resellers import leases
from resellers.mirror import figures
from resellers.models import SyncRun
from resellers.transactions import briefly
from resellers.wake import wake

from .schedule import SCHEDULE, Every

LONGEST_WAKE = 30
PROGRESS = (
    "phase",
    "phase_began_at",
    "phase_began_calls",
    "position",
    "failures",
    "restarts",
    "pages",
    "calls",
    "packages_seen",
    "packages_expected",
    "sites_seen",
    "rows_changed",
    "rejected",
    "refused",
    "shortfall",
    "high_water",
    "wix_date",
    "error",
    "error_code",
    "wix_request_id",
)


def _note_read(run: SyncRun) -> None:
    """Have every page say that Wix can be read, unless a reading of another kind still fails.

    Wix may answer only some of what is asked. What waits after a failure is tried again at once.
    A daily one that has ended says nothing of now: until the next it counts by its age alone.
    """
    newest = (SyncRun.objects.filter(kind=kind).first() for kind in SCHEDULE if kind != run.kind)
    others = [other for other in newest if other and _is_failing(other)]
    if not others:
        figures.note_read()
    for other in others:
        if (
            SyncRun.objects.open()
            .filter(pk=other.pk, next_run_at__gt=Now())
            .update(next_run_at=Now())
        ):
            wake("resellers.run_sync", other.pk)


def _is_failing(run: SyncRun) -> bool:
    """Whether its last try has failed, and is made again by itself within minutes."""
    comes_soon = isinstance(SCHEDULE[SyncRun.Kind(run.kind)], Every)
    has_failed = run.state == SyncRun.State.FAILED and comes_soon
    return has_failed or (run.is_open and bool(run.error))


def _progress(run: SyncRun) -> dict[str, Any]:
    return {name: getattr(run, name) for name in PROGRESS}


def save(run: SyncRun) -> None:
    """Write the progress and renew the lease."""
    leases.renew(run, interruptions=0, **_progress(run))


def release(run: SyncRun) -> None:
    """Let another worker go on at once: this one has had its time."""
    leases.release(run, **_progress(run))
    wake("resellers.run_sync", run.pk)


def finish(run: SyncRun, state: SyncRun.State, **more: object) -> None:
    """End it so, in one transaction with what every page says of readings."""
    with briefly():
        leases.end(run, state=state, finished_at=Now(), **(_progress(run) | more))
        if state == SyncRun.State.SUCCEEDED and run.kind == SyncRun.Kind.FULL:
            figures.note_whole(run.started_at)
        if state == SyncRun.State.SUCCEEDED and run.kind in (
            SyncRun.Kind.FULL,
            SyncRun.Kind.INCREMENTAL,
        ):
            figures.note_changes_read(run.started_at)
        if run.kind not in SyncRun.AWAITED and state == SyncRun.State.SUCCEEDED:
            _note_read(run)
        if run.kind not in SyncRun.AWAITED and state == SyncRun.State.FAILED:
            figures.note_unread(str(more.get("error", run.error)))
        if state == SyncRun.State.FAILED and run.kind == SyncRun.Kind.CHOSEN:
            # For the timelines of those packages.
            run.unread.set(run.position.get("ids", []))


def later(run: SyncRun, seconds: float, **outcome: object) -> None:
    """Go on where it stands after so many seconds; `outcome` says why."""
    with briefly():
        leases.release(run, after=seconds, **_progress(run) | outcome)
        if run.kind not in SyncRun.AWAITED:
            figures.note_unread(str(outcome["error"]))
        if seconds <= LONGEST_WAKE:
            wake("resellers.run_sync", run.pk, after=seconds)
