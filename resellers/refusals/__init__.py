"""The catalogue of what Wix may answer, and of what our own words mean.

Every code Wix documents has an entry: plain words, who acts, what to do next, whether the same call
may succeed later, and the form field it belongs to. A code with several texts has one for each.
"""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from .domains import DOMAIN_REFUSALS, MEANING_ELSE_OF_DOMAINS
from .general import BY_STATUS, GENERAL_REFUSALS, UNKNOWN
from .packages import BY_TEXT, PACKAGE_REFUSALS, allowed_cycles, site_owner
from .sites import MEANING_ELSE_OF_SITES, SITE_REFUSALS, TRANSFER_REFUSALS
from .statuses import ENDINGS, FAILURES, FLOATING, READING_STATES, SITE_STATES, STATES, STATUSES
from .words import Explanation, StatusWords

__all__ = [
    "BY_CODE_AND_STATUS",
    "BY_TEXT",
    "CATALOGUE",
    "ENDINGS",
    "FAILURES",
    "READING_STATES",
    "SITE_STATES",
    "STATES",
    "STATUSES",
    "Explanation",
    "StatusWords",
    "allowed_cycles",
    "explain",
    "explain_failure",
    "explain_state",
    "explain_status",
    "site_owner",
]

CATALOGUE = (
    PACKAGE_REFUSALS | TRANSFER_REFUSALS | DOMAIN_REFUSALS | SITE_REFUSALS | GENERAL_REFUSALS
)
# Codes that mean something else in one part of Wix, by (code, status).
BY_CODE_AND_STATUS = MEANING_ELSE_OF_SITES | MEANING_ELSE_OF_DOMAINS


def explain(code: str, status: int | None = None, message: str = "") -> Explanation:
    """What Wix's answer means. A code Wix never documented gets words by its HTTP status.

    `message` are Wix's own words: they tell apart what it refuses with one code.
    """
    for part, known in BY_TEXT.get(code, ()):
        if re.search(part, message):
            return known
    if status is not None and (code, status) in BY_CODE_AND_STATUS:
        return BY_CODE_AND_STATUS[code, status]
    if code in CATALOGUE:
        return CATALOGUE[code]
    is_fault = status is not None and status >= 500
    otherwise = BY_STATUS[500] if is_fault else UNKNOWN
    return replace(BY_STATUS.get(status or 0, otherwise), code=code)


def explain_failure(code: str) -> Explanation:
    """What an instance's failure code means."""
    return FAILURES.get(code) or Explanation(
        code,
        _("Wix gives a cause it does not document."),
        FAILURES["UNKNOWN"].next_step,
        who="wix",
        remedies=(),
        title="" if code else _("Without a code"),
    )


def explain_status(status: str, *, floats: bool = False) -> StatusWords:
    """What a status of Wix means, of a service that floats too; one that Wix invented since is
    shown as it is."""
    if floats and status == "ENABLED":
        return FLOATING
    return STATUSES.get(status) or StatusWords(
        status.replace("_", " ").capitalize() or _("No status"),
        _("A status Wix does not document."),
        _("We"),
        _("Ask Wix B2B what it means."),
        "look",
    )


def explain_state(state: str, ending: str = "") -> StatusWords:
    """What an operation's state means, also of one that has ended so: see ENDINGS."""
    return ENDINGS.get(ending, STATES).get(state, STATES[state])
