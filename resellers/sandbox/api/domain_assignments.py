"""The calls about which domain is on which site: get, list, upsert, set as primary, delete.

Reference: Domains, Domain Assignments (Developer Preview). Any domain of the account may be
assigned, connected or registered.
"""

from __future__ import annotations

from typing import Any

from ..wire.errors import DOMAINS, refuse
from ..world.entities import PRIMARY, REDIRECT, DomainAssignment
from ..world.world import World
from . import serializers
from .call import Call
from .domain_lists import by_name, domain_page
from .domain_sites import premium_site, site_info

MOST_REDIRECTS = 300


def get(call: Call) -> dict[str, Any]:
    """Get Domain Assignment."""
    return {"domainAssignment": _shape(call.world, _assignment(call))}


def list_all(call: Call) -> dict[str, Any]:
    """List Domain Assignments of the `siteIds` in the address, by name; none without them."""
    sites = {one.lower() for one in call.request.query.get("siteIds", ())}
    rows = [
        one
        for one in call.world.domain_assignments
        if one.site_id in sites and one.account_id == call.account.id
    ]
    page, metadata = domain_page(call, rows, "domain assignments", by_name)
    return {
        "domainAssignments": [_shape(call.world, one) for one in page],
        "pagingMetadata": metadata,
    }


def upsert(call: Call) -> dict[str, Any]:
    """Upsert Domain Assignment: assigns a domain, or moves it here where it is a redirect.

    As PRIMARY it takes the place of all domains of the site.
    """
    world, body = call.world, call.body
    wanted = body.object("domainAssignment", required=True)
    domain = (wanted.text("domain", required=True) if wanted else None) or ""
    info = wanted.object("siteInfo", required=True) if wanted else None
    site_id = (info.text("id", required=True) if info else None) or ""
    assignment_type = info.enum("assignmentType", (PRIMARY, REDIRECT)) if info else None
    body.check()
    domain = domain.lower()
    if not _is_of_account(call, domain):
        raise refuse("NOT_FOUND", DOMAINS, domain=domain)
    site = premium_site(call, site_id)
    before = world.domain_assignments.get(domain)
    if before is not None and before.site_id == site.id:
        return {"domainAssignment": _shape(world, before)}
    if before is not None and before.is_primary:
        raise refuse("DOMAIN_IS_PRIMARY_OF_ANOTHER_SITE", DOMAINS, domain=domain)
    now = world.clock.now()
    if assignment_type == PRIMARY:
        world.unassign_all_domains(site.id, now)
    elif len(world.domain_assignments.of_site(site.id)) > MOST_REDIRECTS:
        raise refuse("TOO_MANY_REDIRECTS", DOMAINS, siteId=site.id)
    assigned = world.assign_domain(domain, site.id, assignment_type or REDIRECT, now)
    return {"domainAssignment": _shape(world, assigned)}


def set_as_primary(call: Call) -> dict[str, Any]:
    """Set Domain As Primary: the one before becomes a redirect, and all redirect to this one."""
    assignment = _assignment(call)
    call.body.check()
    primary = call.world.set_primary_domain(assignment, call.world.clock.now())
    return {"domainAssignment": _shape(call.world, primary)}


def delete(call: Call) -> dict[str, Any]:
    """Delete Domain Assignment; that of the primary domain takes all redirects along."""
    assignment = _assignment(call)
    call.body.check()
    call.world.unassign_domain(assignment, call.world.clock.now())
    return {}


def _assignment(call: Call) -> DomainAssignment:
    assignment = call.world.domain_assignments.get(call.params["domain"])
    if assignment is None or assignment.account_id != call.account_id:
        raise refuse("NOT_FOUND", DOMAINS, domain=call.params["domain"])
    return assignment


def _is_of_account(call: Call, domain: str) -> bool:
    connected = call.world.connected_domains.get(domain)
    registered = call.world.registered_domains.get(domain)
    owners = {one.account_id for one in (connected, registered) if one is not None}
    return call.account_id in owners


def _shape(world: World, row: DomainAssignment) -> dict[str, Any]:
    return {
        "id": row.domain,
        "domain": row.domain,
        "siteInfo": site_info(world, row.domain),
        "createdDate": serializers.moment(row.created, world.switches),
        "updatedDate": serializers.moment(row.updated, world.switches),
    }
