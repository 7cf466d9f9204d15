"""The rules a product obeys, in the order in which Wix's Errors article lists them.

A placement is one product for one account, on a site or floating, wherever it comes from: ordered,
adjusted or assigned.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from ..wire.errors import Refusal, refuse
from ..world.entities import ENABLED, PENDING, Billing, Instance, Product
from ..world.world import World

KNOWN_UNITS = frozenset({"DAY", "WEEK", "MONTH", "YEAR"})


@dataclass(slots=True)
class Placement:
    """One product wanted. `existing` is the instance that is to become it, if there is one."""

    product_id: str
    product: Product | None
    account_id: str
    site_id: str | None = None
    billing: Billing | None = None
    reference_id: str | None = None
    existing: Instance | None = None


def check_order(world: World, placements: list[Placement]) -> None:
    """Refuse a new package if any rule is broken, rule by rule over all its lines."""
    for rule in (known_product, site_of_account, unused_reference):
        for placement in placements:
            rule(world, placement)
    _references_together(placements)
    alike = Counter(_product(placement).id for placement in placements)
    for placement in placements:
        within_limit(world, placement, more=alike[_product(placement).id])
    for rule in (has_settings, has_cycle, compatible_cycle, valid_cycle):
        for placement in placements:
            rule(world, placement)
    sold(placements)
    _together(placements)
    for rule in (compatible_neighbours, free_type, supported_site):
        for placement in placements:
            rule(world, placement)


def check_site(world: World, placement: Placement) -> None:
    """Refuse a product on a site of another account, beside the wrong one, or without a plan."""
    site_of_account(world, placement)
    compatible_neighbours(world, placement)
    free_type(world, placement)
    supported_site(world, placement)


def known_product(world: World, placement: Placement) -> None:
    if placement.product is None:
        raise refuse("PRODUCT_NOT_FOUND")


def site_of_account(world: World, placement: Placement) -> None:
    if placement.site_id is None:
        return
    site = world.sites.get(placement.site_id)
    if site is None or site.account_id != placement.account_id:
        raise refuse(
            "SITE_NOT_FOUND",
            metaSiteId=placement.site_id,
            requestingAccountId=placement.account_id,
            ownerAccountId=site.account_id if site else "nobody",
        )


def unused_reference(world: World, placement: Placement) -> None:
    if placement.reference_id is None:
        return
    instance = world.packages.instance(placement.reference_id)
    product = instance and world.product(instance.product_id)
    if (
        instance is None
        or not (product and product.reference)
        or instance.status not in (PENDING, ENABLED)
        or instance.ending
        or world.packages.rows[instance.package_id].account_id != placement.account_id
        or instance.id in world.packages.used_references
    ):
        raise refuse("INVALID_REFERENCE_PRODUCT_INSTANCE_ID")


def within_limit(world: World, placement: Placement, more: int = 1) -> None:
    product = _product(placement)
    if placement.existing is not None and placement.existing.product_id == product.id:
        return
    have = world.packages.live_of_product.get(product.id, 0)
    if product.limit is not None and have + more > product.limit:
        raise refuse(
            "PRODUCT_LIMIT_EXCEEDED", productId=product.id, numberOfCurrentSubscriptions=have
        )


def has_settings(world: World, placement: Placement) -> None:
    product = _product(placement)
    if not product.has_settings:
        raise refuse("PRODUCT_SETTINGS_NOT_FOUND", productId=product.id)


def has_cycle(world: World, placement: Placement) -> None:
    product = _product(placement)
    billing = placement.billing
    if len(product.cycles) > 1 and (billing is None or not _names_cycle(billing)):
        raise refuse("MISSING_BILLING_CYCLE", productId=product.id)


def compatible_cycle(world: World, placement: Placement) -> None:
    product = _product(placement)
    billing = placement.billing
    if billing is None or billing.type != "RECURRING" or not product.cycles:
        return
    cycle = billing.cycle
    if cycle is None or cycle.unit not in KNOWN_UNITS or cycle.count < 1:
        return
    if cycle not in product.cycles:
        raise refuse(
            "INCOMPATIBLE_BILLING_CYCLE",
            productId=product.id,
            cycle=cycle,
            cycles=_listed(product),
        )


def valid_cycle(world: World, placement: Placement) -> None:
    product = _product(placement)
    billing = placement.billing
    if billing is None:
        return
    fits = (
        billing.type == "RECURRING" and billing.cycle in product.cycles
        if product.cycles
        else billing.type == "ONE_TIME" and billing.cycle is None
    )
    if not fits:
        raise refuse(
            "INVALID_BILLING_CYCLE",
            productId=product.id,
            settingsCycles=_listed(product) or "none",
            requestedContractDetails=f"{billing.type} {billing.cycle or ''}".strip(),
        )


def sold(placements: list[Placement]) -> None:
    withdrawn = [_product(placement).id for placement in placements if not _product(placement).sold]
    if withdrawn:
        raise refuse("INVALID_PRODUCTS", productIds=", ".join(withdrawn))


def compatible_neighbours(world: World, placement: Placement) -> None:
    """Some products cannot stand on the same site, whatever their types."""
    if placement.site_id is None:
        return
    product = _product(placement)
    others = _others_on(world, placement)
    excluded = [one.product_id for one in others if one.product_id in product.excludes]
    if excluded:
        raise _not_together([product.id, *excluded], placement.site_id)


def free_type(world: World, placement: Placement) -> None:
    product = _product(placement)
    if placement.site_id is None or not product.one_per_site:
        return
    for one in _others_on(world, placement):
        other = world.products.get(one.product_id)
        if other is not None and other.service_type == product.service_type:
            raise refuse(
                "PRODUCT_TYPE_ALREADY_ASSIGNED",
                productTypeId=product.service_type,
                metaSiteId=placement.site_id,
            )


def supported_site(world: World, placement: Placement) -> None:
    """A site in the trash or blocked takes nothing; some products need Premium there."""
    if placement.site_id is None:
        return
    product = _product(placement)
    site = world.sites.rows[placement.site_id]
    if site.trashed or site.blocked or (product.needs_premium and not world.has_premium(site.id)):
        raise refuse("PRODUCT_NOT_SUPPORTED_ON_SITE", metaSiteId=site.id, productId=product.id)


def _product(placement: Placement) -> Product:
    assert placement.product is not None
    return placement.product


def _names_cycle(billing: Billing) -> bool:
    return billing.cycle is not None or billing.type != "RECURRING"


def _listed(product: Product) -> str:
    return ", ".join(str(cycle) for cycle in product.cycles)


def _others_on(world: World, placement: Placement) -> list[Instance]:
    assert placement.site_id is not None
    existing = placement.existing.id if placement.existing else None
    holds = world.switches.pending_cancel_holds_type
    return [
        one
        for one in world.packages.on_site(placement.site_id)
        if one.live and (not one.ending or holds) and one.id != existing
    ]


def _references_together(placements: list[Placement]) -> None:
    references = [placement.reference_id for placement in placements if placement.reference_id]
    if len(set(references)) < len(references):
        raise refuse("INVALID_REFERENCE_PRODUCT_INSTANCE_ID")


def _together(placements: list[Placement]) -> None:
    """Lines of one package that cannot go to the same site at once: a product twice, too."""
    for number, placement in enumerate(placements):
        product = _product(placement)
        for other in placements[:number]:
            if placement.site_id is None or other.site_id != placement.site_id:
                continue
            same = _product(other).id == product.id
            same_type = _product(other).service_type == product.service_type
            alone = product.one_per_site or _product(other).one_per_site
            if same or (same_type and alone) or _product(other).id in product.excludes:
                raise _not_together([_product(other).id, product.id], placement.site_id)


def _not_together(product_ids: list[str], site_id: str) -> Refusal:
    return refuse(
        "MULTIPLE_PRODUCT_ASSIGNMENTS", productIds=", ".join(product_ids), metaSiteId=site_id
    )
