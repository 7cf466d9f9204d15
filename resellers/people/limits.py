"""How often somebody may try to log in, or ask for a link by mail: counted by name and by address,
in the database.

A try is counted before anything of it is looked at, so that many at once are not more than many
one after the other, and is taken back where it was right. Names that nobody has are counted as
others are, and told the same.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest

from resellers import audit
from resellers.clock import database_now
from resellers.folding import plain
from resellers.ip_addresses import subscriber
from resellers.models import LogInTries
from resellers.storable import storable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Scope = LogInTries.Scope
DAY = timedelta(days=1)
LONGEST_KEY = 150


class TooManyTries(Exception):
    """Nothing was looked at: there were too many tries; `until` says when there may be another."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


@dataclass(frozen=True, slots=True)
class Try:
    """One try, counted as a wrong one until it is taken back."""

    rows: tuple[int, ...]

    def take_back(self) -> None:
        """It was right."""
        LogInTries.objects.filter(pk__in=self.rows).update(
            recent=Greatest(F("recent") - 1, 0), failures=Greatest(F("failures") - 1, 0)
        )


def begin(name: str, address: str | None) -> Try:
    """Count a try under this name, from this address; raises TooManyTries where it may not be."""
    return _begin(Scope.NAME, name, address)


def ask_for_mail(name: str, address: str | None) -> None:
    """Count that a link was asked for under this name, from this address; raises TooManyTries.

    Of an address it counts as a try to log in does.
    """
    _begin(Scope.MAIL, name, address)


def forget(name: str) -> None:
    """Somebody has logged in under this name: what failed before does not count any more.

    A hold lasts all the same, since it may not be they who brought it about.
    """
    rows = LogInTries.objects.filter(scope=Scope.NAME, key=_name_key(name))
    rows.exclude(_held_by(database_now())).delete()


def held() -> QuerySet[LogInTries]:
    """The names and addresses from which nobody may log in now, those held for longest first."""
    return LogInTries.objects.filter(_held_by(database_now())).order_by("-held_until", "pk")


def held_name(name: str) -> LogInTries | None:
    """The hold on that name, if there is one."""
    return held().filter(scope=Scope.NAME, key=_name_key(name)).first()


def lift(tries: LogInTries, *, by: "User") -> None:
    """Let there be tries again, as if none had failed."""
    with transaction.atomic():
        if LogInTries.objects.filter(pk=tries.pk).delete()[0]:
            audit.record("log_in.lifted", by=by, body={tries.scope: tries.key})


def lift_name(name: str, *, by: "User | None" = None) -> None:
    """The same for this name, where it is held; by nobody, where the command does it."""
    with transaction.atomic():
        rows = LogInTries.objects.filter(scope=Scope.NAME, key=_name_key(name))
        was_held = rows.filter(_held_by(database_now())).exists()
        rows.delete()
        if was_held:
            audit.record("log_in.lifted", by=by, body={Scope.NAME.value: _name_key(name)})


def _begin(scope: LogInTries.Scope, name: str, address: str | None) -> Try:
    # The address comes first: from one that is held nobody brings about that a name is held, too.
    key = subscriber(address)
    rows = [_count(Scope.ADDRESS, key, address)] if key else []
    return Try((*rows, _count(scope, _name_key(name), address)))


def _held_by(now: datetime) -> Q:
    return Q(held_until__gt=now)


def _count(scope: LogInTries.Scope, key: str, address: str | None) -> int:
    """The row's id, with one more in it; the count stands whatever becomes of the request."""
    limits = settings.SIGN_IN
    now = database_now()
    wait, day_ago = timedelta(seconds=limits["WAIT_SECONDS"]), now - DAY
    until = None
    with transaction.atomic():
        row = _locked(scope, key, now)
        if row.held_until and row.held_until > now and row.is_lasting:
            raise TooManyTries(row.held_until)
        if row.recent_since <= now - wait:
            row.recent, row.recent_since = 0, now
        if row.since <= day_ago:
            row.failures, row.since = 0, now
        row.recent, row.failures, row.last_at = row.recent + 1, row.failures + 1, now
        waits = row.held_until is not None and row.held_until > now
        if row.failures > limits[f"{scope.upper()}_HOLD"]:
            until = now + timedelta(seconds=limits["HOLD_SECONDS"])
            row.is_lasting, row.recent, row.failures = True, 0, 0
        elif waits:
            until = row.held_until
        elif row.recent > limits[f"{scope.upper()}_TRIES"]:
            until = now + wait
            row.is_lasting, row.recent = False, 0
        is_new = until is not None and until != row.held_until
        row.held_until = until
        row.save()
        if is_new and until:
            body = {scope.value: key, "until": until.isoformat(timespec="seconds")}
            event = "log_in.held" if row.is_lasting else "log_in.slowed"
            audit.record(event, address=address, body=body)
    if until:
        raise TooManyTries(until)
    return row.pk


def _locked(scope: LogInTries.Scope, key: str, now: datetime) -> LogInTries:
    fresh = {"recent_since": now, "since": now, "last_at": now}
    row, is_new = LogInTries.objects.get_or_create(scope=scope, key=key, defaults=fresh)
    if is_new:
        # Whoever invents names makes rows: those that say nothing any more make place.
        over = LogInTries.objects.filter(last_at__lt=now - 2 * DAY).exclude(_held_by(now))
        over.exclude(pk=row.pk).delete()
    return LogInTries.objects.select_for_update(no_key=True).get(pk=row.pk)


def _name_key(name: str) -> str:
    return storable(plain(name))[:LONGEST_KEY]
