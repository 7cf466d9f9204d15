"""Wix in every way that its documents leave open: what others do there, and whether the mirror,
read meanwhile, shows what is and tells what was done."""

import random
from collections.abc import Container, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from resellers.sandbox.world.switches import SWITCHES
from resellers.wix import BillingInfo, NewProduct, WixClient, WixError
from tests import practice, truth
from tests.mirrors import read, read_on

# Django is set up only after this file is read.
if TYPE_CHECKING:
    from resellers.models import SyncRun
    from resellers.sandbox import Sandbox
    from resellers.sandbox.world.entities import Instance

Positions = dict[str, Any]

# Of what is a number or a list, the positions that are tried.
CHOSEN: dict[str, list[Any]] = {
    "cursor_seconds": [1],
    "query_lag_ms": [1500],
    "delivery_seconds": [0, 1],
    "retry_after": [1],
    "transfer_seconds": [1],
    "registration_seconds": [0],
    # With a key that may not read there is no mirror.
    "key_lacks": [["packages.manage", "packages.external_id"], ["sites.transfer"]],
}
# Faults that show what a switch decides: a cursor is used late, and one call is too many.
RULES = {"cursor_seconds": [{"match": "query", "effect": "delay:1100", "after": 1, "times": 1}]}
LIMITED = {"throttle_status", "retry_after"}
PASSED = 3  # seconds, after which what was done lately is on every list
ACTS = 5
OTHERS_SECONDS = 3.0  # after which others give a call up


def positions() -> dict[str, list[Any]]:
    """By each switch, every position but the usual one."""
    return {
        name: CHOSEN.get(name) or [one for one in switch.choices or () if one != switch.default]
        for name, switch in SWITCHES.items()
    }


def each() -> Iterator[Positions]:
    """One switch after another, in every position but its usual one."""
    for name, tried in positions().items():
        yield from ({name: position} for position in tried)


def pairs(chance: random.Random, *, without: Container[str] = ()) -> Iterator[Positions]:
    """Two switches out of their usual positions, at random and without end."""
    known = {name: tried for name, tried in positions().items() if name not in without}
    while True:
        names = chance.sample(sorted(known), 2)
        yield {name: chance.choice(known[name]) for name in names}


def wrongs(sandbox: "Sandbox", wanted: Positions, chance: random.Random) -> list[str]:
    """What is wrong with a mirror that is read while Wix is so and others change things there.

    It must have shown what is before. The switches are put back.
    """
    from resellers.models import Change

    usual = {name: sandbox.world.switches.as_dict()[name] for name in wanted}
    last = Change.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    held = [truth.at_wix(sandbox)]
    practice.switches(sandbox, **wanted)
    practice.faults(sandbox, *(rule for name in wanted for rule in RULES.get(name, ())))
    others_act(sandbox, chance)
    held.append(truth.at_wix(sandbox))
    runs = [_read(sandbox, kind, wanted) for kind in ("incremental", "unsettled")]
    practice.clock(sandbox, deliver_now=True)
    if "query_lag_ms" in wanted:
        practice.clock(sandbox, advance_seconds=PASSED)
    held.append(truth.at_wix(sandbox))
    runs.append(_read(sandbox, "full", wanted))
    held.append(truth.at_wix(sandbox))
    practice.faults(sandbox)
    practice.switches(sandbox, **usual)
    return [
        *_unread(runs),
        *truth.differences(held[-1], truth.in_mirror()),
        *truth.false_changes(truth.changes_since(last), held),
    ]


def _read(sandbox: "Sandbox", kind: str, wanted: Positions) -> "SyncRun":
    """A reading carried to its end; with a limit of calls it meets the limit first."""
    limiter = sandbox.gateway.rate_limiter
    limiter.calls_per_minute = int(not LIMITED.isdisjoint(wanted))
    run = read(kind)
    limiter.calls_per_minute = 0
    return read_on(run)


def _unread(runs: Iterable["SyncRun"]) -> list[str]:
    return [
        f"the reading {run.kind} ended as {run.state}: {run.error}"
        for run in runs
        if run.state != run.State.SUCCEEDED
    ]


# --- others --------------------------------------------------------------------------------------


def others_act(sandbox: "Sandbox", chance: random.Random, *, acts: int = ACTS) -> "list[Instance]":
    """Somebody changes, orders and cancels a few things at Wix itself, as far as it lets them; on
    which services that was tried, as they were before."""
    with WixClient(
        base_url=sandbox.url,
        api_key=sandbox.api_key,
        account_id=sandbox.account_id,
        deadline=OTHERS_SECONDS,
    ) as wix:
        act = _Others(sandbox, wix, chance)
        known = (act.fail, act.take_off, act.move, act.adjust, act.cancel, act.order, act.rename)
        for one in chance.sample(known, acts):
            with suppress(WixError):
                one()
        return act.touched


class _Others:
    """What somebody may do at Wix with something chosen at random."""

    def __init__(self, sandbox: "Sandbox", wix: WixClient, chance: random.Random) -> None:
        self.sandbox = sandbox
        self.wix = wix
        self.chance = chance
        self.touched: list[Instance] = []

    def fail(self) -> None:
        failure = {"code": "EXTERNAL_FAILURE", "message": "the provider gave up"}
        practice.change(self.sandbox, self._service().id, status="FAILED", failure=failure)

    def take_off(self) -> None:
        practice.change(self.sandbox, self._service().id, siteId=None)

    def move(self) -> None:
        service = self._service()
        account_id = self._owner(service)
        sites = self.sandbox.world.sites.of_account(account_id)
        self.wix.assign_product_instance(
            account_id=account_id,
            instance_id=service.id,
            site_id=self.chance.choice(sites).id,
        )

    def adjust(self) -> None:
        service = self._service()
        cycle = self.chance.choice(("YEAR", "MONTH"))
        self.wix.adjust_product_instance(
            account_id=self._owner(service),
            instance_id=service.id,
            catalog_product_id=service.product_id,
            billing_info=BillingInfo("RECURRING", cycle, 1),
        )

    def cancel(self) -> None:
        service = self._service()
        self.wix.cancel_product_instance(account_id=self._owner(service), instance_id=service.id)

    def order(self) -> None:
        service = self._service()
        self.wix.create_package(
            account_id=self._owner(service),
            products=[NewProduct(service.product_id, "DE", BillingInfo("RECURRING", "YEAR", 1))],
            external_id=f"elsewhere-{self.chance.randrange(10**9)}",
        )

    def rename(self) -> None:
        service = self._service()
        self.wix.update_package_external_id(
            account_id=self._owner(service),
            package_id=service.package_id,
            external_id=f"renamed-{self.chance.randrange(10**9)}",
        )

    def _service(self) -> "Instance":
        """Some service that works, on a site."""
        world = self.sandbox.world
        with world.lock:
            working = [
                one
                for package in sorted(world.packages, key=lambda package: package.id)
                for one in package.instances
                if one.status == "ENABLED" and one.site_id and not one.ending
            ]
        self.touched.append(self.chance.choice(working))
        return self.touched[-1]

    def _owner(self, service: "Instance") -> str:
        return self.sandbox.world.packages.rows[service.package_id].account_id
