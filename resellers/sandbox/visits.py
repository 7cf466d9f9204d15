"""One call's way through the world: key, account, kept answers, the call itself, its journal.

The order is that of section 13 of the contract: key, permission, account header, account, body,
business rules.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass, field
from typing import Any

from . import clock, shapes, spoil
from .calls import Answer, Call, Request
from .errors import (
    DOMAINS,
    GENERAL,
    PACKAGES,
    Refusal,
    permission_denied,
    refuse,
    system_error,
)
from .faults import EFFECTS
from .journal import APPLIED, NONE, REFUSED, REPLAYED, Entry
from .replies import Reply
from .routes import Route
from .state import World

logger = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What becomes of a connection: `act` is send, drop, reset or hang."""

    act: str
    answer: Answer | None = None
    service: str | None = None


@dataclass
class Spoilt:
    """The faults that met one call: effect names with what stands after their colon."""

    effects: list[tuple[str, str]] = field(default_factory=list)

    def __contains__(self, name: object) -> bool:
        return any(effect == name for effect, _ in self.effects)

    def arguments(self, name: str) -> list[str]:
        """What stands after the colon of each effect of that name."""
        return [argument for effect, argument in self.effects if effect == name]

    def argument(self, name: str) -> str:
        return self.arguments(name)[0]

    @property
    def ending(self) -> str | None:
        """The effect that ends the call before it is carried out, if one does."""
        return next((name for name, _ in self.effects if EFFECTS[name].ends), None)


class Visit:
    """One request's way through one world."""

    def __init__(
        self,
        world: World,
        route: Route | None,
        params: dict[str, str],
        request: Request,
        spoilt: Spoilt,
    ) -> None:
        self.world = world
        self.route = route
        self.params = params
        self.request = request
        self.spoilt = spoilt
        self.at = clock.text(world.clock.now())
        self.effect = NONE

    def note(self, status: int | None, effect: str) -> Entry:
        """Write the call into the journal."""
        return self.world.journal.write(
            at=self.at,
            method=self.request.method,
            path=self.request.path,
            account=self.request.headers.get("wix-account-id"),
            idempotency_key=self.request.idempotency_key,
            status=status,
            effect=effect,
        )

    def end(self, answer: Answer) -> Outcome:
        """Send that answer, which is about the gateway and not about the call."""
        self.note(answer.status, REFUSED if answer.status < 500 else NONE)
        return self._send(answer)

    def carry_out(self) -> Answer:
        """Let the call take effect, and remember which it had."""
        world = self.world
        with world.lock:
            world.settle()
            before = world.revision
            try:
                answer = self._answer()
            except Refusal as refusal:
                about_access = refusal.code == "PERMISSION_DENIED"
                form = world.switches.denied_body
                answer = denied(world, form) if about_access else of(refusal)
                self.effect = REFUSED if refusal.status < 500 else NONE
            except Exception:
                logger.exception("the sandbox failed at %s", self.request.path)
                answer = of(system_error())
            if world.revision != before:
                self.effect = APPLIED
        return answer

    def spoil(self, answer: Answer) -> Outcome:
        """Send the answer of a call that was carried out, or what a fault leaves of it."""
        for act in ("drop", "reset", "hang"):
            if f"{act}_after" in self.spoilt:
                self.note(None, self.effect)
                return Outcome(act)
        if "500_after" in self.spoilt:
            answer = of(system_error())
        else:
            answer = spoil.answer(answer, self.spoilt)
        self.note(answer.status, self.effect)
        return self._send(answer)

    def stick(self) -> None:
        """Keep 500 as the answer for this call's key."""
        if self.route is not None and self.request.idempotency_key:
            with self.world.lock:
                if self.world.replies.find(self._name(), self.world.clock.now()):
                    return
                body = json.dumps(system_error().body)
                self._keep(Reply(self._fingerprint(), 500, body, self.world.clock.now()))

    def _send(self, answer: Answer) -> Outcome:
        return Outcome("send", answer, self.route.service if self.route else None)

    def _answer(self) -> Answer:
        route = self.route
        if route is None:
            raise system_error(404)
        denial = self._denied(route)
        if denial is not None:
            self.effect = REFUSED
            return denial
        call = Call(
            request=self.request,
            world=self.world,
            params=self.params,
            account_id=self._account_id(),
            writes=route.writes,
            notes=self._notes(),
        )
        if route.writes:
            return self._write(route, call)
        if "stale" in self.spoilt:
            past = self.world.clock.now() - int(self.spoilt.argument("stale"))
            call.world = self.world.as_of(past)
        self._check(route, call)
        return self._dressed(self._run(route, call))

    def _write(self, route: Route, call: Call) -> Answer:
        world = self.world
        key = self.request.idempotency_key if route.keyed else None
        honours = world.switches.idempotency == "honour" and (
            "ignore_idempotency" not in self.spoilt
        )
        self._check(route, call)
        if route.keyed:
            call.body.text("idempotencyKey", longest=100)
        if key and world.switches.idempotency == "refuse":
            call.body.blame("idempotencyKey", "is not a field of this call", "CUSTOM")
            call.body.check()
        keeps = bool(key) and honours and len(key or "") <= 100
        if keeps:
            kept = world.replies.find(self._name(), world.clock.now())
            if kept is not None:
                if kept.fingerprint != self._fingerprint():
                    raise refuse("IDEMPOTENCY_KEY_REUSED", key=key)
                self.effect = REPLAYED
                return Answer(kept.status, kept.body)
        body = self._run(route, call)
        if key and world.switches.idempotency_echo:
            body = {"idempotencyKey": key, **body}
        answer = self._dressed(body)
        if keeps:
            self._keep(Reply(self._fingerprint(), 200, json.dumps(answer.body), world.clock.now()))
        return answer

    def _dressed(self, body: dict[str, Any]) -> Answer:
        return Answer(200, shapes.dressed(body, self.world.switches))

    def _denied(self, route: Route) -> Answer | None:
        """The answer for a missing or wrong key, permission or account header."""
        world = self.world
        headers = self.request.headers
        given = headers.get("authorization")
        if route.header == "open" and world.switches.domain_search_auth != "need_key":
            if given and world.switches.domain_search_auth == "refuse_key":
                return of(refuse("access_denied", DOMAINS))
            if not given:
                return None
        if given != world.api_key:
            return denied(world, world.switches.denied_body, 401)
        closed = route.opened_by and getattr(world.switches, route.opened_by) == "forbidden"
        if closed or route.permission in world.switches.key_lacks:
            return denied(world, world.switches.denied_body)
        needed = "wix-site-id" if route.header == "site" else "wix-account-id"
        if route.header != "open" and not headers.get(needed):
            return denied(world, world.switches.denied_body)
        return None

    def _check(self, route: Route, call: Call) -> None:
        """Refuse an unknown account, and a body that cannot be read."""
        if route.header == "account":
            call.known_account()
        if self.request.method == "DELETE" and self.request.body.strip():
            policy = self.world.switches.delete_body
            if policy != "accept":
                raise system_error(int(policy.removeprefix("refuse_")))
        call.read_body()

    def _run(self, route: Route, call: Call) -> dict[str, Any]:
        if "refuse" in self.spoilt:
            codes = route.codes or PACKAGES
            refusal = _asked_refusal(self.spoilt.argument("refuse"), codes, call)
            if "half_move" not in self.spoilt:
                raise refusal
            call.notes["refuse"] = refusal
        return route.handler(call)

    def _account_id(self) -> str:
        return self.request.headers.get("wix-account-id", "").lower()

    def _notes(self) -> dict[str, Any]:
        """What the faults ask of the call itself."""
        return {name: argument or True for name, argument in self.spoilt.effects}

    def _name(self) -> tuple[str, str, str]:
        assert self.route is not None
        return self._account_id(), self.route.name, self.request.idempotency_key or ""

    def _fingerprint(self) -> str:
        body = json.dumps(self.request.json, sort_keys=True)
        return f"{self.request.method} {self.request.path.lower()} {body}"

    def _keep(self, reply: Reply) -> None:
        self.world.replies.keep(self._name(), reply)
        self.world.stir(changed=False)


def denied(world: World, form: str, status: int = 403) -> Answer:
    """401 or 403 in one of the forms Wix is seen to use: json, empty or html."""
    if form == "empty":
        return Answer(status, "")
    if form == "html":
        page = f"<html><body><h1>{status}</h1><p>Request denied.</p></body></html>"
        return Answer(status, page, "text/html; charset=utf-8")
    refusal = refuse("UNAUTHENTICATED", GENERAL) if status == 401 else permission_denied()
    return of(refusal)


def of(refusal: Refusal) -> Answer:
    return Answer(refusal.status, refusal.body)


def _asked_refusal(argument: str, codes: dict[str, tuple[int, str]], call: Call) -> Refusal:
    """The refusal a fault asks for, with what the call itself knows filled in."""
    code, _, rest = argument.partition(":")
    status, _, words = rest.partition(":")
    if words or (code not in codes and code not in GENERAL):
        return Refusal(int(status or 428), code, words or f"Refused with {code}.")
    known = {
        "accountId": call.account_id,
        "requestingAccountId": call.account_id,
        "instanceId": call.params.get("instance"),
        "metaSiteId": call.params.get("site"),
        "siteId": call.params.get("site"),
        "packageId": call.params.get("package"),
        "productId": call.request.json.get("catalogProductId"),
    }
    filled = {name: value for name, value in known.items() if value}
    refusal = refuse(code, {**GENERAL, **codes}, **filled)
    refusal.status = int(status or refusal.status)
    return refusal
