"""What `/_sandbox/state` shows: counts, clock, faults, switches, and what a client needs."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..gateway.gateway import Gateway
from ..world import clock
from ..world.catalogue import special_products
from ..world.world import World


def state_of(gateway: Gateway) -> dict[str, Any]:
    """The state of a gateway and its world, as JSON."""
    world = gateway.world
    forbidden = world.forbidden_transfer
    return {
        "counts": _counts(world),
        "clock": clock_of(world),
        "faults": [rule.as_dict() for rule in gateway.rules],
        "switches": world.switches.as_dict(),
        "api_key": world.api_key,
        "account_id": world.parent.id,
        "child_account_ids": [account.id for account in world.children],
        "seed": world.seed,
        "calls_per_minute": gateway.rate_limiter.calls_per_minute,
        "unlisted_package_ids": [one.id for one in world.packages if one.unlisted],
        "special_products": special_products(world.seed),
        "forbidden_transfer": forbidden and {"source": forbidden[0], "target": forbidden[1]},
    }


def clock_of(world: World) -> dict[str, Any]:
    """The world's time, and how far it is ahead of ours."""
    now = world.clock
    return {"now": clock.text(now.now()), "ahead_seconds": now.offset // clock.SECOND}


def _counts(world: World) -> dict[str, Any]:
    statuses: Counter[str] = Counter()
    floating = 0
    for package in world.packages:
        for instance in package.instances:
            statuses[instance.status] += 1
            floating += instance.site_id is None and instance.live
    return {
        "accounts": len(world.children),
        "sites": len(world.sites),
        "products": len(world.products),
        "packages": len(world.packages),
        "instances": sum(statuses.values()),
        "instances_by_status": dict(sorted(statuses.items())),
        "floating": floating,
        "calls": world.journal.last,
        "events_to_come": len(world.events),
    }
