"""What Wix refuses about sites: handing them over, trashing them.

Reference: B2B Site Management, Error Messages; Site Actions, Bulk Delete Site.
"""

from .words import Explanation, catalogue

TRANSFER_REFUSALS = catalogue(
    Explanation(
        "TARGET_ACCOUNT_ID_NOT_FOUND",
        "Wix does not know the account that shall receive the site.",
        "Check the receiving account.",
        field="target_account",
        unasked_words="The dashboard does not know the account that shall receive the site.",
    ),
    Explanation(
        "SITE_TRANSFER_NOT_ALLOWED",
        "Wix has not allowed transfers between these two accounts.",
        "Ask Wix B2B to allow the pair.",
        who="wix",
        field="target_account",
        remedies=("wix",),
    ),
    Explanation(
        "SITE_TRANSFER_NOT_SUPPORTED",
        "A site with paid services cannot be transferred.",
        "Move its paid services to another site first. What cannot be moved has to be canceled, and"
        " ordered in the new account after the transfer.",
        field="site",
        remedies=("first",),
    ),
)

SITE_REFUSALS = catalogue(
    Explanation(
        "PREMIUM_NOT_PERMITTED",
        "A site with paid services is not moved to the trash.",
        "Move its services to another site first.",
        field="site",
        remedies=("first",),
    ),
)

MEANING_ELSE_OF_SITES = {
    ("SITE_NOT_FOUND", 400): Explanation(
        "SITE_NOT_FOUND",
        "The site is not in the account it shall leave.",
        "Check the site and the account it is in.",
        field="site",
    ),
}
