"""A route: a call that is served, what it needs, and what answers it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .call import Call

Handler = Callable[[Call], dict[str, Any]]


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
    handler: Handler
    service: str
    writes: bool = True
    header: str = "account"
    codes: dict[str, tuple[int, str]] | None = None
    keyed: bool = False
    opened_by: str = ""

    @property
    def segments(self) -> tuple[str, ...]:
        return tuple(self.path.strip("/").split("/"))


def service_routes(
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
        handler: Handler,
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
