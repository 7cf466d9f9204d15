"""`make mutants`: plants faults in the core of the code and names those that no test notices.

Arguments name parts, as in `make mutants MUTANTS="resellers.audit dashboard.*"`; without any it
works on all of them, which takes hours. It may be stopped at any time and goes on where it stood.
What had survived is asked again once a test was changed. MINUTES=n stops it by itself,
PROCESSES=n says how many faults are tried at once.

The exit status is 1 where one survives that tests/mutants/reasons.toml does not explain, or where
there are some left to try.
"""

import os
import sys
import time
from itertools import groupby

from . import parts, survivors
from .parts import Part
from .survivors import NOT_ASKED, Results


def main(names: list[str]) -> int:
    """Work on the parts of these names, and print what is to be said of each and of all."""
    try:
        wanted = parts.chosen(names)
    except LookupError as error:
        sys.stderr.write(f"{str(error).capitalize()}\n")
        return 2
    minutes = os.environ.get("MINUTES")
    ends_at = time.monotonic() + float(minutes) * 60 if minutes else None
    found, left = {}, [part.name for part in wanted]
    for part in wanted:
        if ends_at is not None and time.monotonic() >= ends_at:
            break
        _print(f"\n{part.name}\n")
        parts.prepare(part)
        try:
            if _plant(part, ends_at):
                left.remove(part.name)
        except KeyboardInterrupt:
            _print("\nStopped; it goes on from here when it is started again.\n")
            return 130
        found[part.name] = survivors.results(part)
        _tell(found[part.name])
    return _sum(found, left)


def _plant(part: Part, ends_at: float | None) -> bool:
    """Plant what is to be planted, and what had survived again if the tests have changed since.

    False where the time ran out before all of that was done.
    """
    asked = part.folder / "tests-asked"
    now, before = part.tests_as_they_are, asked.read_text() if asked.exists() else None
    processes = int(os.environ.get("PROCESSES") or os.cpu_count() or 1)

    def left() -> float | None:
        return None if ends_at is None else max(0.0, ends_at - time.monotonic())

    if not parts.plant(part, [], processes=processes, seconds=left()):
        return False
    if before not in (None, now):
        again = [survivor.mutant for survivor in survivors.results(part).living]
        if again and not parts.plant(part, again, processes=processes, seconds=left()):
            return False
    asked.write_text(now)
    return True


def _tell(result: Results) -> None:
    for function, living in groupby(result.living, key=lambda survivor: survivor.function):
        counts = dict.fromkeys(map(str, living))
        _print("\n".join([f"  {function}", *counts, ""]))
    for reason in result.idle:
        _print(f"  {reason.function}\n    a reason that nothing needs any more: {reason.why}\n")


def _sum(found: dict[str, Results], left: list[str]) -> int:
    """A line a part, and the exit status."""
    columns = ("planted", "by tests", "by types", "with a reason", "survive", "not tried")
    _print(f"\n{'':30}" + "".join(f"{column:>15}" for column in columns) + "\n")
    for name, result in found.items():
        counts = result.counts
        types = counts["caught by type check"]
        lives = sum(counts[status] for status in survivors.LIVES)
        tests = counts.total() - types - lives - counts[NOT_ASKED]
        numbers = (counts.total(), tests, types, len(result.excused), len(result.living))
        row = "".join(f"{number:>15}" for number in (*numbers, counts[NOT_ASKED]))
        _print(f"{name:30}{row}\n")
    if left:
        _print(f"Not done to the end: {', '.join(left)}\n")
    return int(bool(left) or any(result.living for result in found.values()))


def _print(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
