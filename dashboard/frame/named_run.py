"""Which reading of Wix an address or a form names, so that its page shows how it goes."""

from django.db.models import QuerySet
from django.http import QueryDict

from resellers.models import SyncRun

LONGEST_NUMBER = 18  # digits: any such number fits a key


def run_number(parameters: QueryDict) -> int | None:
    """The number that `run` gives, be there such a reading or not; None for any other text."""
    text = str(parameters.get("run", ""))
    fits = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if fits else None


def named_run(parameters: QueryDict, runs: QuerySet[SyncRun]) -> SyncRun | None:
    """The one of these readings that `run` names; None where it names none of them."""
    number = run_number(parameters)
    return None if number is None else runs.filter(pk=number).first()
