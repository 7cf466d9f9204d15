"""What Wix refuses about domains: searching, registering and connecting them.

Reference: Domain Search; Registered Domains and Connected Domains, Error Messages.
"""

from .words import Explanation, catalogue

DOMAIN_REFUSALS = catalogue(
    Explanation(
        "INVALID_DOMAIN",
        "This is not a domain name Wix can register.",
        "Write the name with its ending, such as bakery.example, without a subdomain.",
        field="domain",
    ),
    Explanation(
        "DOMAIN_TOO_LONG",
        "The name is too long.",
        "Use 63 characters at most, with its ending.",
        field="domain",
    ),
    Explanation(
        "DOMAIN_TOO_SHORT",
        "The name is too short.",
        "Use 3 characters or more, with its ending.",
        field="domain",
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
        remedies=("first",),
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
        remedies=("first",),
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
        remedies=("wix",),
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
        remedies=("first",),
    ),
    Explanation(
        "DOMAINS_PERMISSION_DENIED",
        "The key may not manage domains.",
        "Give the key the permission Manage Domains.",
        remedies=("first",),
    ),
    Explanation(
        "DOMAINS_DOMAIN_NOT_PERMITTED",
        "Wix does not permit this domain.",
        "Choose another name, or ask Wix B2B.",
        who="wix",
        field="domain",
        remedies=("form", "wix"),
    ),
    Explanation(
        "INVALID_DOMAINS_PREVIEW_RECORDS",
        "Wix could not read the domain's records.",
        "Check the domain at its registrar.",
        who="customer",
        field="domain",
        remedies=("first",),
    ),
    Explanation(
        "NON_PREMIUM_SITE",
        "The site has no Premium plan.",
        "Give the site a Premium plan first.",
        field="site",
        remedies=("first",),
    ),
    Explanation(
        "NOT_FOUND",
        "Wix has no such thing; of a domain, that it is not connected in this account.",
        "Check the name and the account.",
        field="domain",
    ),
    Explanation(
        "access_denied",
        "Wix wants no key at its domain search.",
        "Nothing to do: it is asked again without the key.",
        remedies=(),
    ),
)

MEANING_ELSE_OF_DOMAINS = {
    ("PRODUCT_INSTANCE_NOT_FOUND", 400): Explanation(
        "PRODUCT_INSTANCE_NOT_FOUND",
        "Wix does not know the paid domain service.",
        "Refresh the account, then choose one of its domain services.",
        field="instance",
    ),
    ("INVALID_BILLING_CYCLE", 400): Explanation(
        "INVALID_BILLING_CYCLE",
        "A domain is registered for one, two or three years; the paid service has another cycle.",
        "Choose a domain service that is paid for one to three years.",
        field="instance",
    ),
}
