"""The front door: the limit, the faults, and what becomes of the connection in the end."""

from __future__ import annotations

import threading
import time

from . import routes
from .calls import Answer, Request
from .errors import GENERAL, refuse, system_error
from .faults import EFFECTS, Rule
from .journal import NONE, Entry
from .pacing import Pace
from .routes import Route
from .state import World
from .visits import Outcome, Spoilt, Visit, denied, of


class Gateway:
    """The front door of a world, which may be exchanged for another one."""

    def __init__(self, world: World, calls_per_minute: int) -> None:
        self.world = world
        self.pace = Pace(calls_per_minute)
        self.rules: list[Rule] = []
        self._late: set[threading.Timer] = set()

    def close(self) -> None:
        """Give up what was still to be carried out late."""
        for timer in list(self._late):
            timer.cancel()

    def receive(self, request: Request) -> Outcome:
        """Take a call through to its end; sleeps where a fault delays it."""
        world = self.world
        found = routes.find(request.method, request.path)
        if found and found[0].opened_by and getattr(world.switches, found[0].opened_by) == "off":
            found = None
        route, params = found if found else (None, {})
        with world.lock:
            let_in = self.pace.lets_in(request.headers.get("authorization", ""))
            spoilt = self._meet(route, params, request) if let_in else Spoilt()
        visit = Visit(world, route, params, request, spoilt)
        if not let_in:
            return visit.end(_throttled(world))
        if "delay" in spoilt:
            time.sleep(sum(map(int, spoilt.arguments("delay"))) / 1000)
        if spoilt.ending:
            return self._ended(visit, spoilt.ending)
        answer = visit.carry_out()
        return visit.spoil(answer)

    def _meet(self, route: Route | None, params: dict[str, str], request: Request) -> Spoilt:
        spoilt = Spoilt()
        for rule in self.rules:
            if rule.match != "any" and (route is None or route.match != rule.match):
                continue
            if rule.effect == "expired_cursor" and not _carries_cursor(request):
                continue
            if rule.effect == "half_move" and not self._is_move(route, params):
                continue
            if rule.meets():
                spoilt.effects.append((rule.effect, rule.argument))
                if EFFECTS[rule.effect].ends:
                    break
        return spoilt

    def _is_move(self, route: Route | None, params: dict[str, str]) -> bool:
        instance = self.world.packages.instance(params.get("instance"))
        if route is None or route.name != "assign" or instance is None:
            return False
        return instance.site_id not in (None, params["site"].lower())

    def _ended(self, visit: Visit, effect: str) -> Outcome:
        world = visit.world
        if effect in ("drop_before", "reset_before", "hang_before"):
            visit.note(None, NONE)
            return Outcome(effect.removesuffix("_before"))
        if effect == "late":
            entry = visit.note(None, NONE)
            self._carry_out_later(visit, entry)
            return Outcome("drop")
        if effect == "sticky_500":
            visit.stick()
            return visit.end(of(system_error()))
        return visit.end(
            {
                "500_before": lambda: of(system_error()),
                "429": lambda: of(refuse("RESOURCE_EXHAUSTED", GENERAL)),
                "bare": lambda: of(system_error(int(visit.spoilt.argument("bare")))),
                "expired_cursor": lambda: of(refuse("INVALID_CURSOR", reason="it has expired")),
                "html_403": lambda: denied(world, "html"),
                "empty_403": lambda: denied(world, "empty"),
            }[effect]()
        )

    def _carry_out_later(self, visit: Visit, entry: Entry) -> None:
        def carry_out() -> None:
            visit.carry_out()
            entry.effect = visit.effect
            self._late.discard(timer)

        timer = threading.Timer(int(visit.spoilt.argument("late")) / 1000, carry_out)
        timer.daemon = True
        self._late.add(timer)
        timer.start()


def _throttled(world: World) -> Answer:
    switches = world.switches
    if switches.throttle_status == "429":
        answer = of(refuse("RESOURCE_EXHAUSTED", GENERAL))
    else:
        answer = of(system_error(int(switches.throttle_status)))
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
