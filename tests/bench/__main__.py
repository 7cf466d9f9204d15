"""Run the measurements that are named, else all, and judge them; exit status 1 where a goal is
missed.

Times drift with the machine, so each figure stands beside a yardstick of the same run.
"""

import sys
from collections.abc import Callable, Iterator, Sequence

from tests import servers
from tests.bench import files, inbox, ingest, pages, paint, report, sandbox, trail
from tests.bench.figure import HEAD, Figure, Ratio
from tests.bench.world import INSTANCES, IS_FULL_SIZE, large_mirror

Measure = Callable[[], Iterator[Figure | Ratio]]
WITHOUT_MIRROR: dict[str, Measure] = {"sandbox": sandbox.measure}
OVER_MIRROR: dict[str, Measure] = {
    "pages": pages.measure,
    "files": files.measure,
    "paint": paint.measure,
    "audit": trail.measure,
    "ingest": ingest.measure,
    "inbox": inbox.measure,  # the last: it has services fail
}
PARTS = (*WITHOUT_MIRROR, *OVER_MIRROR)


def main(named: Sequence[str]) -> int:
    unknown = sorted(set(named) - set(PARTS))
    if unknown:
        sys.stderr.write(f"No part is named {unknown[0]!r}: take of {', '.join(PARTS)}\n")
        return 2
    missed = 0
    sys.stdout.write(f"{HEAD}\n")
    for part, figures in _parts(named or PARTS):
        shown = []
        for figure in figures:
            sys.stdout.write(f"{figure}\n")
            sys.stdout.flush()
            shown.append(figure)
        missed += sum(not figure.met for figure in shown)
        if IS_FULL_SIZE and part in OVER_MIRROR:
            report.write(part, shown, INSTANCES)
    sys.stdout.write(f"{missed} goals missed\n" if missed else "every goal met\n")
    return 1 if missed else 0


def _parts(named: Sequence[str]) -> Iterator[tuple[str, Iterator[Figure | Ratio]]]:
    """Each part and its figures; of what needs PostgreSQL none without it."""
    for name, measure in WITHOUT_MIRROR.items():
        if name in named:
            yield name, measure()
    over_mirror = {name: measure for name, measure in OVER_MIRROR.items() if name in named}
    if over_mirror and servers.found()["PostgreSQL"]:
        with large_mirror():
            for name, measure in over_mirror.items():
                yield name, measure()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
