"""The processes that carry the work: worker, beat and sweep."""

from collections.abc import Iterator

from celery import current_app
from django.conf import settings
from django.utils import timezone

from resellers.models import Heartbeat
from resellers.presence import MISSING_AFTER

from .finding import Finding, note, ok, wrong
from .ground import broker_answers
from .times import ago

PARTS = ("Worker", "Beat", "Sweep")
PING_SECONDS = 1.0
Role = Heartbeat.Role


def look_at_processes() -> Iterator[Finding]:
    """Whether each has shown itself lately. Needs the database.

    Beat sends a message and a worker answers it, so a silence of both may be the fault of one: a
    worker is then asked itself, by way of the broker.
    """
    seen = {beat.role: beat for beat in Heartbeat.objects.all()}
    if _alive(seen.get(Role.WORKER)):
        yield _well(seen[Role.WORKER])
        yield _well(seen[Role.BEAT]) if _alive(seen.get(Role.BEAT)) else _silent_beat(seen)
    elif workers := _workers_that_answer():
        count = "A worker answers" if workers == 1 else f"{workers} workers answer"
        yield ok("Worker", f"{count} when asked, though beat sends it nothing to do.")
        yield _silent_beat(seen)
    else:
        yield _silent_worker(seen)
        yield _silent_beat(seen)
    yield _sweep(seen.get(Role.SWEEP))


def _alive(beat: Heartbeat | None) -> bool:
    return beat is not None and timezone.now() - beat.last_seen_at < MISSING_AFTER


def _well(beat: Heartbeat) -> Finding:
    # A worker marks beat when it carries out what beat sent, so beat's own process is not known.
    by = f"as {beat.detail}" if beat.role != Role.BEAT else "through a worker"
    return ok(Role(beat.role).label, f"Seen {ago(beat.last_seen_at)}, {by}.")


def _last_seen(beat: Heartbeat | None) -> str:
    return f"Last seen {ago(beat.last_seen_at)}." if beat else "Never seen."


def _silent_worker(seen: dict[str, Heartbeat]) -> Finding:
    words = _last_seen(seen.get(Role.WORKER))
    if not settings.REDIS_URL:
        return wrong(
            "Worker", words, "Workers of their own need Redis: set REDIS_URL, then start one."
        )
    return wrong(
        "Worker", words, "Start one for each queue: `celery -A dashboard worker -Q ops,sync`."
    )


def _silent_beat(seen: dict[str, Heartbeat]) -> Finding:
    return wrong(
        "Beat",
        _last_seen(seen.get(Role.BEAT)),
        "Without it no reading of Wix starts by itself. Start `celery -A dashboard beat`; it shows"
        " itself through a worker, so that one must run too.",
    )


def _sweep(beat: Heartbeat | None) -> Finding:
    if beat is not None and _alive(beat):
        return _well(beat)
    if settings.DEMO:
        return note("Sweep", f"{_last_seen(beat)} The demo has none.")
    return wrong(
        "Sweep",
        _last_seen(beat),
        "Start `manage.py sweep`: it carries out what a lost message left behind.",
    )


def _workers_that_answer() -> int:
    """How many workers answer a ping; 0 without a broker."""
    if not broker_answers():
        return 0
    return len(current_app.control.ping(timeout=PING_SECONDS) or ())
