"""Milliseconds in which the pages of a list are brought into the database that DATABASE_URL names:
by the product, and row by row. Prints them as JSON."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from statistics import median

import django

NEW = 12  # pages that no row is held of, for each way
ROUNDS = 15
FEW = 5  # of a hundred


def main() -> None:
    django.setup()
    from django.conf import settings

    settings.DEBUG = False
    sys.stdout.write(json.dumps(_measured()))


def _measured() -> dict[str, Sequence[float]]:
    from resellers.clock import database_now
    from resellers.mirror.ingest import ingest_packages
    from resellers.wix import Package
    from resellers.wix.parsing import read_package
    from tests.bench.row_by_row import read_in
    from tests.bench.wix_pages import Raw, WixPages

    invented, started = WixPages(seed=1), [database_now() - timedelta(days=1)]

    def now() -> datetime:
        started[0] += timedelta(seconds=1)
        return started[0]

    def given(page: list[Raw]) -> list[Package]:
        """The page as the client gives it."""
        return [read_package(json.loads(json.dumps(raw)), "package") for raw in page]

    def ours(page: list[Raw]) -> Callable[[], object]:
        packages, at = given(page), now()
        return lambda: ingest_packages(packages, fetch_started_at=at)

    def theirs(page: list[Raw]) -> Callable[[], object]:
        packages, at = given(page), now()
        return lambda: read_in(packages, at)

    mine = [invented.page() for _ in range(NEW)]
    peers = [invented.page() for _ in range(NEW)]
    new = _in_turns([(ours(mine[n]), theirs(peers[n])) for n in range(NEW)])
    same = _in_turns([(ours(mine[n % NEW]), theirs(peers[n % NEW])) for n in range(ROUNDS)])
    turns = []
    for n in range(ROUNDS):
        mine[n % NEW] = invented.changed(mine[n % NEW], FEW)
        peers[n % NEW] = invented.changed(peers[n % NEW], FEW)
        turns.append((ours(mine[n % NEW]), theirs(peers[n % NEW])))
    return {"new": new, "unchanged": same, "few": _in_turns(turns)}


def _in_turns(turns: Sequence[tuple[Callable[[], object], ...]]) -> list[float]:
    """The median of each way, of all turns but the first, in milliseconds."""
    taken: list[list[float]] = [[] for _ in turns[0]]
    for turn in turns:
        for way, call in enumerate(turn):
            begun = time.perf_counter()
            call()
            taken[way].append((time.perf_counter() - begun) * 1000)
    return [median(of_one[1:]) for of_one in taken]


if __name__ == "__main__":
    main()
