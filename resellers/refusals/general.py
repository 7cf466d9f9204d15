"""What any part of Wix may refuse with, and what an answer means that says no more than its status.

Reference: About Errors. The codes of cursors, keys and access are not documented.
"""

from django.utils.translation import gettext_lazy

from .words import Explanation, catalogue

CHECK_PERMISSION = gettext_lazy(
    "Check the account and the key's permission: Manage Reseller Packages, and for sites and"
    " domains their own."
)

GENERAL_REFUSALS = catalogue(
    Explanation(
        "UNAUTHENTICATED",
        gettext_lazy("Wix does not accept the key."),
        gettext_lazy("Give the dashboard a valid key."),
        remedies=("first",),
    ),
    Explanation(
        "PERMISSION_DENIED",
        gettext_lazy("The key may not do this, or the account does not match."),
        CHECK_PERMISSION,
        remedies=("first",),
    ),
    Explanation(
        "INVALID_CURSOR",
        gettext_lazy("Wix has forgotten where the reading was."),
        gettext_lazy("Nothing to do: the reading starts again by itself."),
        retry=True,
    ),
    Explanation(
        "IDEMPOTENCY_KEY_REUSED",
        gettext_lazy("Wix has seen this call's key with other content."),
        gettext_lazy("Look at the package; if the wish is not true, ask anew."),
        remedies=("first",),
    ),
    Explanation(
        "RESOURCE_EXHAUSTED",
        gettext_lazy("Wix takes no more calls for the moment."),
        gettext_lazy("Nothing to do: it is tried again by itself."),
        retry=True,
    ),
)

AWAY = gettext_lazy("Nothing to do: it is looked at, and tried again, by itself.")

BY_STATUS = {
    400: Explanation(
        "",
        gettext_lazy("Wix did not understand the request."),
        gettext_lazy("Report it with its request id."),
        remedies=(),
    ),
    401: GENERAL_REFUSALS["UNAUTHENTICATED"],
    403: GENERAL_REFUSALS["PERMISSION_DENIED"],
    404: Explanation(
        "",
        gettext_lazy("Wix has no such thing."),
        gettext_lazy("Refresh the record and look again."),
        remedies=(),
    ),
    409: Explanation(
        "",
        gettext_lazy("Something else is changing this at Wix."),
        gettext_lazy("Refresh, then ask anew."),
        remedies=("first",),
    ),
    428: Explanation(
        "",
        gettext_lazy("A condition of Wix is not met."),
        gettext_lazy("Read Wix's words below."),
        remedies=(),
    ),
    429: GENERAL_REFUSALS["RESOURCE_EXHAUSTED"],
    500: Explanation("", gettext_lazy("Wix had a fault of its own."), AWAY, who="wix", retry=True),
    501: Explanation(
        "",
        gettext_lazy("Wix does not offer this call."),
        gettext_lazy("Report it with its request id."),
        who="wix",
        remedies=("wix",),
    ),
    502: Explanation(
        "", gettext_lazy("Wix could not be reached behind its gate."), AWAY, who="wix", retry=True
    ),
    503: Explanation("", gettext_lazy("Wix is away for the moment."), AWAY, who="wix", retry=True),
    504: Explanation("", gettext_lazy("Wix took too long to answer."), AWAY, who="wix", retry=True),
}

UNKNOWN = Explanation(
    "",
    gettext_lazy("Wix refused, for a reason it does not document."),
    gettext_lazy("Read Wix's words; report them with the request id."),
    who="wix",
    remedies=(),
)
