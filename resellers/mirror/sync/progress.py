"""How far a reading has come: the phase it is in, what of that is done, and what is left."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellers.models import SyncRun
from resellers.texts import Text

from .phases import (
    ACCOUNT_CALLS,
    PHASES,
    accounts_waiting,
    packages_unseen,
    sites_waiting,
)
from .rolling import SITE_CALLS

WORDS: dict[str, Text] = {
    "accounts": gettext_lazy("learning which customers there are"),
    "packages": gettext_lazy("reading packages"),
    "by account": gettext_lazy("reading packages again, customer by customer"),
    "missing": gettext_lazy("asking for packages that no list showed"),
    "ahead": gettext_lazy("reading what is dated ahead of Wix's clock"),
    "oldest": gettext_lazy("reading again what was checked longest ago"),
    "settled": gettext_lazy("reading what has settled meanwhile"),
    "sites": gettext_lazy("reading sites, customer by customer"),
    "package": gettext_lazy("reading the package"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """The phase in course: which it is, how many of `nouns` are done, of how many if known."""

    words: Text
    step: int
    steps: int
    nouns: str  # one and many, such as `customer,customers`
    done: int | None
    total: int | None
    calls_a_minute: int | None
    left: timedelta | None


def progress(run: SyncRun) -> Progress:
    """What can be said of an open reading; one query at most."""
    names = list(PHASES[SyncRun.Kind(run.kind)])
    place = names.index(run.phase) if run.phase in names else 0
    nouns, done, total = _counted(run)
    seconds = _seconds(run.phase_began_at or run.started_at)
    calls, rate, left = run.calls - run.phase_began_calls, None, None
    if seconds > 1:
        rate = round(calls / seconds * 60)
        if done and total and total > done:
            left = timedelta(seconds=seconds / done * (total - done))
    words = WORDS.get(run.phase) or _("beginning")
    return Progress(words, place + 1, len(names), nouns, done, total, rate, left)


def _seconds(since: datetime | None) -> float:
    return (timezone.now() - since).total_seconds() if since else 0.0


def _counted(run: SyncRun) -> tuple[str, int | None, int | None]:
    """What the phase counts, how many are done, and of how many; None where that is not known."""
    spent = int(run.position.get("spent", 0))
    everybody = run.kind != SyncRun.Kind.ACCOUNT
    if run.phase == "by account":
        waiting = min(accounts_waiting(run, timezone.now()).count(), ACCOUNT_CALLS - spent)
        return "customer,customers", spent, spent + max(0, waiting)
    if run.phase == "sites" and everybody:
        most = SITE_CALLS[SyncRun.Kind(run.kind)]
        waiting = min(sites_waiting(run).count(), most - spent)
        return "customer,customers", spent, spent + max(0, waiting)
    if run.phase == "missing":
        asked = len(run.position.get("asked", []))
        return "package,packages", asked, asked + packages_unseen(run).count()
    if run.phase == "accounts":
        return "customer,customers", int(run.position.get("offset", 0)), None
    if run.phase == "packages":
        expected = run.packages_expected
        total = None if expected is None else max(expected, run.packages_seen)
        return "package,packages", run.packages_seen, total
    return "package,packages", None, None
