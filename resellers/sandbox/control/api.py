"""The addresses under /_sandbox/: what may be asked there, and by whom.

Calls that change something are JSON, which no form of a page can send, so that only a program or
the practice page itself can send them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import unquote

from ..gateway.faults import read_rules
from ..gateway.gateway import Gateway
from ..gateway.rate_limit import RateLimiter
from ..seed.build import build
from ..wire.errors import Refusal
from ..wire.messages import Answer, Request
from ..wire.validation import BadRequest, Fields, parse
from ..world.world import World
from . import records
from .actions import advance_clock, change_keys, set_switches
from .exports import catalog_csv, customers_csv
from .practice import PracticePage
from .records import Handler
from .state import clock_of, state_of

ROOT = "/_sandbox"


class Control:
    """Answers the control addresses of a gateway's world, and exchanges the world on reset."""

    def __init__(self, gateway: Gateway, sizes: dict[str, int]) -> None:
        self.gateway = gateway
        self.sizes = sizes
        self.practice = PracticePage(gateway, f"{ROOT}/")

    @property
    def world(self) -> World:
        return self.gateway.world

    def answer(self, request: Request) -> Answer:
        """The answer to a request whose path begins with /_sandbox."""
        name, _, rest = request.path.removeprefix(ROOT).strip("/").partition("/")
        known = self._addresses().get((name, bool(rest)))
        if known is None:
            return Answer(404, {"error": f"there is no {request.path}"})
        handler = known.get(request.method)
        if handler is None:
            return Answer(405, {"error": f"{request.path} takes {', '.join(known)}"})
        if request.method == "POST" and name and request.content_type != "application/json":
            return Answer(415, {"error": f"{request.path} takes Content-Type: application/json"})
        try:
            with self.world.lock:
                self.world.run_due_events()
                answer = handler(request, unquote(rest))
        except BadRequest as error:
            answer = Answer(400, {"error": str(error), "field": error.field})
        except Refusal as refusal:
            field = (refusal.violations or [{"field": ""}])[0]["field"]
            answer = Answer(400, {"error": refusal.message, "field": field})
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        return answer

    def _addresses(self) -> dict[tuple[str, bool], dict[str, Callable[[Request, str], Answer]]]:
        """The handlers by address, whether something follows its name, and method."""
        of = self._of_record
        return {
            ("", False): {"GET": self.practice.show, "POST": self.practice.submit},
            ("practice.css", False): {"GET": self.practice.style},
            ("state", False): {"GET": self._state},
            ("journal", False): {"GET": self._journal},
            ("instances", True): {
                "GET": of(records.show_instance),
                "POST": of(records.change_instance),
            },
            ("packages", False): {"GET": of(records.show_packages)},
            ("packages", True): {
                "GET": of(records.show_package),
                "POST": of(records.change_package),
            },
            ("accounts", True): {
                "GET": of(records.show_account),
                "POST": of(records.change_account),
            },
            ("sites", True): {"GET": of(records.show_site), "POST": of(records.change_site)},
            ("catalog.csv", False): {"GET": self._catalog},
            ("customers.csv", False): {"GET": self._customers},
            ("faults", False): {"POST": self._set_faults},
            ("clock", False): {"POST": self._set_clock},
            ("switches", False): {"POST": self._set_switches},
            ("keys", False): {"POST": self._change_keys},
            ("reset", False): {"POST": self._reset},
        }

    def _of_record(self, handler: Handler) -> Callable[[Request, str], Answer]:
        return lambda request, rest: handler(self.world, request, rest)

    def _state(self, request: Request, rest: str) -> Answer:
        return Answer(200, state_of(self.gateway))

    def _journal(self, request: Request, rest: str) -> Answer:
        given = request.query.get("after", ["0"])[-1]
        if not (given.isascii() and given.isdigit()):
            raise BadRequest("after", "must be a whole number from 0 up")
        return Answer(200, self.world.journal.after(int(given)))

    def _catalog(self, request: Request, rest: str) -> Answer:
        return _csv(catalog_csv(self.world.products.values()))

    def _customers(self, request: Request, rest: str) -> Answer:
        return _csv(customers_csv(self.world.accounts))

    def _set_faults(self, request: Request, rest: str) -> Answer:
        self.gateway.rules = read_rules(_json(request), self.world.seed)
        return Answer(200, {"faults": [rule.as_dict() for rule in self.gateway.rules]})

    def _set_clock(self, request: Request, rest: str) -> Answer:
        fields = Fields(parse(request.body))
        for name in fields.values:
            if name not in ("advance_seconds", "deliver_now"):
                raise BadRequest(name, "is not a field of this call")
        seconds = fields.values.get("advance_seconds", 0)
        if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
            raise BadRequest("advance_seconds", "must be a number from 0 up")
        deliver = fields.boolean("deliver_now")
        fields.check()
        advance_clock(self.gateway, seconds)
        delivered = self.world.deliver_now() if deliver else 0
        return Answer(200, {**clock_of(self.world), "delivered": delivered})

    def _set_switches(self, request: Request, rest: str) -> Answer:
        set_switches(self.gateway, parse(request.body))
        return Answer(200, {"switches": self.world.switches.as_dict()})

    def _change_keys(self, request: Request, rest: str) -> Answer:
        fields = Fields(parse(request.body))
        for name in fields.values:
            if name not in ("make", "revoke_older"):
                raise BadRequest(name, "is not a field of this call")
        make, revoke = fields.boolean("make"), fields.boolean("revoke_older")
        fields.check()
        change_keys(self.gateway, make=make, revoke_older=revoke)
        return Answer(200, {"keys": self.world.keys})

    def _reset(self, request: Request, rest: str) -> Answer:
        fields = Fields(parse(request.body))
        current = {**self.sizes, "seed": self.world.seed}
        for name in fields.values:
            if name not in (*current, "calls_per_minute"):
                raise BadRequest(name, "is not a field of this call")
        sizes = {
            name: fields.integer(name, 0, 10**7 if name != "seed" else 10**9, given)
            for name, given in current.items()
        }
        calls = self.gateway.rate_limiter.calls_per_minute
        calls = fields.integer("calls_per_minute", 0, 10**6, calls)
        fields.check()
        self.gateway.world = build(**sizes)
        self.gateway.rules = []
        self.gateway.rate_limiter = RateLimiter(calls)
        self.sizes = {name: sizes[name] for name in self.sizes}
        return Answer(200, state_of(self.gateway))


def _json(request: Request) -> Any:
    """The body as JSON of any kind; rules may also come as a bare list."""
    wrapped = parse(b'{"body":' + (request.body.strip() or b"null") + b"}")
    return wrapped["body"]


def _csv(text: str) -> Answer:
    return Answer(200, text, "text/csv; charset=utf-8")
