"""Every call of the client once: arguments that are in order, and an answer that is."""

from dataclasses import dataclass, field
from typing import Any

from resellers.wix import BillingInfo, NewProduct

from .domain_examples import ASSIGNED, CONNECTED, PERSON, REGISTERED, SETUP
from .examples import CUSTOMER, INSTANCE, MAIN, OTHER_SITE, PACKAGE, PRODUCT, SITE, package, site

MORE = {"count": 1, "cursors": {"next": "more", "prev": None}, "hasNext": True}


@dataclass(frozen=True)
class Case:
    name: str
    arguments: dict[str, Any]
    answer: dict[str, Any] = field(hash=False)
    method: str
    path: str
    repeatable: bool
    account: str | None = CUSTOMER

    def __str__(self) -> str:
        return self.name


def _package_write(name: str, method: str, path: str, **arguments: Any) -> Case:
    arguments = {"account_id": CUSTOMER} | arguments
    return Case(name, arguments, {"package": package()}, method, path, repeatable=False)


ON_INSTANCE = f"/resellers/v1/packages/product-instances/{INSTANCE}"
ON_DOMAIN = {"account_id": CUSTOMER, "domain": "bakery.example"}

EVERY_CALL = [
    Case(
        "query_packages",
        {},
        {"packages": [package()], "metadata": MORE},
        "POST",
        "/resellers/v1/packages/query",
        repeatable=True,
        account=MAIN,
    ),
    Case(
        "get_package",
        {"account_id": CUSTOMER, "package_id": PACKAGE},
        {"package": package()},
        "GET",
        f"/resellers/v1/packages/{PACKAGE}",
        repeatable=True,
    ),
    _package_write(
        "create_package",
        "POST",
        "/resellers/v2/packages",
        products=[NewProduct(PRODUCT, "DE")],
    ),
    _package_write(
        "cancel_package", "DELETE", f"/resellers/v1/packages/{PACKAGE}", package_id=PACKAGE
    ),
    _package_write("cancel_product_instance", "DELETE", ON_INSTANCE, instance_id=INSTANCE),
    _package_write(
        "assign_product_instance",
        "PATCH",
        f"{ON_INSTANCE}/{SITE}",
        instance_id=INSTANCE,
        site_id=SITE,
    ),
    _package_write(
        "unassign_product_instance", "PATCH", f"{ON_INSTANCE}/unassign", instance_id=INSTANCE
    ),
    _package_write(
        "adjust_product_instance",
        "PATCH",
        ON_INSTANCE,
        instance_id=INSTANCE,
        billing_info=BillingInfo("RECURRING", "YEAR", 1),
    ),
    Case(
        "update_package_external_id",
        {"account_id": CUSTOMER, "package_id": PACKAGE, "external_id": "ord-2"},
        {"updatedPackage": package()},
        "PATCH",
        f"/resellers/v1/packages/update/{PACKAGE}/ord-2",
        repeatable=False,
    ),
    Case(
        "query_sites",
        {"account_id": CUSTOMER},
        {"sites": [site()], "metadata": MORE},
        "POST",
        "/site-list/v2/sites/query",
        repeatable=True,
    ),
    Case(
        "count_sites",
        {"account_id": CUSTOMER},
        {"count": 210},
        "POST",
        "/site-list/v2/sites/count",
        repeatable=True,
    ),
    Case(
        "transfer_site",
        {"site_id": SITE, "source_account_id": MAIN, "target_account_id": CUSTOMER},
        {"siteTransfer": {"siteId": SITE, "sourceAccountId": MAIN, "enableNotifications": False}},
        "POST",
        "/b2b-site-management/v1/transfer-site",
        repeatable=False,
    ),
    Case(
        "create_project",
        {"account_id": CUSTOMER, "name": "Bakery"},
        {"project": {"metaSiteId": SITE, "siteId": OTHER_SITE, "templateId": "t", "apps": []}},
        "POST",
        "/funnel/projects/v1/create",
        repeatable=False,
    ),
    Case(
        "create_site_from_template",
        {"account_id": CUSTOMER, "template_id": "template-1"},
        {"metaSiteId": SITE},
        "POST",
        "/msm/v1/meta-site/create-from-template",
        repeatable=False,
    ),
    Case(
        "create_site_from_studio_template",
        {"account_id": CUSTOMER, "template_id": "template-1"},
        {"createdSiteMetaSiteId": SITE},
        "POST",
        "/wixstudio/templates/v1/templates/template-1/create-site",
        repeatable=False,
    ),
    Case(
        "duplicate_site",
        {"account_id": CUSTOMER, "source_site_id": OTHER_SITE, "display_name": "Copy"},
        {"newSiteId": SITE},
        "POST",
        "/site-actions/v1/sites/duplicate",
        repeatable=False,
    ),
    Case(
        "publish_site",
        {"site_id": SITE},
        {},
        "POST",
        "/site-publisher/v1/site/publish",
        repeatable=False,
        account=None,
    ),
    Case(
        "bulk_delete_sites",
        {"account_id": CUSTOMER, "site_ids": [SITE]},
        {"results": [{"itemMetadata": {"id": SITE, "originalIndex": "0", "success": True}}]},
        "POST",
        "/site-actions/v1/bulk/sites/delete",
        repeatable=False,
    ),
    Case(
        "list_child_accounts",
        {},
        {"childAccounts": [{"accountId": CUSTOMER}], "pagingMetadata": {"count": 1, "total": 1}},
        "GET",
        "/accounts/v1/account/child-accounts?paging.limit=50&paging.offset=0",
        repeatable=True,
        account=MAIN,
    ),
    Case(
        "get_account",
        {"account_id": CUSTOMER},
        {"account": {"accountId": CUSTOMER, "accountName": "Bakery"}},
        "GET",
        f"/accounts/v1/accounts/{CUSTOMER}",
        repeatable=True,
    ),
    Case(
        "create_account",
        {"email": "inhaber@bakery.example"},
        {"account": {"accountId": CUSTOMER}},
        "POST",
        "/accounts/v1/accounts/create",
        repeatable=False,
        account=MAIN,
    ),
    Case(
        "check_domain_availability",
        {"domain": "bakery.example"},
        {
            "availability": {
                "domain": "bakery.example",
                "available": True,
                "premium": False,
                "premiumType": "UNKNOWN_PREMIUM_TYPE",
            }
        },
        "GET",
        "/domain-search/v2/check-domain-availability?domain=bakery.example",
        repeatable=True,
        account=None,
    ),
    Case(
        "suggest_domains",
        {"query": "bakery bread", "tlds": ["de", "com"], "limit": 5},
        {
            "suggestions": [{"domain": "bakery-bread.example", "premium": False}],
            "pagingMetadata": MORE,
        },
        "GET",
        "/domain-search/v2/suggest-domains?query=bakery%20bread&tlds=de&tlds=com&paging.limit=5",
        repeatable=True,
        account=None,
    ),
    Case(
        "create_registered_domain",
        ON_DOMAIN | {"product_instance_id": INSTANCE, "registrant": PERSON},
        {"registeredDomain": REGISTERED},
        "POST",
        "/domains/v1/registered-domains",
        repeatable=False,
    ),
    Case(
        "get_registered_domain",
        ON_DOMAIN,
        {"registeredDomain": REGISTERED},
        "GET",
        "/domains/v1/registered-domains/bakery.example",
        repeatable=True,
    ),
    Case(
        "list_registered_domains",
        {"account_id": CUSTOMER},
        {"registeredDomains": [REGISTERED], "pagingMetadata": MORE},
        "GET",
        "/domains/v1/registered-domains?paging.limit=100",
        repeatable=True,
    ),
    Case(
        "redeem_registered_domain",
        ON_DOMAIN,
        {"registeredDomain": REGISTERED},
        "POST",
        "/domains/v1/registered-domains/bakery.example/redeem",
        repeatable=False,
    ),
    Case(
        "create_connected_domain",
        ON_DOMAIN | {"connection_type": "NAMESERVERS", "assignment_type": "REDIRECT"},
        {"connectedDomain": CONNECTED},
        "POST",
        "/domains/v1/connected-domains",
        repeatable=False,
    ),
    Case(
        "get_connected_domain",
        ON_DOMAIN,
        {"connectedDomain": CONNECTED},
        "GET",
        "/domains/v1/connected-domains/bakery.example",
        repeatable=True,
    ),
    Case(
        "delete_connected_domain",
        ON_DOMAIN,
        {},
        "DELETE",
        "/domains/v1/connected-domains/bakery.example",
        repeatable=False,
    ),
    Case(
        "list_connected_domains",
        {"account_id": CUSTOMER},
        {"connectedDomains": [CONNECTED], "pagingMetadata": MORE},
        "GET",
        "/domains/v1/connected-domains?paging.limit=100",
        repeatable=True,
    ),
    Case(
        "get_connected_domain_setup",
        ON_DOMAIN,
        {"connectedDomainSetupInfo": SETUP},
        "GET",
        "/domains/v1/connected-domain-setup-info/bakery.example",
        repeatable=True,
    ),
    Case(
        "upsert_domain_assignment",
        ON_DOMAIN | {"site_id": SITE},
        {"domainAssignment": ASSIGNED},
        "POST",
        "/domains/v1/domain-assignments",
        repeatable=False,
    ),
    Case(
        "set_domain_as_primary",
        ON_DOMAIN,
        {"domainAssignment": ASSIGNED},
        "PATCH",
        "/domains/v1/domain-assignments/bakery.example",
        repeatable=False,
    ),
    Case(
        "get_domain_assignment",
        ON_DOMAIN,
        {"domainAssignment": ASSIGNED},
        "GET",
        "/domains/v1/domain-assignments/bakery.example",
        repeatable=True,
    ),
    Case(
        "delete_domain_assignment",
        ON_DOMAIN,
        {},
        "DELETE",
        "/domains/v1/domain-assignments/bakery.example",
        repeatable=False,
    ),
    Case(
        "list_domain_assignments",
        {"account_id": CUSTOMER, "site_ids": [SITE, OTHER_SITE]},
        {"domainAssignments": [ASSIGNED], "pagingMetadata": MORE},
        "GET",
        f"/domains/v1/domain-assignments?siteIds={SITE}&siteIds={OTHER_SITE}&paging.limit=100",
        repeatable=True,
    ),
]
READS = [case for case in EVERY_CALL if case.repeatable]
WRITES = [case for case in EVERY_CALL if not case.repeatable]
