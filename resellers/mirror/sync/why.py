"""Why Wix could not be read, in words for staff: every page says them while readings fail.

What an error says of itself is a line for the log: a path, a status, a word of a library.
"""

from resellers.refusals import CATALOGUE, explain
from resellers.wix import WixAnswer, WixBadPayload, WixError, WixPaceTimeout

LONGEST = 500
# What is asked for by the paths that readings call; the longest that fits has the say.
ASKED_FOR = {
    "/packages/": "a package",
    "/packages/query": "the list of packages",
    "/sites/query": "the list of a customer's sites",
    "/child-accounts": "the list of customers",
}


def why_unread(error: WixError) -> str:
    """What kept Wix from being read, what it was asked for, and what there is to look up."""
    return f"{_what_happened(error)}{_asked_for(error)}"[:LONGEST]


def _what_happened(error: WixError) -> str:
    if isinstance(error, WixPaceTimeout):
        return "So many calls wait for their turn that this one found no room in time."
    if isinstance(error, WixBadPayload):
        return "Wix gave an answer that cannot be read."
    if not isinstance(error, WixAnswer):
        return "Wix could not be reached, or did not answer in time."
    known = explain(error.code or "", error.status, error.said)
    if error.said and error.code not in CATALOGUE:
        return f"{known.words} It says: “{error.said.rstrip('.')}.”"
    return str(known.words)


def _asked_for(error: WixError) -> str:
    path = error.call.path_template if error.call else ""
    what = max((part for part in ASKED_FOR if part in path), key=len, default="")
    details = [str(error.status)] if isinstance(error, WixAnswer) else [error.message]
    details += [error.code] if error.code else []
    asked = f" It was asked for {ASKED_FOR[what]}" if what else " It was asked"
    return f"{asked} ({' '.join(details)})."
