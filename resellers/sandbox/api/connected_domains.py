"""The calls about domains bought elsewhere and connected to a site.

Reference: Domains, Connected Domains. A name that begins with `no-dns` stands for one whose DNS
records cannot be read, one that contains `wix` for one that is not permitted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any, TypeVar

from ..wire.errors import DOMAINS, Refusal, refuse
from ..world.clock import DAY, SECOND
from ..world.entities import ConnectedDomain, RegisteredDomain, Site
from ..world.world import World
from .call import Call
from .cursors import cursors_of
from .domain_names import labels
from .paging import Page, next_cursor, with_faults

ASSIGNMENT_TYPES = ("PRIMARY", "REDIRECT", "UNKNOWN_ASSIGNMENT_TYPE")
PAGE = 100
NAME_SERVERS = ["ns1.dns.example", "ns2.dns.example"]

Row = TypeVar("Row", ConnectedDomain, RegisteredDomain)


def create(call: Call) -> dict[str, Any]:
    """Create Connected Domain, on the site of the site header or on none."""
    world, body = call.world, call.body
    wanted = body.object("connectedDomain", required=True)
    domain = ((wanted.text("domain", required=True) if wanted else None) or "").lower()
    connection_type = wanted.text("connectionType") if wanted else None
    info = wanted.object("siteInfo") if wanted else None
    assignment_type = info.enum("assignmentType", ASSIGNMENT_TYPES) if info else None
    suppress = wanted.boolean("suppressNotifications") if wanted else False
    body.check()
    kind = _checked_type(domain, connection_type)
    site = _site(call)
    if domain in world.connected_domains:
        raise refuse("DOMAINS_ALREADY_EXISTS", DOMAINS, domain=domain)
    if "wix" in domain:
        raise refuse("DOMAINS_DOMAIN_NOT_PERMITTED", DOMAINS, domain=domain)
    if domain.startswith("no-dns"):
        raise refuse("INVALID_DOMAINS_PREVIEW_RECORDS", DOMAINS, domain=domain)
    if site is not None and not world.has_plan(site.id):
        raise refuse("NON_PREMIUM_SITE", DOMAINS, siteId=site.id)
    connected = ConnectedDomain(
        domain=domain,
        account_id=call.account_id,
        site_id=site.id if site else None,
        connection_type=kind,
        assignment_type=assignment_type or ("PRIMARY" if site else "UNKNOWN_ASSIGNMENT_TYPE"),
        created=world.clock.now(),
        suppress_notifications=suppress,
    )
    world.put_connected_domain(connected)
    return {"connectedDomain": _shape(world, connected)}


def get(call: Call) -> dict[str, Any]:
    """Get Connected Domain."""
    return {"connectedDomain": _shape(call.world, _connected(call))}


def delete(call: Call) -> dict[str, Any]:
    """Delete Connected Domain."""
    call.body.check()
    call.world.remove_connected_domain(_connected(call))
    return {}


def list_all(call: Call) -> dict[str, Any]:
    """List Connected Domains of the header's account, newest first."""
    rows = [one for one in call.world.connected_domains if one.account_id == call.account.id]
    page, metadata = newest_first(call, rows, "connected domains", PAGE)
    return {
        "connectedDomains": [_shape(call.world, one) for one in page],
        "pagingMetadata": metadata,
    }


def setup_info(call: Call) -> dict[str, Any]:
    """Get Connected Domain Setup Info: the name servers to enter at the registrar."""
    domain = _connected(call).domain
    record = {"hostName": domain, "ttl": 3600, "values": NAME_SERVERS}
    return {
        "connectedDomainSetupInfo": {
            "connectedDomainId": domain,
            "registrarName": "Registrar Beispiel",
            "nameserverRecord": {"nsRecord": record},
        }
    }


def newest_first(
    call: Call, rows: Iterable[Row], kind: str, most: int
) -> tuple[list[Row], dict[str, Any]]:
    """A page by `paging.limit` and `paging.cursor`, and its paging object, null at the end."""
    arguments = call.arguments
    limit = arguments.integer("paging.limit", 1, most, most)
    cursor = arguments.text("paging.cursor")
    arguments.check()
    cursors = cursors_of(call.world)
    ordered = sorted(rows, key=_newest)
    position = cursors.read(kind, cursor)["l"] if cursor else None
    rest = [one for one in ordered if position is None or _newest(one) > tuple(position)]
    shown = rest[:limit]
    page = with_faults(
        call,
        Page(shown, len(rest) > limit, _newest(shown[-1]) if shown else position),
        position,
        row_before=lambda: next((one for one in ordered if position == list(_newest(one))), None),
        first_rows=lambda: ordered[:limit],
    )
    following = next_cursor(
        call, page.more, cursor, lambda: cursors.make(kind, {"l": page.next_position})
    )
    return page.rows, {
        "count": len(page.rows),
        "cursors": {"next": following, "prev": None},
        "hasNext": following is not None,
    }


def _newest(row: ConnectedDomain | RegisteredDomain) -> tuple[int, str]:
    """What puts the newest first."""
    return -row.created, row.domain


def _checked_type(domain: str, connection_type: str | None) -> str:
    """The connection's type. A root domain needs one, a subdomain must not have one."""
    try:
        parts = labels(domain)
    except Refusal:
        raise refuse("Invalid domain", DOMAINS, domain=domain) from None
    if len(parts) > 2:
        if connection_type is not None:
            raise refuse(
                "Invalid connection type", DOMAINS, domain=domain, connectionType=connection_type
            )
        return "UNKNOWN_CONNECTION_TYPE"
    if connection_type not in ("POINTING", "NAMESERVERS"):
        raise refuse(
            "Invalid connection type", DOMAINS, domain=domain, connectionType=connection_type
        )
    return connection_type


def _site(call: Call) -> Site | None:
    site_id = call.site_header
    if site_id is None:
        return None
    try:
        uuid.UUID(site_id)
    except ValueError:
        raise refuse("DOMAINS_GUID_NOT_VALID", DOMAINS, siteId=site_id) from None
    site = call.world.sites.get(site_id)
    if site is None:
        raise refuse("DOMAINS_GUID_NOT_FOUND", DOMAINS, siteId=site_id)
    if site.account_id != call.account_id:
        raise refuse("DOMAINS_PERMISSION_DENIED", DOMAINS, siteId=site_id)
    return site


def _connected(call: Call) -> ConnectedDomain:
    domain = call.world.connected_domains.get(call.params["domain"].lower())
    if domain is None or domain.account_id != call.account_id:
        raise refuse("NOT_FOUND", DOMAINS, domain=call.params["domain"])
    return domain


def _shape(world: World, row: ConnectedDomain) -> dict[str, Any]:
    old = world.clock.now() - row.created
    propagation = (
        "UNKNOWN_DNS_PROPAGATION_STATUS"
        if old < 60 * SECOND
        else "IN_PROGRESS"
        if old < 2 * DAY
        else "COMPLETED"
    )
    assigned = {"id": row.site_id, "assignmentType": row.assignment_type}
    return {
        "id": row.domain,
        "domain": row.domain,
        "connectionType": row.connection_type,
        "siteInfo": assigned if row.site_id else {},
        "suppressNotifications": row.suppress_notifications,
        "dnsPropagationStatus": propagation,
    }
