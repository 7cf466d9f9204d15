"""Who may call: the key, its permissions, and the header that says whom a call is about."""

from __future__ import annotations

from ..api.route import Route
from ..wire.errors import DOMAINS, GENERAL, permission_denied, refuse
from ..wire.messages import Answer
from ..world.world import World


def denial(world: World, route: Route, headers: dict[str, str]) -> Answer | None:
    """The answer for a missing or wrong key, permission or account header; None if all is well."""
    switches = world.switches
    given = headers.get("authorization")
    if route.header == "open" and switches.domain_search_auth != "need_key":
        if given and switches.domain_search_auth == "refuse_key":
            return Answer.of(refuse("access_denied", DOMAINS))
        if not given:
            return None
    if given not in world.keys:
        return denied(switches.denied_body, 401)
    closed = route.opened_by and getattr(switches, route.opened_by) == "forbidden"
    if closed or route.permission in switches.key_lacks:
        return denied(switches.denied_body)
    needed = "wix-site-id" if route.header == "site" else "wix-account-id"
    if route.header != "open" and not headers.get(needed):
        return denied(switches.denied_body)
    return None


def denied(form: str, status: int = 403) -> Answer:
    """401 or 403 in one of the forms Wix is seen to use: json, empty or html."""
    if form == "empty":
        return Answer(status, "")
    if form == "html":
        page = f"<html><body><h1>{status}</h1><p>Request denied.</p></body></html>"
        return Answer(status, page, "text/html; charset=utf-8")
    return Answer.of(refuse("UNAUTHENTICATED", GENERAL) if status == 401 else permission_denied())
