"""The call that hands a site over to another account.

Reference: B2B Site Management, Business Site Transfer.
"""

from __future__ import annotations

from typing import Any

from ..wire.errors import TRANSFERS, refuse
from .call import Call


def transfer(call: Call) -> dict[str, Any]:
    """Transfer Site to the header's account; every pair is allowed but one.

    Done at once unless switched otherwise.
    """
    world, body = call.world, call.body
    wanted = body.object("siteTransfer", required=True)
    site_id = wanted.text("siteId", required=True) if wanted else None
    source_id = wanted.text("sourceAccountId", required=True) if wanted else None
    if wanted:
        wanted.boolean("enableNotifications")
    body.check()
    target = world.account(call.account_id)
    if target is None:
        raise refuse("TARGET_ACCOUNT_ID_NOT_FOUND", TRANSFERS)
    source_id = (source_id or "").lower()
    if world.forbidden_transfer == (source_id, target.id):
        raise refuse(
            "SITE_TRANSFER_NOT_ALLOWED",
            TRANSFERS,
            sourceAccountId=source_id,
            targetAccountId=target.id,
        )
    site = world.sites.get(site_id)
    if site is None or site.account_id != source_id or site.trashed:
        raise refuse("SITE_NOT_FOUND", TRANSFERS, siteId=site_id, accountId=source_id)
    if any(one.live for one in world.packages.on_site(site.id)):
        raise refuse("SITE_TRANSFER_NOT_SUPPORTED", TRANSFERS)
    if world.switches.transfer_seconds:
        world.schedule(world.switches.transfer_seconds, "transfer", site.id, target.id)
    else:
        world.transfer_site(site.id, target.id, world.clock.now())
    return {"siteTransfer": body.values["siteTransfer"]}
