"""The calls that make, copy, publish and trash sites.

Reference: Sites, Projects and Site Actions.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from ..wire.errors import permission_denied, refuse
from ..world.entities import Site
from ..world.slugs import slug
from ..world.world import World
from .call import Call

TYPES = ("WIX", "VIBE", "HEADLESS", "BRANDED_APP")
SITE_NAME = re.compile(r"[a-z0-9_-]{4,20}")


def create(call: Call) -> dict[str, Any]:
    """Create Project: `metaSiteId` is the site's id everywhere else, `siteId` an inner one."""
    body = call.body
    kind = body.enum("type", TYPES, required=True)
    name = body.text("name", longest=200)
    template_id = body.text("templateId")
    folder_id = body.text("folderId")
    apps = body.objects("apps", 0, 100) if body.given("apps") else []
    app_ids = tuple(app.text("appDefId", required=True) or "" for app in apps)
    body.check()
    site = _new_site(
        call.world,
        call.account_id,
        name or "Neue Seite",
        namespace=kind or "WIX",
        folder_id=folder_id,
        app_ids=app_ids,
    )
    return {
        "project": {
            "metaSiteId": site.id,
            "siteId": site.html_app_id,
            "templateId": template_id or "",
            "apps": [{"appDefId": one} for one in app_ids],
        }
    }


def create_from_template(call: Call) -> dict[str, Any]:
    """Create Site From Template, a standard one; its name must be free."""
    body = call.body
    body.text("originTemplateId", required=True)
    name = body.text("siteName")
    if name is not None and not SITE_NAME.fullmatch(name):
        body.add_violation("siteName", "must be 4 to 20 of a-z, 0-9, _ and -")
    elif name in call.world.sites.names:
        body.add_violation("siteName", "is already taken", "CUSTOM")
    body.check()
    site = _new_site(call.world, call.account_id, name or "Vorlage")
    return {"metaSiteId": site.id}


def create_from_studio_template(call: Call) -> dict[str, Any]:
    """Create Site From Template, one of the agency's own in Studio."""
    call.body.check()
    site = _new_site(call.world, call.account_id, "Studio-Vorlage", editor="STUDIO")
    return {"createdSiteMetaSiteId": site.id}


def duplicate(call: Call) -> dict[str, Any]:
    """Duplicate Site: a copy without domain, plan or publication."""
    body = call.body
    source_id = body.text("sourceSiteId", required=True)
    name = body.text("siteDisplayName", required=True)
    body.check()
    source = call.world.sites.get(source_id)
    if source is None or source.account_id != call.account_id:
        raise refuse(
            "SITE_NOT_FOUND",
            metaSiteId=source_id,
            requestingAccountId=call.account_id,
            ownerAccountId=source.account_id if source else "nobody",
        )
    site = _new_site(
        call.world,
        call.account_id,
        name or "",
        editor=source.editor,
        namespace=source.namespace,
        app_ids=source.app_ids,
    )
    return {"newSiteId": site.id}


def publish(call: Call) -> dict[str, Any]:
    """Publish Site, named by the site header alone."""
    call.body.check()
    site = call.world.sites.get(call.site_header)
    if site is None or site.trashed:
        raise permission_denied()
    if not site.published:
        now = call.world.clock.now()
        call.world.put_site(replace(site, published=True, updated=now), now)
    return {}


def bulk_delete(call: Call) -> dict[str, Any]:
    """Bulk Delete Site: each to the trash or not, with its own result."""
    body = call.body
    ids = body.values.get("ids")
    if not isinstance(ids, list) or not all(isinstance(one, str) for one in ids):
        body.add_violation("ids", "must be a list of site ids")
    elif not 1 <= len(ids) <= 20:
        body.add_violation("ids", "must have between 1 and 20 entries", "MAX" if ids else "MIN")
    body.check()
    results = [_trash(call, number, one) for number, one in enumerate(ids or ())]
    successes = sum(one["itemMetadata"]["success"] for one in results)
    return {
        "results": results,
        "bulkActionMetadata": {
            "totalSuccesses": successes,
            "totalFailures": len(results) - successes,
        },
    }


def _trash(call: Call, number: int, site_id: str) -> dict[str, Any]:
    world = call.world
    site = world.sites.get(site_id)
    error = None
    if site is None or site.account_id != call.account_id:
        error = {"code": "SITE_NOT_FOUND", "description": f"{site_id} wasn't found"}
    elif any(one.live for one in world.packages.on_site(site.id)):
        description = "unassign premium request: NOT_PERMITTED"
        error = {"code": "PREMIUM_NOT_PERMITTED", "description": description}
    elif not site.trashed:
        now = world.clock.now()
        world.put_site(replace(site, trashed=now, published=False, updated=now), now)
    metadata = {"id": site_id, "originalIndex": str(number), "success": error is None}
    return {"itemMetadata": {**metadata, "error": error} if error else metadata}


def _new_site(world: World, account_id: str, name: str, **traits: Any) -> Site:
    now = world.clock.now()
    return world.put_site(
        Site(
            id=world.ids.new(),
            html_app_id=world.ids.new(),
            account_id=account_id,
            name=_free_name(world, name),
            display_name=name,
            created=now,
            updated=now,
            **{"published": False, **traits},
        )
    )


def _free_name(world: World, wanted: str) -> str:
    name = wanted if SITE_NAME.fullmatch(wanted) else slug(wanted).ljust(4, "0")[:20].rstrip("-")
    free, number = name, 1
    while free in world.sites.names:
        number += 1
        free = f"{name[: 19 - len(str(number))]}-{number}"
    return free
