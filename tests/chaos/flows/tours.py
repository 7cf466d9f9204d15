"""All that befalls flows, one thing after the other."""

from tests.chaos.ground import Ground
from tests.chaos.report import Report

from . import answers, deaths, lies, pairs, times
from .supplies import make_supplies


def flows(ground: Ground, report: Report, *, full: bool) -> None:
    """Time, people who race, spoilt answers, deaths; the mirror is held against Wix after each."""
    supplies = make_supplies(ground)
    times.tour(ground, report, supplies)
    pairs.tour(ground, report, supplies, full=full)
    done = answers.tour(ground, report, supplies, full=full)
    if report.wants(MIRROR):
        report.note(MIRROR, "equal", deaths.mirror_wrongs(ground))
    lies.tell(ground, report, done)
    deaths.tour(ground, report, supplies, full=full)


MIRROR = "flows.mirror after all that"
