"""What Wix refuses about packages and their services.

Reference: Resellers, Errors.
"""

import re
from uuid import UUID

from django.utils.translation import gettext_lazy

from resellers.wix.fields import GUID

from .words import Explanation, catalogue

PACKAGE_REFUSALS = catalogue(
    Explanation(
        "PRODUCT_NOT_FOUND",
        gettext_lazy("Wix does not know this product."),
        gettext_lazy("Correct the product in the catalogue; Wix B2B sends the current list."),
        field="target_product",
        remedies=("form", "wix"),
        unasked_words=gettext_lazy("The catalogue does not have this product."),
        unasked_step=gettext_lazy("Choose another one, or have the catalogue corrected first."),
    ),
    Explanation(
        "ACCOUNT_NOT_FOUND",
        gettext_lazy("Wix does not know this customer."),
        gettext_lazy(
            "Refresh the customer: they may be gone. If Wix has them, correct the customer's id."
        ),
        field="account",
        remedies=("read",),
    ),
    Explanation(
        "SITE_NOT_FOUND",
        gettext_lazy("The site does not belong to this customer."),
        gettext_lazy("Choose a site of the customer, or transfer the site to them first."),
        field="target_site",
        remedies=("form", "first"),
    ),
    Explanation(
        "INVALID_REFERENCE_PRODUCT_INSTANCE_ID",
        gettext_lazy("The reference service is not valid or was used before."),
        gettext_lazy("Choose another reference service, or order without one."),
        field="reference",
    ),
    Explanation(
        "PRODUCT_LIMIT_EXCEEDED",
        gettext_lazy("The number of this product that Wix allows the agency is used up."),
        gettext_lazy("Ask Wix B2B for a higher limit."),
        who="wix",
        field="target_product",
        remedies=("wix",),
    ),
    Explanation(
        "PRODUCT_SETTINGS_NOT_FOUND",
        gettext_lazy("The product is not set up at Wix."),
        gettext_lazy("Only Wix can repair it: report the product to Wix B2B."),
        who="wix",
        field="target_product",
        remedies=("wix",),
    ),
    Explanation(
        "MISSING_BILLING_CYCLE",
        gettext_lazy("The product wants a billing cycle."),
        gettext_lazy("Choose one of its cycles."),
        field="cycle",
    ),
    Explanation(
        "INCOMPATIBLE_BILLING_CYCLE",
        gettext_lazy("The product is not sold with this billing cycle."),
        gettext_lazy(
            "Choose one of the cycles that Wix names, or ask Wix B2B for the product's cycles."
        ),
        field="cycle",
        unasked_step=gettext_lazy("Choose one of its cycles, or ask Wix B2B for them."),
    ),
    Explanation(
        "INVALID_BILLING_CYCLE",
        gettext_lazy("Wix does not take this billing cycle for the product."),
        gettext_lazy(
            "Choose one of the cycles that Wix names, or ask Wix B2B which cycles there are."
        ),
        field="cycle",
        unasked_words=gettext_lazy("The product is sold without a billing cycle."),
        unasked_step=gettext_lazy("Choose no cycle, or ask Wix B2B which cycles there are."),
    ),
    Explanation(
        "INVALID_PRODUCTS",
        gettext_lazy("Wix does not take these products."),
        gettext_lazy(
            "Remove or replace the products that Wix names, or ask Wix B2B which there are."
        ),
        field="target_product",
        remedies=("form", "wix"),
        unasked_words=gettext_lazy("The catalogue has no name for this product."),
        unasked_step=gettext_lazy("Choose another one, or have it named in the catalogue first."),
    ),
    Explanation(
        "MULTIPLE_PRODUCT_ASSIGNMENTS",
        gettext_lazy("These products cannot go to the same site in one order."),
        gettext_lazy("Keep one of them per site, and order the other by itself."),
        field="target_site",
    ),
    Explanation(
        "PRODUCT_TYPE_ALREADY_ASSIGNED",
        gettext_lazy("The site already has a service of this type, and it may have only one."),
        gettext_lazy(
            "Move the other service away, adjust it instead, or choose another site. Ask Wix B2B"
            " which products are of one type."
        ),
        field="target_site",
        remedies=("first",),
    ),
    Explanation(
        "PRODUCT_NOT_SUPPORTED_ON_SITE",
        gettext_lazy(
            "The site cannot carry this product yet; most need a Premium plan on the site first."
        ),
        gettext_lazy(
            "Give the site the plan it needs, or choose another site. Ask Wix B2B which plan the"
            " product needs."
        ),
        field="target_site",
        remedies=("first",),
    ),
    Explanation(
        "PRODUCT_INSTANCE_NOT_FOUND",
        gettext_lazy("Wix does not know this service."),
        gettext_lazy("Refresh the package: the service may be gone."),
        remedies=("read",),
    ),
    Explanation(
        "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
        gettext_lazy("The service's status does not allow this."),
        gettext_lazy("Wait until the service is enabled; if it stays as it is, ask Wix B2B."),
        remedies=("first",),
    ),
    Explanation(
        "INCOMPATIBLE_PRODUCT",
        gettext_lazy("The new product is of another type."),
        gettext_lazy(
            "Choose a product of the same type, or cancel and order anew. Ask Wix B2B which"
            " products are of one type."
        ),
        field="target_product",
    ),
    Explanation(
        "MISSING_PRODUCT_DETAILS",
        gettext_lazy("Wix was not told enough about the change."),
        gettext_lazy("Choose both a product and a billing cycle."),
        field="cycle",
        unasked_words=gettext_lazy("Choose the product that the service shall become."),
    ),
    Explanation(
        "OPERATION_NOT_SUPPORTED_FOR_PRODUCT",
        gettext_lazy("Wix does not offer this for the product."),
        gettext_lazy("Cancel and order anew, or ask Wix B2B."),
        who="wix",
        field="target_product",
        remedies=("wix",),
        unasked_words=gettext_lazy("By the catalogue, Wix does not offer this for the product."),
    ),
    Explanation(
        "MISSING_SITE_ID",
        gettext_lazy("Wix shows the service on no site, so there is nothing to take it off."),
        gettext_lazy("Refresh its package: where the service floats, the wish is true already."),
        remedies=("read",),
        unasked_words=gettext_lazy(
            "The service is on no site, so there is nothing to take it off."
        ),
    ),
    Explanation(
        "PACKAGE_NOT_FOUND",
        gettext_lazy("Wix does not know this package under this customer."),
        gettext_lazy("Refresh the customer and look where the package is."),
    ),
)

# Codes with several texts: the pattern of what each says that those after it do not, and what it
# means.
BY_TEXT: dict[str, tuple[tuple[str, Explanation], ...]] = {
    "MISSING_PRODUCT_DETAILS": (
        (
            "`cycleDuration`",
            Explanation(
                "MISSING_PRODUCT_DETAILS",
                gettext_lazy("Wix was not told for how long the product is wanted."),
                gettext_lazy("Choose a billing cycle."),
                field="cycle",
            ),
        ),
        (
            "`catalogProductId`",
            Explanation(
                "MISSING_PRODUCT_DETAILS",
                gettext_lazy("Wix was not told which product the service shall become."),
                gettext_lazy("Choose the product, or ask Wix B2B which there are."),
                field="target_product",
            ),
        ),
        (
            "`billingInfo`",
            Explanation(
                "MISSING_PRODUCT_DETAILS",
                gettext_lazy("Wix was not told how the product is billed."),
                gettext_lazy(
                    "Choose a billing cycle: the product may not be one that is paid once."
                ),
                field="billing",
            ),
        ),
    ),
    "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS": (
        (
            r"status\W+(FAILED|CANCELED)\b",
            Explanation(
                "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
                gettext_lazy("The service has ended at Wix, and nothing can be done with it."),
                gettext_lazy("Order it anew: what has failed or is canceled stays so."),
            ),
        ),
        (
            r"status\W+ENABLED\b.+be modified",
            Explanation(
                "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
                gettext_lazy("Wix no longer changes this product once the service is enabled."),
                gettext_lazy(
                    "Ask Wix B2B in which status the product may be changed, or cancel and order"
                    " anew."
                ),
                who="wix",
                remedies=("wix",),
            ),
        ),
        (
            r"status\W+ENABLED\b",
            Explanation(
                "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
                gettext_lazy("Wix does not allow this, though the service is enabled."),
                gettext_lazy(
                    "Refresh the package: Wix may be ending the service. If it stays as it is,"
                    " ask Wix B2B."
                ),
                who="wix",
                remedies=("wix",),
            ),
        ),
        (
            "be modified",
            Explanation(
                "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS",
                gettext_lazy(
                    "Wix changes this product in certain statuses only, and the service has"
                    " another."
                ),
                gettext_lazy(
                    "Wait until the service is enabled, or ask Wix B2B which status the product"
                    " wants."
                ),
                remedies=("first",),
            ),
        ),
    ),
}

SITE_OWNER = re.compile(rf"but by\W*({GUID.pattern})", re.IGNORECASE)


def site_owner(code: str, message: str) -> UUID | None:
    """The account that Wix's words name as the owner of the site; None where they name none."""
    found = SITE_OWNER.search(message) if code == "SITE_NOT_FOUND" else None
    return UUID(found[1]) if found else None


ALLOWED_CYCLES = {
    "INCOMPATIBLE_BILLING_CYCLE": re.compile(r"it is not one of (.+?)\.?\s*\Z", re.DOTALL),
    "INVALID_BILLING_CYCLE": re.compile(r"for those cycles: (.+?) and the request", re.DOTALL),
}


def allowed_cycles(code: str, message: str) -> str:
    """The billing cycles that Wix's words name as allowed, as it writes them; empty for none."""
    named = code in ALLOWED_CYCLES and ALLOWED_CYCLES[code].search(message)
    return named[1].strip() if named else ""
