"""The catalogue of what Wix may answer, and of what our own words mean.

Every code Wix documents has an entry: plain words, who acts, what to do next, whether the same call
may succeed later, and the form field it belongs to. Sources: the Errors pages of Resellers, B2B
Site Management, Registered Domains and Connected Domains.
"""

from dataclasses import dataclass
from typing import Literal

Who = Literal["we", "customer", "wix"]
Tone = Literal["good", "look", "bad", "under-way", "ended"]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a refusal means to staff."""

    code: str
    words: str
    next_step: str
    who: Who = "we"
    retry: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class StatusWords:
    """What a status or a state means to staff."""

    word: str
    meaning: str
    who: str
    next_step: str
    tone: Tone


def _catalogue(*entries: Explanation) -> dict[str, Explanation]:
    return {entry.code: entry for entry in entries}


PACKAGE_REFUSALS = _catalogue(
    Explanation(
        "PRODUCT_NOT_FOUND",
        "Wix does not know this product.",
        "Correct the product in the catalogue; Wix B2B sends the current list.",
        field="target_product",
    ),
    Explanation(
        "ACCOUNT_NOT_FOUND",
        "Wix does not know this account.",
        "Refresh the account, then correct the customer's account id.",
        field="account",
    ),
    Explanation(
        "SITE_NOT_FOUND",
        "The site does not belong to this account.",
        "Choose a site of the account, or transfer the site to it first.",
        field="target_site",
    ),
    Explanation(
        "INVALID_REFERENCE_PRODUCT_INSTANCE_ID",
        "The reference service is not valid or was used before.",
        "Choose another reference service, or order without one.",
        field="reference",
    ),
    Explanation(
        "PRODUCT_LIMIT_EXCEEDED",
        "The number of this product that Wix allows the agency is used up.",
        "Ask Wix B2B for a higher limit.",
        who="wix",
        field="target_product",
    ),
    Explanation(
        "PRODUCT_SETTINGS_NOT_FOUND",
        "The product is not set up at Wix.",
        "Only Wix can repair it: report the product to Wix B2B.",
        who="wix",
        field="target_product",
    ),
    Explanation(
        "MISSING_BILLING_CYCLE",
        "The product wants a billing cycle.",
        "Choose one of its cycles.",
        field="cycle",
    ),
    Explanation(
        "INCOMPATIBLE_BILLING_CYCLE",
        "The product is not sold with this billing cycle.",
        "Choose one of the cycles that Wix names.",
        field="cycle",
    ),
    Explanation(
        "INVALID_BILLING_CYCLE",
        "Wix does not take this billing cycle for the product.",
        "Choose one of the cycles that Wix names.",
        field="cycle",
    ),
    Explanation(
        "INVALID_PRODUCTS",
        "Wix does not take these products.",
        "Remove or replace the products that Wix names.",
        field="target_product",
    ),
    Explanation(
        "MULTIPLE_PRODUCT_ASSIGNMENTS",
        "These products cannot go to the same site in one order.",
        "Keep one of them per site, and order the other by itself.",
        field="target_site",
    ),
    Explanation(
        "PRODUCT_TYPE_ALREADY_ASSIGNED",
        "The site already has a service of this type, and it may have only one.",
        "Move the other service away, adjust it instead, or choose another site.",
        field="target_site",
    ),
    Explanation(
        "PRODUCT_NOT_SUPPORTED_ON_SITE",
        "The site cannot carry this product yet; most need a Premium plan on the site first.",
        "Give the site the plan it needs, or choose another site.",
        field="target_site",
    ),
    Explanation(
        "PRODUCT_INSTANCE_NOT_FOUND",
        "Wix does not know this service.",
        "Refresh the package: the service may be gone.",
    ),
    Explanation(
        "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
        "The service's status does not allow this.",
        "Wait until the service is enabled; if it stays as it is, ask Wix B2B.",
    ),
    Explanation(
        "INCOMPATIBLE_PRODUCT",
        "The new product is of another type.",
        "Choose a product of the same type, or cancel and order anew.",
        field="target_product",
    ),
    Explanation(
        "MISSING_PRODUCT_DETAILS",
        "Wix was not told enough about the change.",
        "Choose both a product and a billing cycle.",
        field="cycle",
    ),
    Explanation(
        "OPERATION_NOT_SUPPORTED_FOR_PRODUCT",
        "Wix does not offer this for the product.",
        "Cancel and order anew, or ask Wix B2B.",
        who="wix",
        field="target_product",
    ),
    Explanation(
        "MISSING_SITE_ID",
        "The service is most likely on no site already.",
        "Refresh the package and look where it is.",
    ),
    Explanation(
        "PACKAGE_NOT_FOUND",
        "Wix does not know this package under this account.",
        "Refresh the account and look where the package is.",
    ),
)

TRANSFER_REFUSALS = _catalogue(
    Explanation(
        "TARGET_ACCOUNT_ID_NOT_FOUND",
        "Wix does not know the account that shall receive the site.",
        "Check the receiving account.",
        field="target_account",
    ),
    Explanation(
        "SITE_TRANSFER_NOT_ALLOWED",
        "Wix has not allowed transfers between these two accounts.",
        "Ask Wix B2B to allow the pair.",
        who="wix",
        field="target_account",
    ),
    Explanation(
        "SITE_TRANSFER_NOT_SUPPORTED",
        "A site with paid services cannot be transferred.",
        "Cancel the paid services first, transfer, then order them in the new account.",
        field="site",
    ),
)

DOMAIN_REFUSALS = _catalogue(
    Explanation(
        "INVALID_DOMAIN",
        "This is not a domain name Wix can register.",
        "Write the name with its ending, such as bakery.example, without a subdomain.",
        field="domain",
    ),
    Explanation(
        "DOMAIN_TOO_LONG", "The name is too long.", "Use 63 characters at most.", field="domain"
    ),
    Explanation(
        "DOMAIN_TOO_SHORT", "The name is too short.", "Use 3 characters or more.", field="domain"
    ),
    Explanation(
        "INVALID_TLD",
        "The paid service is for another ending.",
        "Choose a name with the service's ending, or adjust the service.",
        field="domain",
    ),
    Explanation(
        "TLD_NOT_SUPPORTED",
        "Wix does not sell this ending.",
        "Choose another ending.",
        field="domain",
    ),
    Explanation(
        "DOMAINS_UNSUPPORTED_TLD",
        "Wix does not sell this ending.",
        "Choose another ending.",
        field="domain",
    ),
    Explanation(
        "INVALID_QUERY",
        "Wix cannot search for these characters.",
        "Use letters, digits and hyphens, 3 to 100 of them.",
        field="domain",
    ),
    Explanation(
        "INVALID_TLD_FORMAT",
        "An ending is written in a way Wix does not read.",
        "Write endings without a dot.",
        field="domain",
    ),
    Explanation(
        "CANNOT_ASSIGN_DOMAIN_TO_FREE_SITE",
        "The site has no Premium plan.",
        "Give the site a Premium plan first.",
        field="site",
    ),
    Explanation(
        "INVALID_PRODUCT_INSTANCE",
        "The paid service is not one for domains.",
        "Choose a domain service of this account.",
        field="instance",
    ),
    Explanation(
        "PRODUCT_INSTANCE_NOT_ACTIVE",
        "The paid domain service is not active.",
        "Choose one that is enabled.",
        field="instance",
    ),
    Explanation(
        "AWAITING_PRODUCT_ACTIVATION",
        "Wix is still setting the paid service up.",
        "Try again in some minutes.",
        retry=True,
        field="instance",
    ),
    Explanation(
        "REGISTERED_DOMAIN_ALREADY_EXISTS",
        "This domain is registered at Wix already.",
        "Look it up among the domains.",
        field="domain",
    ),
    Explanation(
        "DOMAIN_ALREADY_TAKEN",
        "Somebody owns this domain.",
        "Choose another name.",
        who="customer",
        field="domain",
    ),
    Explanation(
        "SUBDOMAIN_NOT_SUPPORTED",
        "Only whole domains can be registered.",
        "Leave out the part before the name.",
        field="domain",
    ),
    Explanation(
        "SKU_NOT_FOUND",
        "The product is not set up at Wix.",
        "Only Wix can repair it: report it to Wix B2B.",
        who="wix",
    ),
    Explanation(
        "REGISTERED_DOMAIN_NOT_FOUND",
        "Wix has no such registered domain.",
        "Check the name and the account.",
        field="domain",
    ),
    Explanation(
        "Invalid domain",
        "Wix cannot connect this domain.",
        "Check the name; a subdomain wants its root domain connected by name servers.",
        field="domain",
    ),
    Explanation(
        "Invalid connection type",
        "This domain cannot be connected in this way.",
        "Leave the connection type out for a subdomain.",
        field="connection_type",
    ),
    Explanation(
        "DOMAINS_GUID_NOT_VALID",
        "The site's id is not valid.",
        "Choose the site again.",
        field="site",
    ),
    Explanation(
        "DOMAINS_GUID_NOT_FOUND",
        "Wix does not know the site.",
        "Refresh the account.",
        field="site",
    ),
    Explanation(
        "DOMAINS_ALREADY_EXISTS",
        "The domain is connected already.",
        "Look where it is connected, and disconnect it there first.",
        field="domain",
    ),
    Explanation(
        "DOMAINS_PERMISSION_DENIED",
        "The key may not manage domains.",
        "Give the key the permission Manage Domains.",
    ),
    Explanation(
        "DOMAINS_DOMAIN_NOT_PERMITTED",
        "Wix does not permit this domain.",
        "Choose another name, or ask Wix B2B.",
        who="wix",
        field="domain",
    ),
    Explanation(
        "INVALID_DOMAINS_PREVIEW_RECORDS",
        "Wix could not read the domain's records.",
        "Check the domain at its registrar.",
        who="customer",
        field="domain",
    ),
    Explanation(
        "NON_PREMIUM_SITE",
        "The site has no Premium plan.",
        "Give the site a Premium plan first.",
        field="site",
    ),
    Explanation("NOT_FOUND", "Wix has no such domain.", "Check the name.", field="domain"),
)

SITE_REFUSALS = _catalogue(
    Explanation(
        "PREMIUM_NOT_PERMITTED",
        "A site with paid services is not moved to the trash.",
        "Cancel or move its services first.",
        field="site",
    ),
)

GENERAL_REFUSALS = _catalogue(
    Explanation(
        "PERMISSION_DENIED",
        "The key may not do this, or the account does not match.",
        "Check the key's permission (Manage Reseller Packages) and the account.",
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
    ),
    Explanation(
        "RESOURCE_EXHAUSTED",
        "Wix takes no more calls for the moment.",
        "Nothing to do: it is tried again by itself.",
        retry=True,
    ),
)

CATALOGUE = (
    PACKAGE_REFUSALS | TRANSFER_REFUSALS | DOMAIN_REFUSALS | SITE_REFUSALS | GENERAL_REFUSALS
)

BY_STATUS = {
    400: Explanation("", "Wix did not understand the request.", "Report it with its request id."),
    401: Explanation("", "Wix does not accept the key.", "Give the dashboard a valid key."),
    403: Explanation(
        "",
        "The key may not do this, or the account does not match.",
        "Check the key's permission (Manage Reseller Packages) and the account.",
    ),
    404: Explanation("", "Wix has no such thing.", "Refresh the record and look again."),
    409: Explanation("", "Something else is changing this at Wix.", "Refresh, then ask anew."),
    428: Explanation("", "A condition of Wix is not met.", "Read Wix's words below."),
    429: GENERAL_REFUSALS["RESOURCE_EXHAUSTED"],
}

# Codes that mean something else in one part of Wix, by (code, status).
BY_CODE_AND_STATUS = {
    ("SITE_NOT_FOUND", 400): Explanation(
        "SITE_NOT_FOUND",
        "The site is not in the account it shall leave.",
        "Check the site and the account it is in.",
        field="site",
    ),
}

FAILURES = _catalogue(
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


def explain(code: str, status: int | None = None) -> Explanation:
    """What Wix's answer means. A code Wix never documented gets words by its HTTP status."""
    if status is not None and (code, status) in BY_CODE_AND_STATUS:
        return BY_CODE_AND_STATUS[code, status]
    if code in CATALOGUE:
        return CATALOGUE[code]
    general = BY_STATUS.get(status or 0)
    return Explanation(
        code,
        general.words if general else "Wix refused, for a reason it does not document.",
        general.next_step if general else "Read Wix's words; report them with the request id.",
        who=general.who if general else "wix",
    )


def explain_failure(code: str) -> Explanation:
    """What an instance's failure code means."""
    return FAILURES.get(code) or Explanation(
        code, "Wix gives a cause it does not document.", FAILURES["UNKNOWN"].next_step, who="wix"
    )


def explain_status(status: str) -> StatusWords:
    """What a status of Wix means; one that Wix invented since is shown as it is."""
    return STATUSES.get(status) or StatusWords(
        status.replace("_", " ").capitalize() or "No status",
        "A status Wix does not document.",
        "We",
        "Ask Wix B2B what it means.",
        "look",
    )


def explain_state(state: str) -> StatusWords:
    """What an operation's state means."""
    return STATES[state]
