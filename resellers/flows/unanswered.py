"""What a look comes to at which Wix gave no good answer: it waits, or a person is told."""

from django.conf import settings
from django.utils.translation import gettext as _

from resellers import throttling
from resellers.connection import wix_client
from resellers.models import FlowStep
from resellers.refusals import explain
from resellers.throttling import Meaning
from resellers.wix import NextMove, WixAuthError, WixError

from .outcomes import Outcome, Stops, Waits

PAUSED_SECONDS = 30  # while nothing may be written
REFUSED_SECONDS = 900  # until it is asked again what Wix has refused to say


def outcome_of(error: WixError, row: FlowStep) -> Outcome:
    """What becomes of the step. Asks Wix a harmless Query where the error alone does not tell."""
    if error.next_move is not NextMove.STOP and not isinstance(error, WixAuthError):
        waits = settings.OPERATIONS["RETRY_SECONDS"]
        words = _("Wix did not answer: it is asked again.")
        return Waits(words, waits[min(row.looks, len(waits) - 1)], is_news=False)
    with wix_client("sync") as wix:
        verdict = throttling.judge(error, wix)
    if verdict.meaning is Meaning.KEY:
        words = _("Wix refused our key: all writes are paused.")
        return Waits(words, PAUSED_SECONDS, is_news=False)
    if verdict.meaning is Meaning.THROTTLED:
        return Waits(
            _("Wix takes no calls for now: it is asked again."), verdict.wait, is_news=False
        )
    known = explain(error.code or "", error.status, error.said)
    return Stops(
        f"{known.words} {known.next_step}", error.code or str(error.status), REFUSED_SECONDS
    )
