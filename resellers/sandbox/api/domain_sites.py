"""The sites that domains are put on: which may have one, and how an answer names it."""

from __future__ import annotations

import re
from typing import Any

from ..wire.errors import DOMAINS, refuse
from ..world.entities import Site
from ..world.world import World
from .call import Call

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def premium_site(call: Call, site_id: str) -> Site:
    """The account's site of that id, which has Premium. Raises the Refusal otherwise."""
    if not GUID.fullmatch(site_id):
        raise refuse("DOMAINS_GUID_NOT_VALID", DOMAINS, siteId=site_id)
    site = call.world.sites.get(site_id)
    if site is None:
        raise refuse("DOMAINS_GUID_NOT_FOUND", DOMAINS, siteId=site_id)
    if site.account_id != call.account_id:
        raise refuse("DOMAINS_PERMISSION_DENIED", DOMAINS, siteId=site_id)
    if not call.world.has_premium(site.id):
        raise refuse("NON_PREMIUM_SITE", DOMAINS, siteId=site.id)
    return site


def site_info(world: World, domain: str) -> dict[str, Any]:
    """The site a domain is assigned to and in which role; {} where it is on none."""
    assignment = world.domain_assignments.get(domain)
    if assignment is None:
        return {}
    shape: dict[str, Any] = {
        "id": assignment.site_id,
        "assignmentType": assignment.assignment_type,
    }
    primary = world.domain_assignments.primary_of(assignment.site_id)
    if primary is not None and not assignment.is_primary:
        shape["redirectInfo"] = {"primaryDomain": primary.domain}
    return shape
