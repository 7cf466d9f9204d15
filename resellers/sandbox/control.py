"""The addresses under /_sandbox/: look at the truth, change it, and rehearse bad days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, unquote

from . import changes, clock, page, practice, seed, shapes
from .accounts import customers_csv
from .bodies import BadRequest, Fields, parse
from .calls import Answer, Request
from .catalogue import catalogue_csv, special_products
from .entities import Account, Instance, Package
from .errors import Refusal
from .faults import read_rules
from .gateway import Gateway
from .pacing import Pace
from .state import World

ROOT = "/_sandbox"
TEN_YEARS = 10 * 365 * 86_400


class Control:
    """Answers the control addresses of a gateway's world, and exchanges the world on reset."""

    def __init__(self, gateway: Gateway, sizes: dict[str, int]) -> None:
        self.gateway = gateway
        self.sizes = sizes

    @property
    def world(self) -> World:
        return self.gateway.world

    def answer(self, request: Request) -> Answer:
        """The answer to a request whose path begins with /_sandbox."""
        if request.headers.get("sec-fetch-site") == "cross-site" and request.method != "GET":
            return Answer(403, {"error": "another site's page may not control the sandbox"})
        name, _, rest = request.path.removeprefix(ROOT).strip("/").partition("/")
        known = self._addresses().get((name, bool(rest)))
        if known is None:
            return Answer(404, {"error": f"there is no {request.path}"})
        handler = known.get(request.method)
        if handler is None:
            return Answer(405, {"error": f"{request.path} takes {', '.join(known)}"})
        try:
            with self.world.lock:
                self.world.settle()
                return handler(request, unquote(rest))
        except BadRequest as error:
            return Answer(400, {"error": str(error), "field": error.field})
        except Refusal as refusal:
            field = (refusal.violations or [{"field": ""}])[0]["field"]
            return Answer(400, {"error": refusal.message, "field": field})

    def _addresses(
        self,
    ) -> dict[tuple[str, bool], dict[str, Callable[[Request, str], Answer]]]:
        return {
            ("", False): {"GET": self._page, "POST": self._practise},
            ("state", False): {"GET": self._state},
            ("journal", False): {"GET": self._journal},
            ("instances", True): {"GET": self._instance, "POST": self._change_instance},
            ("packages", False): {"GET": self._packages},
            ("packages", True): {"GET": self._package, "POST": self._change_package},
            ("accounts", True): {"GET": self._account, "POST": self._change_account},
            ("sites", True): {"GET": self._site},
            ("catalog.csv", False): {"GET": self._catalogue},
            ("customers.csv", False): {"GET": self._customers},
            ("faults", False): {"POST": self._set_faults},
            ("clock", False): {"POST": self._set_clock},
            ("switches", False): {"POST": self._set_switches},
            ("reset", False): {"POST": self._reset},
        }

    def _state(self, request: Request, rest: str) -> Answer:
        return Answer(200, self.state())

    def state(self) -> dict[str, Any]:
        """Counts, clock, faults, switches, and what a client needs to begin."""
        world = self.world
        statuses: Counter[str] = Counter()
        floating = 0
        for package in world.packages:
            for instance in package.instances:
                statuses[instance.status] += 1
                floating += instance.site_id is None and instance.live
        forbidden = world.forbidden_transfer
        return {
            "counts": {
                "accounts": len(world.children),
                "sites": len(world.sites),
                "products": len(world.products),
                "packages": len(world.packages),
                "instances": sum(statuses.values()),
                "instances_by_status": dict(sorted(statuses.items())),
                "floating": floating,
                "calls": world.journal.last,
                "events_to_come": len(world.events),
            },
            "clock": self._clock(),
            "faults": [rule.as_dict() for rule in self.gateway.rules],
            "switches": world.switches.as_dict(),
            "api_key": world.api_key,
            "account_id": world.parent.id,
            "child_account_ids": [account.id for account in world.children],
            "seed": world.seed,
            "calls_per_minute": self.gateway.pace.calls_per_minute,
            "unlisted_package_ids": [one.id for one in world.packages if one.unlisted],
            "special_products": special_products(world.seed),
            "forbidden_transfer": forbidden and {"source": forbidden[0], "target": forbidden[1]},
        }

    def _clock(self) -> dict[str, Any]:
        now = self.world.clock
        return {"now": clock.text(now.now()), "ahead_seconds": now.offset // clock.SECOND}

    def _journal(self, request: Request, rest: str) -> Answer:
        given = request.query.get("after", ["0"])[-1]
        if not (given.isascii() and given.isdigit()):
            raise BadRequest("after", "must be a whole number from 0 up")
        return Answer(200, self.world.journal.after(int(given)))

    def _packages(self, request: Request, rest: str) -> Answer:
        world = self.world
        return Answer(200, {"packages": shapes.packages(world, world.packages)})

    def _instance(self, request: Request, instance_id: str) -> Answer:
        instance = self.world.packages.instance(instance_id)
        if instance is None:
            return Answer(404, {"error": f"there is no instance {instance_id}"})
        return Answer(200, self._truth(instance))

    def _truth(self, instance: Instance) -> dict[str, Any]:
        package = self.world.packages.rows[instance.package_id]
        expires = instance.expires
        return {
            "instanceId": instance.id,
            "packageId": package.id,
            "accountId": package.account_id,
            "externalId": package.external_id,
            "siteId": instance.site_id,
            "catalogProductId": instance.product_id,
            "status": instance.status,
            "failure": shapes.failure(instance),
            "billingInfo": shapes.billing(instance.billing),
            "countryCode": instance.country,
            "createdDate": clock.text(instance.created),
            "updatedDate": clock.text(instance.updated),
            "expirationDate": clock.text(expires) if expires is not None else None,
            "discountCode": instance.discount,
            "referenceProductInstanceId": instance.reference_id,
            "ending": instance.ending,
        }

    def _change_instance(self, request: Request, instance_id: str) -> Answer:
        instance = self.world.packages.instance(instance_id)
        if instance is None:
            return Answer(404, {"error": f"there is no instance {instance_id}"})
        wanted = changes.of_instance(Fields(parse(request.body)))
        if wanted.get("site_id") and self.world.sites.get(wanted["site_id"]) is None:
            raise BadRequest("siteId", "is no site of this world")
        changed = self.world.change_instance(instance.id, **wanted)
        if wanted.get("expires") is not None:
            self.world.schedule_at(wanted["expires"], "expire", changed.id)
        return Answer(200, self._truth(changed))

    def _package(self, request: Request, package_id: str) -> Answer:
        package = self.world.packages.get(package_id)
        if package is None:
            return Answer(404, {"error": f"there is no package {package_id}"})
        return Answer(200, self._truth_of_package(package))

    def _truth_of_package(self, package: Package) -> dict[str, Any]:
        return {
            **shapes.package(self.world, package, with_parent=True),
            "unlisted": package.unlisted,
            "hidden": package.hidden,
            "access": package.access,
        }

    def _change_package(self, request: Request, package_id: str) -> Answer:
        package = self.world.packages.get(package_id)
        if package is None:
            return Answer(404, {"error": f"there is no package {package_id}"})
        wanted = changes.of_package(Fields(parse(request.body)))
        return Answer(200, self._truth_of_package(self.world.change_package(package, **wanted)))

    def _account(self, request: Request, account_id: str) -> Answer:
        account = self.world.accounts.get(account_id)
        if account is None:
            return Answer(404, {"error": f"there is no account {account_id}"})
        return Answer(200, _truth_of_account(account))

    def _change_account(self, request: Request, account_id: str) -> Answer:
        account = self.world.accounts.get(account_id)
        if account is None:
            return Answer(404, {"error": f"there is no account {account_id}"})
        wanted = changes.of_account(Fields(parse(request.body)))
        if wanted and account.parent_id is None:
            raise BadRequest("left", "is no field of the parent account")
        changed = self.world.put_account(replace(account, **wanted))
        return Answer(200, _truth_of_account(changed))

    def _site(self, request: Request, site_id: str) -> Answer:
        site = self.world.sites.get(site_id)
        if site is None:
            return Answer(404, {"error": f"there is no site {site_id}"})
        return Answer(200, shapes.site(self.world, site))

    def _catalogue(self, request: Request, rest: str) -> Answer:
        return _csv(catalogue_csv(self.world.products.values()))

    def _customers(self, request: Request, rest: str) -> Answer:
        return _csv(customers_csv(self.world))

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
        deliver = fields.flag("deliver_now")
        fields.check()
        self.advance(seconds)
        delivered = self.world.deliver_now() if deliver else 0
        return Answer(200, {**self._clock(), "delivered": delivered})

    def _set_switches(self, request: Request, rest: str) -> Answer:
        self.turn(parse(request.body))
        return Answer(200, {"switches": self.world.switches.as_dict()})

    def _page(self, request: Request, rest: str) -> Answer:
        return _html(page.render(self.state()))

    def _practise(self, request: Request, rest: str) -> Answer:
        """Carry out what a form of the page asks for, and show the page again."""
        sent = parse_qs(request.body.decode("utf-8", "replace"), keep_blank_values=True)
        try:
            practice.carry_out(self, {name: values[-1] for name, values in sent.items()})
        except BadRequest as error:
            return _html(page.render(self.state(), str(error)), 422)
        return Answer(303, "", headers={"Location": f"{ROOT}/"})

    def advance(self, seconds: float) -> None:
        """Move the clock ahead, and let happen what becomes due."""
        if seconds > TEN_YEARS:
            raise BadRequest("advance_seconds", "must not be more than ten years")
        self.world.clock.advance(int(seconds * clock.SECOND))
        self.world.stir(changed=False)
        self.world.settle()

    def turn(self, positions: dict[str, Any]) -> None:
        """Turn switches, all or none."""
        self.world.switches.set(positions)
        self.world.stir(changed=False)

    def _reset(self, request: Request, rest: str) -> Answer:
        fields = Fields(parse(request.body))
        current = {**self.sizes, "seed": self.world.seed}
        for name in fields.values:
            if name not in (*current, "calls_per_minute"):
                raise BadRequest(name, "is not a field of this call")
        sizes = {
            name: fields.whole(name, 0, 10**7 if name != "seed" else 10**9, given)
            for name, given in current.items()
        }
        pace = fields.whole("calls_per_minute", 0, 10**6, self.gateway.pace.calls_per_minute)
        fields.check()
        self.gateway.world = seed.build(**sizes)
        self.gateway.rules = []
        self.gateway.pace = Pace(pace)
        self.sizes = {name: sizes[name] for name in self.sizes}
        return Answer(200, self.state())


def _truth_of_account(account: Account) -> dict[str, Any]:
    return {
        "accountId": account.id,
        "parentAccountId": account.parent_id,
        "createdDate": clock.text(account.created),
        "left": account.left,
    }


def _json(request: Request) -> Any:
    """The body as JSON of any kind; rules may also come as a bare list."""
    wrapped = parse(b'{"body":' + (request.body.strip() or b"null") + b"}")
    return wrapped["body"]


def _html(text: str, status: int = 200) -> Answer:
    policy = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'"
    return Answer(status, text, "text/html; charset=utf-8", {"Content-Security-Policy": policy})


def _csv(text: str) -> Answer:
    return Answer(200, text, "text/csv; charset=utf-8")
