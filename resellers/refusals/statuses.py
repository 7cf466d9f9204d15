"""What the status and failure of a service, and the states of all else, mean.

Reference: Resellers, Packages object.
"""

from django.utils.translation import gettext_lazy

from .words import Explanation, StatusWords, catalogue

FAILURES = catalogue(
    Explanation(
        "DELIVERY_TIMEOUT",
        gettext_lazy("Wix did not deliver the service in time. It was never usable."),
        gettext_lazy("Order it again as a new package."),
        remedies=(),
        title=gettext_lazy("Delivery timed out"),
    ),
    Explanation(
        "EXTERNAL_FAILURE",
        gettext_lazy("A process outside Wix failed. The service was never usable."),
        gettext_lazy("Ask Wix B2B what happened before ordering again."),
        who="wix",
        remedies=("wix",),
        title=gettext_lazy("A process outside Wix"),
    ),
    Explanation(
        "UNKNOWN",
        gettext_lazy("Wix gives no cause. The service was never usable."),
        gettext_lazy("Ask Wix B2B, naming its package and instance ids."),
        who="wix",
        remedies=("wix",),
        title=gettext_lazy("No cause given"),
    ),
)

STATUSES = {
    "PENDING": StatusWords(
        gettext_lazy("Pending"),
        gettext_lazy("Ordered, not usable yet."),
        gettext_lazy("Wix"),
        gettext_lazy("Wait; it is asked for again."),
        "under-way",
    ),
    "AWAITING_ACTION": StatusWords(
        gettext_lazy("Awaiting action"),
        gettext_lazy("Not usable: the customer or an outside provider must do something first."),
        gettext_lazy("Customer or provider"),
        gettext_lazy("Find out what is due; Wix does not say it."),
        "look",
    ),
    "ENABLED": StatusWords(
        gettext_lazy("Enabled"),
        gettext_lazy("Wix has delivered it. Where it is on a site, the customer can use it."),
        gettext_lazy("Nobody"),
        gettext_lazy("Nothing; put it on a site if it is on none."),
        "good",
    ),
    "FAILED": StatusWords(
        gettext_lazy("Failed"),
        gettext_lazy("Wix could not deliver it; it never was usable."),
        gettext_lazy("We"),
        gettext_lazy("Order it again, unless its page says that this was done."),
        "bad",
    ),
    "CANCELED": StatusWords(
        gettext_lazy("Canceled"),
        gettext_lazy("It was ended."),
        gettext_lazy("Nobody"),
        gettext_lazy("Nothing."),
        "ended",
    ),
}

# Of an enabled service on no site: to what floats the customer has no access.
FLOATING = StatusWords(
    gettext_lazy("Enabled"),
    gettext_lazy("Wix has delivered it, and it is on no site: the customer cannot use it."),
    gettext_lazy("We"),
    gettext_lazy("Put it on a site, or cancel it."),
    "good",
)

STATES = {
    "queued": StatusWords(
        gettext_lazy("Waiting"),
        gettext_lazy("Recorded; nothing was sent yet."),
        gettext_lazy("The dashboard"),
        gettext_lazy("Wait."),
        "under-way",
    ),
    "running": StatusWords(
        gettext_lazy("Running"),
        gettext_lazy("It is being carried out."),
        gettext_lazy("The dashboard"),
        gettext_lazy("Wait."),
        "under-way",
    ),
    "confirming": StatusWords(
        gettext_lazy("Confirming with Wix"),
        gettext_lazy(
            "A call was sent; Wix is read until it shows the wish, or shows that it does not."
        ),
        gettext_lazy("The dashboard"),
        gettext_lazy("Wait; nothing is sent twice."),
        "under-way",
    ),
    "needs_attention": StatusWords(
        gettext_lazy("Needs attention"),
        gettext_lazy("The dashboard cannot say how it ended, or cannot repair it."),
        gettext_lazy("We"),
        gettext_lazy("Look at what is known, then decide."),
        "look",
    ),
    "succeeded": StatusWords(
        gettext_lazy("Succeeded"),
        gettext_lazy("Read back from Wix, and true."),
        gettext_lazy("Nobody"),
        gettext_lazy("Nothing."),
        "good",
    ),
    "failed": StatusWords(
        gettext_lazy("Failed"),
        gettext_lazy("Wix refused; nothing was changed."),
        gettext_lazy("We"),
        gettext_lazy("Read what Wix said."),
        "bad",
    ),
    "rolled_back": StatusWords(
        gettext_lazy("Rolled back"),
        gettext_lazy("Wix refused half-way; the service is back where it was."),
        gettext_lazy("We"),
        gettext_lazy("Read what Wix said."),
        "look",
    ),
    "canceled": StatusWords(
        gettext_lazy("Withdrawn"),
        gettext_lazy("Ended before anything was sent."),
        gettext_lazy("Nobody"),
        gettext_lazy("Nothing."),
        "ended",
    ),
}

# Of an operation that a person has ended: what the state means then.
BY_HAND = {
    "succeeded": StatusWords(
        gettext_lazy("Succeeded"),
        gettext_lazy("A person has said so; Wix was not read for it."),
        gettext_lazy("Nobody"),
        gettext_lazy("Nothing."),
        "good",
    ),
    "failed": StatusWords(
        gettext_lazy("Failed"),
        gettext_lazy("A person has said that the wish is not true; Wix was not read for it."),
        gettext_lazy("We"),
        gettext_lazy("Read the note."),
        "bad",
    ),
}

# Of an operation that Wix refused and others overtook: what the state means then.
BY_OTHERS = {
    "failed": StatusWords(
        gettext_lazy("Failed"),
        gettext_lazy("Wix refused; others changed it meanwhile."),
        gettext_lazy("We"),
        gettext_lazy("Look at how it stands now, and ask anew if it is still wanted."),
        "bad",
    ),
    "rolled_back": StatusWords(
        gettext_lazy("Rolled back"),
        gettext_lazy("Wix refused half-way; we put it back, and others changed it meanwhile."),
        gettext_lazy("We"),
        gettext_lazy("Look at how it stands now."),
        "look",
    ),
}

# Of an operation whose success two readings found true no more.
NO_MORE = {
    "succeeded": StatusWords(
        gettext_lazy("True no more"),
        gettext_lazy("It had succeeded; two readings since have shown something else at Wix."),
        gettext_lazy("We"),
        gettext_lazy("Look at how it stands now, and ask anew if it is still wanted."),
        "bad",
    ),
}
ENDINGS = {"by-hand": BY_HAND, "by-others": BY_OTHERS, "no-more": NO_MORE}

SITE_STATES = {
    "published": StatusWords(
        gettext_lazy("Published"),
        gettext_lazy("Visitors can open it at its address."),
        gettext_lazy("Nobody"),
        gettext_lazy("Nothing."),
        "good",
    ),
    "unpublished": StatusWords(
        gettext_lazy("Unpublished"),
        gettext_lazy("It is built or being built; visitors cannot open it."),
        gettext_lazy("Customer"),
        gettext_lazy("Nothing; services can be put on it all the same."),
        "ended",
    ),
    "blocked": StatusWords(
        gettext_lazy("Blocked"),
        gettext_lazy("Wix has closed it; no service can be put on it."),
        gettext_lazy("Wix"),
        gettext_lazy("Ask Wix B2B why, and when it is opened again."),
        "bad",
    ),
    "trashed": StatusWords(
        gettext_lazy("In the trash"),
        gettext_lazy("It was moved to the trash at Wix; no service can be put on it."),
        gettext_lazy("We"),
        gettext_lazy("Move its services to another site, or have it restored at Wix."),
        "look",
    ),
    "gone": StatusWords(
        gettext_lazy("Gone"),
        gettext_lazy("Wix no longer shows it with this customer: it was deleted or handed over."),
        gettext_lazy("Nobody"),
        gettext_lazy("Nothing; it is kept for its history."),
        "ended",
    ),
    "unread": StatusWords(
        gettext_lazy("Not read yet"),
        gettext_lazy("A service names it, and Wix has told nothing more of it."),
        gettext_lazy("The dashboard"),
        gettext_lazy("Wait for the next reading of sites, or refresh the customer."),
        "under-way",
    ),
}

READING_STATES = {
    "queued": StatusWords(
        gettext_lazy("Waiting"),
        gettext_lazy("Wanted, and not begun."),
        gettext_lazy("The dashboard"),
        gettext_lazy("Wait."),
        "under-way",
    ),
    "running": StatusWords(
        gettext_lazy("Running"),
        gettext_lazy("Wix is being read."),
        gettext_lazy("The dashboard"),
        gettext_lazy("Wait."),
        "under-way",
    ),
    "succeeded": StatusWords(
        gettext_lazy("Succeeded"),
        gettext_lazy("All that was wanted was read."),
        gettext_lazy("Nobody"),
        gettext_lazy("Nothing."),
        "good",
    ),
    "failed": StatusWords(
        gettext_lazy("Failed"),
        gettext_lazy("Wix did not answer or refused; what had been read by then is kept."),
        gettext_lazy("The dashboard"),
        gettext_lazy("The schedule tries again; if it fails again, look at the error."),
        "bad",
    ),
    "stopped": StatusWords(
        gettext_lazy("Stopped"),
        gettext_lazy("Somebody ended it; what had been read by then is kept."),
        gettext_lazy("Nobody"),
        gettext_lazy("Nothing; the schedule reads again."),
        "ended",
    ),
}
