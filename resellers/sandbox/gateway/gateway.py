"""The front door: the limit of calls, the faults, and what becomes of the connection."""

from __future__ import annotations

import threading
import time

from ..api import routes
from ..api.route import Route
from ..wire.errors import GENERAL, refuse, system_error
from ..wire.messages import Answer, Request
from ..world.journal import NONE, Entry
from ..world.world import World
from .access import denied
from .exchange import Exchange, Outcome
from .faults import EFFECTS, ActiveFaults, Rule
from .rate_limit import RateLimiter


class Gateway:
    """The front door of a world, which may be exchanged for another one."""

    def __init__(self, world: World, calls_per_minute: int) -> None:
        self.world = world
        self.rate_limiter = RateLimiter(calls_per_minute)
        self.rules: list[Rule] = []
        self._timers: set[threading.Timer] = set()

    def close(self) -> None:
        """Give up what was still to be executed late."""
        for timer in list(self._timers):
            timer.cancel()

    def receive(self, request: Request) -> Outcome:
        """Take a call through to its end; sleeps where a fault delays it."""
        world = self.world
        found = routes.find(request.method, request.path)
        if found and found[0].opened_by and getattr(world.switches, found[0].opened_by) == "off":
            found = None
        route, params = found if found else (None, {})
        with world.lock:
            allowed = self.rate_limiter.allows(request.headers.get("authorization", ""))
            faults = self._faults_for(route, params, request) if allowed else ActiveFaults()
        exchange = Exchange(world, route, params, request, faults)
        if not allowed:
            return exchange.turn_away(_throttled(world))
        if "delay" in faults:
            time.sleep(faults.sum("delay") / 1000)
        if faults.ending:
            return self._end(exchange, faults.ending)
        return exchange.respond(exchange.execute())

    def _faults_for(
        self, route: Route | None, params: dict[str, str], request: Request
    ) -> ActiveFaults:
        faults = ActiveFaults()
        for rule in self.rules:
            if rule.match != "any" and (route is None or route.match != rule.match):
                continue
            if rule.effect == "expired_cursor" and not _carries_cursor(request):
                continue
            if rule.effect == "half_move" and not self._is_move(route, params):
                continue
            if rule.fires():
                faults.effects.append((rule.effect, rule.argument))
                if EFFECTS[rule.effect].ends:
                    break
        return faults

    def _is_move(self, route: Route | None, params: dict[str, str]) -> bool:
        instance = self.world.packages.instance(params.get("instance"))
        if route is None or route.name != "assign" or instance is None:
            return False
        return instance.site_id not in (None, params["site"].lower())

    def _end(self, exchange: Exchange, effect: str) -> Outcome:
        """End a call before it is executed, as that effect has it."""
        if effect in ("drop_before", "reset_before", "hang_before"):
            exchange.log(None, NONE)
            return Outcome(effect.removesuffix("_before"))
        if effect == "late":
            self._execute_later(exchange, exchange.log(None, NONE))
            return Outcome("drop")
        if effect == "sticky_500":
            exchange.store_500()
        return exchange.turn_away(_ending_answer(effect, exchange.faults))

    def _execute_later(self, exchange: Exchange, entry: Entry) -> None:
        def execute() -> None:
            exchange.execute()
            entry.effect = exchange.effect
            self._timers.discard(timer)

        timer = threading.Timer(exchange.faults.sum("late") / 1000, execute)
        timer.daemon = True
        self._timers.add(timer)
        timer.start()


def _ending_answer(effect: str, faults: ActiveFaults) -> Answer:
    if effect == "html_403":
        return denied("html")
    if effect == "empty_403":
        return denied("empty")
    if effect == "429":
        return Answer.of(refuse("RESOURCE_EXHAUSTED", GENERAL))
    if effect == "expired_cursor":
        return Answer.of(refuse("INVALID_CURSOR", reason="it has expired"))
    return Answer.of(system_error(faults.sum("bare") or 500))


def _throttled(world: World) -> Answer:
    switches = world.switches
    if switches.throttle_status == "429":
        answer = Answer.of(refuse("RESOURCE_EXHAUSTED", GENERAL))
    else:
        answer = Answer.of(system_error(int(switches.throttle_status)))
    if switches.retry_after:
        answer.headers["Retry-After"] = str(switches.retry_after)
    return answer


def _carries_cursor(request: Request) -> bool:
    body = request.json
    pagings = [
        one.get("cursorPaging") for one in (body, body.get("query")) if isinstance(one, dict)
    ]
    in_body = any(isinstance(one, dict) and one.get("cursor") for one in pagings)
    return in_body or any(request.query.get("paging.cursor", ()))
