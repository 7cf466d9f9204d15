"""PostgreSQL restarted under load: no operation ends wrong, no lease is left behind."""

import random
import signal
import threading
import time

from django.db import Error, close_old_connections, connection

from resellers.models import Operation

from . import restarts, verdict
from .ground import Ground
from .report import Report
from .waiting import at_rest, wait
from .wishes import Wishes

AFTERWARDS_SECONDS = 90
EVERY_SECONDS = (5, 40)
# As an administrator restarts it, and as it crashes.
MANNERS = (signal.SIGINT, signal.SIGQUIT)
LABEL = "database.restarted"


def database_away(ground: Ground, report: Report, *, seconds: float, operations: int) -> None:
    """Restart PostgreSQL every 5 to 40 s for so long, while so many operations are asked for."""
    if not report.wants(LABEL):
        return
    chance = random.Random(f"{report.seed}:database")
    last = Operation.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    since = ground.mark()
    wishes = Wishes(ground.by)
    # The servers are started here and not there: they end with the thread that started them.
    asker = threading.Thread(target=_ask_all, args=(wishes, seconds, operations))
    with ground.worker("ops,sync") as worker, ground.sweep() as sweep:
        asker.start()
        made = _restart_often(ground, chance, seconds)
        asker.join()
        close_old_connections()
        # By the table, not by who asked: an answer lost at the commit leaves a row all the same.
        asked = list(Operation.objects.filter(pk__gt=last).order_by("pk"))
        wait(lambda: at_rest(asked), AFTERWARDS_SECONDS)
        gone = [name for name, p in (("worker", worker), ("sweep", sweep)) if p.poll() is not None]
    for operation in asked:
        wrongs = verdict.wrongs(ground, operation, since=since)
        report.note(f"{LABEL} #{operation.pk}", operation.state, wrongs, verdict.story(operation))
    orphans = Operation.objects.filter(lease_until__isnull=False).count()
    wrongs = [f"{orphans} orphan leases"] if orphans else []
    wrongs += [f"the {name} has exited" for name in gone]
    if len(asked) < operations:
        wrongs.append(f"only {len(asked)} of {operations} could be asked for")
    report.note(f"{LABEL} {made} times", "processes and leases as before", wrongs)


def _restart_often(ground: Ground, chance: random.Random, seconds: float) -> int:
    """Restart PostgreSQL until that many seconds are over; how often."""
    assert ground.database is not None
    ends_at, made = time.monotonic() + seconds, 0
    while (left := ends_at - time.monotonic()) > 0:
        time.sleep(min(left, chance.uniform(*EVERY_SECONDS)))
        restarts.end(ground.database, chance.choice(MANNERS))
        time.sleep(chance.uniform(0, 2))
        restarts.start_again(ground.database)
        made += 1
    return made


def _ask_all(wishes: Wishes, seconds: float, count: int) -> None:
    """Ask for so many operations, spread over so many seconds, however often it takes."""
    started = time.monotonic()
    for number in range(count):
        time.sleep(max(0, started + number * seconds / count - time.monotonic()))
        wait(lambda: _could_ask(wishes), AFTERWARDS_SECONDS, every=0.5)
    connection.close()


def _could_ask(wishes: Wishes) -> bool:
    close_old_connections()
    try:
        wishes.ask("reassign", "two_step")
    except Error:
        return False
    return True
