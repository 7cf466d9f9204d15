"""What a person or a test does to a world and the gateway before it."""

from __future__ import annotations

from typing import Any

from ..gateway.gateway import Gateway
from ..wire.validation import BadRequest
from ..world.clock import SECOND

TEN_YEARS = 10 * 365 * 86_400


def advance_clock(gateway: Gateway, seconds: float) -> None:
    """Move the clock ahead, and let happen what becomes due. Raises BadRequest."""
    if seconds > TEN_YEARS:
        raise BadRequest("advance_seconds", "must not be more than ten years")
    world = gateway.world
    world.clock.advance(int(seconds * SECOND))
    world.mark_changed(visible=False)
    world.run_due_events()


def set_switches(gateway: Gateway, positions: dict[str, Any]) -> None:
    """Turn switches, all or none. Raises BadRequest."""
    gateway.world.switches.set(positions)
    gateway.world.mark_changed(visible=False)


def change_keys(gateway: Gateway, *, make: bool, revoke_older: bool) -> None:
    """Make another key, or revoke all but the newest, or both in this order."""
    world = gateway.world
    if make:
        world.make_key()
    if revoke_older:
        world.revoke_older_keys()
    world.mark_changed(visible=False)
