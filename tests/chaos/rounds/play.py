"""A round: people work, disruptions comes, all comes to rest, and what was said is judged."""

import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress

from django.db import Error, close_old_connections
from redis import Redis

from resellers.models import Operation, OperationState, SyncRun
from tests import practice, worlds
from tests.chaos import restarts, verdict
from tests.chaos.ground import Ground
from tests.chaos.report import Report, say
from tests.chaos.turns import PACE
from tests.chaos.waiting import wait
from tests.dashboard.submitting import text

from .disruptions import Disruptions
from .evidence import Evidence, Mark, gather
from .house import STRATEGIES, House
from .judge import judge
from .lies import LIES, unnoticed
from .staff import StaffSession

LABEL = "rounds"
REST_SECONDS = 150
DECISIONS = ("look-again", "retry")
TRIES = 10  # until a form offers something to choose


def rounds(ground: Ground, report: Report, *, minutes: float) -> None:
    """Let two people work for so long under random disruptions, and judge what became of it."""
    if not report.wants(LABEL):
        return
    chance = random.Random(f"{report.seed}:{LABEL}")
    worlds.user("operator")
    since = Mark.now(ground.sandbox)
    with House(ground, chance) as house:
        staff = [_log_in(ground, house, name, chance) for name in ("manager", "operator")]
        disruptions = Disruptions(ground, house, chance)
        with _at_work(staff):
            disruptions.go_on(60 * minutes)
        _come_to_rest(ground, house, staff[0])
        pages = _pages(staff[0], since)
        evidence = gather(
            ground.sandbox,
            since,
            outside_changes=disruptions.outside_changes,
            clicks=[click for person in staff for click in person.clicks],
            pages=pages,
            fault_windows=disruptions.fault_windows,
        )
    _say_totals(report, disruptions, staff, evidence)
    _judge(ground, report, evidence)


def _log_in(ground: Ground, house: House, name: str, chance: random.Random) -> StaffSession:
    own = random.Random(chance.randrange(10**9))
    return StaffSession(house.address, name, ground.sandbox, own)


def _at_work(staff: list[StaffSession]) -> ExitStack:
    """The staff work until this is left."""
    ended, stack = threading.Event(), ExitStack()
    threads = [threading.Thread(target=person.work, args=(ended,)) for person in staff]
    for thread in threads:
        thread.start()
        stack.callback(thread.join)
    stack.callback(ended.set)
    return stack


# --- to rest -------------------------------------------------------------------------------------


def _come_to_rest(ground: Ground, house: House, person: StaffSession) -> None:
    """All runs and answers as it should; people decide what needs them; Wix is read in full."""
    for server in (ground.redis, ground.database):
        assert server is not None
        if not restarts.answers(server):
            restarts.start_again(server)
    for name in house.names:
        house.kill(name)
        house.start(name)
    wait(house.answers, 60)
    person.resume()
    _wait(ground, _nothing_under_way)
    _have_some_refused(ground, house, person)
    for decision in DECISIONS:
        for number in _undecided():
            person.act_on(number, decision)
        _wait(ground, _nothing_under_way)
    for number in _undecided():
        person.act_on(number, "finish", succeeded="False", note="I have looked at Wix")
    practice.clock(ground.sandbox, deliver_now=True)
    _wait(ground, lambda: not _unsettled() and not SyncRun.objects.open().exists())
    person.sync("full")
    _wait(ground, lambda: not SyncRun.objects.open().exists())


def _have_some_refused(ground: Ground, house: House, person: StaffSession) -> None:
    """A few wishes that Wix refuses, in both ways of moving: whatever chance has brought, there is
    every sort of end to judge, and to tell lies of."""
    for strategy in STRATEGIES:
        house.kill("web")
        house.start("web", strategy)
        wait(house.answers, 60)
        for job, match in ((person.reassign, "assign"), (person.adjust, "adjust")):
            rule = {"match": match, "effect": "refuse:PRODUCT_LIMIT_EXCEEDED", "times": 1}
            practice.faults(ground.sandbox, rule)
            for _ in range(TRIES):
                with suppress(LookupError):
                    job()
                    break
            _wait(ground, _nothing_under_way)
    practice.faults(ground.sandbox)


def _nothing_under_way() -> bool:
    return not Operation.objects.under_way().exists()


def _undecided() -> list[int]:
    needing = Operation.objects.filter(state=OperationState.NEEDS_ATTENTION)
    return list(needing.values_list("pk", flat=True))


def _unsettled() -> bool:
    """Whether a success waits for a reading that comes in a few seconds."""
    return Operation.objects.filter(
        settle_at__isnull=False, drifted_at=None, doubted_at=None, drift_ended_at=None
    ).exists()


def _wait(ground: Ground, true: Callable[[], bool]) -> None:
    def is_so() -> bool:
        with Redis.from_url(ground.redis_url) as redis:
            redis.delete(PACE)
        close_old_connections()
        try:
            return true()
        except Error:
            return False

    wait(is_so, REST_SECONDS, every=0.5)


def _pages(person: StaffSession, since: Mark) -> dict[str, str]:
    numbers = Operation.objects.filter(pk__gt=since.operation).values_list("pk", flat=True)
    return {str(number): text(person.get(f"/operations/{number}/")) for number in numbers}


# --- the judgement -------------------------------------------------------------------------------


def _say_totals(
    report: Report, disruptions: Disruptions, staff: list[StaffSession], evidence: Evidence
) -> None:
    done = sum((person.counts for person in staff), start=Counter[str]())
    for heading, counts in (("people", done), ("disruptions", disruptions.counts)):
        say(f"{heading}: " + ", ".join(f"{name} {count}" for name, count in sorted(counts.items())))
    applied = sum(call["effect"] == "applied" for call in evidence.journal)
    answers = Counter(click["answer"] for click in evidence.clicks)
    each = ", ".join(f"{count} {answer}" for answer, count in sorted(answers.items()))
    say(
        f"{len(evidence.clicks)} confirmations ({each}), {len(evidence.operations)} operations,"
        f" {applied} writes carried out, {len(evidence.runs)} readings"
    )


def _judge(ground: Ground, report: Report, evidence: Evidence) -> None:
    """A line an operation, one for everything else, one for the lies."""
    false = judge(evidence)
    others = list(false)
    for row in evidence.operations:
        mine = [line for line in false if line.startswith(f"operation #{row['id']} ")]
        others = [line for line in others if line not in mine]
        operation = Operation.objects.get(pk=row["id"])
        label = f"{LABEL}.{row['kind']} #{row['id']}"
        report.note(label, row["state"], mine, verdict.story(operation))
    report.note(f"{LABEL}.rest readings, mirror, changes, clicks, pages", "true", others)
    planted, missed = unnoticed(evidence)
    result = f"{len(planted) - len(missed)} found of {len(planted)} planted"
    if left := [lie.name for lie in LIES if lie.name not in planted]:
        result += f"; nothing here to tell these of: {', '.join(left)}"
    words = [f"the judge did not notice {name}" for name in missed]
    report.note(f"{LABEL}.lies", result, words)
    report.tell(LABEL, f"{len(false)} false")
    if false or missed:
        kept = ground.folder.parent / f"rounds-{report.seed}.json"
        evidence.write(kept)
        say(f"the evidence is kept in {kept}")
