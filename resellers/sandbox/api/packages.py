"""The calls about whole packages: create, query, get, cancel, update external ID.

Reference: Resellers, Packages and Product Instances.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pycountry

from ..wire.errors import Refusal, refuse
from ..wire.validation import Fields
from ..world.entities import (
    FAILED,
    PENDING,
    Billing,
    Failure,
    Instance,
    Package,
)
from ..world.world import World
from . import package_query, serializers
from .call import Call
from .cursors import cursors_of
from .instances import cancel, check_access, ended, read_billing, wrong_status
from .paging import page
from .product_rules import Placement, check_order
from .query import parse_query

COUNTRIES = frozenset(country.alpha_2 for country in pycountry.countries)


def create(call: Call) -> dict[str, Any]:
    """Create Package V2: all products or none, each PENDING until it is delivered."""
    world, body = call.world, call.body
    external_id = body.text("externalId", longest=100) or body.text("external_id", longest=100)
    lines = body.objects("products", 1, 1000)
    placements = [_placement(world, call.account_id, line) for line in lines]
    details = [_details(line) for line in lines]
    body.check()
    refusals = _refusals(world, placements)
    now = world.clock.now()
    package_id = world.ids.new()
    instances = tuple(
        Instance(
            id=world.ids.new(),
            package_id=package_id,
            product_id=placement.product.id if placement.product else placement.product_id,
            site_id=None if refusal else placement.site_id,
            status=FAILED if refusal else PENDING,
            failure=Failure("EXTERNAL_FAILURE", refusal.message) if refusal else None,
            billing=placement.billing or Billing("UNKNOWN"),
            created=now,
            updated=now,
            reference_id=None if refusal else placement.reference_id,
            **detail,
        )
        for placement, refusal, detail in zip(placements, refusals, details, strict=True)
    )
    package = Package(package_id, call.account_id, external_id, instances, now, now)
    world.put_package(package, now)
    delay = float(call.faults.get("deliver_after", world.switches.delivery_seconds))
    outcome = call.faults.get("deliver", world.switches.delivery_outcome)
    for instance in instances:
        if instance.status == PENDING:
            world.schedule(delay, "deliver", instance.id, outcome)
    return {"package": serializers.package(world, package)}


def _placement(world: World, account_id: str, line: Fields) -> Placement:
    product_id = line.text("catalogProductId", required=True) or ""
    site_id = line.text("siteId", shortest=1)
    reference_id = line.text("referenceProductInstanceId", shortest=1)
    product = world.product(product_id)
    billing = read_billing(line)
    if product is not None and (billing is None or billing == Billing("RECURRING")):
        if len(product.cycles) == 1:
            billing = Billing("RECURRING", product.cycles[0])
        elif not product.cycles and billing is None:
            billing = Billing("ONE_TIME")
    return Placement(
        product_id=product_id.lower(),
        product=product,
        account_id=account_id,
        site_id=site_id.lower() if site_id else None,
        billing=billing,
        reference_id=reference_id.lower() if reference_id else None,
    )


def _details(line: Fields) -> dict[str, Any]:
    country = line.text("countryCode", required=True)
    if country is not None and country.upper() not in COUNTRIES:
        line.add_violation("countryCode", "must be an ISO 3166-1 alpha-2 code")
    return {
        "country": (country or "").upper(),
        "discount": line.text("discountCode", longest=25),
    }


def _refusals(world: World, placements: list[Placement]) -> list[Refusal | None]:
    if world.switches.create_bad_line == "refuse_all":
        check_order(world, placements)
        return [None] * len(placements)
    good: list[Placement] = []
    refusals: list[Refusal | None] = []
    for placement in placements:
        try:
            check_order(world, [*good, placement])
        except Refusal as refusal:
            refusals.append(refusal)
        else:
            good.append(placement)
            refusals.append(None)
    return refusals


def query(call: Call) -> dict[str, Any]:
    """Query Packages: the whole tree's packages, whichever of its accounts is in the header."""
    world = call.world
    account = call.account
    fields = call.body.object("query", required=True)
    call.body.check()
    assert fields is not None
    wanted = parse_query(package_query.SCHEMA, fields, cursors_of(world))
    by_account = any(
        condition.field == "accountId" and condition.operator in ("$eq", "$in")
        for condition in wanted.conditions
    )
    visible_before: int = world.clock.now() - world.switches.query_lag_ms

    def seen(row: Package) -> bool:
        if row.hidden or world.account(row.account_id) is None:
            return False
        if row.unlisted and world.switches.unlisted_package and not by_account:
            return False
        if world.switches.query_scope == "account" and row.account_id != account.id:
            return False
        return row.created <= visible_before

    def find(after: list[Any] | None) -> Iterator[Package]:
        return package_query.find(world.packages, replace(wanted, after=after), seen)

    rows, metadata, more = page(call, package_query.SCHEMA, wanted, find, world.packages.rows)
    if world.switches.has_next and wanted.offset is None:
        metadata["hasNext"] = more
    return {
        "packages": serializers.packages(world, rows),
        world.switches.paging_name: metadata,
    }


def get(call: Call) -> dict[str, Any]:
    """Get Package, with the package's own account in the header."""
    return {"package": serializers.package(call.world, _package(call))}


def cancel_package(call: Call) -> dict[str, Any]:
    """Cancel Package: every instance that still lives; what failed stays failed."""
    package = _package(call)
    call.body.check()
    over = all(ended(one) for one in package.instances)
    if over and call.world.switches.cancel_again == "refuse":
        raise wrong_status(package.instances[0])
    for instance in package.instances:
        if not ended(instance):
            cancel(call.world, instance)
    return {"package": serializers.package(call.world, call.world.packages.rows[package.id])}


def update_external_id(call: Call) -> dict[str, Any]:
    """Update Package External ID; the answer names the package as switched."""
    package = _package(call)
    call.body.check()
    external_id = call.params["external_id"]
    argument = Fields({"externalId": external_id})
    argument.text("externalId", required=True, longest=100)
    argument.check()
    if external_id != package.external_id:
        package = call.world.change_package(package, external_id=external_id)
    name = call.world.switches.updated_package_name
    return {name: serializers.package(call.world, package)}


def _package(call: Call) -> Package:
    package = call.world.packages.get(call.params["package"])
    if package is None:
        raise refuse("PACKAGE_NOT_FOUND", packageId=call.params["package"])
    check_access(call, package)
    return package
