"""What a service's status and failure and an operation's state mean.

Reference: Resellers, Packages object.
"""

from .words import Explanation, StatusWords, catalogue

FAILURES = catalogue(
    Explanation(
        "DELIVERY_TIMEOUT",
        "Wix did not deliver the service in time. It was never usable.",
        "Order it again as a new package.",
    ),
    Explanation(
        "EXTERNAL_FAILURE",
        "A process outside Wix failed. The service was never usable.",
        "Ask Wix B2B what happened before ordering again.",
        who="wix",
    ),
    Explanation(
        "UNKNOWN",
        "Wix gives no cause. The service was never usable.",
        "Ask Wix B2B, with the ids below.",
        who="wix",
    ),
)

STATUSES = {
    "PENDING": StatusWords(
        "Pending", "Ordered, not usable yet.", "Wix", "Wait; it is asked for again.", "under-way"
    ),
    "AWAITING_ACTION": StatusWords(
        "Awaiting action",
        "Not usable: the customer or an outside provider must do something first.",
        "Customer or provider",
        "Find out what is due; Wix does not say it.",
        "look",
    ),
    "ENABLED": StatusWords("Enabled", "The customer can use it.", "Nobody", "Nothing.", "good"),
    "FAILED": StatusWords(
        "Failed", "Wix could not deliver it; it never was usable.", "We", "Order it again.", "bad"
    ),
    "CANCELED": StatusWords("Canceled", "It was ended.", "Nobody", "Nothing.", "ended"),
}

STATES = {
    "queued": StatusWords(
        "Waiting", "Recorded; nothing was sent yet.", "The dashboard", "Wait.", "under-way"
    ),
    "running": StatusWords(
        "Running", "It is being carried out.", "The dashboard", "Wait.", "under-way"
    ),
    "confirming": StatusWords(
        "Confirming with Wix",
        "A call was sent; Wix is read until it shows the wish, or shows that it does not.",
        "The dashboard",
        "Wait; nothing is sent twice.",
        "under-way",
    ),
    "needs_attention": StatusWords(
        "Needs attention",
        "The dashboard cannot say how it ended, or cannot repair it.",
        "We",
        "Look at what is known, then decide.",
        "look",
    ),
    "succeeded": StatusWords(
        "Succeeded", "Read back from Wix, and true.", "Nobody", "Nothing.", "good"
    ),
    "failed": StatusWords(
        "Failed", "Wix refused; nothing was changed.", "We", "Read what Wix said.", "bad"
    ),
    "rolled_back": StatusWords(
        "Rolled back",
        "Wix refused half-way; the service is back where it was.",
        "We",
        "Read what Wix said.",
        "look",
    ),
    "canceled": StatusWords(
        "Withdrawn", "Ended before anything was sent.", "Nobody", "Nothing.", "ended"
    ),
}
