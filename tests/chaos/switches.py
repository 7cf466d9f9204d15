"""Wix in random pairs of the ways that its documents leave open, while others change things there.

After each pair the mirror is equal to the sandbox, field by field; it has told every change and no
other, and each reading has ended well.
"""

import random
import time
from itertools import islice

from django.conf import settings
from django.test import override_settings

from tests import practice, switching, truth
from tests.mirrors import read, read_on

from .ground import Ground
from .report import Report

LABEL = "switches.pair"
# Where Wix has us wait, a call waits its turn; how long all wait after a 403 is cut short.
NUMBERS = {"CALL_SECONDS": 20, "THROTTLE_SECONDS": (0.2, 0.5, 1)}


def random_pairs(ground: Ground, report: Report, *, count: int) -> None:
    """So many pairs, each drawn from the run's seed and its own number."""
    with override_settings(OPERATIONS=settings.OPERATIONS | NUMBERS):
        # What parts before this one have left to be read is read now, and is none of a pair's.
        practice.clock(ground.sandbox, deliver_now=True)
        read_on(read("full"))
        before = truth.differences(truth.at_wix(ground.sandbox), truth.in_mirror())
        report.note("switches.before", "equal", before)
        for number in range(count):
            label = f"{LABEL} {number:03}"
            if report.wants(label):
                _pair(ground, report, label)


def _pair(ground: Ground, report: Report, label: str) -> None:
    chance = random.Random(f"{report.seed}:{label}")
    (pair,) = islice(switching.pairs(chance), 1)
    started = time.monotonic()
    wrongs = switching.wrongs(ground.sandbox, pair, chance)
    positions = ", ".join(f"{name}={position}" for name, position in pair.items())
    report.note(label, f"equal {time.monotonic() - started:5.1f} s  {positions}", wrongs)
