"""What is random in the tests: the same in every run, and fresh with `FULL=1`.

`make test` draws the same examples on every machine, so that a failure is a failure of the change.
`FULL=1` draws many more, from a seed that the head of the run prints; `SEED=n` beside it draws
those of that run once more. A failing example is shown as it was drawn: `SHRINK=1` has a smaller
one looked for first, which may take minutes.
"""

import os
import random

from hypothesis import HealthCheck, Phase, settings

FULL = os.environ.get("FULL", "") not in ("", "0")
SHRINK = os.environ.get("SHRINK", "") not in ("", "0")


def choose_seed() -> None:
    """Settle the seed for this process and all that it starts: with FULL=1 a fresh one, unless
    SEED names it."""
    if not FULL:
        os.environ["SEED"] = "0"
    os.environ.setdefault("SEED", str(random.randrange(1_000_000)))


def seed() -> int:
    """The seed of this run; 0 in every run without FULL=1."""
    return int(os.environ["SEED"])


def chances(name: object) -> random.Random:
    """A source of random numbers of its own for each name, the same in every run of a seed."""
    return random.Random(f"{seed()}:{name}")


def examples(few: int, *, full: int) -> settings:
    """So many examples in every run, and with FULL=1 so many more."""
    return settings(max_examples=full if FULL else few)


def load_profile() -> None:
    """Have every property drawn so, whatever it says of itself besides."""
    settings.register_profile(
        "tests",
        max_examples=25,
        derandomize=not FULL,
        database=None,
        deadline=None,  # no test is judged by its speed: on a busy machine anything is slow
        phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if SHRINK else [])],
        report_multiple_bugs=False,
        print_blob=True,
        # Slowness again, and worlds that one test's examples share on purpose.
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    )
    settings.load_profile("tests")
