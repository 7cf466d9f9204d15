"""The paths that are served, each with what it needs and what answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from ..wire.errors import DOMAINS, PACKAGES, TRANSFERS
from . import (
    accounts,
    connected_domains,
    domain_search,
    instances,
    packages,
    projects,
    registered_domains,
    sites,
    transfers,
)
from .call import Call

INSTANCE = "/resellers/v1/packages/product-instances/{instance}"


@dataclass(frozen=True)
class Route:
    """A call that is served.

    `match` is the name faults know it by, `permission` what the key must have, `writes` says
    whether it may change the world. `header` is what tells whom the call is about: an `account`
    that must be known, a `target` account the call itself checks, a `site`, or nothing (`open`).
    A `keyed` call takes an idempotency key. `opened_by` is the switch that opens the call, if any.
    """

    name: str
    match: str
    method: str
    path: str
    permission: str
    handler: Callable[[Call], dict[str, Any]]
    service: str
    writes: bool = True
    header: str = "account"
    codes: dict[str, tuple[int, str]] | None = None
    keyed: bool = False
    opened_by: str = ""

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))


def _of(
    service: str,
    permission: str,
    codes: dict[str, tuple[int, str]] | None = None,
    match: str = "",
    opened_by: str = "",
) -> Callable[..., Route]:
    """Makes the routes of one service, with what they have in common."""

    def route(
        name: str,
        method: str,
        path: str,
        handler: Callable[[Call], dict[str, Any]],
        **differs: Any,
    ) -> Route:
        common = {
            "permission": permission,
            "match": match or name,
            "codes": codes,
            "opened_by": opened_by,
        }
        return Route(
            name=name,
            method=method,
            path=path,
            handler=handler,
            service=service,
            **{**common, **differs},
        )

    return route


_package = _of("premium-reseller-packages", "packages.manage", PACKAGES)
_site = _of("site-list", "sites.read", match="sites")
_account = _of("accounts", "accounts.read", match="accounts")
_project = _of("site-actions", "sites.create", match="projects")
_connected = _of("domains", "domains.manage", DOMAINS, match="domains")
_registered = _of(
    "domains", "domains.manage", DOMAINS, match="domains", opened_by="registered_domains"
)
_search = _of("domain-search", "domains.manage", DOMAINS, match="domains")

PACKAGE = "/resellers/v1/packages/{package}"
REGISTERED = "/domains/v1/registered-domains"
CONNECTED = "/domains/v1/connected-domains"

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
    _connected("create_connected_domain", "POST", CONNECTED, connected_domains.create),
    _connected(
        "list_connected_domains", "GET", CONNECTED, connected_domains.list_all, writes=False
    ),
    _connected(
        "get_connected_domain",
        "GET",
        f"{CONNECTED}/{{domain}}",
        connected_domains.get,
        writes=False,
    ),
    _connected(
        "delete_connected_domain", "DELETE", f"{CONNECTED}/{{domain}}", connected_domains.delete
    ),
    _connected(
        "connected_domain_setup_info",
        "GET",
        "/domains/v1/connected-domain-setup-info/{domain}",
        connected_domains.setup_info,
        writes=False,
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
