"""The calls about domains bought elsewhere and connected to a site.

Reference: Domains, Connected Domains. A name that begins with `no-dns` stands for one whose DNS
records cannot be read, one with `unset` for one whose records nobody sets, one that contains `wix`
for one that is not permitted.
"""

from __future__ import annotations

from typing import Any

from ..wire.errors import DOMAINS, Refusal, refuse
from ..world.clock import DAY, SECOND
from ..world.entities import PRIMARY, REDIRECT, ConnectedDomain
from ..world.world import World
from . import serializers
from .call import Call
from .domain_lists import domain_page, newest_first
from .domain_names import labels
from .domain_sites import premium_site, site_info

ASSIGNMENT_TYPES = (PRIMARY, REDIRECT, "UNKNOWN_ASSIGNMENT_TYPE")
TTL = 3600
NAME_SERVERS = ["ns1.dns.example", "ns2.dns.example"]
NAME_SERVERS_BEFORE = ["ns1.registrar.example", "ns2.registrar.example"]
ADDRESSES = ["192.0.2.7"]
POINTED_TO = "pointing.dns.example"


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
    site = premium_site(call, call.site_header) if call.site_header else None
    if domain in world.connected_domains:
        raise refuse("DOMAINS_ALREADY_EXISTS", DOMAINS, domain=domain)
    if "wix" in domain:
        raise refuse("DOMAINS_DOMAIN_NOT_PERMITTED", DOMAINS, domain=domain)
    if domain.startswith("no-dns"):
        raise refuse("INVALID_DOMAINS_PREVIEW_RECORDS", DOMAINS, domain=domain)
    connected = ConnectedDomain(
        domain=domain,
        account_id=call.account_id,
        connection_type=kind,
        created=world.clock.now(),
        suppress_notifications=suppress,
    )
    world.connect_domain(connected)
    if site is not None:
        role = REDIRECT if assignment_type == REDIRECT else PRIMARY
        world.assign_domain(domain, site.id, role, connected.created)
    return {"connectedDomain": _shape(world, connected)}


def get(call: Call) -> dict[str, Any]:
    """Get Connected Domain."""
    return {"connectedDomain": _shape(call.world, _connected(call))}


def delete(call: Call) -> dict[str, Any]:
    """Delete Connected Domain."""
    call.body.check()
    call.world.disconnect_domain(_connected(call))
    return {}


def list_all(call: Call) -> dict[str, Any]:
    """List Connected Domains of the header's account, newest first."""
    rows = [one for one in call.world.connected_domains if one.account_id == call.account.id]
    page, metadata = domain_page(call, rows, "connected domains", newest_first)
    return {
        "connectedDomains": [_shape(call.world, one) for one in page],
        "pagingMetadata": metadata,
    }


def setup_info(call: Call) -> dict[str, Any]:
    """Get Connected Domain Setup Info: what to enter at the registrar, by connection type."""
    row = _connected(call)
    registrar = {"name": "Registrar Beispiel", "nameServers": NAME_SERVERS_BEFORE}
    return {
        "connectedDomainSetupInfo": {
            "connectedDomainId": row.domain,
            **_records(row),
            "registrar": registrar,
        }
    }


def _records(row: ConnectedDomain) -> dict[str, Any]:
    """The DNS records to be: one of three shapes, as the domain's connection type has it."""
    host: dict[str, Any] = {"hostName": row.domain, "ttl": TTL}
    if row.connection_type == "NAMESERVERS":
        return {"nameserverRecord": {"nsRecord": {**host, "values": NAME_SERVERS}}}
    if row.connection_type == "POINTING":
        www = {"hostName": f"www.{row.domain}", "ttl": TTL, "value": POINTED_TO}
        return {"pointingRecords": {"aRecord": {**host, "values": ADDRESSES}, "cnameRecord": www}}
    return {"subdomainRecords": {"cnameRecords": [{**host, "value": POINTED_TO}]}}


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
        else "FAILED"
        if row.domain.startswith("unset")
        else "COMPLETED"
    )
    assignment = world.domain_assignments.get(row.domain)
    updated = max(row.created, assignment.updated if assignment else 0)
    return {
        "id": row.domain,
        "domain": row.domain,
        "connectionType": row.connection_type,
        "siteInfo": site_info(world, row.domain),
        "suppressNotifications": row.suppress_notifications,
        "dnsPropagationStatus": propagation,
        "createdDate": serializers.moment(row.created, world.switches),
        "updatedDate": serializers.moment(updated, world.switches),
    }
