"""The refusals that Wix documents, by call.

They are written off its pages, section by section, and not off our catalogue.
"""

# Reference: Resellers, Errors. Each with its status, who can help, and the field it belongs to.
OF_PRODUCTS = {
    "PRODUCT_NOT_FOUND": (404, "we", "target_product"),
    "ACCOUNT_NOT_FOUND": (404, "we", "account"),
    "SITE_NOT_FOUND": (404, "we", "target_site"),
    "PRODUCT_LIMIT_EXCEEDED": (428, "wix", "target_product"),
    "PRODUCT_SETTINGS_NOT_FOUND": (428, "wix", "target_product"),
    "MISSING_BILLING_CYCLE": (428, "we", "cycle"),
    "INCOMPATIBLE_BILLING_CYCLE": (428, "we", "cycle"),
    "INVALID_BILLING_CYCLE": (428, "we", "cycle"),
    "INVALID_PRODUCTS": (428, "we", "target_product"),
    "MULTIPLE_PRODUCT_ASSIGNMENTS": (428, "we", "target_site"),
    "PRODUCT_TYPE_ALREADY_ASSIGNED": (428, "we", "target_site"),
    "PRODUCT_NOT_SUPPORTED_ON_SITE": (428, "we", "target_site"),
}
DOCUMENTED = {
    "create": OF_PRODUCTS | {"INVALID_REFERENCE_PRODUCT_INSTANCE_ID": (404, "we", "reference")},
    "unassign": {
        "ACCOUNT_NOT_FOUND": (404, "we", "account"),
        "MISSING_SITE_ID": (428, "we", ""),
        "PRODUCT_INSTANCE_NOT_FOUND": (428, "we", ""),
    },
    "adjust": OF_PRODUCTS
    | {
        "PRODUCT_INSTANCE_NOT_FOUND": (428, "we", ""),
        "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS": (428, "we", ""),
        "INCOMPATIBLE_PRODUCT": (428, "we", "target_product"),
        "MISSING_PRODUCT_DETAILS": (428, "we", "cycle"),
        "OPERATION_NOT_SUPPORTED_FOR_PRODUCT": (428, "wix", "target_product"),
    },
    # Reference: B2B Site Management, Error Messages.
    "transfer": {
        "TARGET_ACCOUNT_ID_NOT_FOUND": (428, "we", "target_account"),
        "SITE_TRANSFER_NOT_ALLOWED": (403, "wix", "target_account"),
        "SITE_NOT_FOUND": (400, "we", "site"),
        "SITE_TRANSFER_NOT_SUPPORTED": (428, "we", "site"),
    },
    # Reference: Domain Search.
    "search": {
        "INVALID_DOMAIN": (400, "we", "domain"),
        "DOMAINS_UNSUPPORTED_TLD": (400, "we", "domain"),
        "INVALID_QUERY": (400, "we", "domain"),
        "INVALID_TLD_FORMAT": (400, "we", "domain"),
        "TLD_NOT_SUPPORTED": (400, "we", "domain"),
    },
    # Reference: Registered Domains, Error Messages.
    "register": {
        "INVALID_DOMAIN": (400, "we", "domain"),
        "INVALID_TLD": (400, "we", "domain"),
        "TLD_NOT_SUPPORTED": (400, "we", "domain"),
        "PERMISSION_DENIED": (403, "we", ""),
        "CANNOT_ASSIGN_DOMAIN_TO_FREE_SITE": (400, "we", "site"),
        "PRODUCT_INSTANCE_NOT_FOUND": (400, "we", "instance"),
        "INVALID_PRODUCT_INSTANCE": (400, "we", "instance"),
        "PRODUCT_INSTANCE_NOT_ACTIVE": (400, "we", "instance"),
        "AWAITING_PRODUCT_ACTIVATION": (400, "we", "instance"),
        "REGISTERED_DOMAIN_ALREADY_EXISTS": (400, "we", "domain"),
        "DOMAIN_ALREADY_TAKEN": (400, "customer", "domain"),
        "INVALID_BILLING_CYCLE": (400, "we", "instance"),
        "SUBDOMAIN_NOT_SUPPORTED": (400, "we", "domain"),
        "SKU_NOT_FOUND": (400, "wix", ""),
    },
    "get registered": {"REGISTERED_DOMAIN_NOT_FOUND": (400, "we", "domain")},
    # Reference: Connected Domains, Error Messages.
    "connect": {
        "Invalid domain": (400, "we", "domain"),
        "Invalid connection type": (400, "we", "connection_type"),
        "DOMAINS_ALREADY_EXISTS": (409, "we", "domain"),
        "DOMAINS_PERMISSION_DENIED": (403, "we", ""),
        "DOMAINS_DOMAIN_NOT_PERMITTED": (403, "wix", "domain"),
        "INVALID_DOMAINS_PREVIEW_RECORDS": (403, "customer", "domain"),
        "DOMAINS_GUID_NOT_FOUND": (403, "we", "site"),
        "NON_PREMIUM_SITE": (403, "we", "site"),
    },
    "get connected": {"NOT_FOUND": (404, "we", "domain")},
}
# What helps with each: F to fix the form, P to change something first,
# R to read it again, W that only Wix can.
REMEDIES = {
    "PRODUCT_NOT_FOUND": "FW",
    "ACCOUNT_NOT_FOUND": "R",
    "PRODUCT_LIMIT_EXCEEDED": "W",
    "PRODUCT_SETTINGS_NOT_FOUND": "W",
    "MISSING_BILLING_CYCLE": "F",
    "INCOMPATIBLE_BILLING_CYCLE": "F",
    "INVALID_BILLING_CYCLE": "F",
    "INVALID_PRODUCTS": "FW",
    "MULTIPLE_PRODUCT_ASSIGNMENTS": "F",
    "PRODUCT_TYPE_ALREADY_ASSIGNED": "P",
    "PRODUCT_NOT_SUPPORTED_ON_SITE": "P",
    "SITE_NOT_FOUND": "FP",
    "INVALID_REFERENCE_PRODUCT_INSTANCE_ID": "F",
    "PRODUCT_INSTANCE_NOT_FOUND": "R",
    "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS": "P",
    "INCOMPATIBLE_PRODUCT": "F",
    "MISSING_PRODUCT_DETAILS": "F",
    "OPERATION_NOT_SUPPORTED_FOR_PRODUCT": "W",
    "MISSING_SITE_ID": "R",
}
REMEDIES_OF_TRANSFERS = {
    "TARGET_ACCOUNT_ID_NOT_FOUND": "F",
    "SITE_TRANSFER_NOT_ALLOWED": "W",
    "SITE_NOT_FOUND": "F",
    "SITE_TRANSFER_NOT_SUPPORTED": "P",
}
REMEDIES_OF_DOMAINS = dict.fromkeys(
    ["INVALID_DOMAIN", "DOMAIN_TOO_LONG", "DOMAIN_TOO_SHORT", "INVALID_TLD", "TLD_NOT_SUPPORTED"],
    "F",
)
INITIALS = {"form": "F", "first": "P", "read": "R", "wix": "W"}
# Codes with several texts: Wix's words, ours in part, the field, what helps.
TEXTS = [
    (
        "MISSING_PRODUCT_DETAILS",
        "You haven't provided `cycleDuration`. The field is required for`RECURRING` billing types.",
        "for how long",
        "cycle",
        "F",
    ),
    (
        "MISSING_PRODUCT_DETAILS",
        "You haven't provided `catalogProductId`.",
        "which product",
        "target_product",
        "F",
    ),
    ("MISSING_PRODUCT_DETAILS", "You haven't provided `billingInfo`.", "billed", "billing", "F"),
    (
        "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
        "Product instance with id 1 is with incompatible status PENDING.",
        "The service's status does not allow this",
        "",
        "P",
    ),
    (
        "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
        "Product instance has status PENDING and can't be modified.",
        "this product in certain statuses only",
        "",
        "P",
    ),
    (
        "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
        "Product instance has status `ENABLED` and can't be modified.",
        "once the service is enabled",
        "",
        "W",
    ),
    (
        "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
        "Product instance with id 1 is with incompatible status ENABLED.",
        "though the service is enabled",
        "",
        "W",
    ),
    (
        "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
        "Product instance with id 1 is with incompatible status CANCELED.",
        "has ended at Wix",
        "",
        "F",
    ),
]
WALK = [
    (call, code, *of_code) for call, codes in DOCUMENTED.items() for code, of_code in codes.items()
]

# What our client does not send; Wix refuses it with these.
NEVER_REGISTERED = {
    "DOMAIN_TOO_LONG": f"{'a' * 60}.example",
    "DOMAIN_TOO_SHORT": "a",
}
# Reference: About Errors. What an answer means that carries no code we know.
BARE = [400, 401, 403, 404, 409, 428, 429, 500, 501, 502, 503, 504]
# The only documented refusal that goes away by itself.
PASSES_BY_ITSELF = {"AWAITING_PRODUCT_ACTIVATION"}
