"""Lies for a round's evidence: a judge who finds nothing false must find every one of them."""

from .end_lies import OF_ENDS
from .evidence import Evidence
from .judge import judge
from .record_lies import OF_RECORDS

LIES = (*OF_ENDS, *OF_RECORDS)


def unnoticed(evidence: Evidence) -> tuple[list[str], list[str]]:
    """Plant each lie in a copy of its own: the names of those that were planted, and of those that
    the judge did not notice."""
    before, planted, missed = set(judge(evidence)), [], []
    for lie in LIES:
        copy = evidence.copy()
        if not lie.plant(copy):
            continue
        planted.append(lie.name)
        if not any(lie.found_as in line for line in set(judge(copy)) - before):
            missed.append(lie.name)
    return planted, missed
