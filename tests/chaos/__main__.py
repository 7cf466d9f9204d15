"""The program: `python -m tests.chaos [part ...] [--only TEXT]`, with SEED and FULL=1."""

import argparse
import os
import random
import sys

from .ground import Ground, private_ground
from .report import Report, say


def main() -> int:
    """Carry out the parts asked for, all by default; 1 if anything ended wrong."""
    arguments = _arguments()
    seed = int(os.environ.get("SEED") or random.randrange(1_000_000))
    full = os.environ.get("FULL", "") not in ("", "0")
    report = Report(seed, arguments.only)
    say(f"SEED={seed}" + (" FULL=1" if full else ""))
    with private_ground(seed=1) as ground:
        for name in arguments.parts or PARTS:
            say(f"\n{name}: {PARTS[name]}")
            _carry_out(name, ground, report, full=full)
    return report.conclude()


PARTS = {
    "kills": "a worker dies or freezes at every point of the engine",
    "double": "a worker dies, and the one that goes on dies too",
    "faults": "both answers of a move are spoilt, every pair of faults",
}


def _carry_out(name: str, ground: Ground, report: Report, *, full: bool) -> None:
    # Django is set up by now: models can be imported.
    from . import faults, kills

    match name:
        case "kills":
            kills.kill_matrix(ground, report)
        case "double":
            kills.double_kills(ground, report, count=100 if full else 24)
        case "faults":
            faults.tour(ground, report)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.chaos",
        description="Kill, freeze and mislead the engine, and judge every end.",
        epilog="In the environment: SEED repeats a run's chances, FULL=1 leaves nothing out.",
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--only", default="", metavar="TEXT", help="runs whose name contains TEXT")
    arguments = parser.parse_args()
    if unknown := set(arguments.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
