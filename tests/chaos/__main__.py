"""The program: `python -m tests.chaos [part ...] [--only TEXT]`, with SEED and FULL=1."""

import argparse
import os
import random
import sys

from tests import servers

from .ground import Ground, private_ground
from .report import Report, say


def main() -> int:
    """Carry out the parts asked for, all by default; 1 if anything ended wrong."""
    arguments = _arguments()
    seed = int(os.environ.get("SEED") or random.randrange(1_000_000))
    full = os.environ.get("FULL", "") not in ("", "0")
    missing = [name for name in NEEDED if not servers.found()[name]]
    if missing:
        say(f"Not started: {' and '.join(missing)} not found on this machine.")
        return 1
    report = Report(seed, arguments.only)
    say(f"SEED={seed}" + (" FULL=1" if full else ""))
    with private_ground(seed=1, accounts=200 if full else 30) as ground:
        is_limited = not (full or arguments.parts or arguments.only)
        for name in arguments.parts or PARTS:
            say(f"\n{name}: {PARTS[name]}")
            report.give(MINUTES[name] if is_limited else None)
            _carry_out(name, ground, report, full=full, alone=not is_limited)
        if report.runs:
            _check_audit(report)
    return report.conclude()


NEEDED = ("PostgreSQL", "Redis")
PARTS = {
    "kills": "a worker dies or freezes at every point of the engine",
    "double": "a worker dies, and the one that goes on dies too",
    "releases": "who releases a bulk change dies or freezes at every point of that",
    "flows": "flows die and freeze, are misled and raced for at every step, and time is moved",
    "faults": "both answers of a move are spoilt, every pair of faults",
    "answers": "the answer of every other kind's write is spoilt, fault by fault",
    "orders": "the answers of orders are lost, and each becomes one package",
    "schedules": "reads and writes are spoilt at random, moves and readings go on together",
    "redis": "Redis is killed, frozen and flushed",
    "database": "PostgreSQL is restarted under load, and frozen",
    "rounds": "two people work in real sessions while everything befalls them, and all is judged",
    "switches": "Wix is each way its documents leave open, then random pairs, and others act there",
    "doubt": "Wix insists on an error, and it is found out in time what became of the write",
    "queue": "500 wishes wait at the pace of production, and what is half done goes first",
}
# Where all parts run: on a slow machine fewer of each, and half an hour is enough for them.
MINUTES = {
    "kills": 4.5,
    "double": 1.5,
    "releases": 2,
    "flows": 6,
    "faults": 3,
    "answers": 2.5,
    "orders": 1.5,
    "schedules": 2,
    "redis": 1.5,
    "database": 3,
    "rounds": 3,
    "switches": 1,
    "doubt": 1.5,
    "queue": 5,
}
# For which people work in a round: among all parts, and where it is asked for.
ROUND, ROUND_ALONE = 2.0, 20.0


def _carry_out(name: str, ground: Ground, report: Report, *, full: bool, alone: bool) -> None:
    # Django is set up by now: models can be imported.
    from . import (
        answers,
        broker,
        database,
        doubt,
        faults,
        frozen,
        kills,
        queue,
        releases,
        schedules,
        switches,
    )
    from .flows import tours
    from .rounds import play

    match name:
        case "kills":
            kills.ways_back(ground, report)
            kills.kill_matrix(ground, report)
        case "double":
            kills.double_kills(ground, report, count=100 if full else 24)
        case "releases":
            releases.tour(ground, report)
        case "flows":
            tours.flows(ground, report, full=full)
        case "faults":
            faults.tour(ground, report)
        case "answers":
            answers.tour(ground, report)
        case "orders":
            answers.lost_orders(ground, report, count=500 if full else 60)
        case "schedules":
            schedules.random_schedules(ground, report, count=1000 if full else 50)
        case "redis":
            broker.redis_away(ground, report, kills=60 if full else 10)
        case "database":
            seconds, operations = (180, 100) if full else (60, 20)
            database.database_away(ground, report, seconds=seconds, operations=operations)
            frozen.database_frozen(ground, report)
        case "rounds":
            play.rounds(ground, report, minutes=_minutes(alone))
        case "switches":
            switches.tour(ground, report, alone=full or alone, pairs=300 if full else 40)
        case "doubt":
            doubt.stuck_keys(ground, report, kinds=list(doubt.WITHIN) if alone else ["unassign"])
        case "queue":
            minutes = 20 if full else 12 if alone else 2.5
            queue.half_done_first(ground, report, seconds=60 * minutes)


def _minutes(alone: bool) -> float:
    """How long people work in a round."""
    return float(os.environ.get("MINUTES") or (ROUND_ALONE if alone else ROUND))


def _check_audit(report: Report) -> None:
    """After all that, the audit trail is whole."""
    from resellers import audit

    breaks = [str(found) for found in audit.verify()]
    report.note("audit the chain", "holds", breaks)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos",
        description="Kill, freeze and mislead the engine, and judge every end.",
        epilog="In the environment: SEED repeats a run's chances, FULL=1 leaves nothing out,"
        " MINUTES is how long people work in a round."
        " Without it all parts together take half an hour at most.",
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--only", default="", metavar="TEXT", help="runs whose name contains TEXT")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
