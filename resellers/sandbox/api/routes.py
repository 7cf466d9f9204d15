"""The paths that are served, and how one is found."""

from __future__ import annotations

from urllib.parse import unquote

from ..wire.errors import DOMAINS, PACKAGES, TRANSFERS
from . import (
    accounts,
    connected_domains,
    domain_assignments,
    domain_search,
    instances,
    packages,
    projects,
    registered_domains,
    sites,
    transfers,
)
from .route import Route, service_routes

INSTANCE = "/resellers/v1/packages/product-instances/{instance}"


_package = service_routes("premium-reseller-packages", "packages.manage", PACKAGES)
_site = service_routes("site-list", "sites.read", match="sites")
_account = service_routes("accounts", "accounts.read", match="accounts")
_project = service_routes("site-actions", "sites.create", match="projects")
_domain = service_routes("domains", "domains.manage", DOMAINS, match="domains")
_registered = service_routes(
    "domains", "domains.manage", DOMAINS, match="domains", opened_by="registered_domains"
)
_search = service_routes("domain-search", "domains.manage", DOMAINS, match="domains")

PACKAGE = "/resellers/v1/packages/{package}"
REGISTERED = "/domains/v1/registered-domains"
CONNECTED = "/domains/v1/connected-domains"
ASSIGNMENTS = "/domains/v1/domain-assignments"

ROUTES: list[Route] = [
    _package("create", "POST", "/resellers/v2/packages", packages.create, keyed=True),
    _package(
        "query",
        "POST",
        "/resellers/v1/packages/query",
        packages.query,
        permission="packages.read",
        writes=False,
    ),
    _package("get", "GET", PACKAGE, packages.get, permission="packages.read", writes=False),
    _package("cancel_package", "DELETE", PACKAGE, packages.cancel_package, keyed=True),
    _package(
        "external_id",
        "PATCH",
        "/resellers/v1/packages/update/{package}/{external_id}",
        packages.update_external_id,
        permission="packages.external_id",
    ),
    _package("unassign", "PATCH", f"{INSTANCE}/unassign", instances.unassign, keyed=True),
    _package("assign", "PATCH", f"{INSTANCE}/{{site}}", instances.assign, keyed=True),
    _package("adjust", "PATCH", INSTANCE, instances.adjust, keyed=True),
    _package("cancel_instance", "DELETE", INSTANCE, instances.cancel_instance, keyed=True),
    _site("query_sites", "POST", "/site-list/v2/sites/query", sites.query, writes=False),
    _site("count_sites", "POST", "/site-list/v2/sites/count", sites.count, writes=False),
    Route(
        name="transfer",
        match="transfer",
        method="POST",
        path="/b2b-site-management/v1/transfer-site",
        permission="sites.transfer",
        handler=transfers.transfer,
        service="b2b-site-management",
        header="target",
        codes=TRANSFERS,
    ),
    _project("create_project", "POST", "/funnel/projects/v1/create", projects.create),
    _project(
        "create_from_template",
        "POST",
        "/msm/v1/meta-site/create-from-template",
        projects.create_from_template,
    ),
    _project(
        "create_from_studio_template",
        "POST",
        "/wixstudio/templates/v1/templates/{template}/create-site",
        projects.create_from_studio_template,
    ),
    _project("duplicate_site", "POST", "/site-actions/v1/sites/duplicate", projects.duplicate),
    _project(
        "publish_site",
        "POST",
        "/site-publisher/v1/site/publish",
        projects.publish,
        header="site",
    ),
    _project(
        "bulk_delete_sites",
        "POST",
        "/site-actions/v1/bulk/sites/delete",
        projects.bulk_delete,
    ),
    _account(
        "list_child_accounts",
        "GET",
        "/accounts/v1/account/child-accounts",
        accounts.list_children,
        writes=False,
    ),
    _account("get_account", "GET", "/accounts/v1/accounts/{account}", accounts.get, writes=False),
    _account(
        "create_account",
        "POST",
        "/accounts/v1/accounts/create",
        accounts.create,
        permission="accounts.create",
        match="new_account",
    ),
    _search(
        "check_domain",
        "GET",
        "/domain-search/v2/check-domain-availability",
        domain_search.check_availability,
        writes=False,
        header="open",
    ),
    _search(
        "suggest_domains",
        "GET",
        "/domain-search/v2/suggest-domains",
        domain_search.suggest,
        writes=False,
        header="open",
    ),
    _registered("create_registered_domain", "POST", REGISTERED, registered_domains.create),
    _registered(
        "list_registered_domains",
        "GET",
        REGISTERED,
        registered_domains.list_all,
        writes=False,
    ),
    _registered(
        "get_registered_domain",
        "GET",
        f"{REGISTERED}/{{domain}}",
        registered_domains.get,
        writes=False,
    ),
    _registered(
        "redeem_registered_domain",
        "POST",
        f"{REGISTERED}/{{domain}}/redeem",
        registered_domains.redeem,
    ),
    _domain("create_connected_domain", "POST", CONNECTED, connected_domains.create),
    _domain("list_connected_domains", "GET", CONNECTED, connected_domains.list_all, writes=False),
    _domain(
        "get_connected_domain",
        "GET",
        f"{CONNECTED}/{{domain}}",
        connected_domains.get,
        writes=False,
    ),
    _domain(
        "delete_connected_domain", "DELETE", f"{CONNECTED}/{{domain}}", connected_domains.delete
    ),
    _domain(
        "connected_domain_setup_info",
        "GET",
        "/domains/v1/connected-domain-setup-info/{domain}",
        connected_domains.setup_info,
        writes=False,
    ),
    _domain("upsert_domain_assignment", "POST", ASSIGNMENTS, domain_assignments.upsert),
    _domain(
        "list_domain_assignments", "GET", ASSIGNMENTS, domain_assignments.list_all, writes=False
    ),
    _domain(
        "get_domain_assignment",
        "GET",
        f"{ASSIGNMENTS}/{{domain}}",
        domain_assignments.get,
        writes=False,
    ),
    _domain(
        "set_domain_as_primary",
        "PATCH",
        f"{ASSIGNMENTS}/{{domain}}",
        domain_assignments.set_as_primary,
    ),
    _domain(
        "delete_domain_assignment",
        "DELETE",
        f"{ASSIGNMENTS}/{{domain}}",
        domain_assignments.delete,
    ),
]


def find(method: str, path: str) -> tuple[Route, dict[str, str]] | None:
    """The route of that method and quoted path, with its parameters unquoted; None if unknown.

    A literal beats a parameter in the same place.
    """
    segments = path.strip("/").split("/")
    if path.endswith("/") or any(not one for one in segments):
        return None
    best: tuple[list[bool], Route] | None = None
    for route in ROUTES:
        if route.method != method or len(route.segments) != len(segments):
            continue
        parameters = [one.startswith("{") for one in route.segments]
        fits = all(
            parameter or wanted == given
            for parameter, wanted, given in zip(parameters, route.segments, segments, strict=True)
        )
        if fits and (best is None or parameters < best[0]):
            best = (parameters, route)
    if best is None:
        return None
    route = best[1]
    return route, {
        name[1:-1]: unquote(given)
        for name, given in zip(route.segments, segments, strict=True)
        if name.startswith("{")
    }
