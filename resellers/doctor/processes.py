"""The processes that carry the work: web, worker, beat and sweep."""

from collections.abc import Iterator

from django.conf import settings

from resellers import heartbeats
from resellers.durations import ago
from resellers.models import Heartbeat

from .finding import Finding, note, ok, wrong

PARTS = ("Web", "Worker", "Beat", "Sweep")
Role = Heartbeat.Role


def look_at_processes() -> Iterator[Finding]:
    """Whether each has shown itself lately. Needs the database."""
    last = heartbeats.last_signs()
    for role, silent in (
        (Role.WEB, _silent_web),
        (Role.WORKER, _silent_worker),
        (Role.BEAT, _silent_beat),
        (Role.SWEEP, _silent_sweep),
    ):
        sign = last.get(role)
        if sign is not None and not sign.is_old:
            yield ok(role.label, f"Seen {ago(sign.at)}, as {sign.detail}.")
        else:
            yield silent(f"Last seen {ago(sign.at)}." if sign else "Never seen.")


def _silent_web(words: str) -> Finding:
    # It shows itself as it answers, and at night nobody asks.
    return note(
        "Web",
        f"{words} It shows itself as pages are asked for.",
        "Open one; if none comes, start gunicorn.",
    )


def _silent_worker(words: str) -> Finding:
    if not settings.REDIS_URL:
        return wrong(
            "Worker", words, "Workers of their own need Redis: set REDIS_URL, then start one."
        )
    return wrong(
        "Worker", words, "Start one for each queue: `celery -A dashboard worker -Q ops,sync`."
    )


def _silent_beat(words: str) -> Finding:
    return wrong(
        "Beat",
        words,
        "Without it no reading of Wix starts by itself. Start `celery -A dashboard beat`.",
    )


def _silent_sweep(words: str) -> Finding:
    return wrong(
        "Sweep",
        words,
        "Start `manage.py sweep`: it carries out what a lost message left behind.",
    )
