"""One request's way through the world: access, stored answers, the call itself, its journal.

The order is that of section 13 of the contract: key, permission, account header, account, body,
business rules.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import Any

from ..api.call import Call
from ..api.route import Route
from ..api.serializers import with_value_switches
from ..wire.errors import GENERAL, PACKAGES, Refusal, refuse, system_error
from ..wire.messages import Answer, Request
from ..world import clock
from ..world.idempotency import StoredAnswer
from ..world.journal import APPLIED, NONE, REFUSED, REPLAYED, Entry
from ..world.world import World
from .access import denial, denied
from .corruption import corrupt
from .faults import ActiveFaults

logger = logging.getLogger(__name__)


@dataclass
class Outcome:
    """What becomes of a connection: `act` is send, drop, reset or hang."""

    act: str
    answer: Answer | None = None
    service: str | None = None


class Exchange:
    """One request and its answer. `effect` is what the journal says it had on the world."""

    def __init__(
        self,
        world: World,
        route: Route | None,
        params: dict[str, str],
        request: Request,
        faults: ActiveFaults,
    ) -> None:
        self.world = world
        self.route = route
        self.params = params
        self.request = request
        self.faults = faults
        self.at = clock.text(world.clock.now())
        self.effect = NONE

    def log(self, status: int | None, effect: str) -> Entry:
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

    def turn_away(self, answer: Answer) -> Outcome:
        """Send that answer, which is about the gateway and not about the call."""
        self.log(answer.status, REFUSED if answer.status < 500 else NONE)
        return self._send(answer)

    def execute(self) -> Answer:
        """Let the call take effect, and remember which it had."""
        world = self.world
        with world.lock:
            world.run_due_events()
            before = world.revision
            try:
                answer = self._answer()
            except Refusal as refusal:
                about_access = refusal.code == "PERMISSION_DENIED"
                answer = denied(world.switches.denied_body) if about_access else Answer.of(refusal)
                self.effect = REFUSED if refusal.status < 500 else NONE
            except Exception:
                logger.exception("the sandbox failed at %s", self.request.path)
                answer = Answer.of(system_error())
            if world.revision != before:
                self.effect = APPLIED
        return answer

    def respond(self, answer: Answer) -> Outcome:
        """Send the answer of a call that was executed, or what a fault leaves of it."""
        for act in ("drop", "reset", "hang"):
            if f"{act}_after" in self.faults:
                self.log(None, self.effect)
                return Outcome(act)
        if "500_after" in self.faults:
            answer = Answer.of(system_error())
        else:
            answer = corrupt(answer, self.faults)
        self.log(answer.status, self.effect)
        return self._send(answer)

    def store_500(self) -> None:
        """Keep 500 as the answer for this call's key."""
        if self.route is not None and self.request.idempotency_key:
            with self.world.lock:
                if self.world.stored_answers.find(self._name(), self.world.clock.now()) is None:
                    self._store(500, json.dumps(system_error().body))

    def _send(self, answer: Answer) -> Outcome:
        return Outcome("send", answer, self.route.service if self.route else None)

    def _answer(self) -> Answer:
        route = self.route
        if route is None:
            raise system_error(404)
        refused = denial(self.world, route, self.request.headers)
        if refused is not None:
            self.effect = REFUSED
            return refused
        call = Call(
            request=self.request,
            world=self.world,
            params=self.params,
            account_id=self._account_id(),
            writes=route.writes,
            faults=self.faults.as_dict(),
        )
        if route.writes:
            return self._write(route, call)
        if "stale" in self.faults:
            call.world = self.world.as_of(self.world.clock.now() - self.faults.sum("stale"))
        self._check(route, call)
        return self._success(self._run(route, call))

    def _write(self, route: Route, call: Call) -> Answer:
        switches = self.world.switches
        key = self.request.idempotency_key if route.keyed else None
        self._check(route, call)
        if route.keyed:
            call.body.text("idempotencyKey", longest=100)
        if key and switches.idempotency == "refuse":
            call.body.add_violation("idempotencyKey", "is not a field of this call", "CUSTOM")
            call.body.check()
        honours = switches.idempotency == "honour" and "ignore_idempotency" not in self.faults
        stores = key is not None and honours and len(key) <= 100
        if stores and (stored := self._stored(key)) is not None:
            self.effect = REPLAYED
            return stored
        body = self._run(route, call)
        if key and switches.idempotency_echo:
            body = {"idempotencyKey": key, **body}
        answer = self._success(body)
        if stores:
            self._store(answer.status, json.dumps(answer.body))
        return answer

    def _stored(self, key: str | None) -> Answer | None:
        """The answer that was given under this key before; refuses another request under it."""
        stored = self.world.stored_answers.find(self._name(), self.world.clock.now())
        if stored is None:
            return None
        if stored.fingerprint != self._fingerprint():
            raise refuse("IDEMPOTENCY_KEY_REUSED", key=key)
        return Answer(stored.status, stored.body)

    def _success(self, body: dict[str, Any]) -> Answer:
        return Answer(200, with_value_switches(body, self.world.switches))

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
        if "refuse" in self.faults:
            codes = route.codes or PACKAGES
            refusal = _requested_refusal(self.faults.argument("refuse"), codes, call)
            if "half_move" not in self.faults:
                raise refusal
            call.faults["refuse"] = refusal
        return route.handler(call)

    def _account_id(self) -> str:
        return self.request.headers.get("wix-account-id", "").lower()

    def _name(self) -> tuple[str, str, str]:
        assert self.route is not None
        return self._account_id(), self.route.name, self.request.idempotency_key or ""

    def _fingerprint(self) -> str:
        body = json.dumps(self.request.json, sort_keys=True)
        return f"{self.request.method} {self.request.path.lower()} {body}"

    def _store(self, status: int, body: str) -> None:
        stored = StoredAnswer(self._fingerprint(), status, body, self.world.clock.now())
        self.world.stored_answers.store(self._name(), stored)
        self.world.mark_changed(visible=False)


def _requested_refusal(argument: str, codes: dict[str, tuple[int, str]], call: Call) -> Refusal:
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
