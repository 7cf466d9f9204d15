"""What any part of Wix may refuse with, and what an answer means that says no more than its status.

Reference: About Errors. The codes of cursors, keys and access are not documented.
"""

from .words import Explanation, catalogue

CHECK_PERMISSION = (
    "Check the account and the key's permission: Manage Reseller Packages, and for sites and"
    " domains their own."
)

GENERAL_REFUSALS = catalogue(
    Explanation(
        "UNAUTHENTICATED",
        "Wix does not accept the key.",
        "Give the dashboard a valid key.",
        remedies=("first",),
    ),
    Explanation(
        "PERMISSION_DENIED",
        "The key may not do this, or the account does not match.",
        CHECK_PERMISSION,
        remedies=("first",),
    ),
    Explanation(
        "INVALID_CURSOR",
        "Wix has forgotten where the reading was.",
        "Nothing to do: the reading starts again by itself.",
        retry=True,
    ),
    Explanation(
        "IDEMPOTENCY_KEY_REUSED",
        "Wix has seen this call's key with other content.",
        "Look at the package; if the wish is not true, ask anew.",
        remedies=("first",),
    ),
    Explanation(
        "RESOURCE_EXHAUSTED",
        "Wix takes no more calls for the moment.",
        "Nothing to do: it is tried again by itself.",
        retry=True,
    ),
)

AWAY = "Nothing to do: it is looked at, and tried again, by itself."

BY_STATUS = {
    400: Explanation(
        "", "Wix did not understand the request.", "Report it with its request id.", remedies=()
    ),
    401: GENERAL_REFUSALS["UNAUTHENTICATED"],
    403: GENERAL_REFUSALS["PERMISSION_DENIED"],
    404: Explanation(
        "", "Wix has no such thing.", "Refresh the record and look again.", remedies=()
    ),
    409: Explanation(
        "",
        "Something else is changing this at Wix.",
        "Refresh, then ask anew.",
        remedies=("first",),
    ),
    428: Explanation("", "A condition of Wix is not met.", "Read Wix's words below.", remedies=()),
    429: GENERAL_REFUSALS["RESOURCE_EXHAUSTED"],
    500: Explanation("", "Wix had a fault of its own.", AWAY, who="wix", retry=True),
    501: Explanation(
        "",
        "Wix does not offer this call.",
        "Report it with its request id.",
        who="wix",
        remedies=("wix",),
    ),
    502: Explanation("", "Wix could not be reached behind its gate.", AWAY, who="wix", retry=True),
    503: Explanation("", "Wix is away for the moment.", AWAY, who="wix", retry=True),
    504: Explanation("", "Wix took too long to answer.", AWAY, who="wix", retry=True),
}

UNKNOWN = Explanation(
    "",
    "Wix refused, for a reason it does not document.",
    "Read Wix's words; report them with the request id.",
    who="wix",
    remedies=(),
)
