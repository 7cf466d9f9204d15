"""What Wix refuses about domains: searching, registering and connecting them.

Reference: Domain Search; Registered Domains and Connected Domains, Error Messages.
"""

from django.utils.translation import gettext_lazy

from .words import Explanation, catalogue

DOMAIN_REFUSALS = catalogue(
    Explanation(
        "INVALID_DOMAIN",
        gettext_lazy("This is not a domain name Wix can register."),
        gettext_lazy(
            "Write the name with its ending, such as bakery.example, without a subdomain."
        ),
        field="domain",
    ),
    Explanation(
        "DOMAIN_TOO_LONG",
        gettext_lazy("The name is too long."),
        gettext_lazy("Use 63 characters at most, with its ending."),
        field="domain",
    ),
    Explanation(
        "DOMAIN_TOO_SHORT",
        gettext_lazy("The name is too short."),
        gettext_lazy("Use 3 characters or more, with its ending."),
        field="domain",
    ),
    Explanation(
        "INVALID_TLD",
        gettext_lazy("The paid service is for another ending."),
        gettext_lazy("Choose a name with the service's ending, or adjust the service."),
        field="domain",
    ),
    Explanation(
        "TLD_NOT_SUPPORTED",
        gettext_lazy("Wix does not sell this ending."),
        gettext_lazy("Choose another ending."),
        field="domain",
    ),
    Explanation(
        "DOMAINS_UNSUPPORTED_TLD",
        gettext_lazy("Wix does not sell this ending."),
        gettext_lazy("Choose another ending."),
        field="domain",
    ),
    Explanation(
        "INVALID_QUERY",
        gettext_lazy("Wix cannot search for these characters."),
        gettext_lazy("Use letters, digits and hyphens, 3 to 100 of them."),
        field="domain",
    ),
    Explanation(
        "INVALID_TLD_FORMAT",
        gettext_lazy("An ending is written in a way Wix does not read."),
        gettext_lazy("Write endings without a dot."),
        field="domain",
    ),
    Explanation(
        "CANNOT_ASSIGN_DOMAIN_TO_FREE_SITE",
        gettext_lazy("The site has no Premium plan."),
        gettext_lazy("Give the site a Premium plan first."),
        field="site",
        remedies=("first",),
    ),
    Explanation(
        "INVALID_PRODUCT_INSTANCE",
        gettext_lazy("The paid service is not one for domains."),
        gettext_lazy("Choose a domain service of this customer."),
        field="instance",
    ),
    Explanation(
        "PRODUCT_INSTANCE_NOT_ACTIVE",
        gettext_lazy("The paid domain service is not active."),
        gettext_lazy("Choose one that is enabled."),
        field="instance",
        remedies=("first",),
    ),
    Explanation(
        "AWAITING_PRODUCT_ACTIVATION",
        gettext_lazy("Wix is still setting the paid service up."),
        gettext_lazy("Try again in some minutes."),
        retry=True,
        field="instance",
    ),
    Explanation(
        "REGISTERED_DOMAIN_ALREADY_EXISTS",
        gettext_lazy("This domain is registered at Wix already."),
        gettext_lazy("Look it up among the domains."),
        field="domain",
    ),
    Explanation(
        "DOMAIN_ALREADY_TAKEN",
        gettext_lazy("Somebody owns this domain."),
        gettext_lazy("Choose another name."),
        who="customer",
        field="domain",
    ),
    Explanation(
        "SUBDOMAIN_NOT_SUPPORTED",
        gettext_lazy("Only whole domains can be registered."),
        gettext_lazy("Leave out the part before the name."),
        field="domain",
    ),
    Explanation(
        "SKU_NOT_FOUND",
        gettext_lazy("The product is not set up at Wix."),
        gettext_lazy("Only Wix can repair it: report it to Wix B2B."),
        who="wix",
        remedies=("wix",),
    ),
    Explanation(
        "REGISTERED_DOMAIN_NOT_FOUND",
        gettext_lazy("Wix has no such registered domain."),
        gettext_lazy("Check the name and the customer."),
        field="domain",
    ),
    Explanation(
        "Invalid domain",
        gettext_lazy("Wix cannot connect this domain."),
        gettext_lazy(
            "Check the name; a subdomain wants its root domain connected by name servers."
        ),
        field="domain",
    ),
    Explanation(
        "Invalid connection type",
        gettext_lazy("This domain cannot be connected in this way."),
        gettext_lazy("Leave the connection type out for a subdomain."),
        field="connection_type",
    ),
    Explanation(
        "DOMAINS_GUID_NOT_VALID",
        gettext_lazy("The site's id is not valid."),
        gettext_lazy("Choose the site again."),
        field="site",
    ),
    Explanation(
        "DOMAINS_GUID_NOT_FOUND",
        gettext_lazy("Wix does not know the site."),
        gettext_lazy("Refresh the customer."),
        field="site",
    ),
    Explanation(
        "DOMAINS_ALREADY_EXISTS",
        gettext_lazy("The domain is connected already."),
        gettext_lazy("Look where it is connected, and disconnect it there first."),
        field="domain",
        remedies=("first",),
    ),
    Explanation(
        "DOMAINS_PERMISSION_DENIED",
        gettext_lazy("The key may not manage domains."),
        gettext_lazy("Give the key the permission Manage Domains."),
        remedies=("first",),
    ),
    Explanation(
        "DOMAINS_DOMAIN_NOT_PERMITTED",
        gettext_lazy("Wix does not permit this domain."),
        gettext_lazy("Choose another name, or ask Wix B2B."),
        who="wix",
        field="domain",
        remedies=("form", "wix"),
    ),
    Explanation(
        "INVALID_DOMAINS_PREVIEW_RECORDS",
        gettext_lazy("Wix could not read the domain's records."),
        gettext_lazy("Check the domain at its registrar."),
        who="customer",
        field="domain",
        remedies=("first",),
    ),
    Explanation(
        "NON_PREMIUM_SITE",
        gettext_lazy("The site has no Premium plan."),
        gettext_lazy("Give the site a Premium plan first."),
        field="site",
        remedies=("first",),
    ),
    Explanation(
        "NOT_FOUND",
        gettext_lazy(
            "Wix has no such thing; of a domain, that it is not connected for this customer."
        ),
        gettext_lazy("Check the name and the customer."),
        field="domain",
    ),
    Explanation(
        "access_denied",
        gettext_lazy("Wix wants no key at its domain search."),
        gettext_lazy("Nothing to do: it is asked again without the key."),
        remedies=(),
    ),
)

MEANING_ELSE_OF_DOMAINS = {
    ("PRODUCT_INSTANCE_NOT_FOUND", 400): Explanation(
        "PRODUCT_INSTANCE_NOT_FOUND",
        gettext_lazy("Wix does not know the paid domain service."),
        gettext_lazy("Refresh the customer, then choose one of their domain services."),
        field="instance",
    ),
    ("INVALID_BILLING_CYCLE", 400): Explanation(
        "INVALID_BILLING_CYCLE",
        gettext_lazy(
            "A domain is registered for one, two or three years; the paid service has another"
            " cycle."
        ),
        gettext_lazy("Choose a domain service that is paid for one to three years."),
        field="instance",
    ),
}
