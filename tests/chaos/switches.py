"""Wix in the ways that its documents leave open, one after another and in random pairs, while
others change things there.

After each the mirror is equal to the sandbox, field by field; it has told every change and no
other, and each reading has ended well.
"""

import random
import time

from django.conf import settings
from django.test import override_settings

from tests import practice, switching, truth
from tests.mirrors import read, read_on
from tests.switching import Positions

from .ground import Ground
from .report import Report

BEFORE, ALONE, PAIR = "switches.before", "switches.alone", "switches.pair"
# Where Wix has us wait, a call waits its turn; how long all wait after a 403 is cut short.
NUMBERS = {"CALL_SECONDS": 20, "THROTTLE_SECONDS": (0.2, 0.5, 1)}


def tour(ground: Ground, report: Report, *, alone: bool, pairs: int) -> None:
    """So many random pairs, and before them, if wanted, every position of every switch alone."""
    with override_settings(OPERATIONS=settings.OPERATIONS | NUMBERS):
        # What parts before this one have left to be read is read now, and is none of a switch's.
        practice.clock(ground.sandbox, deliver_now=True)
        read_on(read("full"))
        before = truth.differences(truth.at_wix(ground.sandbox), truth.in_mirror())
        report.note(BEFORE, "equal", before)
        for wanted in switching.each() if alone else ():
            _read_under(ground, report, f"{ALONE} {_words(wanted)}", wanted)
        for number in range(pairs):
            _read_under(ground, report, f"{PAIR} {number:03}")


def _read_under(
    ground: Ground, report: Report, label: str, wanted: Positions | None = None
) -> None:
    """Under these positions or a random pair; the run's seed and the label draw all chances."""
    if not report.wants(label):
        return
    chance = random.Random(f"{report.seed}:{label}")
    positions = wanted or next(switching.pairs(chance))
    started = time.monotonic()
    wrongs = switching.wrongs(ground.sandbox, positions, chance)
    pair = "" if wanted else f"  {_words(positions)}"
    report.note(label, f"equal {time.monotonic() - started:5.1f} s{pair}", wrongs)


def _words(positions: Positions) -> str:
    return ", ".join(f"{name}={position}" for name, position in positions.items())
