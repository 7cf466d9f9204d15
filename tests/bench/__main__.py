"""Run every measurement and judge it; exit status 1 where a goal is missed.

Times drift with the machine, so each figure stands beside a yardstick of the same run.
"""

import sys
from itertools import chain

from tests.bench import pages, sandbox


def main() -> int:
    missed = 0
    for figure in chain(sandbox.measure(), pages.measure()):
        sys.stdout.write(f"{figure}\n")
        missed += not figure.met
    sys.stdout.write(f"{missed} goals missed\n" if missed else "every goal met\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
