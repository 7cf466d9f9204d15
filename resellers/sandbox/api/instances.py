"""The calls about one product instance: assign, unassign, adjust, cancel.

Reference: Resellers, Packages and Product Instances.
"""

from __future__ import annotations

from typing import Any

from ..wire.errors import (
    PACKAGES_BY_PRODUCT,
    Refusal,
    permission_denied,
    refuse,
    system_error,
)
from ..wire.validation import Fields
from ..world.entities import (
    CANCELED,
    ENABLED,
    FAILED,
    PENDING,
    Billing,
    Cycle,
    Instance,
    Package,
    Product,
)
from ..world.world import World
from . import product_rules as rules
from . import serializers
from .call import Call
from .product_rules import Placement

BILLING_TYPES = ("UNKNOWN", "ONE_TIME", "RECURRING")
CYCLE_UNITS = ("UNKNOWN", "DAY", "WEEK", "MONTH", "YEAR")
# As Wix's page has it, without the blank.
CYCLE_DURATION = "`cycleDuration`. The field is required for`RECURRING` billing types"


def assign(call: Call) -> dict[str, Any]:
    """Assign Product Instance To Site, moving it if it stands on another."""
    instance = _instance(call)
    call.body.check()
    site_id = call.params["site"].lower()
    is_move = instance.site_id is not None and instance.site_id != site_id
    try:
        if "refuse" in call.faults:
            raise call.faults["refuse"]
        _check_status(instance)
        product = _product(call.world, instance)
        rules.check_site(
            call.world, Placement(product.id, product, call.account_id, site_id, existing=instance)
        )
        if is_move and call.faults.get("half_move"):
            raise system_error()
    except Refusal:
        if is_move and call.faults.get("half_move"):
            call.world.change_instance(instance.id, site_id=None)
        raise
    if instance.site_id != site_id:
        call.world.change_instance(instance.id, site_id=site_id)
        _redeliver(call.world, instance)
    return _answer(call, instance, with_parent=True)


def unassign(call: Call) -> dict[str, Any]:
    """Unassign Product Instance From Site: it becomes floating."""
    instance = _instance(call)
    call.body.check()
    if instance.site_id is None:
        raise refuse("MISSING_SITE_ID", instanceId=instance.id)
    _check_status(instance)
    call.world.change_instance(instance.id, site_id=None)
    return _answer(call, instance, with_parent=True)


def adjust(call: Call) -> dict[str, Any]:
    """Adjust Product Instance Specifications: another product of its type, another cycle."""
    world, body = call.world, call.body
    instance = _instance(call)
    product_id = body.text("catalogProductId", shortest=1)
    billing = read_billing(body)
    body.text("discountCode", longest=25)
    body.check()
    current = _product(world, instance)
    _check_modifiable(instance, current)
    _check_details(body, product_id, billing)
    target = world.product(product_id) if product_id else current
    if target is None:
        raise refuse("PRODUCT_NOT_FOUND")
    _check_adjustable(current, target)
    placement = Placement(
        product_id=target.id,
        product=target,
        account_id=call.account_id,
        site_id=instance.site_id,
        billing=billing or _unchanged_billing(instance, target),
        existing=instance,
    )
    rules.site_of_account(world, placement)
    for rule in (
        rules.within_limit,
        rules.has_settings,
        rules.has_cycle,
        rules.compatible_cycle,
        rules.valid_cycle,
    ):
        rule(world, placement)
    rules.sold([placement])
    rules.check_site(world, placement)
    if (target.id, placement.billing) != (instance.product_id, instance.billing):
        discount = body.values.get("discountCode") or instance.discount
        world.change_instance(
            instance.id, product_id=target.id, billing=placement.billing, discount=discount
        )
        _redeliver(world, instance)
    return _answer(call, instance)


def cancel_instance(call: Call) -> dict[str, Any]:
    """Cancel Product Instance: accepted at once, done after a while."""
    instance = _instance(call)
    call.body.check()
    if ended(instance):
        if call.world.switches.cancel_again == "refuse":
            raise wrong_status(instance)
    else:
        cancel(call.world, instance)
    return _answer(call, instance)


def ended(instance: Instance) -> bool:
    """Whether there is nothing left to cancel."""
    return not instance.live or instance.ending


def cancel(world: World, instance: Instance) -> None:
    """Accept the end of an instance; it shows as switched until it is CANCELED."""
    interim = world.switches.status_after_cancel
    if interim == CANCELED:
        world.change_instance(instance.id, status=CANCELED)
        return
    status = PENDING if interim == PENDING else instance.status
    world.change_instance(instance.id, status=status, ending=True)
    world.schedule(world.switches.delivery_seconds, "cancel", instance.id)


def check_access(call: Call, package: Package) -> None:
    """Refuse a call whose header names another account than the package's, or one about a
    package that is closed."""
    status = package.access
    if package.account_id != call.account_id:
        status = int(call.world.switches.account_mismatch)
    if status == 404:
        raise refuse("PACKAGE_NOT_FOUND", packageId=package.id)
    if status == 403:
        raise permission_denied()
    if status:
        raise system_error(status)


def read_billing(fields: Fields) -> Billing | None:
    """The `billingInfo` of a body, or None where there is none."""
    info = fields.object("billingInfo")
    if info is None:
        return None
    type_ = info.enum("type", BILLING_TYPES) or "UNKNOWN"
    duration = info.object("cycleDuration")
    if duration is None:
        return Billing(type_)
    unit = duration.enum("unit", CYCLE_UNITS, required=True) or "UNKNOWN"
    return Billing(type_, Cycle(unit, duration.integer("count", 0, 1000, 1)))


def _instance(call: Call) -> Instance:
    instance = call.world.packages.instance(call.params["instance"])
    if instance is None:
        raise refuse("PRODUCT_INSTANCE_NOT_FOUND", instanceId=call.params["instance"])
    check_access(call, call.world.packages.rows[instance.package_id])
    return instance


def _product(world: World, instance: Instance) -> Product:
    product = world.products.get(instance.product_id)
    if product is None:
        raise refuse("PRODUCT_NOT_FOUND")
    return product


def _check_status(instance: Instance) -> None:
    if instance.status in (FAILED, CANCELED) or instance.ending:
        raise wrong_status(instance)


def _check_modifiable(instance: Instance, product: Product) -> None:
    """What has ended is never adjusted, the rest once it is enabled or as its product says."""
    _check_status(instance)
    if product.modifiable_in is None:
        if instance.status != ENABLED:
            raise wrong_status(instance)
    elif instance.status not in product.modifiable_in:
        raise refuse(
            "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS", PACKAGES_BY_PRODUCT, status=instance.status
        )


def wrong_status(instance: Instance) -> Refusal:
    """The refusal of a call that this instance's status does not allow."""
    return refuse(
        "INCOMPATIBLE_PRODUCT_INSTANCE_STATUS", instanceId=instance.id, status=instance.status
    )


def _check_details(body: Fields, product_id: str | None, billing: Billing | None) -> None:
    if billing is not None:
        if not body.values["billingInfo"]:
            raise refuse("MISSING_PRODUCT_DETAILS", field="`billingInfo`")
        if billing == Billing("RECURRING"):
            raise refuse("MISSING_PRODUCT_DETAILS", field=CYCLE_DURATION)
    elif product_id is None:
        raise refuse("MISSING_PRODUCT_DETAILS", field="`catalogProductId`")


def _check_adjustable(current: Product, target: Product) -> None:
    if current.service_type != target.service_type:
        raise refuse(
            "INCOMPATIBLE_PRODUCT",
            existingProductType=current.service_type,
            existingProductId=current.id,
            targetProductId=target.id,
        )
    for product in (current, target):
        if not product.adjustable:
            raise refuse("OPERATION_NOT_SUPPORTED_FOR_PRODUCT", productId=product.id)


def _unchanged_billing(instance: Instance, target: Product) -> Billing | None:
    """Without a placement the cycle stays, if the target has it, or becomes its only one."""
    if instance.billing.cycle in target.cycles or not target.cycles:
        return instance.billing
    return Billing("RECURRING", target.cycles[0]) if len(target.cycles) == 1 else None


def _redeliver(world: World, instance: Instance) -> None:
    """Where switched so, a change is delivered anew."""
    if world.switches.status_after_write == PENDING and instance.status == ENABLED:
        world.change_instance(instance.id, status=PENDING)
        world.schedule(world.switches.delivery_seconds, "deliver", instance.id, ENABLED)


def _answer(call: Call, instance: Instance, with_parent: bool = False) -> dict[str, Any]:
    package = call.world.packages.rows[instance.package_id]
    return {"package": serializers.package(call.world, package, with_parent)}
