"""The rules a product obeys, in the order in which Wix's Errors article lists them.

A wish is one product for one account, wherever it comes from: ordered, adjusted or assigned.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from .entities import ENABLED, PENDING, Billing, Instance, Product
from .errors import Refusal, refuse
from .state import World

KNOWN_UNITS = frozenset({"DAY", "WEEK", "MONTH", "YEAR"})


@dataclass(slots=True)
class Wish:
    """One product wished for. `moving` is the instance that is to become it, if there is one."""

    product_id: str
    product: Product | None
    account_id: str
    site_id: str | None = None
    billing: Billing | None = None
    reference_id: str | None = None
    moving: Instance | None = None


def check_order(world: World, wishes: list[Wish]) -> None:
    """Refuse a new package if any rule is broken, rule by rule over all its lines."""
    for rule in (known_product, own_site, unused_reference):
        for wish in wishes:
            rule(world, wish)
    _references_together(wishes)
    alike = Counter(_product(wish).id for wish in wishes)
    for wish in wishes:
        within_limit(world, wish, more=alike[_product(wish).id])
    for rule in (has_settings, has_cycle, compatible_cycle, valid_cycle):
        for wish in wishes:
            rule(world, wish)
    sold(wishes)
    _together(wishes)
    for rule in (compatible_neighbours, free_place, supported_site):
        for wish in wishes:
            rule(world, wish)


def check_place(world: World, wish: Wish) -> None:
    """Refuse a product on a site of another account, beside the wrong one, or without a plan."""
    own_site(world, wish)
    compatible_neighbours(world, wish)
    free_place(world, wish)
    supported_site(world, wish)


def known_product(world: World, wish: Wish) -> None:
    if wish.product is None:
        raise refuse("PRODUCT_NOT_FOUND")


def own_site(world: World, wish: Wish) -> None:
    if wish.site_id is None:
        return
    site = world.sites.get(wish.site_id)
    if site is None or site.account_id != wish.account_id:
        raise refuse(
            "SITE_NOT_FOUND",
            metaSiteId=wish.site_id,
            requestingAccountId=wish.account_id,
            ownerAccountId=site.account_id if site else "nobody",
        )


def unused_reference(world: World, wish: Wish) -> None:
    if wish.reference_id is None:
        return
    instance = world.packages.instance(wish.reference_id)
    if (
        instance is None
        or instance.status not in (PENDING, ENABLED)
        or instance.ending
        or world.packages.rows[instance.package_id].account_id != wish.account_id
        or instance.id in world.packages.used_references
    ):
        raise refuse("INVALID_REFERENCE_PRODUCT_INSTANCE_ID")


def within_limit(world: World, wish: Wish, more: int = 1) -> None:
    product = _product(wish)
    if wish.moving is not None and wish.moving.product_id == product.id:
        return
    have = world.packages.live_of_product.get(product.id, 0)
    if product.limit is not None and have + more > product.limit:
        raise refuse(
            "PRODUCT_LIMIT_EXCEEDED", productId=product.id, numberOfCurrentSubscriptions=have
        )


def has_settings(world: World, wish: Wish) -> None:
    product = _product(wish)
    if not product.has_settings:
        raise refuse("PRODUCT_SETTINGS_NOT_FOUND", productId=product.id)


def has_cycle(world: World, wish: Wish) -> None:
    product = _product(wish)
    if len(product.cycles) > 1 and (wish.billing is None or not _names_cycle(wish.billing)):
        raise refuse("MISSING_BILLING_CYCLE", productId=product.id)


def compatible_cycle(world: World, wish: Wish) -> None:
    product = _product(wish)
    billing = wish.billing
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


def valid_cycle(world: World, wish: Wish) -> None:
    product = _product(wish)
    billing = wish.billing
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


def sold(wishes: list[Wish]) -> None:
    withdrawn = [_product(wish).id for wish in wishes if not _product(wish).sold]
    if withdrawn:
        raise refuse("INVALID_PRODUCTS", productIds=", ".join(withdrawn))


def compatible_neighbours(world: World, wish: Wish) -> None:
    """Some products cannot stand on the same site, whatever their types."""
    if wish.site_id is None:
        return
    product = _product(wish)
    others = _others_on(world, wish)
    excluded = [one.product_id for one in others if one.product_id in product.excludes]
    if excluded:
        raise _not_together([product.id, *excluded], wish.site_id)


def free_place(world: World, wish: Wish) -> None:
    product = _product(wish)
    if wish.site_id is None or not product.one_per_site:
        return
    for one in _others_on(world, wish):
        other = world.products.get(one.product_id)
        if other is not None and other.service_type == product.service_type:
            raise refuse(
                "PRODUCT_TYPE_ALREADY_ASSIGNED",
                productTypeId=product.service_type,
                metaSiteId=wish.site_id,
            )


def supported_site(world: World, wish: Wish) -> None:
    """A site in the trash or blocked takes nothing; some products need a Premium plan there."""
    if wish.site_id is None:
        return
    product = _product(wish)
    site = world.sites.rows[wish.site_id]
    if site.trashed or site.blocked or (product.needs_premium and not world.has_plan(site.id)):
        raise refuse("PRODUCT_NOT_SUPPORTED_ON_SITE", metaSiteId=wish.site_id, productId=product.id)


def _product(wish: Wish) -> Product:
    assert wish.product is not None
    return wish.product


def _names_cycle(billing: Billing) -> bool:
    return billing.cycle is not None or billing.type != "RECURRING"


def _listed(product: Product) -> str:
    return ", ".join(str(cycle) for cycle in product.cycles)


def _others_on(world: World, wish: Wish) -> list[Instance]:
    assert wish.site_id is not None
    moving = wish.moving.id if wish.moving else None
    return [
        one
        for one in world.packages.on_site(wish.site_id)
        if one.live and not one.ending and one.id != moving
    ]


def _references_together(wishes: list[Wish]) -> None:
    references = [wish.reference_id for wish in wishes if wish.reference_id]
    if len(set(references)) < len(references):
        raise refuse("INVALID_REFERENCE_PRODUCT_INSTANCE_ID")


def _together(wishes: list[Wish]) -> None:
    """Lines of one package that cannot go to the same site at once."""
    for number, wish in enumerate(wishes):
        product = _product(wish)
        for other in wishes[:number]:
            if wish.site_id is None or other.site_id != wish.site_id:
                continue
            same_type = _product(other).service_type == product.service_type
            alone = product.one_per_site or _product(other).one_per_site
            if (same_type and alone) or _product(other).id in product.excludes:
                raise _not_together([_product(other).id, product.id], wish.site_id)


def _not_together(product_ids: list[str], site_id: str) -> Refusal:
    return refuse(
        "MULTIPLE_PRODUCT_ASSIGNMENTS", productIds=", ".join(product_ids), metaSiteId=site_id
    )
