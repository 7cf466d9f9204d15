"""What Wix refuses about sites: handing them over, trashing them.

Reference: B2B Site Management, Error Messages; Site Actions, Bulk Delete Site.
"""

from django.utils.translation import gettext_lazy

from .words import Explanation, catalogue

TRANSFER_REFUSALS = catalogue(
    Explanation(
        "TARGET_ACCOUNT_ID_NOT_FOUND",
        gettext_lazy("Wix does not know the customer who shall receive the site."),
        gettext_lazy("Check the receiving customer."),
        field="target_account",
        unasked_words=gettext_lazy(
            "The dashboard does not know the customer who shall receive the site."
        ),
    ),
    Explanation(
        "SITE_TRANSFER_NOT_ALLOWED",
        gettext_lazy("Wix has not allowed transfers between these two customers."),
        gettext_lazy("Ask Wix B2B to allow the pair."),
        who="wix",
        field="target_account",
        remedies=("wix",),
    ),
    Explanation(
        "SITE_TRANSFER_NOT_SUPPORTED",
        gettext_lazy("A site with paid services cannot be transferred."),
        gettext_lazy(
            "Move its paid services to another site first. What cannot be moved has to be"
            " canceled, and ordered for the new customer after the transfer."
        ),
        field="site",
        remedies=("first",),
    ),
)

SITE_REFUSALS = catalogue(
    Explanation(
        "PREMIUM_NOT_PERMITTED",
        gettext_lazy("A site with paid services is not moved to the trash."),
        gettext_lazy("Move its services to another site first."),
        field="site",
        remedies=("first",),
    ),
)

MEANING_ELSE_OF_SITES = {
    ("SITE_NOT_FOUND", 400): Explanation(
        "SITE_NOT_FOUND",
        gettext_lazy("The site is not with the customer it shall leave."),
        gettext_lazy("Check the site and the customer it is with."),
        field="site",
    ),
}
