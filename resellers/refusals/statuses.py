"""What the status and failure of a service, and the states of all else, mean.

Reference: Resellers, Packages object.
"""

from .words import Explanation, StatusWords, catalogue

FAILURES = catalogue(
    Explanation(
        "DELIVERY_TIMEOUT",
        "Wix did not deliver the service in time. It was never usable.",
        "Order it again as a new package.",
        remedies=(),
    ),
    Explanation(
        "EXTERNAL_FAILURE",
        "A process outside Wix failed. The service was never usable.",
        "Ask Wix B2B what happened before ordering again.",
        who="wix",
        remedies=("wix",),
    ),
    Explanation(
        "UNKNOWN",
        "Wix gives no cause. The service was never usable.",
        "Ask Wix B2B, naming its package and instance ids.",
        who="wix",
        remedies=("wix",),
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
    "ENABLED": StatusWords(
        "Enabled",
        "Wix has delivered it. Where it is on a site, the customer can use it.",
        "Nobody",
        "Nothing; put it on a site if it is on none.",
        "good",
    ),
    "FAILED": StatusWords(
        "Failed",
        "Wix could not deliver it; it never was usable.",
        "We",
        "Order it again, unless its page says that this was done.",
        "bad",
    ),
    "CANCELED": StatusWords("Canceled", "It was ended.", "Nobody", "Nothing.", "ended"),
}

# Of an enabled service on no site: to what floats the customer has no access.
FLOATING = StatusWords(
    "Enabled",
    "Wix has delivered it, and it is on no site: the customer cannot use it.",
    "We",
    "Put it on a site, or cancel it.",
    "good",
)

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

# Of an operation that a person has ended: what the state means then.
BY_HAND = {
    "succeeded": StatusWords(
        "Succeeded", "A person has said so; Wix was not read for it.", "Nobody", "Nothing.", "good"
    ),
    "failed": StatusWords(
        "Failed",
        "A person has said that the wish is not true; Wix was not read for it.",
        "We",
        "Read the note.",
        "bad",
    ),
}

# Of an operation that Wix refused and others overtook: what the state means then.
BY_OTHERS = {
    "failed": StatusWords(
        "Failed",
        "Wix refused; others changed it meanwhile.",
        "We",
        "Look at how it stands now, and ask anew if it is still wanted.",
        "bad",
    ),
    "rolled_back": StatusWords(
        "Rolled back",
        "Wix refused half-way; we put it back, and others changed it meanwhile.",
        "We",
        "Look at how it stands now.",
        "look",
    ),
}

# Of an operation whose success two readings found true no more.
NO_MORE = {
    "succeeded": StatusWords(
        "True no more",
        "It had succeeded; two readings since have shown something else at Wix.",
        "We",
        "Look at how it stands now, and ask anew if it is still wanted.",
        "bad",
    ),
}
ENDINGS = {"by-hand": BY_HAND, "by-others": BY_OTHERS, "no-more": NO_MORE}

SITE_STATES = {
    "published": StatusWords(
        "Published", "Visitors can open it at its address.", "Nobody", "Nothing.", "good"
    ),
    "unpublished": StatusWords(
        "Unpublished",
        "It is built or being built; visitors cannot open it.",
        "Customer",
        "Nothing; services can be put on it all the same.",
        "ended",
    ),
    "blocked": StatusWords(
        "Blocked",
        "Wix has closed it; no service can be put on it.",
        "Wix",
        "Ask Wix B2B why, and when it is opened again.",
        "bad",
    ),
    "trashed": StatusWords(
        "In the trash",
        "It was moved to the trash at Wix; no service can be put on it.",
        "We",
        "Move its services to another site, or have it restored at Wix.",
        "look",
    ),
    "gone": StatusWords(
        "Gone",
        "Wix no longer shows it in this account: it was deleted or handed over.",
        "Nobody",
        "Nothing; it is kept for its history.",
        "ended",
    ),
    "unread": StatusWords(
        "Not read yet",
        "A service names it, and Wix has told nothing more of it.",
        "The dashboard",
        "Wait for the next reading of sites, or refresh the account.",
        "under-way",
    ),
}

READING_STATES = {
    "queued": StatusWords(
        "Waiting", "Wanted, and not begun.", "The dashboard", "Wait.", "under-way"
    ),
    "running": StatusWords("Running", "Wix is being read.", "The dashboard", "Wait.", "under-way"),
    "succeeded": StatusWords(
        "Succeeded", "All that was wanted was read.", "Nobody", "Nothing.", "good"
    ),
    "failed": StatusWords(
        "Failed",
        "Wix did not answer or refused; what had been read by then is kept.",
        "The dashboard",
        "The schedule tries again; if it fails again, look at the error.",
        "bad",
    ),
    "stopped": StatusWords(
        "Stopped",
        "Somebody ended it; what had been read by then is kept.",
        "Nobody",
        "Nothing; the schedule reads again.",
        "ended",
    ),
}
