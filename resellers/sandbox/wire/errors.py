"""What the sandbox refuses with: statuses, codes and message templates.

The packages' table is the Errors article of the Resellers API, the transfers' and the domains'
tables are their own error pages. Codes that Wix does not document are marked as ours.
"""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An answer that is not a success: status, and the body in Wix's envelope.

    `violations` makes it a validation error, `code` an application error, neither the empty
    body of a system error.
    """

    def __init__(
        self,
        status: int,
        code: str | None = None,
        message: str = "",
        violations: list[dict[str, Any]] | None = None,
    ) -> None:
        super().__init__(f"{status} {code or ''} {message}".strip())
        self.status = status
        self.code = code
        self.message = message
        self.violations = violations

    @property
    def body(self) -> dict[str, Any]:
        if self.violations:
            return {
                "message": self.message,
                "details": {"validationError": {"fieldViolations": self.violations}},
            }
        if self.code:
            error = {"code": self.code, "description": self.message, "data": {}}
            return {"message": self.message, "details": {"applicationError": error}}
        return {"message": self.message, "details": {}}


PACKAGES: dict[str, tuple[int, str]] = {
    "PRODUCT_NOT_FOUND": (404, "Product id not found in catalog."),
    "ACCOUNT_NOT_FOUND": (404, "Account with id {accountId} was not found."),
    "SITE_NOT_FOUND": (
        404,
        "Site {metaSiteId} is not owned by {requestingAccountId}, but by {ownerAccountId}.",
    ),
    "INVALID_REFERENCE_PRODUCT_INSTANCE_ID": (
        404,
        "Reference product instance ID is invalid or has already been used.",
    ),
    "PRODUCT_LIMIT_EXCEEDED": (
        428,
        "Limit for product {productId} exceeded, "
        "number of current subscriptions {numberOfCurrentSubscriptions}.",
    ),
    "PRODUCT_SETTINGS_NOT_FOUND": (428, "Product doesn't have any settings {productId}."),
    "MISSING_BILLING_CYCLE": (428, "Product {productId} must receive a cycle upon creating."),
    "INCOMPATIBLE_BILLING_CYCLE": (
        428,
        "Product {productId} cannot be used with cycle: {cycle}, it is not one of {cycles}.",
    ),
    "INVALID_BILLING_CYCLE": (
        428,
        "Product {productId} is allowed for those cycles: {settingsCycles} "
        "and the request had this contract details: {requestedContractDetails}.",
    ),
    "INVALID_PRODUCTS": (428, "Invalid products: {productIds}."),
    "MULTIPLE_PRODUCT_ASSIGNMENTS": (
        428,
        "Trying to assign products: {productIds} that cannot be assigned simultaneously "
        "to the same site {metaSiteId}.",
    ),
    "PRODUCT_TYPE_ALREADY_ASSIGNED": (
        428,
        "Product type: {productTypeId} is allowed only as one instance per site "
        "and site {metaSiteId} already has one product of that type.",
    ),
    "PRODUCT_NOT_SUPPORTED_ON_SITE": (
        428,
        "Site {metaSiteId} is not compatible with product {productId}.",
    ),
    "MISSING_SITE_ID": (
        428,
        "You must provide a siteId to unassign product instance {instanceId} from a site.",
    ),
    "PRODUCT_INSTANCE_NOT_FOUND": (428, "Product instance with id {instanceId} was not found."),
    "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS": (
        428,
        "Product instance with id {instanceId} is with incompatible status {status}.",
    ),
    "INCOMPATIBLE_PRODUCT": (
        428,
        "Cannot change asset from product of type {existingProductType} "
        "with id {existingProductId} to product with id: {targetProductId}.",
    ),
    "MISSING_PRODUCT_DETAILS": (428, "You haven't provided {field}."),
    "OPERATION_NOT_SUPPORTED_FOR_PRODUCT": (
        428,
        "This action isn't supported for product {productId}.",
    ),
    # Ours: Wix names no error for an unknown package, a wrong cursor or a key used twice.
    "PACKAGE_NOT_FOUND": (404, "Package with id {packageId} was not found."),
    "INVALID_CURSOR": (400, "The cursor is invalid: {reason}."),
    "IDEMPOTENCY_KEY_REUSED": (
        409,
        "The idempotency key {key} was already used for a different request.",
    ),
}

# The second text of a code that Wix's table of adjusting has twice.
PACKAGES_BY_PRODUCT: dict[str, tuple[int, str]] = {
    "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS": (
        428,
        "Product instance has status {status} and can't be modified.",
    ),
}

TRANSFERS: dict[str, tuple[int, str]] = {
    "TARGET_ACCOUNT_ID_NOT_FOUND": (428, "Target account wasn't found."),
    "SITE_TRANSFER_NOT_ALLOWED": (
        403,
        "Site transfer isn't allowed for {sourceAccountId} and {targetAccountId}.",
    ),
    "SITE_NOT_FOUND": (400, "{siteId} wasn't found in {accountId}."),
    "SITE_TRANSFER_NOT_SUPPORTED": (
        428,
        "Site transfer isn't supported for sites with paid Wix services.",
    ),
}

DOMAINS: dict[str, tuple[int, str]] = {
    "INVALID_DOMAIN": (400, "{domain} is not a root domain with a valid TLD."),
    "DOMAINS_UNSUPPORTED_TLD": (400, "Unsupported TLD: {tld}."),
    "INVALID_QUERY": (400, "The query contains characters that are not allowed."),
    "INVALID_TLD_FORMAT": (400, "Write TLDs without a leading dot: {tld}."),
    "TLD_NOT_SUPPORTED": (400, "The TLD {tld} isn't supported."),
    "DOMAIN_TOO_LONG": (400, "{domain} has more than 63 characters."),
    "DOMAIN_TOO_SHORT": (400, "{domain} has fewer than 3 characters."),
    "INVALID_TLD": (400, "Product instance {instanceId} isn't for the TLD {tld}."),
    "PERMISSION_DENIED": (403, ""),
    "CANNOT_ASSIGN_DOMAIN_TO_FREE_SITE": (400, "Site {siteId} has no Premium plan."),
    "PRODUCT_INSTANCE_NOT_FOUND": (400, "Product instance {instanceId} wasn't found."),
    "INVALID_PRODUCT_INSTANCE": (400, "Product instance {instanceId} can't be used for a domain."),
    "PRODUCT_INSTANCE_NOT_ACTIVE": (400, "Product instance {instanceId} isn't active."),
    "AWAITING_PRODUCT_ACTIVATION": (
        400,
        "Product instance {instanceId} isn't active yet, try again in some minutes.",
    ),
    "REGISTERED_DOMAIN_ALREADY_EXISTS": (400, "{domain} is already registered in an account."),
    "DOMAIN_ALREADY_TAKEN": (400, "{domain} is already taken."),
    "INVALID_BILLING_CYCLE": (400, "A domain is registered for 1 to 3 years, not for {cycle}."),
    "SUBDOMAIN_NOT_SUPPORTED": (400, "{domain} is a subdomain."),
    "SKU_NOT_FOUND": (400, "No SKU was found for product {productId}."),
    "REGISTERED_DOMAIN_NOT_FOUND": (400, "{domain} isn't registered in this account."),
    # Ours: what redeeming outside of the redemption period answers is not documented.
    "DOMAIN_NOT_REDEEMABLE": (400, "{domain} isn't in its redemption period."),
    "Invalid domain": (400, "{domain} can't be connected."),
    "Invalid connection type": (400, "{connectionType} isn't possible for {domain}."),
    "DOMAINS_GUID_NOT_VALID": (400, "{siteId} isn't a valid GUID."),
    "DOMAINS_ALREADY_EXISTS": (409, "{domain} is already connected."),
    "DOMAINS_PERMISSION_DENIED": (403, "Site {siteId} belongs to another account."),
    "DOMAINS_DOMAIN_NOT_PERMITTED": (403, "{domain} is not permitted."),
    "INVALID_DOMAINS_PREVIEW_RECORDS": (403, "The DNS records of {domain} can't be read."),
    "DOMAINS_GUID_NOT_FOUND": (403, "Site {siteId} wasn't found."),
    "NON_PREMIUM_SITE": (403, "Site {siteId} has no Premium plan."),
    "NOT_FOUND": (404, "{domain} wasn't found."),
    "access_denied": (403, "Access denied."),
    # Ours: Wix says that these fail, and not how.
    "DOMAIN_IS_PRIMARY_OF_ANOTHER_SITE": (428, "{domain} is the primary domain of another site."),
    "TOO_MANY_REDIRECTS": (428, "Site {siteId} has as many redirect domains as it may."),
}

GENERAL: dict[str, tuple[int, str]] = {
    "UNAUTHENTICATED": (401, ""),
    "PERMISSION_DENIED": (403, ""),
    "RESOURCE_EXHAUSTED": (429, "Too many requests."),
    "ACCOUNT_NOT_FOUND": (404, "Account with id {accountId} was not found."),
}


class _Filled(dict):
    def __missing__(self, name: str) -> str:
        return f"<{name}>"


def refuse(code: str, table: dict[str, tuple[int, str]] = PACKAGES, **values: object) -> Refusal:
    """The refusal of that code with its message filled in, ready to be raised."""
    status, template = table[code]
    return Refusal(status, code, template.format_map(_Filled(values)))


def permission_denied() -> Refusal:
    """403 with an empty description, as Wix is seen to answer."""
    return refuse("PERMISSION_DENIED", GENERAL)


def system_error(status: int = 500) -> Refusal:
    """An answer without a code: Wix's own faults say nothing."""
    return Refusal(status)


def invalid(field: str, description: str, rule: str = "FORMAT") -> Refusal:
    """400 for one wrong field."""
    return Refusal(
        400, None, f"{field} {description}".strip(), [violation(field, description, rule)]
    )


def violation(field: str, description: str, rule: str) -> dict[str, Any]:
    """One entry of `fieldViolations`."""
    return {
        "field": field,
        "description": description,
        "violatedRule": rule,
        "ruleName": None,
        "data": {},
    }
