"""Which of the processes that carry the work are silent, and what that means for staff."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from dashboard.components.ages import elapsed
from resellers import heartbeats
from resellers.models import Heartbeat

Role = Heartbeat.Role
NAMES = {Role.WORKER: "the worker", Role.BEAT: "beat", Role.SWEEP: "the sweep"}


@dataclass(frozen=True, slots=True)
class ProcessHealth:
    """A tone; words for the foot of the menu; a warning for the head of the page, or none."""

    tone: str
    words: str | SafeString
    warning: str | SafeString


def check() -> ProcessHealth:
    """The pulse as it is now: one query, and a second at most where Redis does not answer."""
    silent = heartbeats.missing()
    redis_is_away = not heartbeats.redis_answers()
    if not silent and not redis_is_away:
        return ProcessHealth("good", "Worker, beat and sweep answer", "")
    last = [at for at in silent.values() if at]
    since = format_html("for {}", elapsed(max(last))) if last else "yet"
    if redis_is_away:
        # Worker and beat live on Redis: that they are silent too says nothing more.
        found = SafeString("Redis does not answer")
        if Role.SWEEP in silent:
            found = format_html("{}, and there is no sign of the sweep {}", found, since)
        foot = found
    else:
        sign = "No sign of {} {}"
        found = format_html(sign, _list([NAMES[role] for role in silent]), since)
        foot = format_html(sign, _list([role.label.lower() for role in silent]), since)
    nobody_carries = Role.SWEEP in silent and (redis_is_away or Role.WORKER in silent)
    tone = "bad" if nobody_carries else "look"
    meaning = _meaning(silent, redis_is_away=redis_is_away)
    return ProcessHealth(tone, foot, format_html("{}: {}", found, meaning))


def _meaning(silent: Collection[Role], *, redis_is_away: bool) -> str:
    reading = ""
    if redis_is_away or Role.BEAT in silent:
        back = "Redis" if redis_is_away else "beat"
        reading = f" Wix is read by itself again once {back} is back."
    if redis_is_away or Role.WORKER in silent:
        if Role.SWEEP in silent:
            words = "what you confirm is recorded, and nothing is carried out until one is back."
        else:
            words = "what you confirm is recorded and carried out by the sweep, a little later."
        return words + reading
    words = "what you confirm is carried out"
    if Role.SWEEP in silent:
        words += ", but nothing would go on with it if the worker or Redis failed"
    return f"{words}.{reading}"


def _list(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
